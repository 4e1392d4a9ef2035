//! What the table's items add up to: a creator's totals, and what a wave came to.
//!
//! Nothing is counted by event. Each item has a [`Contribution`] that follows from what it says now, and sums are moved
//! by the difference between that and what the item contributed before. So counting an item again changes nothing, and
//! the last version counts, whatever was seen of it in between (docs/adr/0010).

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
