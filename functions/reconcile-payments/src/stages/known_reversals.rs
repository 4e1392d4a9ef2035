//! Reversals in balance transactions: what one means only its transfer says, which is retrieved unless the reversal is known.

use crate::ReconciliationError;
use crate::differences::unappliable;
use futures_util::future::BoxFuture;
use payments::{Findings, Payment, ReversalId};
use payments_bookkeeping::ReadAhead;
use payments_services::Services;
use payments_store::Stored;
use payments_stripe::{Claim, ReceivedObject, ReceivedReversal, StripeError};

/// The transfer of a reversal, or the payment that has the reversal already.
type TransferOrKnown = Result<Box<ReceivedObject>, Option<Stored<Payment>>>;

/// Returns the transfer of a reversal; or the payment whose row has the reversal already; or none when the transfer cannot be
/// read.
pub(crate) fn received_reversal<'a>(
    services: &'a Services,
    findings: &'a mut Findings,
    reversal: &'a ReceivedReversal,
    read: &'a ReadAhead,
) -> BoxFuture<'a, Result<TransferOrKnown, ReconciliationError>> {
    Box::pin(async move {
        if let Some(known) = payment_of_known(services, reversal, read).await? {
            findings.counts.transactions += 1;
            return Ok(Err(Some(known)));
        }
        match services.stripe_session().await?.retrieve_transfer(&reversal.transfer).await {
            Ok(transfer) => Ok(Ok(Box::new(transfer.received_object()))),
            // One transfer that cannot be read does not keep the rest from being reconciled.
            Err(error @ (StripeError::Refused(_) | StripeError::Unreadable(_))) => {
                findings.note(unappliable(reversal.transfer.to_string(), error.to_string(), None));
                Ok(Err(None))
            }
            Err(error) => Err(error.into()),
        }
    })
}

/// The payment whose row has a reversal already: we made it, and it names its payment.
async fn payment_of_known(
    services: &Services,
    reversal: &ReceivedReversal,
    read: &ReadAhead,
) -> Result<Option<Stored<Payment>>, ReconciliationError> {
    let Some(payment) = &reversal.payment else { return Ok(None) };
    let claim = Claim { payment: Some(payment.clone()), ..Claim::default() };
    let known = match read.payment_of(&claim, &services.config.deployment) {
        Some(known) => Some(known.clone()),
        None => services.store.payment(payment).await?,
    };
    Ok(known.filter(|known| counted_reversals(&known.value).any(|id| *id == reversal.id)))
}

/// The reversals that are booked, as their transfer is.
fn counted_reversals(payment: &Payment) -> impl Iterator<Item = &ReversalId> {
    let reversals = payment.state.transfers.reversals.iter();
    let is_counted = |transfer| payment.state.succeeded && payment.state.is_counted(transfer);
    reversals.filter(move |(_, reversal)| is_counted(&reversal.transfer)).map(|(id, _)| id)
}
