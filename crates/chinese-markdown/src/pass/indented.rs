//! Paragraphs indented by four blanks or a tab, as on paper. CommonMark shows them as code; Han
//! prose with ends of sentences is none.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::parser_options;
use crate::source::edits::Edits;
use crate::source::marks::begins_as_prose;
use chinese_text::{is_cjk, is_han, is_shared_mark};

/// How a paragraph begins on paper.
pub(crate) const INDENT: &str = "\u{3000}\u{3000}";

/// Edits that take the indentation off prose; each line begins a paragraph.
pub(crate) fn outdent_prose(text: &str, math: bool) -> Edits {
    let mut edits = Edits::default();
    let mut lines: Option<Vec<Range<usize>>> = None;
    let mut lead = Lead::None;
    for (event, range) in Parser::new_ext(text, parser_options(math)).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                lead = Lead::of(&text[..range.start]);
                lines = Some(Vec::new());
            }
            Event::Text(_) => lines.iter_mut().for_each(|lines| lines.push(range.clone())),
            Event::End(TagEnd::CodeBlock) => {
                let lines = lines.take().unwrap_or_default();
                if is_prose(lines.iter().map(|line| &text[line.clone()]), lead) {
                    outdent(text, &lines, &mut edits);
                }
            }
            _ => {}
        }
    }
    edits
}

/// Edits that part a line that begins as a paragraph does on paper from the quote above it, which
/// it would go on with (CommonMark's lazy continuation).
pub(crate) fn end_quotes(text: &str, math: bool) -> Edits {
    let mut edits = Edits::default();
    let begins = |at: usize| text[at..].trim_start_matches(' ').starts_with(INDENT);
    let follows_quote = |newline: usize| {
        let line = text[..newline].rsplit('\n').next().unwrap_or_default();
        line.trim_start_matches(|c: char| {
            c == ' ' || c.is_ascii_digit() || matches!(c, '-' | '*' | '+' | '.' | ')')
        })
        .starts_with('>')
    };
    if !memchr::memmem::find_iter(text.as_bytes(), INDENT).any(|at| {
        let before = text[..at].trim_end_matches(' ');
        before.ends_with('\n') && follows_quote(before.len() - 1)
    }) {
        return edits;
    }
    let mut quotes = 0_usize;
    for (event, range) in Parser::new_ext(text, parser_options(math)).into_offset_iter() {
        match event {
            Event::Start(Tag::BlockQuote(_)) => quotes += 1,
            Event::End(TagEnd::BlockQuote(_)) => quotes -= 1,
            Event::SoftBreak | Event::HardBreak if quotes > 0 && begins(range.end) => {
                edits.replace(range.end..range.end, "\n");
            }
            _ => {}
        }
    }
    edits
}

/// What the line above a block says of it.
#[derive(Clone, Copy, PartialEq)]
enum Lead {
    /// Nothing: it ends as a sentence does.
    None,
    /// It ends in a colon, so what follows is quoted: prose, or what a program prints.
    Quotes,
    /// It ends in a colon and speaks of programs.
    ShowsOutput,
}

impl Lead {
    /// Of the last line of what stands above.
    fn of(above: &str) -> Lead {
        #[rustfmt::skip]
        const OUTPUT: [&str; 20] = [
            "输出", "輸出", "结果", "結果", "运行", "執行", "执行", "打印", "显示", "顯示", "控制台", "终端", "終端", "命令",
            "代码", "代碼", "程序", "日志", "返回", "报错",
        ];
        let line = above
            .trim_end()
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .trim_end_matches(['*', '_', '`', ' ']);
        if !line.ends_with(['：', ':']) {
            Lead::None
        } else if OUTPUT.iter().any(|word| line.contains(word)) {
            Lead::ShowsOutput
        } else {
            Lead::Quotes
        }
    }
}

/// Whether the lines of a block are Han throughout, and sentences end among them: in most lines,
/// where a line is not the piece of a paragraph that a typewriter broke; in all, where the line
/// above announces what could be a program's output.
fn is_prose<'l>(lines: impl Iterator<Item = &'l str>, lead: Lead) -> bool {
    const ENDS: &str = "。．！？…";
    const MARKS: &str = "，、；：—～";
    const CLOSING: &[char] = &['”', '’', '』', '」', '）', '》', '*', '_'];
    /// Characters of a line that goes on in the next.
    const FULL: usize = 16;
    let (mut ended, mut full, mut open, mut loose) = (0_usize, 0_usize, 0_usize, 0_usize);
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        let (mut han, mut others) = (0_usize, 0_usize);
        for c in line.chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '_')) {
            han += usize::from(is_han(c));
            others += usize::from(!is_cjk(c) && !is_shared_mark(c));
        }
        if !begins_as_prose(line) || han <= others {
            return false;
        }
        let is_full = han >= FULL;
        full += usize::from(is_full);
        let text = line.trim_end_matches(CLOSING);
        let has_mark = text.len() < line.len() || text.ends_with(|c| MARKS.contains(c));
        // An item of a list, and a line as long as a sentence, need no more.
        if text.ends_with(|c| ENDS.contains(c)) || has_mark && (is_full || line.starts_with("* ")) {
            ended += 1;
        } else if has_mark {
            open += 1;
        } else if !is_full {
            loose += 1;
        }
    }
    ended > 0
        && match lead {
            Lead::None => loose <= ended + open + full,
            Lead::Quotes => loose == 0,
            Lead::ShowsOutput => loose == 0 && open == 0 && full > 0,
        }
}

