//! How dates are written into the ledger: the moment and the offset, which is all that is shown of
//! them.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Seconds, nanoseconds, offset in seconds.
type StoredDate = Option<(i64, i32, i32)>;

pub fn serialize<S: Serializer>(
    date: &Option<ZonedDateTime>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let parts: StoredDate = date.as_ref().map(|date| {
        let timestamp = date.timestamp();
        (timestamp.as_second(), timestamp.subsec_nanosecond(), date.offset().seconds())
    });
    parts.serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ZonedDateTime>, D::Error> {
    let Some((second, nanosecond, offset)) = StoredDate::deserialize(deserializer)? else {
        return Ok(None);
    };
    let timestamp = Timestamp::new(second, nanosecond).map_err(D::Error::custom)?;
    let offset = Offset::from_seconds(offset).map_err(D::Error::custom)?;
    Ok(Some(ZonedDateTime::new(timestamp, TimeZone::fixed(offset))))
}
