//! Executes a refund request: the refund comes first, then the creator's share is recovered.

use crate::{AppliedFacts, Bookkeeping, BookkeepingError, LAPSED, Work};
use payments::{
    Fact, KeyAge, Payment, RefundFact, RefundRequest, RefundRequestId, RequestedRefund, Snapshot, StripeCall,
};
use payments_services::{Metric, count};
use payments_store::Stored;
use payments_stripe::{RefundObject, Sent, send_once};

impl<'a> Bookkeeping<'a> {
    /// Executes a refund request that is in the payment's row, and recovers the creator's share.
    ///
    /// # Errors
    /// [`BookkeepingError`] when it is unknown whether the refund was made: the request stays in the row, and
    /// repeating the call is safe. A transfer instruction that fails is left to reconciliation.
    pub fn execute_refund(
        self,
        stored: Stored<Payment>,
        id: &'a RefundRequestId,
    ) -> Work<'a, Stored<Payment>> {
        Box::pin(async move {
            let unanswered = stored.value.state.refunds.open_requests().find(|(asked, _)| *asked == id);
            let known = match unanswered.map(|(_, request)| request.clone()) {
                Some(request) => Box::pin(self.send_refund(stored, id, &request)).await?,
                None => AppliedFacts::none(stored),
            };
            Ok(self.execute_or_defer(known).await)
        })
    }

    async fn send_refund(
        self,
        stored: Stored<Payment>,
        id: &RefundRequestId,
        request: &RefundRequest,
    ) -> Result<AppliedFacts, BookkeepingError> {
        // A refund can be requested only for a paid intent, so the intent is known.
        let Some(intent) = stored.value.state.intent.clone() else {
            return Ok(AppliedFacts::none(stored));
        };
        let stripe = self.stripe().await?;
        let key = StripeCall::CreateRefund(id).key(stored.value.id());
        let age = KeyAge::of(request.requested_at, self.now);
        let refund = stripe.create_refund(&intent, &stored.value.terms, id, request, &key);
        match send_once(age, refund).await? {
            Sent::Made(refund) => self.apply_refunds(stored, &[refund]).await,
            Sent::LookUp => self.look_up_refund(stored, id, request).await,
            Sent::Refused(refusal) => self.refund_refused(stored, id, request, refusal.code()).await,
        }
    }

    /// Looks up a refund whose key Stripe may have forgotten. It is never sent again.
    async fn look_up_refund(
        self,
        stored: Stored<Payment>,
        id: &RefundRequestId,
        request: &RefundRequest,
    ) -> Result<AppliedFacts, BookkeepingError> {
        let found = self.retrieve_refunds(stored).await?;
        if found.payment.value.state.refunds.refund_for(id).is_some() {
            return Ok(found);
        }
        Ok(self.refund_refused(found.payment.clone(), id, request, LAPSED).await?.after(&found))
    }

    /// Retrieves and applies every refund of the payment's charge.
    pub(crate) async fn retrieve_refunds(
        self,
        stored: Stored<Payment>,
    ) -> Result<AppliedFacts, BookkeepingError> {
        let Some(intent) = stored.value.state.intent.clone() else {
            return Ok(AppliedFacts::none(stored));
        };
        let stripe = self.stripe().await?;
        let mut refunds = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = stripe.list_refunds_of(&intent, after.as_deref()).await?;
            refunds.extend(page.data);
            after = page.next;
            if after.is_none() {
                return self.apply_refunds(stored, &refunds).await;
            }
        }
    }

    async fn apply_refunds(
        self,
        stored: Stored<Payment>,
        refunds: &[RefundObject],
    ) -> Result<AppliedFacts, BookkeepingError> {
        let seen = refunds.iter().map(|refund| refund.snapshot().map(Snapshot::Refund));
        let seen = seen.collect::<Result<Vec<_>, _>>()?;
        self.apply_retrieved(stored, |payment| Snapshot::all_facts(&seen, payment)).await
    }

    async fn refund_refused(
        self,
        stored: Stored<Payment>,
        id: &RefundRequestId,
        request: &RefundRequest,
        code: &str,
    ) -> Result<AppliedFacts, BookkeepingError> {
        tracing::warn!(payment = %stored.value.id(), code, "a refund that was accepted is refused");
        count(Metric::RefundRefused);
        let refused = RequestedRefund { request: request.clone(), refused: Some(code.to_owned()) };
        self.apply_our_facts(stored, vec![Fact::Refund(RefundFact::Requested(id.clone(), refused))]).await
    }
}
