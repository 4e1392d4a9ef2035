//! Snapshots of charges.

use super::{SnapshotError, balance_currency};
use crate::{BalanceObject, ChargeObject, ChargeTransaction};
use payments::{Card, ChargeOutcome, ChargeSnapshot, StripeFee};

impl ChargeObject {
    /// The snapshot of the charge, with Stripe's fee where the balance transaction is expanded.
    ///
    /// # Errors
    /// [`SnapshotError`] when the status or the balance's currency is unknown.
    pub fn snapshot(&self) -> Result<ChargeSnapshot, SnapshotError> {
        match &self.balance_transaction {
            Some(ChargeTransaction::Expanded(transaction)) => self.observed_with(Some(transaction)),
            Some(ChargeTransaction::Id(_)) | None => self.observed_with(None),
        }
    }

    /// The snapshot of the charge from a balance transaction. Other transactions can have the charge as their
    /// source, too, but only the charge's own contains its fee.
    pub(crate) fn snapshot_with(&self, transaction: &BalanceObject) -> Result<ChargeSnapshot, SnapshotError> {
        let is_own = self.balance_transaction.as_ref().is_some_and(|own| *own.id() == transaction.id);
        if is_own { self.observed_with(Some(transaction)) } else { self.snapshot() }
    }

    fn observed_with(&self, own: Option<&BalanceObject>) -> Result<ChargeSnapshot, SnapshotError> {
        let fee = |own: &BalanceObject| {
            let currency = balance_currency(&own.currency, "charge")?;
            Ok::<_, SnapshotError>((own.id.clone(), StripeFee { amount: own.fee, currency }))
        };
        Ok(ChargeSnapshot {
            id: self.id.clone(),
            intent: self.payment_intent.clone(),
            outcome: self.outcome()?,
            card: self.card(),
            amount: self.amount,
            currency: self.currency.clone(),
            transfer: self.transfer.clone(),
            fee: own.map(fee).transpose()?,
        })
    }

    fn card(&self) -> Option<Card> {
        let card = self.payment_method_details.as_ref()?.card.as_ref()?;
        Card::of(card.brand.as_deref()?, card.last4.as_deref()?)
    }

    /// A charge that is only reserved on the card is not paid yet.
    fn outcome(&self) -> Result<Option<ChargeOutcome>, SnapshotError> {
        match self.status.as_str() {
            "succeeded" if self.captured == Some(false) => Ok(None),
            "succeeded" => Ok(Some(ChargeOutcome::Succeeded)),
            "failed" => Ok(Some(ChargeOutcome::Failed)),
            "pending" => Ok(None),
            _ => Err(SnapshotError::UnknownStatus { object: "charge" }),
        }
    }
}
