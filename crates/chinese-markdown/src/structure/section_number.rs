//! The numbers of sections: `01`, `PART 2`, `第三章`, `一、`.

/// Whether a character is a numeral, also of those that cheques are written with.
pub(super) fn is_chinese_numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾".contains(c)
}

/// Whether a text is nothing but the number of a section.
pub(super) fn is_section_number(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    if bare.is_empty() {
        return false;
    }
    let upper = bare.to_ascii_uppercase();
    let counted = ["PART", "NO", "CHAPTER", "SECTION", "STEP", "VOL", "TIP"]
        .iter()
        .find_map(|word| upper.strip_prefix(word))
        .unwrap_or(&upper);
    let is_digits = !counted.is_empty()
        && counted.len() <= 2
        && counted.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = matches!(
        counted,
        "ONE" | "TWO" | "THREE" | "FOUR" | "FIVE" | "SIX" | "SEVEN" | "EIGHT" | "NINE" | "TEN"
    );
    let is_roman = !counted.is_empty()
        && counted.len() <= 5
        && counted.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'))
        && upper == bare;
    let chars: Vec<char> = bare.chars().collect();
    let is_chinese = match &chars[..] {
        ['第', inner @ .., '章' | '节' | '節' | '部' | '回' | '幕' | '卷' | '篇' | '讲' | '講'] => {
            is_count(inner)
        }
        ['第', inner @ .., '部', '分'] => is_count(inner),
        [one] => is_chinese_numeral(*one) || matches!(one, '①'..='⑳' | '㊀'..='㊉'),
        inner => inner.len() <= 3 && inner.iter().all(|c| is_chinese_numeral(*c)),
    };
    is_digits || is_word || is_roman || is_chinese
}

fn is_count(chars: &[char]) -> bool {
    !chars.is_empty()
        && chars.len() <= 3
        && chars.iter().all(|c| is_chinese_numeral(*c) || c.is_ascii_digit())
}

/// Whether a title carries its own number.
pub(super) fn is_numbered(text: &str) -> bool {
    let text = text.trim_start_matches(['（', '(', '【', '[', '/', ' ']);
    let count = text.chars().take_while(|c| is_chinese_numeral(*c) || c.is_ascii_digit()).count();
    let rest = text.chars().nth(count);
    if text.starts_with('第') {
        let inner = text
            .chars()
            .skip(1)
            .take_while(|c| is_chinese_numeral(*c) || c.is_ascii_digit())
            .count();
        return (1..=3).contains(&inner)
            && text
                .chars()
                .nth(inner + 1)
                .is_some_and(|c| "章节節部回幕卷篇讲講、，步点條条个".contains(c));
    }
    let first = text.chars().next();
    if first.is_some_and(|c| matches!(c, '①'..='⑳')) {
        return true;
    }
    let next = text.chars().nth(count + 1);
    match rest {
        // `三、四线城市` and `3：0` are no numbers of sections.
        Some('、' | '．' | '：') => {
            (1..=3).contains(&count)
                && !next.is_some_and(|c| is_chinese_numeral(c) || c.is_ascii_digit())
        }
        // `1. 背景`, `01 船票`, `1）`; `3.5 亿` and `2023年` are no numbers of sections.
        Some('.') => (1..=2).contains(&count) && !next.is_some_and(|c| c.is_ascii_digit()),
        Some(')' | '）' | '】' | ']' | '/' | '|' | '｜') => (1..=2).contains(&count),
        Some(' ') => count == 2 && text.starts_with('0'),
        _ => false,
    }
}
