//! A refund that was asked of us is made: the refund first, then the creator's share comes back.

use crate::learn::{learn_facts, learn_ours};
use crate::transfer_instructions::execute_or_defer;
use payments::{
    Fact, Payment, RefundFact, RefundRequest, RefundRequestId, RequestedRefund, STRIPE_KEY_LIFETIME_S,
    Snapshot, StripeCall, Timestamp,
};
use payments_function::App;
use payments_http::{Metric, Problem, count};
use payments_store::Stored;
use payments_stripe::{RefundObject, StripeError};

/// The code of a request whose key Stripe may have forgotten, and whose refund was not found: it was never made.
const LAPSED: &str = "lapsed";

/// Makes a refund that stands in the payment's row, and moves the creator's share back.
///
/// # Errors
/// 503, when the table or Stripe is unavailable before the refund is known to be made: the request stands, and doing
/// it again is safe. A movement that fails is left to reconciliation.
pub async fn execute_refund(
    app: &App,
    stored: Stored<Payment>,
    id: &RefundRequestId,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let unanswered = stored.value.state.refunds.open_requests().find(|(asked, _)| *asked == id);
    let stored = match unanswered.map(|(_, request)| request.clone()) {
        Some(request) => make(app, stored, id, &request, now).await?,
        None => stored,
    };
    Ok(execute_or_defer(app, stored, now).await)
}

async fn make(
    app: &App,
    stored: Stored<Payment>,
    id: &RefundRequestId,
    request: &RefundRequest,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    // A refund is asked for only where the intent is paid, so it is known.
    let Some(intent) = stored.value.state.intent.clone() else { return Ok(stored) };
    let stripe = app.stripe_session().await?;
    if now.seconds() - request.requested_at.seconds() >= STRIPE_KEY_LIFETIME_S {
        return look_up(app, stored, id, request, now).await;
    }
    let key = StripeCall::CreateRefund(id).key(stored.value.id());
    match stripe.create_refund(&intent, &stored.value.terms, id, request, &key).await {
        Ok(refund) => learn_refunds(app, stored, &[refund], now).await,
        Err(StripeError::KeyReused) => look_up(app, stored, id, request, now).await,
        Err(error) => match error.refusal() {
            Some(code) => refused(app, stored, id, request, code.to_owned(), now).await,
            None => Err(Problem::unavailable(error)),
        },
    }
}

/// Looks for a refund whose key Stripe may have forgotten. It is never sent again.
async fn look_up(
    app: &App,
    stored: Stored<Payment>,
    id: &RefundRequestId,
    request: &RefundRequest,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let stored = retrieve_refunds(app, stored, now).await?;
    if stored.value.state.refunds.refund_for(id).is_some() {
        return Ok(stored);
    }
    refused(app, stored, id, request, LAPSED.to_owned(), now).await
}

/// Learns every refund of the payment's charge.
pub(crate) async fn retrieve_refunds(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let Some(intent) = stored.value.state.intent.clone() else { return Ok(stored) };
    let stripe = app.stripe_session().await?;
    let mut refunds = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = stripe.list_refunds_of(&intent, after.as_deref()).await.map_err(Problem::unavailable)?;
        refunds.extend(page.data);
        after = page.next;
        if after.is_none() {
            return learn_refunds(app, stored, &refunds, now).await;
        }
    }
}

async fn learn_refunds(
    app: &App,
    stored: Stored<Payment>,
    refunds: &[RefundObject],
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let seen = refunds.iter().map(|refund| refund.snapshot().map(Snapshot::Refund));
    let seen = seen.collect::<Result<Vec<_>, _>>().map_err(Problem::internal)?;
    learn_ours(app, stored, now, |payment| Snapshot::all_facts(&seen, payment)).await
}

async fn refused(
    app: &App,
    stored: Stored<Payment>,
    id: &RefundRequestId,
    request: &RefundRequest,
    code: String,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    tracing::warn!(payment = %stored.value.id(), code, "a refund that was accepted is refused");
    count(Metric::RefundRefused);
    let refused = RequestedRefund { request: request.clone(), refused: Some(code) };
    learn_facts(app, stored, now, &[Fact::Refund(RefundFact::Requested(id.clone(), refused))]).await
}
