//! The forms of dates, read from left to right.

use jiff::SignedDuration;
use jiff::civil;
use jiff::tz::Offset;

use super::calendar::counted_on;
use crate::compat::Compat;
use crate::words::Message;

/// A date read from text, before the zone is applied.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DateParts {
    pub(super) date: civil::Date,
    pub(super) time: Option<Clock>,
    pub(super) offset: Option<Offset>,
    pub(super) doubt: Option<Message>,
}

/// A time of day, whose hours may go on after midnight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clock {
    hour: u16,
    minute: u16,
    second: u16,
    nanosecond: u32,
    pub(super) has_seconds: bool,
}

impl Clock {
    /// Returns how long it is after midnight.
    pub(super) fn since_midnight(self) -> SignedDuration {
        let seconds =
            (i64::from(self.hour) * 60 + i64::from(self.minute)) * 60 + i64::from(self.second);
        SignedDuration::new(seconds, i32::try_from(self.nanosecond).unwrap_or(0))
    }
}

/// Reads numbers and separators from left to right; every method returns `None` when its piece is
/// not there.
pub(super) struct Scanner<'a> {
    pub(super) rest: &'a str,
    pub(super) compat: Compat,
}

impl Scanner<'_> {
    pub(super) fn date_time(&mut self) -> Option<DateParts> {
        self.skip_weekday();
        if let Some(parts) = self.rfc2822_date() {
            return parts;
        }
        if self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return self.ruby_date();
        }
        let (date, doubt) = self.date()?;
        let mut parts = DateParts { date, time: None, offset: None, doubt };
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

    /// Returns whether nothing more is said but the name of the zone: `+0800 (中国标准时间)`,
    /// `+08:00[Asia/Shanghai]`.
    fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        let closed =
            |open: char, close: char| self.rest.starts_with(open) && self.rest.ends_with(close);
        self.rest.is_empty() || closed('(', ')') || closed('[', ']')
    }

    /// `11 Apr 2023 20:32:25 +0800`, as mail and RSS have it. The outer `None` means the text is of
    /// another form.
    fn rfc2822_date(&mut self) -> Option<Option<DateParts>> {
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
        Some(Scanner { rest: &reordered, compat: self.compat }.ruby_date())
    }

    /// `Mon Feb 10 2020 23:30`, `Mon Feb 10 23:30:00 +0800 2020`, `Feb 10, 2020`: what Ruby,
    /// JavaScript and `date` print.
    fn ruby_date(&mut self) -> Option<DateParts> {
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
        (rest.is_empty() || rest.starts_with('(')).then_some(DateParts {
            date,
            time,
            offset,
            doubt,
        })
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

    /// Returns a day of the calendar. Ruby counts on from the end of a short month, and so did
    /// Jekyll's addresses.
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
        let date = counted_on(year, month, day).filter(|_| self.compat.is_jekyll())?;
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

    /// Reads the name of a zone, as `date` and mail programs print it. `CST` is China's in a
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
            if self.compat.is_jekyll() {
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
