//! A creator's account, in the order that keeps it one across retries, races and crashes: the request stands on the
//! receiver, with every parameter frozen in it, before Stripe is called; the account is claimed in the write that ends it.

use crate::onboarding::refused;
use payments::{
    AccountParameters, AccountRequest, ConnectedAccount, CreatorId, NextAccountStep, Receiver,
    STRIPE_KEY_LIFETIME_S,
};
use payments_bookkeeping::{attach_account, refresh_account};
use payments_function::App;
use payments_http::Problem;
use payments_store::{Backoff, Saved, Written};
use payments_stripe::{AccountObject, StripeError, Window};

/// How far Stripe's clock and ours may differ, in seconds.
const CLOCKS_DIFFER_S: i64 = 300;

/// The creator's account as it is now; opened, where there is none.
pub(crate) async fn ready(
    app: &App,
    creator: &CreatorId,
    country: &str,
) -> Result<ConnectedAccount, Problem> {
    let mut backoff = Backoff::of_change();
    loop {
        let read = app.store.receiver(creator, app.config.default_currency).await;
        let mut receiver = read.map_err(Problem::unavailable)?;
        if !receiver.needs_account() {
            // It may have been disconnected, or restricted, and no event come.
            (receiver, _) = refresh_account(app, receiver).await?;
        }
        let opened = match receiver.account.clone().filter(|_| !receiver.needs_account()) {
            Some(account) => Some(account),
            None => open(app, &receiver, country).await?,
        };
        if let Some(account) = opened {
            return Ok(account);
        }
        backoff.lost("open an account").await.map_err(Problem::unavailable)?;
    }
}

/// Opens an account; none, if it has to be decided anew.
async fn open(app: &App, before: &Receiver, country: &str) -> Result<Option<ConnectedAccount>, Problem> {
    let parameters = AccountParameters {
        kind: app.config.account_kind,
        country: country.to_owned(),
        card_payments: app.config.policy.on_behalf_of,
    };
    match AccountRequest::next(before.account_request.as_ref(), parameters, app.clock.now()) {
        NextAccountStep::Start(request) => {
            let asking = before.with_account_request(request.clone());
            match learn(app, before, &asking).await? {
                Saved::Done { .. } => send(app, &asking, &request).await,
                Saved::Raced => Ok(None),
            }
        }
        NextAccountStep::Resume(request) => send(app, before, &request).await,
        NextAccountStep::LookUp(request) => look_up(app, before, &request).await,
    }
}

/// Asks Stripe, under the request's own key.
async fn send(
    app: &App,
    asking: &Receiver,
    request: &AccountRequest,
) -> Result<Option<ConnectedAccount>, Problem> {
    match app.stripe_session().await?.create_account(&asking.creator, request).await {
        Ok(account) => attach(app, asking, request, &account).await,
        // Another release wrote the request otherwise: what it did is looked up.
        Err(StripeError::KeyReused) => look_up(app, asking, request).await,
        Err(error) => {
            if error.refusal().is_some() {
                // Lost to somebody else, it is theirs to end.
                learn(app, asking, &asking.with_request_finished()).await?;
            }
            Err(refused(error))
        }
    }
}

/// Writes the account on its creator.
async fn attach(
    app: &App,
    asking: &Receiver,
    request: &AccountRequest,
    account: &AccountObject,
) -> Result<Option<ConnectedAccount>, Problem> {
    let account = account.connected_or(&request.parameters.country, app.config.default_currency);
    match attach_account(app, asking, account.clone()).await? {
        Written::Done => Ok(Some(account)),
        Written::Raced => Ok(None),
        Written::AccountTaken => {
            // Only an operator's hand can have given it to somebody else: it is theirs, and this creator gets another.
            learn(app, asking, &asking.with_request_finished()).await?;
            Ok(None)
        }
    }
}

/// Looks for the account of a request whose key Stripe may have forgotten. It is never sent again: if it was not opened,
/// the next one takes the next number.
async fn look_up(
    app: &App,
    asking: &Receiver,
    request: &AccountRequest,
) -> Result<Option<ConnectedAccount>, Problem> {
    let asked_s = request.requested_at.seconds();
    let window = Window {
        from_s: asked_s - CLOCKS_DIFFER_S,
        until_s: Some(asked_s + STRIPE_KEY_LIFETIME_S + CLOCKS_DIFFER_S),
    };
    let stripe = app.stripe_session().await?;
    let mut after: Option<String> = None;
    loop {
        let page = stripe.list_accounts(window, after.as_deref()).await.map_err(Problem::unavailable)?;
        if let Some(account) = page.data.iter().find(|account| account.answers(&asking.creator, request)) {
            return attach(app, asking, request, account).await;
        }
        after = page.next;
        if after.is_none() {
            learn(app, asking, &asking.with_request_finished()).await?;
            return Ok(None);
        }
    }
}

async fn learn(app: &App, before: &Receiver, after: &Receiver) -> Result<Saved, Problem> {
    app.store.save_receiver(before, after).await.map_err(Problem::unavailable)
}
