//! Digests: short names for long contents, so that "is it the same?" costs sixteen bytes.
//!
//! 128 bits of BLAKE3: two different contents with one digest will not be met. Knows nothing of
//! what is digested.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The digest of the program's sources (`build.rs`). What another program wrote down may not be
/// what this one would make.
pub const PROGRAM: &str = env!("SITEGEN_PROGRAM");

/// The digest of some bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 16]);

impl Digest {
    pub fn of(bytes: impl AsRef<[u8]>) -> Digest {
        Digest::of_hash(blake3::hash(bytes.as_ref()))
    }

    /// Returns its sixteen bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As [`Digest::of`], on all cores.
    pub fn of_much(bytes: &[u8]) -> Digest {
        Digest::of_hash(blake3::Hasher::new().update_rayon(bytes).finalize())
    }

    /// Returns the digest that is the first half of a BLAKE3 hash.
    pub fn of_hash(hash: blake3::Hash) -> Digest {
        Digest(*hash.as_bytes().first_chunk().expect("a hash has 32 bytes"))
    }
}

// All sixteen bytes at once: a fingerprint takes in dozens of digests.
impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Digest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("sixteen bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Digest, E> {
                bytes.try_into().map(Digest).map_err(|_| E::invalid_length(bytes.len(), &self))
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}

impl fmt::Display for Digest {
    /// 32 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Takes in parts, one after another. Each is set off from the next, so that `ab`, `c` and `a`,
/// `bc` differ.
#[derive(Clone, Debug, Default)]
pub struct Digester(Vec<u8>);

impl Digester {
    pub fn new() -> Digester {
        Digester::default()
    }

    pub fn bytes(&mut self, part: impl AsRef<[u8]>) -> &mut Digester {
        let part = part.as_ref();
        self.number(part.len());
        self.0.extend_from_slice(part);
        self
    }

    pub fn number(&mut self, number: usize) -> &mut Digester {
        self.0.extend_from_slice(&(number as u64).to_le_bytes());
        self
    }

    pub fn digest(&mut self, part: Digest) -> &mut Digester {
        self.0.extend_from_slice(&part.0);
        self
    }

    /// A part that may be missing, told from one that is empty.
    pub fn optional(&mut self, part: Option<impl AsRef<[u8]>>) -> &mut Digester {
        self.number(usize::from(part.is_some()));
        if let Some(part) = part {
            self.bytes(part);
        }
        self
    }

    /// Any value, by its fields.
    pub fn value(&mut self, value: &impl Serialize) -> &mut Digester {
        let start = self.number(0).0.len();
        self.0 = postcard::to_extend(value, std::mem::take(&mut self.0))
            .expect("what is in memory can be written down");
        let length = (self.0.len() - start) as u64;
        self.0[start - 8..start].copy_from_slice(&length.to_le_bytes());
        self
    }

    pub fn finish(&self) -> Digest {
        Digest::of(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_set_off() {
        let of = |parts: &[&str]| {
            parts.iter().fold(Digester::new(), |mut all, part| all.bytes(part).clone()).finish()
        };
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["ab"]), of(&["ab", ""]));
        assert_ne!(
            Digester::new().optional(None::<&str>).finish(),
            Digester::new().optional(Some("")).finish()
        );
    }
}
