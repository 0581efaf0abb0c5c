//! How a ledger is written.

use std::io::{self, Write};

use serde::Serialize;

use crate::digest::Digest;
use crate::words::Message;

/// Raise the number when the form changes.
pub(super) const FORM: u32 = 4;
/// Bytes of the seal at the end of a file.
const SEAL: usize = 32;

/// Returns what is said of a file that should be a ledger and is none.
pub(super) fn broken() -> Message {
    say!("it is not as sitegen wrote it")
}

/// Writes a file, and behind it the seal of what was written. Much is digested at a time: BLAKE3
/// takes eight pieces of 1 KB in the time of two.
pub(super) struct Sealed<W> {
    to: W,
    waiting: Vec<u8>,
    hasher: blake3::Hasher,
    length: u64,
}

/// Bytes that are written together.
const TOGETHER: usize = 1 << 20;

impl<W: Write> Sealed<W> {
    pub(super) fn new(to: W) -> Sealed<W> {
        Sealed { to, waiting: Vec::new(), hasher: blake3::Hasher::new(), length: 0 }
    }

    /// Returns how many bytes were taken.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= TOGETHER { self.flush() } else { Ok(()) }
    }

    /// Puts a part that [`part`] takes off again.
    pub(super) fn put_part(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.put(&(bytes.len() as u64).to_le_bytes())?;
        self.put(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hasher.update_rayon(&self.waiting);
        let written = self.to.write_all(&self.waiting);
        self.waiting.clear();
        written
    }

    /// Writes the seal. What was written to, and the digest of it.
    pub(super) fn seal(mut self) -> io::Result<(W, Digest)> {
        self.flush()?;
        let seal = self.hasher.finalize();
        self.to.write_all(seal.as_bytes())?;
        Ok((self.to, Digest::of_hash(seal)))
    }
}

/// Takes the seal off a file. The bytes before it and their digest, if it is theirs.
pub(super) fn unsealed(mut bytes: Vec<u8>) -> Option<(Vec<u8>, Digest)> {
    let end = bytes.len().checked_sub(SEAL)?;
    let seal = blake3::Hasher::new().update_rayon(&bytes[..end]).finalize();
    (seal == *bytes[end..].first_chunk::<SEAL>()?).then(|| {
        bytes.truncate(end);
        (bytes, Digest::of_hash(seal))
    })
}

/// Bytes of a value as the ledger holds it.
pub fn encoded(value: &impl Serialize) -> io::Result<Vec<u8>> {
    postcard::to_allocvec(value).map_err(io::Error::other)
}

/// Returns the bytes of a part, and what follows it.
pub(super) fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}
