//! Retrieves connected accounts and stores them with their creators. Events come in any order and only say
//! that an account has changed, so the account is retrieved, then written on condition that its creator has
//! not changed since it was read. A writer with older data fails that condition and retrieves again, so the
//! last write has the newest data.

use crate::BookkeepingError;
use payments::{AccountId, AccountsApi, ConnectedAccount, PaymentTerms, Reason, Receiver, UserId};
use payments_services::{Services, causes};
use payments_store::{Backoff, Claimed, Saved};

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

/// Refreshes the account that a payment goes to, because Stripe refuses to send money there. A failure is only logged:
/// the account's next event or the next daily reconciliation refreshes it.
pub async fn refresh_refused_account(services: &Services, terms: &PaymentTerms) {
    let destination = &terms.parameters.destination;
    let refreshed = async {
        let receiver = services.store.receiver(&terms.creator).await?;
        if receiver.account.as_ref().is_some_and(|account| account.id == *destination) {
            refresh_account(services, receiver).await?;
        }
        Ok::<_, BookkeepingError>(())
    };
    if let Err(error) = Box::pin(refreshed).await {
        tracing::warn!(account = %destination, cause = causes(&error), "a refused account is not refreshed");
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

/// Stores an account with the creator for whom it was created. The audit record names the creator, who asked
/// for it.
///
/// # Errors
/// [`BookkeepingError`]; repeating the call is safe.
pub async fn attach_account(
    services: &Services,
    before: &Receiver,
    account: ConnectedAccount,
) -> Result<Claimed, BookkeepingError> {
    let after = before.with_account(account);
    let creator = UserId::parse(before.creator.as_str()).expect("creators are users");
    let reason = Reason::parse("Onboarding with Stripe").expect("a short text");
    let audit = services.audited(creator, reason).receiver_change(before, &after);
    Ok(services.store.claim_account(before, &after, &audit).await?)
}

async fn see(services: &Services, known: &ConnectedAccount) -> Result<ConnectedAccount, BookkeepingError> {
    match services.stripe_session().await?.retrieve_account(known.api, &known.id).await {
        Ok(account) => Ok(known.updated(&account)),
        Err(error) if error.is_not_connected() => Ok(known.disconnected()),
        Err(error) => Err(error.into()),
    }
}

enum Adopted {
    Done,
    Raced,
    NotOurs,
}

/// Attaches an account that no creator has claimed, if its metadata names a creator and a request of theirs
/// that was interrupted.
async fn adopt(
    services: &Services,
    id: &AccountId,
    named_by: AccountsApi,
) -> Result<Adopted, BookkeepingError> {
    let stripe = services.stripe_session().await?;
    let account = match stripe.retrieve_account(named_by, id).await {
        Ok(account) => account,
        Err(error) if error.is_not_connected() => return Ok(Adopted::NotOurs),
        Err(error) => return Err(error.into()),
    };
    let Some(creator) = account.creator.clone() else { return Ok(Adopted::NotOurs) };
    let before = services.store.receiver(&creator).await?;
    if before.account.as_ref().is_some_and(|account| account.id == *id) {
        // Another writer claimed it after the first lookup.
        return Ok(Adopted::Raced);
    }
    let open = before.account_request.as_ref().filter(|request| before.needs_account() && !request.finished);
    let Some(request) = open.filter(|request| account.answers(&creator, request)) else {
        return Ok(Adopted::NotOurs);
    };
    let api = request.parameters.kind.api();
    // v1 can name an account of v2, and show it in v1's shape.
    let account = if account.api == api { account } else { stripe.retrieve_account(api, id).await? };
    let adopted =
        account.opened(&request.parameters.country, services.config.policy.settlement.default_currency());
    match attach_account(services, &before, adopted).await? {
        Claimed::Done => Ok(Adopted::Done),
        Claimed::Raced | Claimed::AccountTaken => Ok(Adopted::Raced),
    }
}
