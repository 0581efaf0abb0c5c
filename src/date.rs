//! Dates as people write them in front matter and file names.
//!
//! A date without an offset is in the site's time zone. With `compat: jekyll` one form is read as
//! Jekyll reads it: an unquoted date-time with seconds and no offset is UTC, because YAML says so.
//! Pure: no clock, no file names.

use std::borrow::Cow;

use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::words::Message;

/// How a date stands in the front matter; Jekyll's meaning depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Plain,
    Quoted,
}

/// The accepted forms, for messages.
pub const FORMS: [&str; 5] =
    ["2023-04-11", "2023-04-11 20:32", "2023-04-11T20:32:25+08:00", "2023/4/1", "2023年4月11日"];

/// A date read from text, before the zone is applied.
#[derive(Clone, Debug, PartialEq)]
struct Parts {
    date: civil::Date,
    time: Option<Clock>,
    offset: Option<Offset>,
    doubt: Option<Message>,
}

/// A time of day, whose hours may go on after midnight.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Clock {
    hour: u16,
    minute: u16,
    second: u16,
    nanosecond: u32,
    has_seconds: bool,
}

impl Clock {
    /// How long it is after midnight.
    fn since_midnight(self) -> SignedDuration {
        let seconds =
            (i64::from(self.hour) * 60 + i64::from(self.minute)) * 60 + i64::from(self.second);
        SignedDuration::new(seconds, i32::try_from(self.nanosecond).unwrap_or(0))
    }
}

/// A date, and what had to be assumed to read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub date: ZonedDateTime,
    pub doubt: Option<Message>,
}

/// Reads a date in any of the forms found in real archives. `None` means it is not a date, or an
/// impossible one.
pub fn parse(text: &str, zone: &TimeZone, written: Written, jekyll: bool) -> Option<ZonedDateTime> {
    read(text, zone, written, jekyll).map(|reading| reading.date)
}

/// As [`parse`], with what was assumed.
pub fn read(text: &str, zone: &TimeZone, written: Written, jekyll: bool) -> Option<Reading> {
    if let Some(timestamp) = counted_seconds(text.trim()) {
        let doubt = Some(say!("it was taken for a count of seconds or milliseconds since 1970"));
        return Some(Reading { date: ZonedDateTime::new(timestamp, zone.clone()), doubt });
    }
    let digits = in_digits(text.trim());
    let Parts { date, time, offset, doubt } = Scanner { rest: &digits, jekyll }.date_time()?;
    let after = time.map_or(SignedDuration::ZERO, Clock::since_midnight);
    let civil = date.to_datetime(civil::Time::midnight()).checked_add(after).ok()?;
    let has_seconds = time.is_some_and(|time| time.has_seconds);
    let timestamp = match offset {
        Some(offset) => offset.to_timestamp(civil).ok()?,
        None if jekyll
            && written == Written::Plain
            && has_seconds
            && is_yaml_timestamp(text.trim()) =>
        {
            Offset::UTC.to_timestamp(civil).ok()?
        }
        None => return zone.to_zoned_datetime(civil).ok().map(|date| Reading { date, doubt }),
    };
    Some(Reading { date: ZonedDateTime::new(timestamp, zone.clone()), doubt })
}

/// `1680307200` and `1680307200000`, as databases keep time. Only from 2001 to 2030, since
/// `2023040108` is rather a date of its own form.
fn counted_seconds(text: &str) -> Option<Timestamp> {
    let seconds = match text.len() {
        10 => text,
        13 => text.get(..10)?,
        _ => return None,
    };
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = seconds
        .parse()
        .ok()
        .filter(|seconds| is_number && (1_000_000_000..1_900_000_000).contains(seconds))?;
    Timestamp::from_second(seconds).ok()
}

