//! Retrieves connected accounts and stores them with their creators. Events come in any order and only say
//! that an account has changed, so the account is retrieved, then written on condition that its creator has
//! not changed since it was read. A writer with older data fails that condition and retrieves again, so the
//! last write has the newest data.

use crate::BookkeepingError;
use crate::attach_account::{Adopted, adopt};
use payments::{AccountId, AccountsApi, ConnectedAccount, Receiver};
use payments_services::Services;
use payments_store::{Backoff, Saved};

const LOOK: &str = "write how an account is";
/// After this many writes, the next event or the next reconciliation continues.
const WRITES_MAX: u32 = 3;

/// Retrieves an account and stores what has changed with its creator; returns whether anything has. None if
/// the account belongs to no creator. An account that no creator has claimed is looked for by `named_by`, the
/// API whose event or list named it.
///
/// # Errors
/// [`BookkeepingError`]; repeating the call is safe.
pub async fn refresh_account_by_id(
    services: &Services,
    id: &AccountId,
    named_by: AccountsApi,
) -> Result<Option<bool>, BookkeepingError> {
    let mut backoff = Backoff::of_change();
    loop {
        let Some(creator) = services.store.creator_of(id).await? else {
            match adopt(services, id, named_by).await? {
                Adopted::Done => return Ok(Some(true)),
                Adopted::NotOurs => return Ok(None),
                // Another writer changed the creator, most likely by claiming this account.
                Adopted::Raced => {
                    backoff.lost(LOOK).await?;
                    continue;
                }
            }
        };
        let receiver = services.store.receiver(&creator).await?;
        // A creator keeps the claim to an account that they no longer use.
        if receiver.account.as_ref().is_none_or(|account| account.id != *id) {
            return Ok(Some(false));
        }
        return refresh_account(services, receiver).await.map(|(_, news)| Some(news));
    }
}

/// Refreshes a creator's account, if there is one; returns the creator, and whether the account has changed.
///
/// # Errors
/// [`BookkeepingError`]; repeating the call is safe.
pub async fn refresh_account(
    services: &Services,
    receiver: Receiver,
) -> Result<(Receiver, bool), BookkeepingError> {
    let (mut before, mut writes) = (receiver, 0);
    let mut backoff = Backoff::of_change();
    while let Some(known) = before.account.as_ref().filter(|_| writes < WRITES_MAX) {
        let seen = see(services, known).await?;
        if seen == *known {
            break;
        }
        let after = before.with_account(seen);
        match services.store.save_receiver(&before, &after).await? {
            Saved::Done { .. } => (before, writes) = (after, writes + 1),
            Saved::Raced => {
                backoff.lost(LOOK).await?;
                before = services.store.receiver(&before.creator).await?;
            }
        }
    }
    Ok((before, writes > 0))
}

async fn see(services: &Services, known: &ConnectedAccount) -> Result<ConnectedAccount, BookkeepingError> {
    match services.stripe_session().await?.retrieve_account(known.api, &known.id).await {
        Ok(account) => Ok(known.updated(&account)),
        Err(error) if error.is_not_connected() => Ok(known.disconnected()),
        Err(error) => Err(error.into()),
    }
}
