//! Whose an account is: the first creator who claims it keeps it.

use crate::{
    Store, StoreError,
    item::{NewItem, kind, read},
    keys::{Item, Key},
    transaction::Condition,
};
use payments::{AccountId, AuditEntry, CreatorId, Receiver};
use std::collections::BTreeMap;

const CLAIM: &str = "change a receiver";
const READ_CLAIM: &str = "read whose account it is";

/// The outcome of giving a creator an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    Done,
    /// Nothing is written because another writer changed the receiver first. Read again and decide again.
    Raced,
    /// Nothing is written because the account belongs to another creator.
    AccountTaken,
}

impl Store {
    /// Does what [`Store::change_receiver`] does, and claims the receiver's account.
    ///
    /// An account belongs to one creator permanently: a creator who leaves the account keeps the claim, because
    /// payments in progress still name the old account.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn claim_account(
        &self,
        before: &Receiver,
        after: &Receiver,
        audit: &AuditEntry,
    ) -> Result<Claimed, StoreError> {
        let mut actions = self.receiver_puts(before, after, audit)?;
        let claim_at = actions.len();
        // A creator who keeps an account has claimed it before.
        let kept = before.account.as_ref().map(|account| &account.id);
        if let Some(account) = after.account.as_ref().filter(|account| Some(&account.id) != kept) {
            let claim = Condition::AbsentOrCreator(after.creator.to_string());
            actions.push(self.put(account_item(&account.id, &after.creator), claim)?);
        }
        let failures = self.write_all(CLAIM, actions).await?;
        Ok(match failures.as_slice() {
            [] => Claimed::Done,
            [failure] if failure.place == claim_at => Claimed::AccountTaken,
            _ => Claimed::Raced,
        })
    }

    /// Finds the creator to whom an account belongs.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn creator_of(&self, account: &AccountId) -> Result<Option<CreatorId>, StoreError> {
        let item = self.find_one(READ_CLAIM, Key::account(account)).await?;
        item.map(read_claim).transpose()
    }

    /// Finds the creators to whom accounts belong, for up to 100 distinct accounts; an account of no creator is left
    /// out. Also returns the errors of the claims that this release cannot read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn creators_of(
        &self,
        accounts: &[AccountId],
    ) -> Result<(BTreeMap<AccountId, CreatorId>, Vec<StoreError>), StoreError> {
        let (mut creators, mut unreadable) = (BTreeMap::new(), Vec::new());
        let mut found = self.find(accounts.iter().map(Key::account)).await?;
        for account in accounts {
            if let Some(item) = found.take(&Key::account(account)) {
                match read_claim(item) {
                    Ok(creator) => drop(creators.insert(account.clone(), creator)),
                    Err(error) => unreadable.push(error),
                }
            }
        }
        Ok((creators, unreadable))
    }
}

fn account_item(account: &AccountId, creator: &CreatorId) -> NewItem {
    NewItem::new(Key::account(account), kind::ACCOUNT)
        .text("stripe_account_id", account)
        .text("creator_id", creator)
}

pub(crate) fn read_claim(mut item: Item) -> Result<CreatorId, StoreError> {
    read(&mut item, kind::ACCOUNT, "creator_id")
}
