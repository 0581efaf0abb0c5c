//! From a text to its most telling words.

use std::collections::HashMap;

use jieba_rs::Jieba;
use unicode_normalization::UnicodeNormalization;

use super::dictionary::{self, UserWords, Weights};

/// The segmenter with its dictionary, and the weights of words: 60 MB, so there is at most one.
pub(super) struct Extractor {
    jieba: Jieba,
    weights: Weights,
}

impl Extractor {
    pub(super) fn load(user: &UserWords) -> Extractor {
        let (jieba, weights) = dictionary::load(user);
        Extractor { jieba, weights }
    }

    /// Returns the `count` best words, best first: how often a word stands in the text, times its
    /// weight; of equals the one that comes first. That is `jieba.analyse.extract_tags`, but for
    /// words that make no tag.
    pub(super) fn extract(&self, text: &str, count: usize) -> Vec<String> {
        let text = without_addresses(text);
        let mut words: Vec<(&str, f64)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        // No word reaches over the end of a line; whole texts of 4 MB make lists of tokens that
        // leave the cache.
        for line in text.lines() {
            for token in self.jieba.cut(line, true) {
                if counts(token.word) {
                    let place = *places.entry(token.word).or_insert_with(|| {
                        words.push((token.word, 0.0));
                        words.len() - 1
                    });
                    words[place].1 += 1.0;
                }
            }
        }
        for (word, score) in &mut words {
            *score *= self.weights.weight(word);
        }
        words.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let mut best: Vec<String> = Vec::new();
        for (word, _) in words {
            if best.len() == count {
                break;
            }
            let word: String = word.nfc().collect();
            // `WiFi` and `wifi` are one thing; the spelling that is used most comes first.
            if is_tag(&word)
                && !best.iter().any(|better| better.to_lowercase() == word.to_lowercase())
            {
                best.push(word);
            }
        }
        best
    }
}

/// Returns whether a token takes part at all, as in jieba: two characters or more, and not one of
/// its stop words.
fn counts(word: &str) -> bool {
    const STOP_WORDS: [&str; 31] = [
        "the", "of", "is", "and", "to", "in", "that", "we", "for", "an", "are", "by", "be", "as",
        "on", "with", "can", "if", "from", "which", "you", "it", "this", "then", "at", "have",
        "all", "not", "one", "has", "or",
    ];
    word.chars().nth(1).is_some() && !STOP_WORDS.iter().any(|stop| stop.eq_ignore_ascii_case(word))
}

/// Returns whether a word can be a tag: no number, no scrap of markup, of an address or of a hash.
fn is_tag(word: &str) -> bool {
    const SCRAPS: [&str; 18] = [
        "http", "https", "www", "com", "nbsp", "amp", "lt", "gt", "quot", "br", "div", "span",
        "href", "src", "img", "mmbiz", "qpic", "wx_fmt",
    ];
    let is_hash = || {
        word.len() >= 8
            && word.bytes().all(|byte| byte.is_ascii_hexdigit())
            && word.bytes().any(|byte| byte.is_ascii_digit())
    };
    word.starts_with(char::is_alphanumeric)
        && word.contains(char::is_alphabetic)
        && !word.contains(char::is_control)
        && word.chars().count() <= 30
        && !SCRAPS.contains(&word)
        && !is_chinese_number(word)
        && !is_hash()
}

/// `三千`, `百分之十`, `第二`. Digits alone may be a name: `五四`, `九一八`.
fn is_chinese_number(word: &str) -> bool {
    let number = word.strip_prefix("百分之").or_else(|| word.strip_prefix('第')).unwrap_or(word);
    let is_digit = |c| {
        matches!(
            c,
            '〇' | '零' | '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九'
        )
    };
    let is_unit = |c| matches!(c, '十' | '百' | '千' | '万' | '亿');
    number.chars().all(|c| is_digit(c) || is_unit(c) || c.is_ascii_digit())
        && (number != word || number.contains(is_unit))
}

