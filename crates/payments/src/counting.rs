//! Counting: a creator's totals and a wave's counters, by item (docs/adr/0010). An item's [`Contribution`] follows from
//! what it says now, and sums move by the difference from what it contributed before: counting it again changes nothing.
//!
//! Nothing is counted by event, and nothing is decided for a payment here. Next: `contribution.rs` says what an item
//! adds, `halt.rs` when a wave halts by its rates, `rebuild.rs` how everything is counted anew.

mod contribution;
mod halt;
mod rates;
mod rebuild;
mod totals;
mod wave_counters;

pub use contribution::{Contribution, FirstPayment};
pub use halt::HaltCause;
pub use rates::Rates;
pub use rebuild::{Generations, Rebuild};
pub use totals::Totals;
pub use wave_counters::WaveCounters;

const PPM: i128 = 1_000_000;

/// So many of these, in parts per million, rounded down; `None` of nothing.
fn rate_ppm(part: i64, whole: i64) -> Option<u32> {
    let (part, whole) = (i128::from(part.max(0)), i128::from(whole));
    (whole > 0).then(|| u32::try_from(part * PPM / whole).unwrap_or(u32::MAX))
}

/// What serde leaves out.
fn is_zero(number: &i64) -> bool {
    *number == 0
}
