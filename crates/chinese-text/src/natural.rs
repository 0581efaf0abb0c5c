//! The order in which people count: 章2 before 章10, 第二章 before 第十章.

/// A piece of a path. A folder's end comes before all, and numbers before letters, as digits do in
/// ASCII.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PathPiece {
    End,
    /// How many digits, and which: no number is too large.
    Number(usize, String),
    Letter(char),
}

/// The place of a path or a name in the order in which people count: numbers count as numbers,
/// those of Chinese below 10,000 too, files of a folder stand together and an ending means nothing.
/// Paths that count alike (`1`, `01`, `一`) follow their characters.
///
/// ```
/// use chinese_text::Natural;
/// let mut names = ["第十章", "第二章", "章10.md", "章2.md"];
/// names.sort_by_key(|name| Natural::of(name));
/// assert_eq!(names, ["章2.md", "章10.md", "第二章", "第十章"]);
/// ```
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Natural(Vec<PathPiece>, String);

impl Natural {
    /// Reads a path whose folders end in `/`, or a name.
    pub fn of(path: &str) -> Natural {
        let name = path.rfind('/').map_or(0, |slash| slash + 1);
        let end =
            path[name..].rfind('.').filter(|dot| *dot > 0).map_or(path.len(), |dot| name + dot);
        let mut rest = &path[..end];
        let mut pieces = Vec::new();
        while let Some(c) = rest.chars().next() {
            let after_digits = rest.trim_start_matches(|c| digit(c).is_some());
            let after_numerals = rest.trim_start_matches(is_numeral);
            rest = if after_digits.len() < rest.len() {
                let digits: String =
                    rest[..rest.len() - after_digits.len()].chars().filter_map(digit).collect();
                pieces.push(number(&digits));
                after_digits
            } else if after_numerals.len() < rest.len() {
                pieces.push(number(&value(&rest[..rest.len() - after_numerals.len()])));
                after_numerals
            } else {
                pieces.push(if c == '/' { PathPiece::End } else { PathPiece::Letter(c) });
                &rest[c.len_utf8()..]
            };
        }
        Natural(pieces, path.to_owned())
    }
}

fn number(digits: &str) -> PathPiece {
    let digits = digits.trim_start_matches('0');
    PathPiece::Number(digits.len(), digits.to_owned())
}

/// ASCII's digit for one of any width.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        _ => None,
    }
}

/// The ten digits of Chinese, the first in its two forms.
const NUMERALS: [[char; 2]; 10] = [
    ['〇', '零'],
    ['一', '一'],
    ['二', '两'],
    ['三', '三'],
    ['四', '四'],
    ['五', '五'],
    ['六', '六'],
    ['七', '七'],
    ['八', '八'],
    ['九', '九'],
];

/// What a numeral counts by itself.
fn numeral(c: char) -> Option<usize> {
    NUMERALS.iter().position(|forms| forms.contains(&c))
}

/// What a numeral multiplies.
fn unit(c: char) -> Option<usize> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1_000),
        _ => None,
    }
}

fn is_numeral(c: char) -> bool {
    numeral(c).is_some() || unit(c).is_some()
}

/// The number that numerals write: 一百二十 by units, 二〇二三 digit by digit.
fn value(numerals: &str) -> String {
    if !numerals.contains(|c| unit(c).is_some()) {
        return numerals.chars().filter_map(numeral).map(|digit| digit.to_string()).collect();
    }
    let (mut sum, mut last) = (0, None);
    for c in numerals.chars() {
        match unit(c) {
            Some(unit) => sum += last.take().unwrap_or(1) * unit,
            None => last = numeral(c),
        }
    }
    (sum + last.unwrap_or(0)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_count_as_numbers() {
        let ordered: [&[&str]; 11] = [
            &["posts/章1.md", "posts/章2.md", "posts/章9.md", "posts/章10.md", "posts/章100.md"],
            &[
                "第一章",
                "第二章",
                "第三章",
                "第九章",
                "第十章",
                "第十一章",
                "第二十章",
                "第一百章",
                "第一百零二章",
                "第一百二十章",
                "第一千章",
            ],
            &["一九四九", "二〇二三", "二〇二四"],
            &["第１回", "第2回", "第１０回"],
            // A folder's files stand together, and an ending means nothing.
            &["卷2/10.md", "卷2-补/1.md", "卷10/1.md"],
            &["章.md", "章 2.html", "章-附.md"],
            &["章.html", "章2.md"],
            &["01.md", "1.md", "2.md", "010.md"],
            // Larger than any machine's number.
            &["9", "99999999999999999999999999999998", "99999999999999999999999999999999"],
            &["1.2.md", "1.10.md", "2.1.md"],
            &["1", "1.md", "一", "2", "千", "A", "a", "上"],
        ];
        for names in ordered {
            for pair in names.windows(2) {
                assert!(Natural::of(pair[0]) < Natural::of(pair[1]), "{pair:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn it_is_an_order_of_all_paths(a in "[0１一十百/.章a-]{0,8}", b in "[0１一十百/.章a-]{0,8}") {
            prop_assert_eq!(Natural::of(&a) == Natural::of(&b), a == b);
            prop_assert_eq!(Natural::of(&a).cmp(&Natural::of(&b)), Natural::of(&b).cmp(&Natural::of(&a)).reverse());
        }
    }
}
