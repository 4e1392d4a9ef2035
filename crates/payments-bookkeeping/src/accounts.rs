//! What Stripe says of creators' accounts. An event only says that there is news: events come in any order, so the account
//! is retrieved, and what is seen then is written under the version that its creator had before. Whoever saw earlier
//! loses that race and looks again: the last write has the freshest sight.

use payments::{AccountId, ConnectedAccount, Reason, Receiver, UserId};
use payments_function::App;
use payments_http::Problem;
use payments_store::{Backoff, Saved, Written};

const LOOK: &str = "write how an account is";
/// After so many news in a row the next look is left to the next event, or to the sweep.
const WRITES_MAX: u32 = 3;

/// Sees how an account is and writes it on its creator; whether that was news. None, if it is no account of ours.
///
/// # Errors
/// 503, when the table or Stripe is unavailable; doing it again is safe.
pub async fn refresh_account_by_id(app: &App, id: &AccountId) -> Result<Option<bool>, Problem> {
    let mut backoff = Backoff::of_change();
    loop {
        let Some(creator) = app.store.creator_of(id).await.map_err(Problem::unavailable)? else {
            match adopt(app, id).await? {
                Adopted::Done => return Ok(Some(true)),
                Adopted::NotOurs => return Ok(None),
                // Somebody else wrote its creator: most likely the very claim.
                Adopted::Raced => {
                    backoff.lost(LOOK).await.map_err(Problem::unavailable)?;
                    continue;
                }
            }
        };
        let read = app.store.receiver(&creator, app.config.default_currency).await;
        let receiver = read.map_err(Problem::unavailable)?;
        // A creator keeps the claim to an account that they have left.
        if receiver.account.as_ref().is_none_or(|account| account.id != *id) {
            return Ok(Some(false));
        }
        return refresh_account(app, receiver).await.map(|(_, news)| Some(news));
    }
}

/// Sees how a creator's account is, if they have one; the creator as they are now, and whether that was news.
///
/// # Errors
/// 503, when the table or Stripe is unavailable; doing it again is safe.
pub async fn refresh_account(app: &App, receiver: Receiver) -> Result<(Receiver, bool), Problem> {
    let (mut before, mut writes) = (receiver, 0);
    let mut backoff = Backoff::of_change();
    while let Some(known) = before.account.as_ref().filter(|_| writes < WRITES_MAX) {
        let seen = see(app, known).await?;
        if seen == *known {
            break;
        }
        let after = before.with_account(seen);
        match app.store.save_receiver(&before, &after).await.map_err(Problem::unavailable)? {
            Saved::Done { .. } => (before, writes) = (after, writes + 1),
            Saved::Raced => {
                backoff.lost(LOOK).await.map_err(Problem::unavailable)?;
                let read = app.store.receiver(&before.creator, app.config.default_currency).await;
                before = read.map_err(Problem::unavailable)?;
            }
        }
    }
    Ok((before, writes > 0))
}

/// Writes an account on the creator for whom it was opened, with its record: they asked for it.
///
/// # Errors
/// 503, when the table is unavailable; doing it again is safe.
pub async fn attach_account(
    app: &App,
    before: &Receiver,
    account: ConnectedAccount,
) -> Result<Written, Problem> {
    let after = before.with_account(account);
    let creator = UserId::parse(before.creator.as_str()).expect("creators are users");
    let reason = Reason::parse("Onboarding with Stripe").expect("a short text");
    let audit = app.audited(creator, reason).receiver_change(before, &after);
    app.store.change_receiver(before, &after, &audit).await.map_err(Problem::unavailable)
}

async fn see(app: &App, known: &ConnectedAccount) -> Result<ConnectedAccount, Problem> {
    match app.stripe_session().await?.retrieve_account(&known.id).await {
        Ok(account) => Ok(account.connected_or(&known.country, known.default_currency)),
        Err(error) if error.is_not_connected() => Ok(known.disconnected()),
        Err(error) => Err(Problem::unavailable(error)),
    }
}

enum Adopted {
    Done,
    Raced,
    NotOurs,
}

/// An account that nobody claims can be the answer to a request that was broken off: it names its creator, and the
/// request.
async fn adopt(app: &App, id: &AccountId) -> Result<Adopted, Problem> {
    let account = match app.stripe_session().await?.retrieve_account(id).await {
        Ok(account) => account,
        Err(error) if error.is_not_connected() => return Ok(Adopted::NotOurs),
        Err(error) => return Err(Problem::unavailable(error)),
    };
    let Some(creator) = account.creator_id() else { return Ok(Adopted::NotOurs) };
    let read = app.store.receiver(&creator, app.config.default_currency).await;
    let before = read.map_err(Problem::unavailable)?;
    if before.account.as_ref().is_some_and(|account| account.id == *id) {
        // It was claimed since its claim was looked for.
        return Ok(Adopted::Raced);
    }
    let open = before.account_request.as_ref().filter(|request| before.needs_account() && !request.finished);
    let Some(request) = open.filter(|request| account.answers(&creator, request)) else {
        return Ok(Adopted::NotOurs);
    };
    let adopted = account.connected_or(&request.parameters.country, app.config.default_currency);
    match attach_account(app, &before, adopted).await? {
        Written::Done => Ok(Adopted::Done),
        Written::Raced | Written::AccountTaken => Ok(Adopted::Raced),
    }
}