fn outdent(text: &str, lines: &[Range<usize>], edits: &mut Edits) {
    const COLUMNS: usize = 4;
    for (index, line) in lines.iter().enumerate() {
        let content = &text[line.clone()];
        let begin = line.start + content.len() - content.trim_start_matches([' ', '\t']).len();
        let before = &text[..line.start];
        let blanks = if before.ends_with('\t') {
            1
        } else {
            before.bytes().rev().take(COLUMNS).take_while(|byte| *byte == b' ').count()
        };
        let start = line.start - blanks;
        if content.trim().is_empty() {
            continue;
        }
        // In a list or a quote an empty line would need its marks.
        let above = text[..start]
            .strip_suffix('\n')
            .map(|above| above.rsplit('\n').next().unwrap_or(above));
        let is_item = text[begin..line.end].starts_with("* ");
        let follows = index > 0 && !is_item && above.is_some_and(|above| !above.trim().is_empty());
        edits.replace(start..begin, if follows { "\n" } else { "" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_no_code() {
        let outdented = |text: &str| outdent_prose(text, false).apply(text).0;
        for (text, wanted) in [
            ("甲。\n\n    乙写道：“丙。”\n", "甲。\n\n乙写道：“丙。”\n"),
            ("\t一段。\n\t二段。\n\n\t**三**段。\n", "一段。\n\n二段。\n\n**三**段。\n"),
            ("    　　两种缩进都有。\n", "　　两种缩进都有。\n"),
            ("    * 一项。\n    * 二项。\n", "* 一项。\n* 二项。\n"),
            ("- 项\n\n      项里的一段。\n", "- 项\n\n  项里的一段。\n"),
        ] {
            assert_eq!(outdented(text), wanted, "{text}");
        }
        for prose in [
            "清单：\n\n    * 甲（一）\n    * 乙（二）\n",
            "甲。\n\n    一行很长的字，说到这里还没有说完，还要接着说；\n",
            "他说：\n\n    “你好。”\n",
            "调查结果：\n\n    第一，愿意来的人比往年多了许多，也更年轻。\n",
            "    一行没有标点\n    一行有。\n",
        ] {
            assert_ne!(outdented(prose), prose);
        }
        for code in [
            "运行结果：\n\n    你好，世界！\n",
            "**输出**：\n\n    请输入姓名：\n    你好，世界。\n",
            "他写道：\n\n    甲乙\n    丙丁。\n",
            "表：\n\n    姓名：甲\n    编号：乙\n",
            "甲。\n\n    姓名：\n    编号：\n",
            "甲。\n\n    开始\n    加载\n    连接\n    完成。\n",
            "    四空格缩进像代码\n",
            "    // 注释。\n    int a;\n",
            "    打印(\"甲\")\n    甲。\n",
            "    if 甲 { return b; }。\n",
            "```\n    围栏里。\n```\n",
            "甲\n    接着写。\n",
            "<pre>\n    诗。\n</pre>\n",
        ] {
            assert_eq!(outdented(code), code);
        }
    }

    #[test]
    fn a_paragraph_ends_the_quote_above() {
        let parted = |text: &str| end_quotes(text, false).apply(text).0;
        for (text, wanted) in [
            ("> 引文\n　　正文\n> 又引\n", "> 引文\n\n　　正文\n> 又引\n"),
            (">> 引文  \n 　　正文\n", ">> 引文  \n\n 　　正文\n"),
            ("- > 引文\n　　正文\n", "- > 引文\n\n　　正文\n"),
        ] {
            assert_eq!(parted(text), wanted);
        }
        for text in [
            "> 　　引一\n> 　　引二\n",
            "> 引文\n正文\n",
            "```\n> 引文\n　　正文\n```\n",
            "<pre>\n> 引文\n　　正文\n</pre>\n",
            "文\n　　正文\n",
        ] {
            assert_eq!(parted(text), text);
        }
    }
}
