//! When an account was last looked at because its creator asked, so that a burst of requests asks Stripe once.

use crate::{
    Saved, Store, StoreError,
    item::{NewItem, kind},
    keys::Key,
    transaction::Condition,
};
use payments::{AccountId, Timestamp};

const CLAIM: &str = "claim a look at an account";

impl Store {
    /// Claims the look at an account for the caller; returns whether it is theirs. Nobody else gets it for `pause_s`
    /// seconds.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn claim_account_refresh(
        &self,
        account: &AccountId,
        now: Timestamp,
        pause_s: i64,
    ) -> Result<bool, StoreError> {
        let item = NewItem::new(Key::account_refresh(account), kind::ACCOUNT_REFRESH)
            .text("stripe_account_id", account)
            .text("looked_at", now);
        let claim = Condition::AbsentOrLookedAtBy(now.plus_seconds(-pause_s));
        match self.save(CLAIM, item, claim, 0).await? {
            Saved::Done { .. } => Ok(true),
            Saved::Raced => Ok(false),
        }
    }
}