/// `二〇二三年四月十一日` as `2023年4月11日`; what follows the day stays.
fn in_digits(text: &str) -> Cow<'_, str> {
    const NUMERALS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| {
        if matches!(c, '零' | '○') {
            Some(0)
        } else {
            NUMERALS.iter().position(|numeral| *numeral == c)
        }
    };
    if !text.starts_with(|c| digit(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let end = text.find(['日', '号']).unwrap_or(text.len());
    let mut written = String::new();
    for (at, c) in text[..end].char_indices() {
        let after = text[at + c.len_utf8()..].chars().next();
        match (c, digit(c)) {
            // 十 is a digit of its own where none stands before it or behind it: 十月, 二十日.
            ('十', _) => {
                let has_tens = written.ends_with(|c: char| c.is_ascii_digit());
                let has_ones = after.is_some_and(|c| digit(c).is_some());
                written.push_str(if has_tens { "" } else { "1" });
                written.push_str(if has_ones { "" } else { "0" });
            }
            (_, Some(digit)) => written.push_str(&digit.to_string()),
            (c, None) => written.push(c),
        }
    }
    Cow::Owned(written + &text[end..])
}

/// What Ruby's YAML (SafeYAML) takes for a time stamp: `2020-2-10 23:30:00`, with `T` or blanks
/// between, minutes and seconds of two digits. Slashes are not.
fn is_yaml_timestamp(text: &str) -> bool {
    let digits = |part: &str, allowed: std::ops::RangeInclusive<usize>| {
        allowed.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let Some((date, time)) = text.split_once(|c: char| matches!(c, 'T' | 't') || c.is_whitespace())
    else {
        return false;
    };
    let date: Vec<&str> = date.split('-').collect();
    let time: Vec<&str> = time.trim_start().split(':').collect();
    matches!(date[..], [year, month, day] if digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2))
        && matches!(time[..], [hour, minute, second] if digits(hour, 1..=2) && digits(minute, 2..=2) && second.len() >= 2 && second.as_bytes()[..2].iter().all(u8::is_ascii_digit))
}

/// Midnight, in the site's zone, of a date found in a file name.
pub fn midnight(date: civil::Date, zone: &TimeZone) -> Option<ZonedDateTime> {
    zone.to_zoned_datetime(date.to_datetime(civil::Time::midnight())).ok()
}

/// Splits `2023-04-11-标题` into its date and the rest; `2020-1-2-x` and `20-1-2-x` count, as in
/// Jekyll.
pub fn from_file_stem(stem: &str) -> Option<(civil::Date, &str)> {
    let (year, month, day, rest) = numbered(stem)?;
    Some((civil::Date::new(year, month, day).ok()?, rest))
}

/// As [`from_file_stem`], with days counted on from the end of a short month, as Jekyll does.
pub fn from_file_stem_of_jekyll(stem: &str) -> Option<(civil::Date, &str)> {
    let (year, month, day, rest) = numbered(stem)?;
    Some((civil::Date::new(year, month, day).ok().or_else(|| counted_on(year, month, day))?, rest))
}

/// What Ruby makes of 30 February.
fn counted_on(year: i16, month: i8, day: i8) -> Option<civil::Date> {
    let first = civil::Date::new(year, month, 1).ok().filter(|_| (29..=31).contains(&day))?;
    first.checked_add(SignedDuration::from_hours(24 * (i64::from(day) - 1))).ok()
}

/// Year, month and day before their hyphens, and the rest.
fn numbered(stem: &str) -> Option<(i16, i8, i8, &str)> {
    let mut rest = stem;
    let mut numbers = [0_i16; 3];
    for (index, number) in numbers.iter_mut().enumerate() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let allowed = if index == 0 { 2..=4 } else { 1..=2 };
        if !allowed.contains(&digits) || rest.as_bytes().get(digits) != Some(&b'-') {
            return None;
        }
        *number = rest[..digits].parse().ok()?;
        rest = &rest[digits + 1..];
    }
    let year = if numbers[0] < 100 {
        numbers[0] + if numbers[0] < 69 { 2000 } else { 1900 }
    } else {
        numbers[0]
    };
    Some((year, i8::try_from(numbers[1]).ok()?, i8::try_from(numbers[2]).ok()?, rest))
}

