//! `POST /v1/payments`. The order of the steps makes it correct under retries, races and crashes:
//!
//! 1. An earlier payment with the same key determines the response; otherwise the rules decide.
//! 2. If saved cards are shown, the sender's Customer is made once (`sender_customer.rs`).
//! 3. The payment is stored with its frozen parameters before Stripe is called.
//! 4. Stripe's intent is attached last.
//!
//! After a crash between two steps, the caller's retry, the webhook or reconciliation completes the payment.

use crate::close_payment::close_unfinished;
use crate::create_intent::carry_on;
use crate::live_stage::must_have_passed;
use crate::quoted_amounts::amounts;
use crate::refusals::{Unfinished, closed, limited, refusal};
use crate::replay_payment::replay;
use crate::request_body::CreatePayment;
use crate::responses::{Created, created};
use crate::saved_cards_session::CardsToShow;
use crate::sender_customer::for_payment;
use futures_util::future::BoxFuture;
use payments::{
    AddressId, ClosedReason, Decision, IntentParameters, Labels, NextStep, Payment, PaymentId, PaymentTerms,
    ReasonCode, UserId, decide, next_step,
};
use payments_bookkeeping::Bookkeeping;
use payments_http::{Body, Caller, Problem, Request, Response, client_address, idempotency_key};
use payments_services::{Services, log_payment};
use payments_store::{Counted, DecisionContext, ReadCustomer, Recorded, RecordedWithin, Stored};
use std::future::Future;

pub(crate) async fn post(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let key = idempotency_key(request)?;
    let order = CreatePayment::of(request)?;
    // A cold start fetches all secrets of a payment concurrently. A failed one is fetched again where it is used.
    let (stage, id_key, address, _, _) = tokio::join!(
        must_have_passed(services),
        services.secrets.payment_id_key(),
        client_address(services, request),
        services.secrets.signing_keys(),
        services.secrets.stripe_secret_key(),
    );
    stage?;
    let id_key = id_key?;
    let id = PaymentId::derive(&id_key, &caller.user, &key);
    log_payment(&id);
    let address = address?.map(|address| AddressId::derive(&id_key, address));
    let now = services.clock.now();
    let counted = Counted { limits: &services.config.policy.senders, address: address.as_ref(), at: now };
    let creator = &order.choice.creator;
    let (setting, known) = match order.saved_cards {
        Some(_) => {
            let read = services.store.decision_context_and_customer(creator, &caller.user, &id, &counted);
            let (setting, known) = read.await?;
            (setting, Some(known))
        }
        None => {
            let read = services.store.decision_context(creator, &caller.user, Some(&id), &counted);
            (read.await?, None)
        }
    };
    let books = Bookkeeping::at(services, now);
    match setting.earlier.clone() {
        Some(earlier) => repeat(books, earlier, &order, &setting).await,
        None => first(books, caller, id, order, setting, known, &counted).await,
    }
}

/// Handles a key that has no payment yet.
fn first<'a>(
    books: Bookkeeping<'a>,
    caller: Caller,
    id: PaymentId,
    order: CreatePayment,
    setting: DecisionContext,
    known: Option<ReadCustomer>,
    counted: &'a Counted<'a>,
) -> BoxFuture<'a, Result<Response<Body>, Problem>> {
    Box::pin(async move {
        let Bookkeeping { services, now, .. } = books;
        let decision = decision(books, &caller.user, &order, &setting);
        let Some(account) = setting.receiver.account.as_ref().filter(|_| decision.allows()) else {
            return Err(refusal(services, &decision, &setting.receiver, now));
        };
        let breakdown =
            amounts(services, &order.choice, &setting.receiver, order.quote.as_deref(), now).await?;
        let customer = match known {
            Some(known) => for_payment(services, &caller.user, known).await,
            None => None,
        };
        let parameters = IntentParameters {
            payment_id: id,
            total: breakdown.total,
            destination: account.id.clone(),
            transfer_amount: breakdown.chosen.amount(),
            on_behalf_of: services.config.policy.on_behalf_of,
            labels: Labels::new(
                &order.choice.creator,
                order.context.as_ref(),
                order.anonymous,
                &services.config.statement_descriptor,
            ),
            customer,
            receipt_email: caller.email,
        };
        let payment = Payment::new(PaymentTerms {
            sender: caller.user,
            creator: order.choice.creator.clone(),
            chosen: breakdown.chosen,
            message: order.message.clone(),
            anonymous: order.anonymous,
            context: order.context.clone(),
            fingerprint: order.fingerprint.clone(),
            allowed: decision.allowed(),
            parameters,
            created_at: now,
        });
        match services.store.record_payment_within(&payment, counted).await? {
            RecordedWithin::Limits(recorded) => match *recorded {
                Recorded::New(stored) => created(carry_on_and_show(books, stored, &order).await?),
                Recorded::Earlier(twin) => repeat(books, twin, &order, &setting).await,
            },
            // The sender's other payments have reached the limit since the counts were read.
            RecordedWithin::None { until } => Err(limited(until, now).reasons([ReasonCode::SenderLimit])),
        }
    })
}

