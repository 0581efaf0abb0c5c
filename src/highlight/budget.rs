//! What marking up may cost, on every machine the same.

use onig::{MatchParam, Region, SearchOptions};

/// How often an expression may go back at one place of the line before it is tried again with a
/// larger limit, and what each byte costs then. Most searches stay within the first, and the charge
/// is what they may have cost at the most.
const LIMITS: [(u32, u64); 4] = [(30, 1), (300, 10), (4_000, 130), (64_000, 2_000)];

/// What each search costs beside its bytes, and each expression that must be compiled for this
/// block alone.
const SEARCH: u64 = 16;
pub(super) const COMPILE: u64 = 20_000;

/// What may be spent on a line and on a block: so much, and so much for each byte. Measured over 1.3
/// MB of code in 40 languages: 8 a byte, at the most 6,700 in a line.
const LINE: u64 = 500_000;
const LINE_BYTE: u64 = 10_000;
const BLOCK: u64 = 500_000;
const BLOCK_BYTE: u64 = 2_000;

/// The budget is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted;

/// What is left to be spent on the line and on the block.
pub(super) struct Budget {
    line: u64,
    block: u64,
}

impl Budget {
    /// Returns the budget of a block of so many bytes, none of whose lines has begun.
    pub(super) fn of_block(bytes: usize) -> Budget {
        Budget { line: 0, block: BLOCK + BLOCK_BYTE * bytes as u64 }
    }

    /// Begins a line of so many bytes.
    pub(super) fn begin_line(&mut self, bytes: usize) {
        self.line = LINE + LINE_BYTE * bytes as u64;
    }

    /// Searches for an expression from a place on, at the least cost that it can be done at. One
    /// that goes back more often than the largest limit allows does not match.
    pub(super) fn search(
        &mut self,
        expression: &onig::Regex,
        line: &str,
        at: usize,
        region: &mut Region,
    ) -> Result<bool, Exhausted> {
        let rest = line.len() - at;
        for (limit, price) in LIMITS {
            // What cannot be paid for is not begun.
            self.can_spend(price * weight(rest))?;
            region.clear();
            let found = expression.search_with_param(
                line,
                at,
                line.len(),
                SearchOptions::SEARCH_OPTION_NONE,
                Some(region),
                going_back(limit),
            );
            let seen = found.as_ref().ok().copied().flatten().map_or(rest, |place| place - at);
            self.spend(SEARCH + price * weight(seen))?;
            if let Ok(found) = found {
                return Ok(found.is_some());
            }
        }
        Ok(false)
    }

    /// Tries an expression at one place, as a search does at each; none where that is to be the last
    /// place, since it goes back more often than the largest limit allows.
    pub(super) fn try_at(
        &mut self,
        expression: &onig::Regex,
        line: &str,
        at: usize,
        region: &mut Region,
    ) -> Result<Option<bool>, Exhausted> {
        let rest = line.len() - at;
        let of_place = 1 + rest as u64 / SHORT;
        for (limit, price) in LIMITS {
            self.can_spend(price * of_place)?;
            region.clear();
            let length = expression.match_with_param(
                line,
                at,
                SearchOptions::SEARCH_OPTION_NONE,
                Some(region),
                going_back(limit),
            );
            let is_match = length.map(|length| length.is_some());
            self.spend(if matches!(is_match, Ok(true)) { SEARCH } else { price * of_place })?;
            if let Ok(is_match) = is_match {
                return Ok(Some(is_match));
            }
        }
        let [.., (_, price)] = LIMITS;
        self.spend(price * weight(rest).saturating_sub(of_place))?;
        Ok(None)
    }

    fn can_spend(&self, cost: u64) -> Result<(), Exhausted> {
        if cost > self.line.min(self.block) { Err(Exhausted) } else { Ok(()) }
    }

    pub(super) fn spend(&mut self, cost: u64) -> Result<(), Exhausted> {
        self.line = self.line.checked_sub(cost).ok_or(Exhausted)?;
        self.block = self.block.checked_sub(cost).ok_or(Exhausted)?;
        Ok(())
    }
}

fn going_back(limit: u32) -> MatchParam {
    let mut param = MatchParam::default();
    param.set_retry_limit_in_match(limit);
    param
}

/// How many bytes take Oniguruma as long as a try at one place: its loops without a way back are not
/// counted by its limit, and may run to the end of the line.
const SHORT: u64 = 256;

/// Returns what a search over so many bytes is taken for.
fn weight(bytes: usize) -> u64 {
    let bytes = bytes as u64;
    bytes + bytes * bytes / SHORT
}
