//! Numbers as bits, the highest of each byte first (`docs/search.md`).

/// Writes numbers.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits that are no byte yet, the lowest `held` of it.
    rest: u64,
    held: u32,
}

impl BitWriter {
    /// Returns how many bits were written.
    pub(super) fn length(&self) -> usize {
        self.bytes.len() * 8 + self.held as usize
    }

    /// Writes the lowest bits of a number, 32 at the most.
    pub(super) fn bits(&mut self, number: u32, count: u32) {
        self.rest = self.rest << count | u64::from(number) & ((1 << count) - 1);
        self.held += count;
        while self.held >= 8 {
            self.held -= 8;
            #[expect(clippy::cast_possible_truncation, reason = "the lowest byte is meant")]
            self.bytes.push((self.rest >> self.held) as u8);
        }
    }

    /// Writes a number from 1 on.
    pub(super) fn gamma(&mut self, number: u32) {
        let behind = number.ilog2();
        self.bits(0, behind);
        self.bits(number, behind + 1);
    }

    /// Writes a number that is about as large as 2 to the power of `low`.
    pub(super) fn rice(&mut self, number: u32, low: u32) {
        let mut ones = number >> low;
        while ones >= 16 {
            self.bits(0xFFFF, 16);
            ones -= 16;
        }
        self.bits((1 << (ones + 1)) - 2, ones + 1);
        self.bits(number, low);
    }

    /// Writes a number, most often 0, as so many ones; a zero stands behind those of less than
    /// `most`.
    pub(super) fn ones(&mut self, number: u8, most: u8) {
        let end = u32::from(number < most);
        self.bits((1 << (u32::from(number) + end)) - 1 - end, u32::from(number) + end);
    }

    /// Returns all bytes, the last filled up with zeros.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.held > 0 {
            self.bits(0, 8 - self.held);
        }
        self.bytes
    }
}

/// Reads numbers; behind the end are zeros.
#[derive(Debug)]
pub(super) struct BitReader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> BitReader<'b> {
    /// Returns a reader from a bit on.
    pub(super) fn new(bytes: &'b [u8], at: usize) -> BitReader<'b> {
        BitReader { bytes, at }
    }

    fn is_past(&self) -> bool {
        self.at >= self.bytes.len() * 8
    }

    pub(super) fn bit(&mut self) -> bool {
        let byte = self.bytes.get(self.at / 8).copied().unwrap_or_default();
        self.at += 1;
        byte >> (7 - (self.at - 1) % 8) & 1 == 1
    }

    pub(super) fn bits(&mut self, count: u32) -> u32 {
        let mut number = 0;
        let mut left = count;
        while left > 0 {
            let byte = self.bytes.get(self.at / 8).copied().unwrap_or_default();
            #[expect(clippy::cast_possible_truncation, reason = "it is less than 8")]
            let here = 8 - (self.at % 8) as u32;
            let taken = here.min(left);
            let part = u32::from(byte) >> (here - taken) & ((1 << taken) - 1);
            number = number << taken | part;
            self.at += taken as usize;
            left -= taken;
        }
        number
    }

    /// Reads what [`BitWriter::gamma`] wrote; none where there is no number.
    pub(super) fn gamma(&mut self) -> Option<u32> {
        let mut behind = 0;
        while !self.bit() {
            behind += 1;
            if behind > 31 || self.is_past() {
                return None;
            }
        }
        Some(1 << behind | self.bits(behind))
    }

    /// Reads what [`BitWriter::rice`] wrote; none where there is no number.
    pub(super) fn rice(&mut self, low: u32) -> Option<u32> {
        let mut ones = 0_u32;
        while self.bit() {
            ones += 1;
        }
        if self.at > self.bytes.len() * 8 {
            return None;
        }
        ones.checked_shl(low).map(|high| high | self.bits(low))
    }

    /// Reads what [`BitWriter::ones`] wrote.
    pub(super) fn ones(&mut self, most: u8) -> u8 {
        let mut number = 0;
        while number < most && self.bit() {
            number += 1;
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers in proptest::collection::vec((0..100_000_u32, 8..16_u32), 0..200)) {
            let mut writer = BitWriter::default();
            for (number, low) in &numbers {
                writer.gamma(number + 1);
                writer.rice(*number, *low);
                writer.ones((number % 5) as u8, 4);
                writer.bits(*number, 17);
            }
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes, 0);
            for (number, low) in &numbers {
                prop_assert_eq!(reader.gamma(), Some(number + 1));
                prop_assert_eq!(reader.rice(*low), Some(*number));
                prop_assert_eq!(reader.ones(4), (number % 5) as u8);
                prop_assert_eq!(reader.bits(17), *number);
            }
        }

        #[test]
        fn anything_can_be_read(bytes: Vec<u8>, low in 0..20_u32) {
            let mut reader = BitReader::new(&bytes, 0);
            while reader.gamma().is_some() && reader.rice(low).is_some() {}
        }
    }

    #[test]
    fn the_highest_bit_comes_first() {
        let mut writer = BitWriter::default();
        writer.gamma(5); // 00101
        writer.rice(5, 1); // 110 1
        writer.ones(2, 4); // 110
        writer.ones(4, 4); // 1111
        assert_eq!(writer.length(), 16);
        assert_eq!(writer.finish(), [0b0010_1110, 0b1110_1111]);
    }
}