/// Returns the text with a blank for each web and mail address: their pieces are no words of the
/// author's.
fn without_addresses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_run) {
        let end = rest[start..].find(|c| !is_run(c)).map_or(rest.len(), |length| start + length);
        out.push_str(&rest[..start]);
        let run = &rest[start..end];
        let kept = address(run).unwrap_or(run.len());
        out.push_str(&run[..kept]);
        if kept < run.len() {
            out.push(' ');
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Characters that an address is written with, brackets and quotes apart.
fn is_run(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`' | '\\')
}

/// Returns where an address begins in a run; it reaches to the run's end.
fn address(run: &str) -> Option<usize> {
    const DOMAINS: [&str; 8] = [".com", ".cn", ".org", ".net", ".edu", ".gov", ".html", ".htm"];
    let back_while = |end: usize, belongs: fn(char) -> bool| {
        run[..end].rfind(|c| !belongs(c)).map_or(0, |at| at + 1)
    };
    if !run.contains(['.', ':', '@']) {
        return None;
    }
    if let Some(at) = run.find("://") {
        return Some(back_while(at, |c| c.is_ascii_alphanumeric()));
    }
    if let Some(at) =
        run.find("www.").filter(|at| !run[..*at].ends_with(|c: char| c.is_ascii_alphanumeric()))
    {
        return Some(at);
    }
    if let Some(at) = run.find('@').filter(|at| run[*at..].contains('.')) {
        return Some(back_while(at, |c| {
            c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+')
        }));
    }
    DOMAINS.iter().find_map(|domain| {
        let (at, _) = run.match_indices(domain).find(|(at, _)| {
            !run[at + domain.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
        })?;
        let start = back_while(at, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        (start < at).then_some(start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extractor() -> Extractor {
        Extractor::load(&UserWords::default())
    }

    /// The lists are those of Python's jieba 0.42.1.
    #[test]
    fn as_jieba_does() {
        let extractor = extractor();
        let text = "今天纽约的天气真好啊，京华大酒店的张尧经理吃了一只北京烤鸭。后天纽约的天气不好，昨天纽约的天气也不好，北京烤鸭真好吃";
        assert_eq!(extractor.extract(text, 5), ["北京烤鸭", "纽约", "天气", "张尧", "不好"]);
        let text = "辛顿的学生克里泽夫斯基与苏茨克维发表了论文。辛顿说，神经网络会改变一切，百度的余凯读了论文。";
        assert_eq!(extractor.extract(text, 5), ["辛顿", "论文", "苏茨克维", "余凯读", "神经网络"]);
        assert!(extractor.extract("", 5).is_empty() && extractor.extract(text, 0).is_empty());
    }

    #[test]
    fn what_makes_no_tag() {
        for good in
            ["辛顿", "ChatGPT", "C++", "5G", "万美元", "五四", "Node.js", "三亚", "第一财经"]
        {
            assert!(counts(good) && is_tag(good), "{good}");
        }
        for bad in [
            "2012",
            "3.5",
            "10%",
            "三千",
            "第二",
            "百分之十",
            "第12",
            "https",
            "nbsp",
            "0a1b2c3d4e5f",
            "--",
            "x\u{7}y",
        ] {
            assert!(!is_tag(bad), "{bad}");
        }
        assert!(!counts("我") && !counts("The") && !counts("OR"));
    }

    #[test]
    fn addresses_are_no_words() {
        let same = ["Node.js/Deno", "TCP/IP", "a@b", "ASP.NET", "3:14", "见 x.y。", "communism"];
        for text in same {
            assert_eq!(without_addresses(text), text);
        }
        for (text, left) in [
            ("见https://example.com/a?b=c。下文", "见 。下文"),
            ("写信给 a.b@example.org，谢谢", "写信给  ，谢谢"),
            ("(www.example.io/x)文", "( 文"),
            ("在 github.com/rust 上", "在   上"),
            ("GPT-4：http://[::1]:80/", "GPT-4： "),
        ] {
            assert_eq!(without_addresses(text), left);
        }
        let words = extractor()
            .extract("代码在 https://www.rust-lang.org/tools/install 下载，编译器编译器。", 9);
        assert_eq!(words, ["编译器", "代码", "下载"]);
    }

    #[test]
    fn one_spelling_of_a_word() {
        assert_eq!(extractor().extract("wifi WiFi WiFi wifi WiFi", 5), ["WiFi"]);
    }
}
