//! Counting: the contributions of items, and the sums that change by their differences.
//!
//! Each counted item has a mark with the last counted version and its contribution. One transaction writes the mark and
//! the sums that change with it, all under their versions. So each item counts once, in its latest version, even if the
//! table's stream repeats, reorders or splits changes (docs/adr/0010).
//!
//! A sum has several shards, and a difference can go to any of them. So many payments of one creator in a transaction
//! make one write to one shard, and the next transaction writes to another shard.

mod count_items;
mod counted_item;
mod read_sums;
mod recount;
mod sums;

pub use count_items::LeftOut;
pub use counted_item::CountedItem;
pub use recount::CountedPage;

/// The number of shards of each sum; they are numbered from 0.
const SHARDS: u8 = 16;
