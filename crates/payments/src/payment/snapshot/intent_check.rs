//! Whether a PaymentIntent is the one that the payment's terms describe.

use crate::payment::snapshot::mismatch::Shown;
use crate::payment::{IntentSnapshot, IntentStatus, Mismatch, Payment};

impl IntentSnapshot {
    pub(super) fn check(&self, payment: &Payment) -> Result<(), Mismatch> {
        let intent = payment.state.intent.as_ref();
        Mismatch::unless(intent.is_none_or(|id| *id == self.id), "id", &Shown(intent), &self.id)?;
        self.check_terms(payment)
    }

    pub(super) fn check_terms(&self, payment: &Payment) -> Result<(), Mismatch> {
        let expected = &payment.terms.parameters;
        let paid_in_full =
            self.status != IntentStatus::Succeeded || self.amount_received == expected.total.amount();
        let (total, currency) = (expected.total.amount(), expected.total.currency().code());
        Mismatch::unless(self.amount == total, "amount", &total, &self.amount)?;
        Mismatch::unless(paid_in_full, "amount_received", &total, &self.amount_received)?;
        Mismatch::unless(self.currency == currency, "currency", &currency, &self.currency)?;
        let destination = self.destination.as_ref();
        let is_ours = destination == Some(&expected.destination);
        Mismatch::unless(is_ours, "destination", &expected.destination, &Shown(destination))?;
        let is_ours = self.transfer_amount == Some(expected.transfer_amount);
        let theirs = Shown(self.transfer_amount.as_ref());
        Mismatch::unless(is_ours, "transfer amount", &expected.transfer_amount, &theirs)
    }
}
