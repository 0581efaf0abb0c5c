//! How a ledger is written.

use std::io;

use serde::Serialize;

use crate::words::Message;

/// Raise the number when the form changes.
pub(super) const FORM: u32 = 3;
/// Bytes of a digest as it is written.
pub(super) const DIGEST: usize = 16;
/// Bytes behind the tables: where they begin, which is also how long the readings are; the digest
/// of these; the seal.
pub(super) const END: usize = 8 + DIGEST + 32;

/// Returns what is said of a file that should be a ledger and is none.
pub(super) fn broken() -> Message {
    say!("it is not as sitegen wrote it")
}

/// Returns the seal of a ledger's tables and of what stands behind them.
pub(super) fn sealed(tables: &[u8], start: u64, readings: &[u8]) -> blake3::Hash {
    blake3::Hasher::new()
        .update_rayon(tables)
        .update(&start.to_le_bytes())
        .update(readings)
        .finalize()
}

/// Bytes of a value as the ledger holds it.
pub fn encoded(value: &impl Serialize) -> io::Result<Vec<u8>> {
    postcard::to_allocvec(value).map_err(io::Error::other)
}

/// Returns the bytes of a section, and what follows it.
pub(super) fn section(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}
