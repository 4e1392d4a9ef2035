//! A percentage of creators, and each creator's fixed place in the order in which it reaches them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const PLACES: u64 = 1_000_000;

/// A whole percentage of creators, 0–100.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8")]
pub struct Percentage(u8);

/// A number is above 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a percentage is a whole number from 0 to 100")]
pub struct PercentageError;

impl Percentage {
    /// # Errors
    /// [`PercentageError`] above 100.
    pub fn new(percent: u8) -> Result<Self, PercentageError> {
        if percent <= 100 { Ok(Self(percent)) } else { Err(PercentageError) }
    }

    /// Whether a place in 0..1,000,000 is within the percentage.
    pub(crate) fn covers(self, place: u64) -> bool {
        place < u64::from(self.0) * (PLACES / 100)
    }

    /// The percentage as a number, 0–100.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Percentage {
    type Error = PercentageError;
    fn try_from(percent: u8) -> Result<Self, PercentageError> {
        Self::new(percent)
    }
}

/// A fixed place in 0..[`PLACES`]: a hash, so that it stays the same without being stored.
pub(crate) fn place(parts: &[&str]) -> u64 {
    let mut digest = Sha256::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            digest.update(b"\0");
        }
        digest.update(part.as_bytes());
    }
    let bytes = digest.finalize();
    bytes.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) + u64::from(*byte)) % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_end_at_100() {
        assert!(Percentage::new(100).is_ok());
        assert_eq!(Percentage::new(101), Err(PercentageError));
    }

    #[test]
    fn a_percentage_covers_exactly_its_part_of_the_places() {
        let covered = |percent, place| Percentage::new(percent).expect("percentage").covers(place);
        assert!(!covered(0, 0) && covered(1, 0));
        assert!(covered(1, 9_999) && !covered(1, 10_000));
        assert!(covered(100, PLACES - 1));
    }

    #[test]
    fn a_place_never_changes_and_depends_on_each_part() {
        assert_eq!(place(&["wave.v1", "teachers", "ana"]), 907_433);
        assert_eq!(place(&["wave.v1", "teachers", "bo"]), 267_235);
        assert_eq!(place(&["wave.v1", "drummers", "ana"]), 197_915);
        assert_eq!((place(&["ab", "c"]), place(&["a", "bc"])), (305_165, 237_297));
    }

    #[test]
    fn a_stored_percentage_is_read_within_its_limits() {
        let read = |text| serde_json::from_str::<Percentage>(text).map(Percentage::get).ok();
        assert_eq!((read("0"), read("55"), read("100"), read("101")), (Some(0), Some(55), Some(100), None));
    }
}
