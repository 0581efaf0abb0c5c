//! Where an excerpt ends: with a sentence where one ends in time, else at a lesser pause with an
//! ellipsis; never inside a word, a number, an address, or a pair of quotes or brackets that could
//! be kept whole.
//!
//! Every place between two tokens of the beginning is weighed (what ends there, what encloses it,
//! how far it is), and the best one wins.

mod pairs;
mod room;
mod token;

use crate::class::{is_cjk, is_shared_mark};
use pairs::{Enclosure, Pairs};
use room::{end_of_room, width};
use token::{extends, is_wide_letter, token_end};

/// A sentence that ends before this makes no excerpt yet: rather a longer one with an ellipsis.
const LONG: usize = 120;
/// A sentence or a pause before this is nearly the last resort.
const MIDDLE: usize = 60;
/// Less than this says nothing.
const SHORT: usize = 16;

/// Returns the beginning of `text`: at most 120 Han characters, or 240 Latin letters, that end with
/// their sentence where one ends in time. Where it must end inside a quotation, one longer than any
/// excerpt, it says so and closes what is open, as an editor would: `他说：“甲。……”`.
///
/// ```
/// use chinese_text::excerpt;
/// assert_eq!(excerpt("一座桥。"), "一座桥。");
/// let long = "河上有一座桥，".repeat(20);
/// assert!(excerpt(&long).ends_with("桥……"));
/// ```
pub fn excerpt(text: &str) -> String {
    let text = text.trim();
    let cut = cut(text);
    format!("{}{}", &text[..cut.end], cut.added)
}

/// The end of an excerpt, and what is set after it that the text does not have there.
struct Cut {
    end: usize,
    added: String,
}

fn cut(text: &str) -> Cut {
    let Some(limit) = end_of_room(text) else {
        return Cut { end: text.len(), added: String::new() };
    };
    let pairs = Pairs::of(text, limit);
    let mut best: Option<(u8, usize, Rest)> = None;
    let (mut at, mut used) = (0, 0);
    loop {
        let end = token_end(text, at);
        if end > limit {
            break;
        }
        used += text[at..end].chars().map(width).sum::<usize>();
        at = end;
        if let Some(rest) = rest_at(text, at, &pairs) {
            let rank = rank(rest, pairs.enclosure(at), used);
            if best.is_none_or(|(best, _, _)| rank <= best) {
                best = Some((rank, at, rest));
            }
        }
    }
    match best {
        Some((_, end, Rest::Sentence)) if pairs.enclosure(end) == Enclosure::None => {
            Cut { end, added: pairs.closing_marks(text, end) }
        }
        Some((_, end, _)) => abridged(text, end, &pairs).unwrap_or_else(|| abrupt(text, at, limit)),
        None => abrupt(text, at, limit),
    }
}

/// Ends where the text goes on: lesser marks and openers at the end give way to an ellipsis, and
/// what is open is closed. `None` if nothing is left.
fn abridged(text: &str, mut end: usize, pairs: &Pairs) -> Option<Cut> {
    let mut last = ' ';
    while let Some((at, c)) = text[..end].char_indices().next_back() {
        let loose = c.is_whitespace()
            || is_clause_mark(c)
            || matches!(c, '；' | ';' | '—')
            || pairs.opens(at, c);
        if !loose {
            last = c;
            break;
        }
        end = at;
    }
    let goes_on = !is_end_mark(last) || (last != '…' && pairs.enclosure(end) != Enclosure::None);
    let blank = if goes_on && matches!(last, '.' | '!' | '?') { " " } else { "" };
    let ellipsis = if goes_on { ellipsis(&text[..end]) } else { "" };
    (end > 0)
        .then(|| Cut { end, added: format!("{blank}{ellipsis}{}", pairs.closing_marks(text, end)) })
}

/// No place is fit: the text begins with a word or an address longer than the room, or has only
/// openers. `last` is the end of the last whole token, `limit` of the room.
fn abrupt(text: &str, last: usize, limit: usize) -> Cut {
    let is_place = |at: usize| {
        text[at..].chars().next().is_none_or(|c| !extends(text[..at].chars().next_back(), c))
    };
    let end = if last > 0 {
        last
    } else {
        (1..=limit).rev().find(|at| text.is_char_boundary(*at) && is_place(*at)).unwrap_or(limit)
    };
    Cut { end, added: ellipsis(&text[..end]).to_owned() }
}

