//! Counting: the totals of creators and the counters of waves (docs/adr/0010). Each item adds its [`Contribution`], and
//! a changed item the difference from its last one, so that counting an item twice changes nothing.
//!
//! Nothing is counted by event, and nothing is decided for a payment here. Next: `contribution.rs` is what an item
//! adds, `automatic_halt.rs` when a wave halts by its rates, `rebuild.rs` how all items are counted again.

mod automatic_halt;
mod contribution;
mod disputed_payment;
mod rates;
mod rebuild;
mod totals;
mod wave_counters;

pub use automatic_halt::HaltCause;
pub use contribution::{Contribution, FirstPayment};
pub use rates::Rates;
pub use rebuild::{CountGenerations, CountRebuild};
pub use totals::Totals;
pub use wave_counters::WaveCounters;

const PPM: i128 = 1_000_000;

/// A part of a whole in parts per million, rounded down; `None` when the whole is 0.
fn rate_ppm(part: i64, whole: i64) -> Option<u32> {
    let (part, whole) = (i128::from(part.max(0)), i128::from(whole));
    (whole > 0).then(|| u32::try_from(part * PPM / whole).unwrap_or(u32::MAX))
}
