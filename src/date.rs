//! Dates as people write them in front matter and file names.
//!
//! A date without an offset is in the site's time zone. With `compat: jekyll` one form is read as
//! Jekyll reads it: an unquoted date-time with seconds and no offset is UTC, because YAML says so.
//! Pure: no clock, no file names.

mod calendar;
mod name;
mod scanner;
pub mod stored;

use std::borrow::Cow;

use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::compat::Compat;
use crate::words::Message;

pub use name::{from_file_stem, from_file_stem_of_jekyll, from_name};
use scanner::{Clock, DateParts, Scanner};

/// How a date stands in the front matter; Jekyll's meaning depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    Plain,
    Quoted,
}

/// The accepted forms, for messages.
pub const FORMS: [&str; 5] =
    ["2023-04-11", "2023-04-11 20:32", "2023-04-11T20:32:25+08:00", "2023/4/1", "2023年4月11日"];

/// A date, and what had to be assumed to read it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedDate {
    pub date: ZonedDateTime,
    pub doubt: Option<Message>,
}

/// Reads a date in any of the forms found in real archives. `None` means it is not a date, or an
/// impossible one.
pub fn parse(
    text: &str,
    zone: &TimeZone,
    written: Quoting,
    compat: Compat,
) -> Option<ZonedDateTime> {
    read(text, zone, written, compat).map(|reading| reading.date)
}

/// As [`parse`], with what was assumed.
pub fn read(text: &str, zone: &TimeZone, written: Quoting, compat: Compat) -> Option<ParsedDate> {
    if let Some(timestamp) = counted_seconds(text.trim()) {
        let doubt = Some(say!("it was taken for a count of seconds or milliseconds since 1970"));
        return Some(ParsedDate { date: ZonedDateTime::new(timestamp, zone.clone()), doubt });
    }
    let digits = in_digits(text.trim());
    let DateParts { date, time, offset, doubt } = Scanner { rest: &digits, compat }.date_time()?;
    let after = time.map_or(SignedDuration::ZERO, Clock::since_midnight);
    let civil = date.to_datetime(civil::Time::midnight()).checked_add(after).ok()?;
    let has_seconds = time.is_some_and(|time| time.has_seconds);
    let timestamp = match offset {
        Some(offset) => offset.to_timestamp(civil).ok()?,
        None if compat.is_jekyll()
            && written == Quoting::Plain
            && has_seconds
            && is_yaml_timestamp(text.trim()) =>
        {
            Offset::UTC.to_timestamp(civil).ok()?
        }
        None => return zone.to_zoned_datetime(civil).ok().map(|date| ParsedDate { date, doubt }),
    };
    Some(ParsedDate { date: ZonedDateTime::new(timestamp, zone.clone()), doubt })
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

/// Returns what Ruby's YAML (SafeYAML) takes for a time stamp: `2020-2-10 23:30:00`, with `T` or
/// blanks between, minutes and seconds of two digits. Slashes are not.
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

/// Returns whether the date lies more than a minute after `now`.
pub fn is_future(date: Timestamp, now: Timestamp) -> bool {
    date.duration_since(now) > SignedDuration::from_secs(60)
}

/// RFC 3339 in the date's own zone, whole seconds: `2023-04-11T20:32:25+08:00`.
pub fn rfc3339(date: &ZonedDateTime) -> String {
    date.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// RFC 2822 (RSS): `Tue, 11 Apr 2023 20:32:25 +0800`.
pub fn rfc2822(date: &ZonedDateTime) -> String {
    date.strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, written: Quoting, compat: Compat) -> Option<String> {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        parse(text, &zone, written, compat).map(|date| rfc3339(&date))
    }

    #[test]
    fn forms_of_real_archives() {
        let local = |text| read(text, Quoting::Plain, Compat::None).unwrap();
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
            read("2020-02-10 23:30:00", Quoting::Plain, Compat::Jekyll).unwrap(),
            "2020-02-11T07:30:00+08:00"
        );
        assert_eq!(
            read("2020-02-10 23:30:00", Quoting::Quoted, Compat::Jekyll).unwrap(),
            "2020-02-10T23:30:00+08:00"
        );
        assert_eq!(
            read("2020-2-1 20:04:05", Quoting::Plain, Compat::Jekyll).unwrap(),
            "2020-02-02T04:04:05+08:00"
        );
        assert_eq!(
            read("2020-2-1 3:04", Quoting::Plain, Compat::Jekyll).unwrap(),
            "2020-02-01T03:04:00+08:00"
        );
        assert_eq!(
            read("2020-02-10 23:30", Quoting::Plain, Compat::Jekyll).unwrap(),
            "2020-02-10T23:30:00+08:00"
        );
    }

    #[test]
    fn forms_with_more_or_less_than_needed() {
        let local = |text| read(text, Quoting::Plain, Compat::None).unwrap();
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
            assert_eq!(doubt(text, Compat::None), None, "{text}");
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
            assert!(doubt(text, Compat::None).is_some(), "{text}");
        }
        // What Ruby makes of them.
        assert_eq!(
            read("2023-02-30", Quoting::Plain, Compat::Jekyll).unwrap(),
            "2023-03-02T00:00:00+08:00"
        );
        assert_eq!(
            read("2023-04-31 08:00", Quoting::Plain, Compat::Jekyll).unwrap(),
            "2023-05-01T08:00:00+08:00"
        );
        assert_eq!(
            read("Sat Apr 1 08:05:00 CST 2023", Quoting::Plain, Compat::Jekyll).unwrap(),
            "2023-04-01T22:05:00+08:00"
        );
        assert_eq!(read("2023-02-32", Quoting::Plain, Compat::Jekyll), None);
    }

    fn doubt(text: &str, compat: Compat) -> Option<String> {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        super::read(text, &zone, Quoting::Plain, compat)
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
            assert_eq!(read(text, Quoting::Plain, Compat::None), None, "{text}");
        }
    }

    #[test]
    fn feed_forms() {
        let date = parse(
            "2023-04-11 20:32:25 +0800",
            &TimeZone::get("Asia/Shanghai").unwrap(),
            Quoting::Plain,
            Compat::None,
        )
        .unwrap();
        assert_eq!(rfc2822(&date), "Tue, 11 Apr 2023 20:32:25 +0800");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s).{0,40}") {
            read(&text, Quoting::Plain, Compat::Jekyll);
        }
    }
}