/// Chinese prints six dots, English three.
fn ellipsis(text: &str) -> &'static str {
    let cjk = text.chars().filter(|c| is_cjk(*c)).count();
    if cjk * 8 >= text.chars().count() { "……" } else { "…" }
}

/// What a reader finds at a place between two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Sentence,
    Clause,
    /// A blank between Han characters: the end of a line, or an author's spacing.
    Blank,
    /// Two words, or two Han characters.
    Gap,
}

/// How good a place is to end at, the lowest being the best; of equals, the later is better.
fn rank(rest: Rest, enclosure: Enclosure, used: usize) -> u8 {
    match (rest, enclosure) {
        (Rest::Sentence, Enclosure::None) if used > LONG => 0,
        (Rest::Sentence, Enclosure::Overlong) if used > LONG => 1,
        (Rest::Clause, Enclosure::None) if used > LONG => 2,
        (Rest::Clause, Enclosure::Overlong) if used > LONG => 3,
        (Rest::Sentence, Enclosure::None) if used > MIDDLE => 4,
        (Rest::Clause, Enclosure::None) if used > MIDDLE => 5,
        (Rest::Blank, Enclosure::None) if used > LONG => 6,
        (Rest::Gap, Enclosure::None) if used > MIDDLE => 7,
        (Rest::Sentence, _) if used > LONG => 8,
        (Rest::Clause, _) if used > LONG => 9,
        (Rest::Sentence | Rest::Clause, Enclosure::None) if used > SHORT => 10,
        (Rest::Blank | Rest::Gap, _) if used > LONG => 11,
        (_, Enclosure::None) if used > SHORT => 12,
        _ => 13,
    }
}

/// What ends at a token's end, by what stands around it; `None` where nothing may.
fn rest_at(text: &str, at: usize, pairs: &Pairs) -> Option<Rest> {
    let next = text[at..].chars().next();
    if next.is_some_and(|c| pairs.closes(at, c) || is_end_mark(c) || is_clause_mark(c)) {
        // Marks belong to what stands before them.
        return None;
    }
    // A sentence ends after the quotes and brackets that close with it.
    let mut core = at;
    while let Some((before, c)) = text[..core].char_indices().next_back()
        && pairs.closes(before, c)
    {
        core = before;
    }
    if ends_sentence(&text[..core], &text[at..], core < at)
        && !pairs.is_part_of_sentence(text, core..at)
    {
        return Some(Rest::Sentence);
    }
    if ends_clause(&text[..at], &text[at..]) {
        return Some(Rest::Clause);
    }
    if is_blank(&text[..at], &text[at..]) {
        return Some(Rest::Blank);
    }
    is_gap(&text[..at], &text[at..]).then_some(Rest::Gap)
}

/// Marks that end a sentence in Chinese whatever follows. A semicolon does not: what ends with it
/// reads as cut off.
fn is_end_mark(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '…' | '⋯' | '｡' | '．')
}

fn is_clause_mark(c: char) -> bool {
    matches!(c, '，' | '、' | '：' | '；' | ',' | ':')
}

/// Whether a sentence ends with `before`, closing quotes left out (`quoted`: there are some).
fn ends_sentence(before: &str, after: &str, quoted: bool) -> bool {
    let Some(last) = before.chars().next_back() else { return false };
    if is_end_mark(last) {
        return true;
    }
    if !matches!(last, '.' | '!' | '?' | ';') {
        return false;
    }
    let words = before.trim_end_matches(['.', '!', '?', ';']);
    let in_chinese = words.chars().next_back().is_some_and(|c| is_cjk(c) || is_shared_mark(c));
    let next = after.chars().next();
    if in_chinese {
        // Typed on an English keyboard.
        return next.is_none_or(|c| c.is_whitespace() || is_cjk(c) || quoted);
    }
    let dots = before.len() - before.trim_end_matches('.').len();
    let following = after.trim_start().chars().next();
    // `Yahoo! is`, `etc. and`: a sentence does not begin with a small letter. `println! 宏`: the
    // mark is the name's.
    last != ';'
        && next.is_none_or(char::is_whitespace)
        && !following.is_some_and(|c| c.is_lowercase() || (last != '.' && is_cjk(c)))
        && !(dots == 1 && is_abbreviation(words, after))
}

