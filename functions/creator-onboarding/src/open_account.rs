//! Opens a creator's connected account, and only one despite retries, races and crashes: the account request, with its
//! frozen parameters, is stored on the receiver before Stripe is called, and one write claims the account and ends the
//! request.

use crate::find_account::find;
use payments::{
    AccountParameters, AccountRequest, AccountSnapshot, AccountsApi, ConnectedAccount, ContactEmail,
    CreatorId, NextAccountStep, Receiver, RefusalCause,
};
use payments_bookkeeping::{BookkeepingError, attach_account, refresh_account};
use payments_services::Services;
use payments_store::{Backoff, Claimed, Saved};
use payments_stripe::{Refusal, Sent, StripeError, send_once};

/// What a creator says about themselves for an account.
#[derive(Clone, Copy)]
pub(crate) struct Applicant<'a> {
    pub(crate) country: &'a str,
    pub(crate) email: Option<&'a str>,
}

/// Why no account is opened.
pub(crate) enum NotOpened {
    /// The account needs the creator's address, and they gave none.
    NoEmail,
    /// Stripe refuses the creator's address. A request with another one is a new request.
    Email(Refusal),
    Refused(Refusal),
    /// Stripe refused the account a moment ago for a fault of the set-up.
    JustRefused,
}

/// Returns the creator's current account, and opens one if there is none; or why none is opened.
pub(crate) async fn ready(
    services: &Services,
    creator: &CreatorId,
    applicant: Applicant<'_>,
) -> Result<Result<ConnectedAccount, NotOpened>, BookkeepingError> {
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
            Opened::Not(reason) => return Ok(Err(reason)),
            Opened::EarlierEmailRefused | Opened::Raced => {}
        }
        backoff.lost("open an account").await?;
    }
}

/// The result of an attempt to open an account.
enum Opened {
    Account(ConnectedAccount),
    Not(NotOpened),
    /// Stripe refuses the address of an earlier request, which this one resumed; the attempt starts over with the
    /// creator's present address.
    EarlierEmailRefused,
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
    let email = applicant.email.filter(|_| kind.api() == AccountsApi::V2).map(ContactEmail::new);
    let parameters = AccountParameters {
        kind,
        country: applicant.country.to_owned(),
        card_payments: services.config.request_card_payments || services.config.policy.on_behalf_of,
        contact_email: email.clone(),
    };
    match AccountRequest::next(before.account_request.as_ref(), parameters, services.clock.now()) {
        NextAccountStep::Start(request) => {
            let asking = before.with_account_request(request.clone());
            match save_receiver(services, before, &asking).await? {
                Saved::Done { .. } => send(services, &asking, &request).await,
                Saved::Raced => Ok(Opened::Raced),
            }
        }
        NextAccountStep::Resume(request) => {
            let has_another_email = email != request.parameters.contact_email;
            match send(services, before, &request).await? {
                Opened::Not(NotOpened::Email(_)) if has_another_email => Ok(Opened::EarlierEmailRefused),
                opened @ (Opened::Account(_)
                | Opened::Not(_)
                | Opened::EarlierEmailRefused
                | Opened::Raced) => Ok(opened),
            }
        }
        NextAccountStep::Wait => Ok(Opened::Not(NotOpened::JustRefused)),
        NextAccountStep::AskForEmail => Ok(Opened::Not(NotOpened::NoEmail)),
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
        && request.parameters.kind.api() == AccountsApi::V1
    {
        // v1 may replay the refusal for a day after the set-up is mended, so the key is not used again. Another attempt under
        // it can still open the account, so the next number follows only once none can be under way and the account was
        // looked for. v2 executes a refused call again.
        let refused = asking.with_request_refused(services.clock.now());
        save_receiver(services, asking, &refused).await?;
    }
    match sent? {
        Sent::Made(account) => attach(services, asking, request, &account).await,
        Sent::LookUp => look_up(services, asking, request).await,
        Sent::Refused(refusal) => {
            // If this write loses a race, the other writer ends the request.
            save_receiver(services, asking, &asking.with_request_finished()).await?;
            let is_about_email = refusal.cause == RefusalCause::ContactEmail;
            Ok(Opened::Not(if is_about_email {
                NotOpened::Email(refusal)
            } else {
                NotOpened::Refused(refusal)
            }))
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

/// Looks for the account of a request whose idempotency key Stripe may have forgotten, or under which it may only repeat a
/// refusal. Such a request is never sent again, because that could open a second account; if no account exists, the next request has the next number.
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

async fn save_receiver(
    services: &Services,
    before: &Receiver,
    after: &Receiver,
) -> Result<Saved, BookkeepingError> {
    Ok(services.store.save_receiver(before, after).await?)
}
