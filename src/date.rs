//! Dates as people write them in front matter and file names.
//!
//! A date without an offset is in the site's time zone. With `compat: jekyll` one form is read as Jekyll reads it: an
//! unquoted date-time with seconds and no offset is UTC, because YAML says so. Pure: no clock, no file names.

use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

/// How a date stands in the front matter; Jekyll's meaning depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Plain,
    Quoted,
}

/// The accepted forms, for messages.
pub const FORMS: [&str; 5] = ["2023-04-11", "2023-04-11 20:32", "2023-04-11T20:32:25+08:00", "2023/4/1", "2023年4月11日"];

/// A date read from text, before the zone is applied.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Parts {
    date: civil::Date,
    time: Option<civil::Time>,
    has_seconds: bool,
    offset: Option<Offset>,
}

/// Reads a date in any of the forms found in real archives. `None` means it is not a date, or an impossible one.
pub fn parse(text: &str, zone: &TimeZone, written: Written, jekyll: bool) -> Option<ZonedDateTime> {
    let parts = Scanner::new(text.trim()).date_time()?;
    let civil = parts.date.to_datetime(parts.time.unwrap_or(civil::Time::midnight()));
    let timestamp = match parts.offset {
        Some(offset) => offset.to_timestamp(civil).ok()?,
        None if jekyll && written == Written::Plain && parts.has_seconds && is_yaml_timestamp(text.trim()) => {
            Offset::UTC.to_timestamp(civil).ok()?
        }
        None => return zone.to_zoned_datetime(civil).ok(),
    };
    Some(ZonedDateTime::new(timestamp, zone.clone()))
}

/// What Ruby's YAML (SafeYAML) takes for a time stamp: `2020-2-10 23:30:00`, with `T` or blanks between, minutes and seconds
/// of two digits. Slashes are not.
fn is_yaml_timestamp(text: &str) -> bool {
    let digits = |part: &str, allowed: std::ops::RangeInclusive<usize>| {
        allowed.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let Some((date, time)) = text.split_once(|c: char| matches!(c, 'T' | 't') || c.is_whitespace()) else { return false };
    let date: Vec<&str> = date.split('-').collect();
    let time: Vec<&str> = time.trim_start().split(':').collect();
    matches!(date[..], [year, month, day] if digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2))
        && matches!(time[..], [hour, minute, second] if digits(hour, 1..=2) && digits(minute, 2..=2) && second.len() >= 2 && second.as_bytes()[..2].iter().all(u8::is_ascii_digit))
}

/// Midnight, in the site's zone, of a date found in a file name.
pub fn midnight(date: civil::Date, zone: &TimeZone) -> Option<ZonedDateTime> {
    zone.to_zoned_datetime(date.to_datetime(civil::Time::midnight())).ok()
}

/// Splits `2023-04-11-标题` into its date and the rest; `2020-1-2-x` and `20-1-2-x` count, as in Jekyll.
pub fn from_file_stem(stem: &str) -> Option<(civil::Date, &str)> {
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
    let year = if numbers[0] < 100 { numbers[0] + if numbers[0] < 69 { 2000 } else { 1900 } } else { numbers[0] };
    let date = civil::Date::new(year, i8::try_from(numbers[1]).ok()?, i8::try_from(numbers[2]).ok()?).ok()?;
    Some((date, rest))
}

