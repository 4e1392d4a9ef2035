//! Creators as receivers: changed by operators, with a record of each change.

use crate::{
    Store, StoreError,
    audit::audit_item,
    item::{Item, NewItem, kind, read},
    keys::Key,
    transaction::{Condition, Outcome},
};
use payments::{AccountId, AuditEntry, CreatorId, Currency, Receiver};

const CHANGE: &str = "change a receiver";
/// The place of the account's claim among the actions, if there is one.
const CLAIM: usize = 2;

/// What an audited change came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It is written, with its audit entry.
    Done,
    /// Nothing is written: somebody else changed it first. Read it anew and decide again.
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

    /// Writes a receiver, its audit entry and its claim to its account in one transaction, if the receiver
    /// is still as it was `before`.
    ///
    /// An account is claimed by one creator, for good: a creator who leaves it keeps the claim, since
    /// payments on their way still name it.
    ///
    /// # Errors
    /// [`StoreError`]; whether it is written is not known then.
    pub async fn change_receiver(
        &self,
        before: &Receiver,
        after: &Receiver,
        audit: &AuditEntry,
    ) -> Result<Written, StoreError> {
        let mut actions = vec![
            self.put(receiver_item(after)?, Condition::Version(before.version))?,
            self.put(audit_item(audit)?, Condition::Absent)?,
        ];
        if let Some(account) = &after.account {
            let claim = Condition::AbsentOrCreator(after.creator.to_string());
            actions.push(self.put(account_item(&account.id, &after.creator), claim)?);
        }
        match self.write_all(CHANGE, actions).await? {
            Outcome::Done => Ok(Written::Done),
            Outcome::Failed(places) if places == [CLAIM] => Ok(Written::AccountTaken),
            Outcome::Failed(_) => Ok(Written::Raced),
        }
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
