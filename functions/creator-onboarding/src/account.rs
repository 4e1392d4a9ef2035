//! Opens a creator's connected account, and only one despite retries, races and crashes: the account request, with its
//! frozen parameters, is stored on the receiver before Stripe is called, and one write claims the account and ends the
//! request.

use payments::{
    AccountParameters, AccountRequest, AccountSnapshot, AccountsApi, ConnectedAccount, ContactEmail,
    CreatorId, NextAccountStep, Receiver, STRIPE_KEY_LIFETIME_S,
};
use payments_bookkeeping::{BookkeepingError, attach_account, refresh_account};
use payments_services::Services;
use payments_store::{Backoff, Claimed, Saved};
use payments_stripe::{Refusal, Sent, Session, StripeError, Window, send_once};

/// The largest expected difference between Stripe's clock and this service's, in seconds.
const CLOCKS_DIFFER_S: i64 = 300;

/// The parameter of Accounts v2 with the creator's address.
const CONTACT_EMAIL: &str = "contact_email";

/// What a creator says about themselves for an account.
#[derive(Clone, Copy)]
pub(crate) struct Applicant<'a> {
    pub(crate) country: &'a str,
    pub(crate) email: Option<&'a str>,
}

/// Returns the creator's current account, and opens one if there is none; or Stripe's refusal to open one.
pub(crate) async fn ready(
    services: &Services,
    creator: &CreatorId,
    mut applicant: Applicant<'_>,
) -> Result<Result<ConnectedAccount, Refusal>, BookkeepingError> {
    let mut backoff = Backoff::of_change();
    loop {
        let mut receiver = services.store.receiver(creator).await?;
        if !receiver.needs_account() {
            // The account may have been disconnected or restricted without an event having arrived.
            (receiver, _) = refresh_account(services, receiver).await?;
        }
        if let Some(account) = receiver.account.clone().filter(|_| !receiver.needs_account()) {
            return Ok(Ok(account));
        }
        match open(services, &receiver, &applicant).await? {
            Opened::Account(account) => return Ok(Ok(account)),
            // The account is opened without the address, which Stripe asks for in its own pages.
            Opened::Refused(refusal) if refusal.is_about(CONTACT_EMAIL) && applicant.email.is_some() => {
                applicant.email = None;
            }
            Opened::Refused(refusal) => return Ok(Err(refusal)),
            Opened::Raced => {}
        }
        backoff.lost("open an account").await?;
    }
}

/// The result of an attempt to open an account.
enum Opened {
    Account(ConnectedAccount),
    Refused(Refusal),
    /// Another writer changed the receiver; the attempt starts over.
    Raced,
}

/// Starts an account request, or resumes the pending one.
async fn open(
    services: &Services,
    before: &Receiver,
    applicant: &Applicant<'_>,
) -> Result<Opened, BookkeepingError> {
    let kind = services.config.account_kind;
    // v1 needs no address, so it gets none.
    let email = applicant.email.filter(|_| kind.api() == AccountsApi::V2);
    let parameters = AccountParameters {
        kind,
        country: applicant.country.to_owned(),
        card_payments: services.config.request_card_payments || services.config.policy.on_behalf_of,
        contact_email: email.map(ContactEmail::new),
    };
    match AccountRequest::next(before.account_request.as_ref(), parameters, services.clock.now()) {
        NextAccountStep::Start(request) => {
            let asking = before.with_account_request(request.clone());
            match save_receiver(services, before, &asking).await? {
                Saved::Done { .. } => send(services, &asking, &request).await,
                Saved::Raced => Ok(Opened::Raced),
            }
        }
        NextAccountStep::Resume(request) => send(services, before, &request).await,
    }
}

/// Sends the account request to Stripe under its own idempotency key.
async fn send(
    services: &Services,
    asking: &Receiver,
    request: &AccountRequest,
) -> Result<Opened, BookkeepingError> {
    let age = request.key_age(services.clock.now());
    let stripe = services.stripe_session().await?;
    let sent = send_once(age, stripe.create_account(&asking.creator, request)).await;
    if let Err(StripeError::SetUp(refusal)) = &sent
        && refusal.cause.answers_its_key()
    {
        // Stripe would replay the refusal for a day after the set-up is mended, so the next request takes the next number.
        save_receiver(services, asking, &asking.with_request_finished()).await?;
    }
    match sent? {
        Sent::Made(account) => attach(services, asking, request, &account).await,
        Sent::LookUp => look_up(services, asking, request).await,
        Sent::Refused(refusal) => {
            // If this write loses a race, the other writer ends the request.
            save_receiver(services, asking, &asking.with_request_finished()).await?;
            Ok(Opened::Refused(refusal))
        }
    }
}

/// Claims the account for the creator and ends the request.
async fn attach(
    services: &Services,
    asking: &Receiver,
    request: &AccountRequest,
    account: &AccountSnapshot,
) -> Result<Opened, BookkeepingError> {
    let account =
        account.opened(&request.parameters.country, services.config.policy.settlement.default_currency());
    match attach_account(services, asking, account.clone()).await? {
        Claimed::Done => Ok(Opened::Account(account)),
        Claimed::Raced => Ok(Opened::Raced),
        Claimed::AccountTaken => {
            // An operator has assigned the account to another creator, who keeps it; this creator gets a new one.
            save_receiver(services, asking, &asking.with_request_finished()).await?;
            Ok(Opened::Raced)
        }
    }
}

/// Looks for the account of a request whose idempotency key Stripe may have forgotten. Such a request is never sent
/// again, because that could open a second account; if no account exists, the next request has the next number.
async fn look_up(
    services: &Services,
    asking: &Receiver,
    request: &AccountRequest,
) -> Result<Opened, BookkeepingError> {
    let stripe = services.stripe_session().await?;
    match find(&stripe, &asking.creator, request).await? {
        Some(account) => attach(services, asking, request, &account).await,
        None => {
            save_receiver(services, asking, &asking.with_request_finished()).await?;
            Ok(Opened::Raced)
        }
    }
}

/// Reads the lists of the API that the request went to, until one of the accounts answers it.
async fn find(
    stripe: &Session,
    creator: &CreatorId,
    request: &AccountRequest,
) -> Result<Option<AccountSnapshot>, StripeError> {
    let asked_s = request.requested_at.seconds();
    let window = Window {
        from_s: asked_s - CLOCKS_DIFFER_S,
        until_s: Some(asked_s + STRIPE_KEY_LIFETIME_S + CLOCKS_DIFFER_S),
    };
    let mut after: Option<String> = None;
    loop {
        let page = match request.parameters.kind.api() {
            AccountsApi::V1 => stripe.list_accounts(window, after.as_deref()).await?,
            AccountsApi::V2 => stripe.list_accounts_v2(after.as_deref()).await?,
        };
        if let Some(account) = page.data.into_iter().find(|account| account.answers(creator, request)) {
            return Ok(Some(account));
        }
        after = page.next;
        if after.is_none() {
            return Ok(None);
        }
    }
}

async fn save_receiver(
    services: &Services,
    before: &Receiver,
    after: &Receiver,
) -> Result<Saved, BookkeepingError> {
    Ok(services.store.save_receiver(before, after).await?)
}
