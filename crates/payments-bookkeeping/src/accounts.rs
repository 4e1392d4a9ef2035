//! What Stripe says of creators' accounts. An event only says that there is changed: events come in any order, so the account
//! is retrieved, and what is seen then is written under the version that its creator had before. Whoever saw earlier
//! loses that race and looks again: the last write has the freshest sight.

use crate::BookkeepingError;
use payments::{AccountId, ConnectedAccount, Reason, Receiver, UserId};
use payments_services::Services;
use payments_store::{Backoff, Claimed, Saved};

const LOOK: &str = "write how an account is";
/// After so many news in a row the next look is left to the next event, or to the sweep.
const WRITES_MAX: u32 = 3;

/// Sees how an account is and writes it on its creator; whether that was news. None, if it is no account of ours.
///
/// # Errors
/// [`BookkeepingError`]; doing it again is safe.
pub async fn refresh_account_by_id(
    services: &Services,
    id: &AccountId,
) -> Result<Option<bool>, BookkeepingError> {
    let mut backoff = Backoff::of_change();
    loop {
        let Some(creator) = services.store.creator_of(id).await? else {
            match adopt(services, id).await? {
                Adopted::Done => return Ok(Some(true)),
                Adopted::NotOurs => return Ok(None),
                // Somebody else wrote its creator: most likely the very claim.
                Adopted::Raced => {
                    backoff.lost(LOOK).await?;
                    continue;
                }
            }
        };
        let receiver = services.store.receiver(&creator, services.config.default_currency).await?;
        // A creator keeps the claim to an account that they have left.
        if receiver.account.as_ref().is_none_or(|account| account.id != *id) {
            return Ok(Some(false));
        }
        return refresh_account(services, receiver).await.map(|(_, news)| Some(news));
    }
}

/// Sees how a creator's account is, if they have one; the creator as they are now, and whether that was news.
///
/// # Errors
/// [`BookkeepingError`]; doing it again is safe.
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
                before = services.store.receiver(&before.creator, services.config.default_currency).await?;
            }
        }
    }
    Ok((before, writes > 0))
}

/// Writes an account on the creator for whom it was opened, with its record: they asked for it.
///
/// # Errors
/// [`BookkeepingError`]; doing it again is safe.
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
    match services.stripe_session().await?.retrieve_account(&known.id).await {
        Ok(account) => Ok(account.connected_or(&known.country, known.default_currency)),
        Err(error) if error.is_not_connected() => Ok(known.disconnected()),
        Err(error) => Err(error.into()),
    }
}

enum Adopted {
    Done,
    Raced,
    NotOurs,
}

/// An account that nobody claims can be the answer to a request that was broken off: it names its creator, and the
/// request.
async fn adopt(services: &Services, id: &AccountId) -> Result<Adopted, BookkeepingError> {
    let account = match services.stripe_session().await?.retrieve_account(id).await {
        Ok(account) => account,
        Err(error) if error.is_not_connected() => return Ok(Adopted::NotOurs),
        Err(error) => return Err(error.into()),
    };
    let Some(creator) = account.creator_id() else { return Ok(Adopted::NotOurs) };
    let before = services.store.receiver(&creator, services.config.default_currency).await?;
    if before.account.as_ref().is_some_and(|account| account.id == *id) {
        // It was claimed since its claim was looked for.
        return Ok(Adopted::Raced);
    }
    let open = before.account_request.as_ref().filter(|request| before.needs_account() && !request.finished);
    let Some(request) = open.filter(|request| account.answers(&creator, request)) else {
        return Ok(Adopted::NotOurs);
    };
    let adopted = account.connected_or(&request.parameters.country, services.config.default_currency);
    match attach_account(services, &before, adopted).await? {
        Claimed::Done => Ok(Adopted::Done),
        Claimed::Raced | Claimed::AccountTaken => Ok(Adopted::Raced),
    }
}