/// Splits the name of a file that begins with a date, as people and exporters write one, into the
/// date and the rest: Jekyll's form, and `2023-01-12_题`, `2023-01-12 题`, `2023.1.12题`,
/// `20230112-题`, `2023年1月12日 题`, `[2023-01-12] 题`. A date alone is the name as well.
pub fn from_name(stem: &str) -> Option<(civil::Date, &str)> {
    const BRACKETS: [(char, char); 4] = [('[', ']'), ('【', '】'), ('(', ')'), ('（', '）')];
    if let Some(found) = from_file_stem(stem) {
        return Some(found);
    }
    let closing =
        BRACKETS.iter().find(|(open, _)| stem.starts_with(*open)).map(|(_, close)| *close);
    let inside = closing.map_or(stem, |_| &stem[stem.chars().next().map_or(0, char::len_utf8)..]);
    let (date, rest) = compact(inside).or_else(|| spelled(inside))?;
    let rest = match closing {
        Some(closing) => rest.strip_prefix(closing)?,
        // `2023-01-12x` and `2023-01-123` are names of something else.
        None if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) => return None,
        None => rest,
    };
    let rest = rest.trim_start_matches([' ', '_', '-', '.', '、', '，', '：', ':', '\u{3000}']);
    Some((date, if rest.is_empty() { stem } else { rest }))
}