/// Handles a key that has a payment: the same body gets the same response, with the current status.
fn repeat<'a>(
    books: Bookkeeping<'a>,
    earlier: Stored<Payment>,
    order: &'a CreatePayment,
    setting: &'a DecisionContext,
) -> BoxFuture<'a, Result<Response<Body>, Problem>> {
    Box::pin(async move {
        match next_step(&earlier.value, &order.fingerprint) {
            NextStep::KeyReused => Err(Problem::idempotency_key_reused()),
            NextStep::Closed(reason) => Err(closed(&reason)),
            NextStep::Replay => {
                let cards = CardsToShow::of(&earlier.value, order.saved_cards);
                created(show(books, cards, replay(books, earlier.value)).await?)
            }
            NextStep::Resume => created(match refused_since(books, &earlier.value, order, setting) {
                None => carry_on_and_show(books, earlier, order).await?,
                Some(reason) => Box::pin(close_unfinished(books, earlier, reason)).await?,
            }),
        }
    })
}

fn carry_on_and_show<'a>(
    books: Bookkeeping<'a>,
    stored: Stored<Payment>,
    order: &'a CreatePayment,
) -> BoxFuture<'a, Result<Created, Unfinished>> {
    Box::pin(async move {
        let cards = CardsToShow::of(&stored.value, order.saved_cards);
        Box::pin(show(books, cards, carry_on(books, stored))).await
    })
}

async fn show(
    books: Bookkeeping<'_>,
    cards: Option<CardsToShow>,
    work: impl Future<Output = Result<Created, Unfinished>>,
) -> Result<Created, Unfinished> {
    match cards {
        Some(cards) => Box::pin(cards.beside(books, work)).await,
        None => work.await,
    }
}

/// Why an intent is not created any more for a stored payment: since then the decision may have changed, the creator may
/// have left the account, or Stripe would convert the payment's currency.
fn refused_since(
    books: Bookkeeping<'_>,
    payment: &Payment,
    order: &CreatePayment,
    setting: &DecisionContext,
) -> Option<ClosedReason> {
    let mut refused = decision(books, &payment.terms.sender, order, setting).not_receiving();
    if refused.is_empty() && !still_goes_to(payment, setting) {
        refused.push(ReasonCode::AccountRestricted);
    }
    let account = setting.receiver.account.as_ref();
    let is_exact = books.services.config.policy.settles_in(payment.terms.chosen.currency(), account);
    match refused.is_empty() {
        false => Some(ClosedReason::NotReceiving(refused)),
        true => (!is_exact).then_some(ClosedReason::CurrencyUnsupported),
    }
}

/// Returns whether the creator still has the account in the payment's frozen parameters.
fn still_goes_to(payment: &Payment, setting: &DecisionContext) -> bool {
    let account = setting.receiver.account.as_ref();
    account.is_some_and(|account| account.id == payment.terms.parameters.destination)
}

fn decision(
    books: Bookkeeping<'_>,
    sender: &UserId,
    order: &CreatePayment,
    setting: &DecisionContext,
) -> Decision {
    let policy = &books.services.config.policy;
    decide(&setting.question(sender, Some(order.choice.chosen), policy, books.now))
}
