//! Pseudorandom numbers from a seed: SplitMix64.

/// The golden ratio's fraction: successive states are far apart.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A sequence of numbers. The same seed gives the same sequence, in every release of the compiler.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number from 0 to `most`, both included.
    pub(crate) fn up_to(&mut self, most: u32) -> u32 {
        // Multiplication maps the word evenly onto the range, so the result fits.
        ((u128::from(self.next()) * (u128::from(most) + 1)) >> 64) as u32
    }
}
