//! A charge as the domain observes it.

use super::{UnknownStatus, Unobserved, balance_currency};
use crate::{BalanceView, ChargeTransaction, ChargeView, metadata};
use payments::{ChargeObservation, ChargeOutcome, PaymentId, StripeFee};

impl ChargeView {
    /// The payment that the charge belongs to; none for a charge that is not ours.
    #[must_use]
    pub fn payment_id(&self) -> Option<PaymentId> {
        metadata::payment_id(&self.metadata)
    }

    /// The charge as the domain sees it, with Stripe's fee where its balance transaction is expanded.
    ///
    /// # Errors
    /// [`Unobserved`] when the status or the balance's currency is not known.
    pub fn observed(&self) -> Result<ChargeObservation, Unobserved> {
        match &self.balance_transaction {
            Some(ChargeTransaction::Expanded(transaction)) => self.observed_with(Some(transaction)),
            Some(ChargeTransaction::Id(_)) | None => self.observed_with(None),
        }
    }

    /// The charge as its balance transaction shows it. Other transactions can name the charge as their source, too:
    /// only its own tells its fee.
    pub(crate) fn observed_in(&self, transaction: &BalanceView) -> Result<ChargeObservation, Unobserved> {
        let is_own = self.balance_transaction.as_ref().is_some_and(|own| *own.id() == transaction.id);
        if is_own { self.observed_with(Some(transaction)) } else { self.observed() }
    }

    fn observed_with(&self, own: Option<&BalanceView>) -> Result<ChargeObservation, Unobserved> {
        let fee = |own: &BalanceView| {
            let currency = balance_currency(&own.currency, "charge")?;
            Ok::<_, Unobserved>((own.id.clone(), StripeFee { amount: own.fee, currency }))
        };
        Ok(ChargeObservation {
            id: self.id.clone(),
            intent: self.payment_intent.clone(),
            outcome: self.outcome()?,
            amount: self.amount,
            currency: self.currency.clone(),
            transfer: self.transfer.clone(),
            fee: own.map(fee).transpose()?,
        })
    }

    /// What is only reserved on the card is not paid yet.
    fn outcome(&self) -> Result<Option<ChargeOutcome>, UnknownStatus> {
        match self.status.as_str() {
            "succeeded" if self.captured == Some(false) => Ok(None),
            "succeeded" => Ok(Some(ChargeOutcome::Succeeded)),
            "failed" => Ok(Some(ChargeOutcome::Failed)),
            "pending" => Ok(None),
            _ => Err(UnknownStatus { object: "charge" }),
        }
    }
}
