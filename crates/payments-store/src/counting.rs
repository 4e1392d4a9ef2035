//! Counting: what items contribute, and the sums that move by the differences.
//!
//! Each counted item has a mark, which holds the version last counted and what it contributed. A mark and the sums that
//! move with it are written in one transaction, all under their versions. So whatever the table's stream repeats,
//! reorders or splits, each item is counted once, as it last was (docs/adr/0010).
//!
//! A sum is kept in shards, and a difference can go to any of them. So a transaction's many payments of one creator make
//! one write to one shard, and the next transaction's go to another one.

mod count;
mod item;
mod read;
mod scan;
mod sums;

pub use item::CountedItem;
pub use scan::CountedPage;

/// How many shards each sum has; they are numbered from 0.
const SHARDS: u8 = 16;