/// Splits the name of a file that begins with a date, as people and exporters write one, into the date and the rest: Jekyll's form, and
/// `2023-01-12_题`, `2023-01-12 题`, `2023.1.12题`, `20230112-题`, `2023年1月12日 题`, `[2023-01-12] 题`. A date alone is the name as well.
pub fn from_name(stem: &str) -> Option<(civil::Date, &str)> {
    const BRACKETS: [(char, char); 4] = [('[', ']'), ('【', '】'), ('(', ')'), ('（', '）')];
    if let Some(found) = from_file_stem(stem) {
        return Some(found);
    }
    let closing = BRACKETS.iter().find(|(open, _)| stem.starts_with(*open)).map(|(_, close)| *close);
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
    Some((civil::Date::new(year, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()?, &text[8..]))
}

/// `2023-01-12`, `2023.1.12`, `2023_1_12`, `2023年1月12日` at the beginning; always one mark between the numbers.
fn spelled(text: &str) -> Option<(civil::Date, &str)> {
    let number = |text: &str, most: usize| text.bytes().take(most).take_while(u8::is_ascii_digit).count();
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
    let date = civil::Date::new(numbers[0], i8::try_from(numbers[1]).ok()?, i8::try_from(numbers[2]).ok()?).ok()?;
    Some((date, rest))
}

/// Whether the date lies more than a minute after `now`.
pub fn is_future(date: Timestamp, now: Timestamp) -> bool {
    date.duration_since(now) > SignedDuration::from_secs(60)
}

/// How dates are written into the ledger: the moment and the offset, which is all that is shown of them.
pub mod stored {
    use jiff::tz::{Offset, TimeZone};
    use jiff::{Timestamp, ZonedDateTime};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Seconds, nanoseconds, offset in seconds.
    type Parts = Option<(i64, i32, i32)>;

    pub fn serialize<S: Serializer>(date: &Option<ZonedDateTime>, serializer: S) -> Result<S::Ok, S::Error> {
        let parts: Parts = date.as_ref().map(|date| {
            let timestamp = date.timestamp();
            (timestamp.as_second(), timestamp.subsec_nanosecond(), date.offset().seconds())
        });
        parts.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ZonedDateTime>, D::Error> {
        let Some((second, nanosecond, offset)) = Parts::deserialize(deserializer)? else { return Ok(None) };
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

/// Reads numbers and separators from left to right; every method returns `None` when its piece is not there.
struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Scanner<'a> {
        Scanner { rest: text }
    }

    fn date_time(&mut self) -> Option<Parts> {
        self.skip_weekday();
        if let Some(parts) = self.rfc2822_date() {
            return parts;
        }
        let date = if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) { return self.ruby_date() } else { self.date()? };
        let mut parts = Parts { date, time: None, has_seconds: false, offset: None };
        self.skip_blanks();
        self.eat_any(&["T", "t"]);
        self.skip_blanks();
        if self.rest.is_empty() {
            return Some(parts);
        }
        let (time, has_seconds) = self.time()?;
        parts.time = Some(time);
        parts.has_seconds = has_seconds;
        self.skip_blanks();
        parts.offset = self.offset()?;
        self.rest.trim().is_empty().then_some(parts)
    }

    /// `11 Apr 2023 20:32:25 +0800`, as mail and RSS have it. The outer `None` means the text is of another form.
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
        Some(Scanner::new(&reordered).ruby_date())
    }

    /// `Mon Feb 10 2020 23:30`, `Mon Feb 10 23:30:00 +0800 2020`, `Feb 10, 2020`: what Ruby and JavaScript print.
    fn ruby_date(&mut self) -> Option<Parts> {
        let month = self.month_name()?;
        self.skip_blanks();
        let day = self.number(1..=2)?;
        self.eat_any(&[","]);
        self.skip_blanks();
        let looks_like_time = self.rest.as_bytes().get(2) == Some(&b':') || self.rest.as_bytes().get(1) == Some(&b':');
        let mut year = if looks_like_time { None } else { Some(self.number(4..=4)?) };
        self.skip_blanks();
        let (mut time, mut has_seconds, mut offset) = (None, false, None);
        if !self.rest.is_empty() {
            let (read, seconds) = self.time()?;
            (time, has_seconds) = (Some(read), seconds);
            self.skip_blanks();
            if year.is_none() && self.rest.len() == 4 {
                year = self.number(4..=4);
            } else {
                self.eat_any(&["GMT", "UTC"]);
                offset = self.offset()?;
                self.skip_blanks();
                year = year.or_else(|| self.number(4..=4));
            }
        }
        let date = civil::Date::new(i16::try_from(year?).ok()?, month, i8::try_from(day).ok()?).ok()?;
        let rest = self.rest.trim();
        (rest.is_empty() || rest.starts_with('(')).then_some(Parts { date, time, has_seconds, offset })
    }

    fn date(&mut self) -> Option<civil::Date> {
        let year = self.number(4..=4)?;
        let separator = self.eat_any(&["-", "/", ".", "年"])?;
        self.skip_blanks();
        let month = self.number(1..=2)?;
        if separator == "年" {
            self.eat_any(&["月"])?;
        } else {
            self.eat_any(&[separator])?;
        }
        self.skip_blanks();
        let day = self.number(1..=2)?;
        if separator == "年" {
            self.eat_any(&["日", "号"]);
        }
        civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    /// `20:32`, `9:5:3`, `20:32:25.615825`, `下午3:30:10`, `3:30 PM`.
    fn time(&mut self) -> Option<(civil::Time, bool)> {
        let mut half = self.eat_any(&["上午", "下午", "晚上", "凌晨", "中午"]);
        self.skip_blanks();
        let mut hour = self.number(1..=2)?;
        self.eat_any(&[":", "：", "时", "点"])?;
        let minute = self.number(1..=2)?;
        self.eat_any(&["分"]);
        let mut second = 0;
        let mut nanosecond = 0;
        let mut has_seconds = false;
        let colon = self.eat_any(&[":", "："]).is_some();
        if colon || self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            second = self.number(1..=2)?;
            self.eat_any(&["秒"]);
            has_seconds = true;
            if self.eat_any(&[".", ","]).is_some() {
                let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
                let fraction = &self.rest[..digits];
                nanosecond = format!("{fraction:0<9.9}").parse().ok()?;
                self.rest = &self.rest[digits..];
            }
        }
        self.skip_blanks();
        half = half.or_else(|| self.eat_any(&["AM", "PM", "am", "pm"]));
        match half {
            Some("下午" | "晚上" | "PM" | "pm" | "中午") if hour < 12 => hour += 12,
            Some("AM" | "am" | "上午" | "凌晨") if hour == 12 => hour = 0,
            _ => {}
        }
        let time = civil::Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second.min(59)).ok()?, nanosecond);
        Some((time.ok()?, has_seconds))
    }

    /// `Z`, `+0800`, `+08:00`, `+08`, or nothing. The outer `None` is a mistake.
    fn offset(&mut self) -> Option<Option<Offset>> {
        if self.eat_any(&["Z", "z", "UTC", "GMT"]).is_some() {
            return Some(Some(Offset::UTC));
        }
        let Some(sign) = self.eat_any(&["+", "-"]) else { return Some(None) };
        let hours = self.number(2..=2)?;
        self.eat_any(&[":"]);
        let minutes = if self.rest.starts_with(|c: char| c.is_ascii_digit()) { self.number(2..=2)? } else { 0 };
        if hours > 15 || minutes > 59 {
            return None;
        }
        let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
        Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok().map(Some)
    }

    fn skip_weekday(&mut self) {
        const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let letters = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = self.rest[..letters].to_ascii_lowercase();
        if letters >= 3 && DAYS.iter().any(|day| word.starts_with(day)) {
            self.rest = &self.rest[letters..];
            self.eat_any(&[","]);
            self.skip_blanks();
        }
    }

    fn month_name(&mut self) -> Option<i8> {
        const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
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
        for text in ["2020-02-10 23:30:00", "2020-02-10T23:30:00", "2020/02/10 23:30", "2020-2-10 23:30", "Mon Feb 10 2020 23:30"] {
            assert_eq!(local(text), "2020-02-10T23:30:00+08:00", "{text}");
        }
        for text in ["2020-02-10 23:30:00 +0800", "2020-02-10T23:30:00+08:00", "2020-02-10T15:30:00.000Z", "2020-02-10 23:30:00 +08:00"] {
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
        assert_eq!(read("2020-02-10 23:30:00", Written::Plain, true).unwrap(), "2020-02-11T07:30:00+08:00");
        assert_eq!(read("2020-02-10 23:30:00", Written::Quoted, true).unwrap(), "2020-02-10T23:30:00+08:00");
        assert_eq!(read("2020-2-1 20:04:05", Written::Plain, true).unwrap(), "2020-02-02T04:04:05+08:00");
        assert_eq!(read("2020-2-1 3:04", Written::Plain, true).unwrap(), "2020-02-01T03:04:00+08:00");
        assert_eq!(read("2020-02-10 23:30", Written::Plain, true).unwrap(), "2020-02-10T23:30:00+08:00");
    }

    #[test]
    fn not_dates() {
        for text in ["昨天", "2023-02-30", "2023-13-01", "", "2023", "2023-04-11 25:00", "2023-04-11 x", "20230411"] {
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
        assert_eq!(from_file_stem("0a1b2c"), None);
    }

    #[test]
    fn feed_forms() {
        let date = parse("2023-04-11 20:32:25 +0800", &TimeZone::get("Asia/Shanghai").unwrap(), Written::Plain, false).unwrap();
        assert_eq!(rfc2822(&date), "Tue, 11 Apr 2023 20:32:25 +0800");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s).{0,40}") {
            read(&text, Written::Plain, true);
        }
    }
}
