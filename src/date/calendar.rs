//! Days that no calendar has.

use jiff::SignedDuration;
use jiff::civil;

/// Returns what Ruby makes of 30 February.
pub(super) fn counted_on(year: i16, month: i8, day: i8) -> Option<civil::Date> {
    let first = civil::Date::new(year, month, 1).ok().filter(|_| (29..=31).contains(&day))?;
    first.checked_add(SignedDuration::from_hours(24 * (i64::from(day) - 1))).ok()
}
