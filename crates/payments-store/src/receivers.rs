//! Creators as receivers: changed by operators and by themselves, with a record of each change; and by what Stripe
//! tells of their accounts.

use crate::{
    Saved, Store, StoreError,
    audit::audit_item,
    item::{NewItem, kind, read},
    keys::{Item, Key},
    transaction::Condition,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use payments::{AccountId, AuditEntry, CreatorId, Currency, Receiver};
use std::collections::BTreeMap;

const CHANGE: &str = "change a receiver";
const LEARN: &str = "write what is known of an account";
const READ_CLAIM: &str = "read whose account it is";

/// What giving a creator an account came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// It is written, with its audit entry.
    Done,
    /// Nothing is written: somebody else changed the receiver first. Read it anew and decide again.
    Raced,
    /// Nothing is written: the account belongs to another creator.
    AccountTaken,
}

impl Store {
    /// Reads a receiver consistently; one that was never written is [`Receiver::unknown`] with the default
    /// currency.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn receiver(
        &self,
        creator: &CreatorId,
        default_currency: Currency,
    ) -> Result<Receiver, StoreError> {
        let key = Key::receiver(creator);
        let mut found = self.find([key.clone()]).await?;
        read_receiver(found.take(&key), creator, default_currency)
    }

    /// Writes a receiver whose account stays, and its audit entry, in one transaction, if the receiver is still as it was
    /// `before`.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is written is not known then.
    pub async fn change_receiver(
        &self,
        before: &Receiver,
        after: &Receiver,
        audit: &AuditEntry,
    ) -> Result<Saved, StoreError> {
        self.save_all(CHANGE, self.receiver_puts(before, after, audit)?, after.version).await
    }

    /// As [`Store::change_receiver`], and claims the account that the receiver has then.
    ///
    /// An account is claimed by one creator, for good: a creator who leaves it keeps the claim, since
    /// payments on their way still name it.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is written is not known then.
    pub async fn claim_account(
        &self,
        before: &Receiver,
        after: &Receiver,
        audit: &AuditEntry,
    ) -> Result<Claimed, StoreError> {
        let mut actions = self.receiver_puts(before, after, audit)?;
        let claim_at = actions.len();
        if let Some(account) = &after.account {
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
        Ok(vec![
            self.put(receiver_item(after)?, Condition::Version(before.version))?,
            self.put(audit_item(audit)?, Condition::Absent)?,
        ])
    }

    /// Writes how a creator's account is, or that one is asked for, if the receiver is still as it was `before`. That is
    /// no decision about who may receive, and has no audit entry.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is written is not known then.
    pub async fn save_receiver(&self, before: &Receiver, after: &Receiver) -> Result<Saved, StoreError> {
        self.save(LEARN, receiver_item(after)?, Condition::Version(before.version), after.version).await
    }

    /// Whose account it is, if it is a creator's of ours.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn creator_of(&self, account: &AccountId) -> Result<Option<CreatorId>, StoreError> {
        let item = self.find_one(READ_CLAIM, Key::account(account)).await?;
        item.map(|mut item| read(&mut item, kind::ACCOUNT, "creator_id")).transpose()
    }

    /// Whose accounts these are, as far as they are creators' of ours: up to 100, each named once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn creators_of(
        &self,
        accounts: &[AccountId],
    ) -> Result<BTreeMap<AccountId, CreatorId>, StoreError> {
        let mut creators = BTreeMap::new();
        if accounts.is_empty() {
            return Ok(creators);
        }
        let mut found = self.find(accounts.iter().map(Key::account)).await?;
        for account in accounts {
            if let Some(mut item) = found.take(&Key::account(account)) {
                creators.insert(account.clone(), read(&mut item, kind::ACCOUNT, "creator_id")?);
            }
        }
        Ok(creators)
    }
}

pub(crate) fn receiver_item(receiver: &Receiver) -> Result<Item, StoreError> {
    let item = NewItem::new(Key::receiver(&receiver.creator), kind::RECEIVER)
        .number("version", receiver.version)
        .text("creator_id", &receiver.creator)
        .text("receiving", receiver.receiving.as_str())
        .optional_text("stripe_account_id", receiver.account.as_ref().map(|account| &account.id))
        .text("currency", receiver.currency)
        .value("receiver", receiver)?;
    Ok(item.build())
}

fn account_item(account: &AccountId, creator: &CreatorId) -> Item {
    NewItem::new(Key::account(account), kind::ACCOUNT)
        .text("stripe_account_id", account)
        .text("creator_id", creator)
        .build()
}

pub(crate) fn read_receiver(
    item: Option<Item>,
    creator: &CreatorId,
    default_currency: Currency,
) -> Result<Receiver, StoreError> {
    match item {
        Some(mut item) => read(&mut item, kind::RECEIVER, "receiver"),
        None => Ok(Receiver::unknown(creator.clone(), default_currency)),
    }
}
