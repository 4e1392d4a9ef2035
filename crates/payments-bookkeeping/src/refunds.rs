//! Executes a refund request: the refund comes first, then the creator's share is recovered.

use crate::apply_facts::{AppliedFacts, apply_our_facts, apply_retrieved};
use crate::transfer_instructions::execute_or_defer;
use crate::{BookkeepingError, LAPSED, Work};
use payments::{
    Fact, KeyAge, Payment, RefundFact, RefundRequest, RefundRequestId, RequestedRefund, Snapshot, StripeCall,
    Timestamp,
};
use payments_services::{Metric, Services, count};
use payments_store::Stored;
use payments_stripe::{RefundObject, Sent, send_once};

/// Executes a refund request that is in the payment's row, and recovers the creator's share.
///
/// # Errors
/// [`BookkeepingError`] when it is unknown whether the refund was made: the request stays in the row, and
/// repeating the call is safe. A transfer instruction that fails is left to reconciliation.
pub fn execute_refund<'a>(
    services: &'a Services,
    stored: Stored<Payment>,
    id: &'a RefundRequestId,
    now: Timestamp,
) -> Work<'a, Stored<Payment>> {
    Box::pin(async move {
        let unanswered = stored.value.state.refunds.open_requests().find(|(asked, _)| *asked == id);
        let known = match unanswered.map(|(_, request)| request.clone()) {
            Some(request) => Box::pin(make(services, stored, id, &request, now)).await?,
            None => AppliedFacts::none(stored),
        };
        Ok(execute_or_defer(services, known, now).await)
    })
}

async fn make(
    services: &Services,
    stored: Stored<Payment>,
    id: &RefundRequestId,
    request: &RefundRequest,
    now: Timestamp,
) -> Result<AppliedFacts, BookkeepingError> {
    // A refund can be requested only for a paid intent, so the intent is known.
    let Some(intent) = stored.value.state.intent.clone() else { return Ok(AppliedFacts::none(stored)) };
    let stripe = services.stripe_session().await?;
    let key = StripeCall::CreateRefund(id).key(stored.value.id());
    let age = KeyAge::of(request.requested_at, now);
    let refund = stripe.create_refund(&intent, &stored.value.terms, id, request, &key);
    match send_once(age, refund).await? {
        Sent::Made(refund) => apply_refunds(services, stored, &[refund], now).await,
        Sent::LookUp => look_up(services, stored, id, request, now).await,
        Sent::Refused(refusal) => refused(services, stored, id, request, refusal.code(), now).await,
    }
}

/// Looks up a refund whose key Stripe may have forgotten. It is never sent again.
async fn look_up(
    services: &Services,
    stored: Stored<Payment>,
    id: &RefundRequestId,
    request: &RefundRequest,
    now: Timestamp,
) -> Result<AppliedFacts, BookkeepingError> {
    let found = retrieve_refunds(services, stored, now).await?;
    if found.payment.value.state.refunds.refund_for(id).is_some() {
        return Ok(found);
    }
    Ok(refused(services, found.payment.clone(), id, request, LAPSED, now).await?.after(&found))
}

/// Retrieves and applies every refund of the payment's charge.
pub(crate) async fn retrieve_refunds(
    services: &Services,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<AppliedFacts, BookkeepingError> {
    let Some(intent) = stored.value.state.intent.clone() else { return Ok(AppliedFacts::none(stored)) };
    let stripe = services.stripe_session().await?;
    let mut refunds = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = stripe.list_refunds_of(&intent, after.as_deref()).await?;
        refunds.extend(page.data);
        after = page.next;
        if after.is_none() {
            return apply_refunds(services, stored, &refunds, now).await;
        }
    }
}

async fn apply_refunds(
    services: &Services,
    stored: Stored<Payment>,
    refunds: &[RefundObject],
    now: Timestamp,
) -> Result<AppliedFacts, BookkeepingError> {
    let seen = refunds.iter().map(|refund| refund.snapshot().map(Snapshot::Refund));
    let seen = seen.collect::<Result<Vec<_>, _>>()?;
    apply_retrieved(services, stored, now, |payment| Snapshot::all_facts(&seen, payment)).await
}

async fn refused(
    services: &Services,
    stored: Stored<Payment>,
    id: &RefundRequestId,
    request: &RefundRequest,
    code: &str,
    now: Timestamp,
) -> Result<AppliedFacts, BookkeepingError> {
    tracing::warn!(payment = %stored.value.id(), code, "a refund that was accepted is refused");
    count(Metric::RefundRefused);
    let refused = RequestedRefund { request: request.clone(), refused: Some(code.to_owned()) };
    apply_our_facts(services, stored, now, vec![Fact::Refund(RefundFact::Requested(id.clone(), refused))])
        .await
}
