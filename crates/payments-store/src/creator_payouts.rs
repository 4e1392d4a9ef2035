//! Payouts that arrived or failed, each written once, so that the stream tells the rest of the app.

use crate::{
    Saved, Store, StoreError,
    item::{NewItem, kind, read},
    keys::{Item, Key},
    transaction::Condition,
};
use payments::CreatorPayout;

const RECORD: &str = "record a payout";

impl Store {
    /// Records that a payout arrived or failed; false when that is recorded already.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn record_payout(&self, payout: &CreatorPayout) -> Result<bool, StoreError> {
        let item = NewItem::new(Key::payout(payout), kind::PAYOUT)
            .text("creator_id", &payout.creator)
            .value("payout", payout)?;
        match self.save(RECORD, item, Condition::Absent, 0).await? {
            Saved::Done { .. } => Ok(true),
            Saved::Raced => Ok(false),
        }
    }
}

pub(crate) fn read_payout(mut item: Item) -> Result<CreatorPayout, StoreError> {
    read(&mut item, kind::PAYOUT, "payout")
}
