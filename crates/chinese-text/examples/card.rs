//! Makes the card of a text from standard input, whose first line is its title: the title as one
//! line, an address in Latin letters, 字数 and minutes, and an excerpt.
//!
//! `printf ' 重庆的桥\n江上有一座桥。' | cargo run -p chinese-text --example card`

#![expect(clippy::print_stdout, reason = "an example, not a part of the pipeline")]

use std::io;

use chinese_text::{Length, excerpt, one_line, pinyin};

/// Characters that people read in a minute.
const SPEED: u32 = 400;

fn main() -> io::Result<()> {
    let text = io::read_to_string(io::stdin())?;
    let (title, body) = text.trim_start().split_once('\n').unwrap_or((&text, ""));
    let title = one_line(title);
    let length = Length::of(body);
    println!("{title}");
    println!("/{}/", pinyin::slug(&title));
    println!("{} 字，{} 分钟", length.words, length.minutes(SPEED));
    println!("{}", excerpt(&one_line(body)));
    Ok(())
}