/// `20230112` at the beginning.
fn compact(text: &str) -> Option<(civil::Date, &str)> {
    let digits = text.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let year = digits[..4].parse().ok().filter(|year| (1900..2200).contains(year))?;
    Some((
        civil::Date::new(year, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()?,
        &text[8..],
    ))
}

/// `2023-01-12`, `2023.1.12`, `2023_1_12`, `2023年1月12日` at the beginning; always one mark
/// between the numbers.
fn spelled(text: &str) -> Option<(civil::Date, &str)> {
    let number =
        |text: &str, most: usize| text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let marks = [["-", "-", ""], [".", ".", ""], ["_", "_", ""], ["年", "月", "日"]];
    let marks = marks.into_iter().find(|[first, ..]| text[number(text, 4)..].starts_with(first))?;
    let mut rest = text;
    let mut numbers = [0_i16; 3];
    for (index, (found, mark)) in numbers.iter_mut().zip(marks).enumerate() {
        let digits = number(rest, if index == 0 { 4 } else { 2 });
        if digits < if index == 0 { 4 } else { 1 } {
            return None;
        }
        *found = rest[..digits].parse().ok()?;
        rest = rest[digits..].strip_prefix(mark)?;
    }
    let date = civil::Date::new(
        numbers[0],
        i8::try_from(numbers[1]).ok()?,
        i8::try_from(numbers[2]).ok()?,
    )
    .ok()?;
    Some((date, rest))
}

/// Whether the date lies more than a minute after `now`.
pub fn is_future(date: Timestamp, now: Timestamp) -> bool {
    date.duration_since(now) > SignedDuration::from_secs(60)
}

/// How dates are written into the ledger: the moment and the offset, which is all that is shown of
/// them.
pub mod stored {
    use jiff::tz::{Offset, TimeZone};
    use jiff::{Timestamp, ZonedDateTime};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Seconds, nanoseconds, offset in seconds.
    type Parts = Option<(i64, i32, i32)>;

    pub fn serialize<S: Serializer>(
        date: &Option<ZonedDateTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let parts: Parts = date.as_ref().map(|date| {
            let timestamp = date.timestamp();
            (timestamp.as_second(), timestamp.subsec_nanosecond(), date.offset().seconds())
        });
        parts.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<ZonedDateTime>, D::Error> {
        let Some((second, nanosecond, offset)) = Parts::deserialize(deserializer)? else {
            return Ok(None);
        };
        let timestamp = Timestamp::new(second, nanosecond).map_err(D::Error::custom)?;
        let offset = Offset::from_seconds(offset).map_err(D::Error::custom)?;
        Ok(Some(ZonedDateTime::new(timestamp, TimeZone::fixed(offset))))
    }
}

/// RFC 3339 in the date's own zone, whole seconds: `2023-04-11T20:32:25+08:00`.
pub fn rfc3339(date: &ZonedDateTime) -> String {
    date.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// RFC 2822 (RSS): `Tue, 11 Apr 2023 20:32:25 +0800`.
pub fn rfc2822(date: &ZonedDateTime) -> String {
    date.strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// Reads numbers and separators from left to right; every method returns `None` when its piece is
/// not there.
struct Scanner<'a> {
    rest: &'a str,
    jekyll: bool,
}

impl Scanner<'_> {
    fn date_time(&mut self) -> Option<Parts> {
        self.skip_weekday();
        if let Some(parts) = self.rfc2822_date() {
            return parts;
        }
        if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return self.ruby_date();
        }
        let (date, doubt) = self.date()?;
        let mut parts = Parts { date, time: None, offset: None, doubt };
        self.skip_blanks();
        self.eat_any(&["T", "t", ",", "，"]);
        self.skip_weekday();
        if self
            .rest
            .starts_with(|c: char| c.is_ascii_digit() || ('\u{4E00}'..='\u{9FFF}').contains(&c))
        {
            parts.time = Some(self.time(&mut parts.doubt)?);
        }
        self.skip_blanks();
        parts.offset = self.offset(&mut parts.doubt)?;
        self.is_at_end().then_some(parts)
    }

    /// Whether nothing more is said but the name of the zone: `+0800 (中国标准时间)`,
    /// `+08:00[Asia/Shanghai]`.
    fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        let closed =
            |open: char, close: char| self.rest.starts_with(open) && self.rest.ends_with(close);
        self.rest.is_empty() || closed('(', ')') || closed('[', ']')
    }

    /// `11 Apr 2023 20:32:25 +0800`, as mail and RSS have it. The outer `None` means the text is of
    /// another form.
    fn rfc2822_date(&mut self) -> Option<Option<Parts>> {
        let (day, rest) = self.rest.split_once(' ')?;
        if !(1..=2).contains(&day.len())
            || !day.bytes().all(|byte| byte.is_ascii_digit())
            || !rest.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            return None;
        }
        let (month, rest) = rest.split_once(' ')?;
        let (year, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        // The same date in the order that `ruby_date` reads.
        let reordered = format!("{month} {day} {year} {rest}");
        Some(Scanner { rest: &reordered, jekyll: self.jekyll }.ruby_date())
    }

    /// `Mon Feb 10 2020 23:30`, `Mon Feb 10 23:30:00 +0800 2020`, `Feb 10, 2020`: what Ruby,
    /// JavaScript and `date` print.
    fn ruby_date(&mut self) -> Option<Parts> {
        let month = self.month_name()?;
        self.skip_blanks();
        let day = self.number(1..=2)?;
        self.eat_any(&[","]);
        self.skip_blanks();
        let looks_like_time = self.rest.as_bytes().get(2) == Some(&b':')
            || self.rest.as_bytes().get(1) == Some(&b':');
        let mut year = if looks_like_time { None } else { Some(self.number(4..=4)?) };
        self.skip_blanks();
        let (mut time, mut offset, mut doubt) = (None, None, None);
        if !self.rest.is_empty() {
            time = Some(self.time(&mut doubt)?);
            self.skip_blanks();
            if year.is_none() && self.rest.len() == 4 {
                year = self.number(4..=4);
            } else {
                offset = self.offset(&mut doubt)?;
                self.skip_blanks();
                year = year.or_else(|| self.number(4..=4));
            }
        }
        let date = self.day_of(year?, month, day, &mut doubt)?;
        let rest = self.rest.trim();
        (rest.is_empty() || rest.starts_with('(')).then_some(Parts { date, time, offset, doubt })
    }

    /// `2023-04-01` with any mark between, `2023年4月1日`, `20230401`, and a month alone.
    fn date(&mut self) -> Option<(civil::Date, Option<Message>)> {
        const MARKS: [&str; 7] = ["-", "/", ".", "－", "／", "．", "年"];
        let mut doubt = None;
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let year = self.number(4..=4)?;
        if digits == 8 || digits == 14 {
            let (month, day) = (self.number(2..=2)?, self.number(2..=2)?);
            return Some((self.day_of(year, i8::try_from(month).ok()?, day, &mut doubt)?, doubt));
        }
        let mark = self.eat_any(&MARKS)?;
        self.skip_blanks();
        let month = i8::try_from(self.number(1..=2)?).ok()?;
        let is_over = if mark == "年" {
            self.eat_any(&["月"]).is_none()
        } else {
            self.eat_any(&[mark]).is_none()
        };
        if is_over
            || (mark == "年" && !self.rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
        {
            // Only where nothing follows: `2023-04 x` says something else.
            let is_whole = self.rest.is_empty() && !(is_over && mark == "年");
            doubt = Some(say!("it names no day; the first of the month is taken"));
            return Some((self.day_of(year, month, 1, &mut None)?, doubt)).filter(|_| is_whole);
        }
        self.skip_blanks();
        let day = self.number(1..=2)?;
        if mark == "年" {
            self.eat_any(&["日", "号"]);
        }
        Some((self.day_of(year, month, day, &mut doubt)?, doubt))
    }

    /// A day of the calendar. Ruby counts on from the end of a short month, and so did Jekyll's
    /// addresses.
    fn day_of(
        &self,
        year: u16,
        month: i8,
        day: u16,
        doubt: &mut Option<Message>,
    ) -> Option<civil::Date> {
        let (year, day) = (i16::try_from(year).ok()?, i8::try_from(day).ok()?);
        if let Ok(date) = civil::Date::new(year, month, day) {
            return Some(date);
        }
        let date = counted_on(year, month, day).filter(|_| self.jekyll)?;
        *doubt = Some(say!(
            "the month has no day {}; days are counted on into the next, as Jekyll does",
            day.to_string()
        ));
        Some(date)
    }

    /// `20:32`, `9:5:3`, `20:32:25.615825`, `203225`, `下午3:30:10`, `3:30 PM`, and hours after
    /// midnight, which JavaScript counts on.
    fn time(&mut self, doubt: &mut Option<Message>) -> Option<Clock> {
        let mut half = self.eat_any(&["上午", "下午", "晚上", "凌晨", "中午"]);
        self.skip_blanks();
        let is_run = self.rest.bytes().take_while(u8::is_ascii_digit).count() == 6;
        let mut hour = self.number(1..=2)?;
        if !is_run {
            self.eat_any(&[":", "：", "时", "点"])?;
        }
        let minute = self.number(1..=2)?;
        self.eat_any(&["分"]);
        let (mut second, mut nanosecond, mut has_seconds) = (0, 0, false);
        let colon = self.eat_any(&[":", "："]).is_some();
        if colon || self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            second = self.number(1..=2)?;
            self.eat_any(&["秒"]);
            has_seconds = true;
        }
        // Some tools write a fraction of a second behind the minutes too.
        if self.eat_any(&[".", ","]).is_some() {
            let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
            let fraction = &self.rest[..digits];
            nanosecond = if has_seconds { format!("{fraction:0<9.9}").parse().ok()? } else { 0 };
            self.rest = &self.rest[digits..];
        }
        self.skip_blanks();
        half = half.or_else(|| self.eat_any(&["AM", "PM", "am", "pm"]));
        match half {
            Some("下午" | "晚上" | "PM" | "pm" | "中午") if hour < 12 => hour += 12,
            Some("AM" | "am" | "上午" | "凌晨") if hour == 12 => hour = 0,
            _ => {}
        }
        let (second, is_midnight) = (second.min(59), hour == 24 && minute == 0 && second == 0);
        if hour >= 24 && !is_midnight {
            *doubt = Some(say!(
                "a day has no hour {}; hours are counted on into the next",
                hour.to_string()
            ));
        }
        (hour < 48 && minute < 60).then_some(Clock {
            hour,
            minute,
            second,
            nanosecond,
            has_seconds,
        })
    }

    /// `Z`, `+0800`, `+08:00`, `+08`, `UTC+8`, a name, or nothing. The outer `None` is a mistake.
    fn offset(&mut self, doubt: &mut Option<Message>) -> Option<Option<Offset>> {
        let name = self.zone_name(doubt);
        let Some(sign) = self.eat_any(&["+", "-"]) else { return Some(name) };
        let hours = self.number(1..=2)?;
        self.eat_any(&[":"]);
        let minutes = if self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            self.number(2..=2)?
        } else {
            0
        };
        if hours > 15 || minutes > 59 {
            return None;
        }
        *doubt = doubt.take().filter(|_| name.is_none());
        self.skip_blanks();
        // `+0800 CST`: the number is what counts.
        self.zone_name(&mut None);
        let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
        Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok().map(Some)
    }

    /// The names of zones in dates that `date` and mail programs print. `CST` is China's in a
    /// Chinese archive, and Ruby's America's.
    fn zone_name(&mut self, doubt: &mut Option<Message>) -> Option<Offset> {
        const NAMES: [(&str, i8); 16] = [
            ("UTC", 0),
            ("GMT", 0),
            ("Z", 0),
            ("z", 0),
            ("HKT", 8),
            ("SGT", 8),
            ("JST", 9),
            ("KST", 9),
            ("EST", -5),
            ("EDT", -4),
            ("CDT", -5),
            ("MST", -7),
            ("MDT", -6),
            ("PST", -8),
            ("PDT", -7),
            ("CET", 1),
        ];
        if self.eat_any(&["CST"]).is_some() {
            if self.jekyll {
                return Some(Offset::constant(-6));
            }
            *doubt =
                doubt.take().or_else(|| Some(say!("`CST` is taken for the time of China, +08:00")));
            return Some(Offset::constant(8));
        }
        let (name, hours) = NAMES.iter().find(|(name, _)| self.rest.starts_with(name))?;
        self.rest = &self.rest[name.len()..];
        Some(Offset::constant(*hours))
    }

    fn skip_weekday(&mut self) {
        const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        self.skip_blanks();
        let letters = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = self.rest[..letters].to_ascii_lowercase();
        if letters >= 3 && DAYS.iter().any(|day| word.starts_with(day)) {
            self.rest = &self.rest[letters..];
            self.eat_any(&[","]);
        } else if self.eat_any(&["（", "("]).is_some()
            | self.eat_any(&["星期", "周", "礼拜"]).is_some()
        {
            self.eat_any(&["一", "二", "三", "四", "五", "六", "日", "天"]);
            self.eat_any(&["）", ")"]);
        }
        self.skip_blanks();
    }

    fn month_name(&mut self) -> Option<i8> {
        const MONTHS: [&str; 12] =
            ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
        let letters = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = self.rest[..letters].to_ascii_lowercase();
        let index = MONTHS.iter().position(|month| word.starts_with(month))?;
        self.rest = &self.rest[letters..];
        i8::try_from(index + 1).ok()
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat_any<'s>(&mut self, options: &[&'s str]) -> Option<&'s str> {
        let found = options.iter().find(|option| self.rest.starts_with(**option))?;
        self.rest = &self.rest[found.len()..];
        Some(found)
    }

    fn number(&mut self, digits: std::ops::RangeInclusive<usize>) -> Option<u16> {
        let count = self.rest.bytes().take(*digits.end()).take_while(u8::is_ascii_digit).count();
        if !digits.contains(&count) {
            return None;
        }
        let (number, rest) = self.rest.split_at(count);
        self.rest = rest;
        number.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, written: Written, jekyll: bool) -> Option<String> {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        parse(text, &zone, written, jekyll).map(|date| rfc3339(&date))
    }

    #[test]
    fn forms_of_real_archives() {
        let local = |text| read(text, Written::Plain, false).unwrap();
        assert_eq!(local("2020-02-10"), "2020-02-10T00:00:00+08:00");
        for text in [
            "2020-02-10 23:30:00",
            "2020-02-10T23:30:00",
            "2020/02/10 23:30",
            "2020-2-10 23:30",
            "Mon Feb 10 2020 23:30",
        ] {
            assert_eq!(local(text), "2020-02-10T23:30:00+08:00", "{text}");
        }
        for text in [
            "2020-02-10 23:30:00 +0800",
            "2020-02-10T23:30:00+08:00",
            "2020-02-10T15:30:00.000Z",
            "2020-02-10 23:30:00 +08:00",
        ] {
            assert_eq!(local(text), "2020-02-10T23:30:00+08:00", "{text}");
        }
        assert_eq!(local("2020.02.10"), "2020-02-10T00:00:00+08:00");
        assert_eq!(local("2015-9-3T10:02:45.000Z"), "2015-09-03T18:02:45+08:00");
        assert_eq!(local("2018-10-8 9:5:3 +0800"), "2018-10-08T09:05:03+08:00");
        assert_eq!(local("2018年9月4日"), "2018-09-04T00:00:00+08:00");
        assert_eq!(local("2018年4月12日10:17:30"), "2018-04-12T10:17:30+08:00");
        assert_eq!(local("2018年3月23日下午3:30:10"), "2018-03-23T15:30:10+08:00");
        assert_eq!(local("Tue, 11 Apr 2023 20:32:25 +0800"), "2023-04-11T20:32:25+08:00");
        assert_eq!(local("Apr 11, 2023"), "2023-04-11T00:00:00+08:00");
        assert_eq!(local("2019-05-01 00:40:00.000000000 +08:00"), "2019-05-01T00:40:00+08:00");
    }

    #[test]
    fn jekyll_takes_plain_seconds_for_utc() {
        assert_eq!(
            read("2020-02-10 23:30:00", Written::Plain, true).unwrap(),
            "2020-02-11T07:30:00+08:00"
        );
        assert_eq!(
            read("2020-02-10 23:30:00", Written::Quoted, true).unwrap(),
            "2020-02-10T23:30:00+08:00"
        );
        assert_eq!(
            read("2020-2-1 20:04:05", Written::Plain, true).unwrap(),
            "2020-02-02T04:04:05+08:00"
        );
        assert_eq!(
            read("2020-2-1 3:04", Written::Plain, true).unwrap(),
            "2020-02-01T03:04:00+08:00"
        );
        assert_eq!(
            read("2020-02-10 23:30", Written::Plain, true).unwrap(),
            "2020-02-10T23:30:00+08:00"
        );
    }

    #[test]
    fn forms_with_more_or_less_than_needed() {
        let local = |text| read(text, Written::Plain, false).unwrap();
        for (text, meant) in [
            ("2018-12-21 +0800", "2018-12-21T00:00:00+08:00"),
            ("2018-12-21 20:00.000000000 +08:00", "2018-12-21T20:00:00+08:00"),
            ("2018-12-21 20:00:01 +0800 CST", "2018-12-21T20:00:01+08:00"),
            ("2018-12-21T08:00:00+08:00[Asia/Shanghai]", "2018-12-21T08:00:00+08:00"),
            ("2018-12-21 20:00:00 (星期五)", "2018-12-21T20:00:00+08:00"),
            ("2018-12-21 星期五", "2018-12-21T00:00:00+08:00"),
            ("2018-12-21（周五）20:00", "2018-12-21T20:00:00+08:00"),
            ("2018年12月21日 星期五 下午8:05", "2018-12-21T20:05:00+08:00"),
            ("2018-12-21, 20:05", "2018-12-21T20:05:00+08:00"),
            ("2018－12－21", "2018-12-21T00:00:00+08:00"),
            ("20181221", "2018-12-21T00:00:00+08:00"),
            ("20181221 20:05", "2018-12-21T20:05:00+08:00"),
            ("20181221T200501Z", "2018-12-22T04:05:01+08:00"),
            ("20181221200501", "2018-12-21T20:05:01+08:00"),
            ("2018-12-21 24:00:00", "2018-12-22T00:00:00+08:00"),
            ("2018-12-21 20:00 UTC+8", "2018-12-21T20:00:00+08:00"),
            ("2018-12-21 20:00:01 GMT+08:00 (中国标准时间)", "2018-12-21T20:00:01+08:00"),
            ("二〇一八年十二月二十一日", "2018-12-21T00:00:00+08:00"),
            ("二零一八年十月十日 20:05", "2018-10-10T20:05:00+08:00"),
            ("二〇一八年四月三十日 星期一", "2018-04-30T00:00:00+08:00"),
        ] {
            assert_eq!(local(text), meant, "{text}");
            assert_eq!(doubt(text, false), None, "{text}");
        }
        for (text, meant) in [
            ("2018-12", "2018-12-01T00:00:00+08:00"),
            ("2018年12月", "2018-12-01T00:00:00+08:00"),
            ("1545393600", "2018-12-21T20:00:00+08:00"),
            ("1545393600123", "2018-12-21T20:00:00+08:00"),
            ("2018-12-31 29:39:08", "2019-01-01T05:39:08+08:00"),
            ("Sat Apr 1 08:05:00 CST 2023", "2023-04-01T08:05:00+08:00"),
            ("2023-04-01 08:00:00 CST", "2023-04-01T08:00:00+08:00"),
        ] {
            assert_eq!(local(text), meant, "{text}");
            assert!(doubt(text, false).is_some(), "{text}");
        }
        // What Ruby makes of them.
        assert_eq!(read("2023-02-30", Written::Plain, true).unwrap(), "2023-03-02T00:00:00+08:00");
        assert_eq!(
            read("2023-04-31 08:00", Written::Plain, true).unwrap(),
            "2023-05-01T08:00:00+08:00"
        );
        assert_eq!(
            read("Sat Apr 1 08:05:00 CST 2023", Written::Plain, true).unwrap(),
            "2023-04-01T22:05:00+08:00"
        );
        assert_eq!(read("2023-02-32", Written::Plain, true), None);
    }

    fn doubt(text: &str, jekyll: bool) -> Option<String> {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        super::read(text, &zone, Written::Plain, jekyll)
            .unwrap()
            .doubt
            .map(|doubt| doubt.english().into_owned())
    }

    #[test]
    fn not_dates() {
        for text in [
            "昨天",
            "2023-02-30",
            "2023-13-01",
            "",
            "2023",
            "2023-04-11 25:61",
            "2023-04-11 49:00",
            "2023-04-11 x",
            "20231301",
            "2023-04 x",
            "2023年4",
            "202304",
        ] {
            assert_eq!(read(text, Written::Plain, false), None, "{text}");
        }
    }

    #[test]
    fn file_names() {
        let date = |year, month, day| civil::Date::new(year, month, day).unwrap();
        assert_eq!(from_file_stem("2023-04-11-标题"), Some((date(2023, 4, 11), "标题")));
        assert_eq!(from_file_stem("2020-1-2-x"), Some((date(2020, 1, 2), "x")));
        assert_eq!(from_file_stem("2023-04-11-"), Some((date(2023, 4, 11), "")));
        assert_eq!(from_file_stem("2020-13-45-x"), None);
        assert_eq!(from_file_stem("2023-02-30-x"), None);
        assert_eq!(from_file_stem_of_jekyll("2023-02-30-x"), Some((date(2023, 3, 2), "x")));
        assert_eq!(from_file_stem_of_jekyll("2020-13-45-x"), None);
        assert_eq!(from_file_stem("0a1b2c"), None);
    }

    #[test]
    fn feed_forms() {
        let date = parse(
            "2023-04-11 20:32:25 +0800",
            &TimeZone::get("Asia/Shanghai").unwrap(),
            Written::Plain,
            false,
        )
        .unwrap();
        assert_eq!(rfc2822(&date), "Tue, 11 Apr 2023 20:32:25 +0800");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s).{0,40}") {
            read(&text, Written::Plain, true);
        }
    }
}
