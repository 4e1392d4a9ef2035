//! Receivers. Operators and creators change them, with an audit entry for each change; Stripe changes their accounts.

use crate::{
    Saved, Store, StoreError,
    item::{NewItem, kind, read},
    keys::{Item, Key},
    transaction::Condition,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{AccountId, AuditEntry, CreatorId, Receiver};
use std::collections::BTreeMap;

const CHANGE: &str = "change a receiver";
const LEARN: &str = "write what is known of an account";
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
    /// Reads a receiver consistently; one without an item is [`Receiver::unknown`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn receiver(&self, creator: &CreatorId) -> Result<Receiver, StoreError> {
        read_receiver(self.find_only(Key::receiver(creator)).await?, creator)
    }

    /// Writes a receiver whose account does not change, with its audit entry, in one transaction, if the receiver is
    /// unchanged since `before`. One that becomes disabled requests a review of open intents.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn change_receiver(
        &self,
        before: &Receiver,
        after: &Receiver,
        audit: &AuditEntry,
    ) -> Result<Saved, StoreError> {
        self.save_all(CHANGE, self.receiver_puts(before, after, audit)?, after.version).await
    }

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
        let failures = self.write_all(CHANGE, actions).await?;
        Ok(match failures.as_slice() {
            [] => Claimed::Done,
            [failure] if failure.place == claim_at => Claimed::AccountTaken,
            _ => Claimed::Raced,
        })
    }

    fn receiver_puts(
        &self,
        before: &Receiver,
        after: &Receiver,
        audit: &AuditEntry,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut actions = self.audited_puts(receiver_item(after)?, before.version, audit)?;
        if after.is_disabled() && !before.is_disabled() {
            actions.push(self.review_open_intents(audit)?);
        }
        Ok(actions)
    }

    /// Writes the state of a creator's account, or that one is requested, if the receiver is unchanged since `before`.
    /// This does not decide who may receive, so it has no audit entry.
    ///
    /// # Errors
    /// [`StoreError`]; the write may have taken place.
    pub async fn save_receiver(&self, before: &Receiver, after: &Receiver) -> Result<Saved, StoreError> {
        self.save(LEARN, receiver_item(after)?, Condition::Version(before.version), after.version).await
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

pub(crate) fn receiver_item(receiver: &Receiver) -> Result<NewItem, StoreError> {
    NewItem::new(Key::receiver(&receiver.creator), kind::RECEIVER)
        .number("version", receiver.version)
        .text("creator_id", &receiver.creator)
        .text("receiving", receiver.receiving)
        .optional_text("stripe_account_id", receiver.account.as_ref().map(|account| &account.id))
        .value("receiver", receiver)
}

fn account_item(account: &AccountId, creator: &CreatorId) -> NewItem {
    NewItem::new(Key::account(account), kind::ACCOUNT)
        .text("stripe_account_id", account)
        .text("creator_id", creator)
}

pub(crate) fn read_claim(mut item: Item) -> Result<CreatorId, StoreError> {
    read(&mut item, kind::ACCOUNT, "creator_id")
}

pub(crate) fn read_receiver(item: Option<Item>, creator: &CreatorId) -> Result<Receiver, StoreError> {
    item.map_or_else(|| Ok(Receiver::unknown(creator.clone())), read_known)
}

pub(crate) fn read_known(mut item: Item) -> Result<Receiver, StoreError> {
    read(&mut item, kind::RECEIVER, "receiver")
}