/// Words before a full stop that is none: `Dr.`, `U.S.`, `J. K.`, `e.g.`, `No. 5`, and the number
/// of a list's item.
fn is_abbreviation(words: &str, after: &str) -> bool {
    const TITLES: [&str; 36] = [
        "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "vs", "ed", "eds", "al", "cf", "ca",
        "est", "approx", "viz", "ie", "eg", "gen", "col", "capt", "lt", "sgt", "rev", "hon", "gov",
        "sen", "rep", "pres", "dept", "univ", "inc", "ltd", "corp", "messrs",
    ];
    const NUMBERED: [&str; 23] = [
        "no", "nos", "vol", "vols", "fig", "figs", "eq", "ch", "sec", "p", "pp", "jan", "feb",
        "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    ];
    let word =
        words.rsplit(|c: char| !(c.is_alphanumeric() || c == '.')).next().unwrap_or_default();
    let standing_before = words[..words.len() - word.len()].trim_end().chars().next_back();
    if !word.is_empty() && word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return standing_before.is_none_or(|c| is_end_mark(c) || matches!(c, '.' | '!' | '?'));
    }
    let is_initial = |part: &str| {
        (1..=2).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic)
    };
    let is_capital =
        word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I";
    let lower = word.to_ascii_lowercase();
    is_capital
        || (word.contains('.') && word.split('.').all(is_initial))
        || TITLES.contains(&lower.as_str())
        || (NUMBERED.contains(&lower.as_str())
            && after.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

fn ends_clause(before: &str, after: &str) -> bool {
    let mut chars = before.chars().rev();
    let Some(last) = chars.next() else { return false };
    let next = after.chars().next();
    match last {
        '，' | '、' | '：' | '；' => {
            let number = before[..before.len() - last.len_utf8()].trim_end_matches(is_numeral);
            let is_number = number.len() + last.len_utf8() < before.len();
            let starts_item = is_number
                && last == '、'
                && number.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let splits_number =
                is_number && next.is_some_and(|c| c.is_ascii_digit() || is_wide_letter(c));
            !(starts_item || splits_number)
        }
        ',' | ';' | ':' => next.is_none_or(char::is_whitespace) || chars.next().is_some_and(is_cjk),
        _ => false,
    }
}

fn is_blank(before: &str, after: &str) -> bool {
    before.ends_with(|c| is_cjk(c) || is_shared_mark(c))
        && after.starts_with(char::is_whitespace)
        && after.trim_start().starts_with(|c| is_cjk(c) || is_shared_mark(c))
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(
            c,
            '０'..='９' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十'
        )
}

/// Whether a place between two tokens tears nothing apart: no number from its unit, no name at its
/// dot.
fn is_gap(before: &str, after: &str) -> bool {
    let (Some(last), Some(next)) =
        (before.trim_end().chars().next_back(), after.trim_start().chars().next())
    else {
        return true;
    };
    let is_digit = |c: char| c.is_numeric() && !('\u{3400}'..='\u{9FFF}').contains(&c);
    let unit = is_digit(last)
        && (next.is_alphabetic() || matches!(next, '%' | '％' | '‰' | '°' | '℃' | '′' | '″'));
    let sign = is_digit(next)
        && matches!(
            last,
            '第' | '约' | '$' | '¥' | '￥' | '€' | '£' | '+' | '-' | '−' | '±' | '#' | '№'
        );
    let dot = |c: char| matches!(c, '·' | '‧' | '・' | '•' | '/');
    !(unit || sign || dot(last) || dot(next))
}

#[cfg(test)]
mod tests {
    use super::pairs::MARKS;
    use super::room::LONGEST;
    use super::*;
    use proptest::prelude::*;

    /// `count` Han characters.
    fn han(count: usize) -> String {
        "天地玄黄宇宙洪荒日月盈昃辰宿列张".chars().cycle().take(count).collect()
    }

    /// Fills the templates' numbers with so many Han: `70。50，9。`.
    fn text(template: &str) -> String {
        let mut out = String::new();
        let mut digits = String::new();
        for c in template.chars().chain(['\0']) {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            if let Ok(count) = digits.parse() {
                out += &han(count);
            }
            digits.clear();
            out.push(c);
        }
        out.trim_end_matches('\0').to_owned()
    }

    #[track_caller]
    fn ends(template: &str, expected: &str) {
        assert_eq!(excerpt(&text(template)), text(expected), "{template}");
    }

    #[test]
    fn a_short_text_is_kept_whole() {
        ends("9", "9");
        ends(" “9，（9 ", "“9，（9");
        ends("119。", "119。");
    }

    #[test]
    fn sentences_end_it() {
        ends("70。30！50。", "70。30！");
        ends("70。30；50。", "70。");
        ends("70；50，50。", "70……");
        ends("70？！40，50。", "70？！");
        ends("70……40，50。", "70……");
        ends("“70。”50，9", "“70。”");
        ends("他说：「『70。』」50，9", "他说：「『70。』」");
        ends("（70。）50，9", "（70。）");
        ends("70!好50，50。", "70!");
        ends("70. 50，50。", "70.");
        ends("70.好50，50。", "70.");
    }

    #[test]
    fn lesser_pauses_do_where_no_sentence_ends_in_time() {
        ends("50。50，30、10。", "50。50……");
        ends("90：80。", "90……");
        ends("50。90。", "50。");
        ends("130", "120……");
        ends("20。20。110。", "20。20。");
        ends("70 60", "70……");
    }

    #[test]
    fn pairs_stay_whole() {
        ends("70。20《20。20》20。", "70。");
        ends("70，20（20，10“10，20”）9。", "70……");
        ends("50，20“20”，20（20）20。", "50，20“20”……");
        ends("70(20。20)30", "70(20。20)8……");
        ends("70(40。20)30", "70……");
        ends("40\"20。20\"39，9。", "40\"20。20\"38……");
        // A mark in a title or in a quoted word ends no sentence.
        ends("60，《10？》是20，40。", "60，《10？》是20……");
        ends("60，所谓“10？”的20，40。", "60，所谓“10？”的20……");
        ends("60。“10？”他20，40。", "60。“10？”");
    }

    #[test]
    fn one_without_a_partner_holds_nothing_up() {
        ends("（70。30，50。", "（70。");
        ends("10）70。30，50。", "10）70。");
        ends("“70。30，50。", "“70。”");
        ends("“30。“50。30，50。", "“30。“50。”");
        ends("“30“50。30，50。", "“30“50。");
        ends("70（20“10）20。10，9”", "70（20“10）17……");
    }

    #[test]
    fn a_long_quotation_is_cut_and_closed() {
        ends("他说：“70。40，20。”9", "他说：“70。……”");
        ends("“70，‘40。20’20。”9", "“70……”");
        ends("“70，‘20。’40。20”9", "“70，‘20。’……”");
        ends("“70？40，20。”9", "“70？……”");
        ends("“70……40，20。”9", "“70……”");
        ends("（70。40，20。）9", "（70。……）");
        ends("“130。”9", "“119……”");
        assert_eq!(
            excerpt(&format!("“{}”", "He said so. ".repeat(30))),
            format!("“{} …”", "He said so. ".repeat(19).trim_end())
        );
    }

    #[test]
    fn words_numbers_and_addresses_stay_whole() {
        let before = han(119);
        for whole in [
            "Rust",
            "3.5",
            "1,200",
            "10%",
            "2012年",
            "第3章",
            "¥10",
            "C++",
            "don’t",
            "www.example.org/a?b=1,2",
            "a@b.org",
            "ＡＢＣ",
            "10 kg",
        ] {
            assert_eq!(
                excerpt(&format!("{before}{whole}{before}")),
                format!("{before}……"),
                "{whole}"
            );
        }
        ends("119·20", "118……");
        ends("60，115", "60……");
        assert_eq!(
            excerpt(&format!("{} println! {}", han(70), han(70))),
            format!("{} println! {}……", han(70), han(45))
        );
        assert_eq!(
            excerpt(&format!("{}3，2，{}", han(70), han(100))),
            format!("{}3，2……", han(70))
        );
        assert_eq!(excerpt(&format!("{}。一、{}", han(70), han(100))), format!("{}。", han(70)));
    }

    #[test]
    fn english_ends_with_its_own_marks() {
        let words = "The quick brown fox jumps over the lazy dog ";
        let long = words.repeat(4);
        let long = long.trim_end();
        for end in
            ["It ends.", "Was it?", "he said “no.”", "at 3.5.", "than I.", "(as in J. K. R.)."]
        {
            assert_eq!(excerpt(&format!("{long} {end} And {long}")), format!("{long} {end}"));
        }
        for middle in [
            "by Dr. Smith",
            "in the U.S. And so",
            "J. K. Rowling wrote",
            "e.g. This",
            "Yahoo! is",
            "wait... what",
            "I don’t say it's",
        ] {
            let cut = excerpt(&format!("{long} {middle} {long}"));
            assert!(
                cut.strip_prefix(&format!("{long} {middle} The quick"))
                    .is_some_and(|rest| rest.ends_with('…')),
                "{cut}"
            );
        }
        assert_eq!(excerpt(&format!("{long}, {words}{words}")), format!("{long}…"));
    }

    #[test]
    fn what_is_shown_as_one_stays_one() {
        let family = "👨\u{200D}👩\u{200D}👧";
        assert_eq!(excerpt(&format!("{}{family}{}", han(119), han(9))), format!("{}……", han(119)));
        assert_eq!(
            excerpt(&format!("{}葛\u{E0100}{}", han(119), han(9))),
            format!("{}……", han(119))
        );
        assert_eq!(
            excerpt(&format!("{}e\u{301}{}", han(119), han(9))),
            format!("{}e\u{301}……", han(119))
        );
    }

    #[test]
    fn nothing_fit_is_cut_anyhow() {
        assert_eq!(excerpt(&"a".repeat(300)), "a".repeat(240) + "…");
        assert_eq!(excerpt(&"（".repeat(300)).chars().filter(|c| *c == '（').count(), 120);
        assert_eq!(excerpt(&format!("{}{}", han(9), "a".repeat(300))), format!("{}……", han(9)));
    }

    /// Depth of what is open after each of `pairs`' marks, or none if they cross or close too
    /// often. Written apart from the code under test, for marks that cannot be anything else.
    fn is_balanced(text: &str) -> bool {
        let mut open = Vec::new();
        text.chars().all(|c| match "“‘「『《（【[(".chars().position(|opener| opener == c)
        {
            Some(kind) => {
                open.push(kind);
                true
            }
            None => "”’」』》）】])"
                .chars()
                .position(|closer| closer == c)
                .is_none_or(|kind| open.pop() == Some(kind)),
        }) && open.is_empty()
    }

    /// Texts as people write them, or worse: every mark that means something here, and words
    /// between them.
    fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => "[天地玄黄宇宙洪荒]{1,30}",
            4 => "[。！？；，、：…“”‘’「」《》（）\"']{1,2}",
            2 => "[a-zA-Z]{1,9}[ .,!?'’]{0,2}",
            2 => "[0-9]{1,4}[.,%年、，]{0,2}[0-9]{0,3}",
            1 => "https?://[a-z]{1,9}\\.org/[a-z?=&,.]{0,20}",
            1 => "(👨\u{200D}👩|e\u{301}|葛\u{E0100}|🇨🇳| |——|·)",
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    /// Texts whose pairs are balanced, nested too.
    fn balanced_texts() -> impl Strategy<Value = String> {
        let leaf = "[天地玄黄宇宙洪荒，。！；a-z ]{1,40}";
        leaf.prop_recursive(4, 40, 6, |inner| {
            let enclosed =
                (0..9_usize, prop::collection::vec(inner, 1..6)).prop_map(|(kind, parts)| {
                    let side = |marks: &str| marks.chars().nth(kind).expect("nine of them");
                    format!(
                        "{}{}{}",
                        side("“‘「『《（【[("),
                        parts.concat(),
                        side("”’」』》）】])")
                    )
                });
            ("[天地玄黄，。]{0,30}", enclosed, "[天地玄黄，。]{0,30}")
                .prop_map(|(before, pair, after)| before + &pair + &after)
        })
    }

    proptest! {
        #[test]
        fn any_text_has_a_fair_excerpt(text in prop_oneof![3 => texts(), 1 => "\\PC{0,400}"]) {
            let text = text.trim();
            let Cut { end, added } = cut(text);
            prop_assert!(text.is_char_boundary(end));
            let kept = &text[..end];
            prop_assert!(end > 0 || text.is_empty());
            prop_assert!(kept.chars().map(width).sum::<usize>() <= LONGEST);
            prop_assert!(added.chars().all(|c| c == '…' || c == ' ' || MARKS.iter().any(|marks| marks.1 == c)), "{added}");
            let (last, next) = (kept.chars().next_back(), text[end..].chars().next());
            let torn = |is: fn(char) -> bool| last.is_some_and(is) && next.is_some_and(is);
            let one_word = text.find(|c: char| !c.is_ascii_graphic()).unwrap_or(text.len()) >= LONGEST;
            prop_assert!(one_word || !torn(|c| c.is_ascii_alphanumeric()), "{kept} | {}", &text[end..]);
            prop_assert!(next.is_none_or(|c| !extends(last, c)), "{kept} | {}", &text[end..]);
        }

        #[test]
        fn balanced_pairs_stay_balanced(text in balanced_texts()) {
            prop_assert!(is_balanced(&text));
            let cut = excerpt(&text);
            prop_assert!(is_balanced(&cut), "{cut}");
        }
    }
}
