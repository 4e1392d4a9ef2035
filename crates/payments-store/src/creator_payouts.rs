//! Payouts that arrived or failed, one item each, so that the stream tells the rest of the app of both, in their order.

use crate::{
    Saved, Store, StoreError, Stored,
    backoff::Backoff,
    item::{NewItem, kind, read_stored},
    keys::{Item, Key},
    transaction::Condition,
};
use payments::CreatorPayout;

const RECORD: &str = "record a payout";
/// The tries when two events of one payout come at the same time.
const TRIES: u32 = 4;

impl Store {
    /// Records that a payout arrived or failed; false when that is recorded already, or what came after it.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn record_payout(&self, seen: &CreatorPayout) -> Result<bool, StoreError> {
        let mut backoff = Backoff::tries(TRIES);
        loop {
            let known = self.find_only(Key::payout(seen)).await?.map(read_payout).transpose()?;
            let version = match known {
                Some(known) if !seen.payout.status.follows(known.value.payout.status) => return Ok(false),
                Some(known) => known.version,
                None => 0,
            };
            let item = NewItem::new(Key::payout(seen), kind::PAYOUT)
                .number("version", version + 1)
                .text("creator_id", &seen.creator)
                .text("status", seen.payout.status.as_str())
                .value("payout", seen)?;
            match self.save(RECORD, item, Condition::Version(version), version + 1).await? {
                Saved::Done { .. } => return Ok(true),
                Saved::Raced => backoff.lost(RECORD).await?,
            }
        }
    }
}

pub(crate) fn read_payout(item: Item) -> Result<Stored<CreatorPayout>, StoreError> {
    read_stored(item, kind::PAYOUT, "payout")
}
