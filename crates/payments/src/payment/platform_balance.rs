//! What of a payment waits for the platform's balance. Stripe refuses a transfer beyond what is available of it, and leaves a
//! refund pending (<https://docs.stripe.com/refunds>).

use crate::money::Currency;
use crate::payment::{InstructionOutcome, Payment, TransferInstruction};
use crate::timestamp::Timestamp;
use std::collections::BTreeMap;

/// Stripe's code for a transfer that the balance does not cover.
const BALANCE_INSUFFICIENT: &str = "balance_insufficient";

impl Payment {
    /// Whether Stripe refused to pay the creator again because the platform's available balance was too low.
    #[must_use]
    pub fn awaits_platform_balance(&self) -> bool {
        let refused = self.state.transfers.last_refused().filter(|last| last.is_retransfer());
        let is_insufficient = |last: &TransferInstruction| {
            last.outcome == InstructionOutcome::Refused(BALANCE_INSUFFICIENT.to_owned())
        };
        self.state.to_recover() < 0 && refused.is_some_and(is_insufficient)
    }

    /// Stripe's code of the last refusal, while the amount is still to be recovered or retransferred.
    #[must_use]
    pub fn owed_reason(&self) -> Option<&str> {
        let refused = self.state.transfers.last_refused().filter(|_| self.state.to_recover() != 0)?;
        match &refused.outcome {
            InstructionOutcome::Refused(code) => Some(code),
            InstructionOutcome::Pending | InstructionOutcome::Executed => None,
        }
    }

    /// What is still to leave the platform's balance: what is to be paid to the creator again, and refunds that are not
    /// finished. In minor units of the currency in which the charge settled; `None` if it is nothing.
    #[must_use]
    pub fn awaited_from_balance(&self) -> Option<(Currency, i64)> {
        let unfinished = self.state.refunds.at_stripe.values().filter(|refund| refund.status.is_unfinished());
        let refunds: i64 = unfinished.map(|refund| refund.split.creator + refund.split.platform).sum();
        let awaited = (-self.state.to_recover()).max(0) + refunds;
        if awaited == 0 {
            return None;
        }
        match self.charge_conversion() {
            Some(charge) => Some((charge.currency, charge.convert(awaited)?)),
            None => Some((self.terms.chosen.currency(), awaited)),
        }
    }

    /// The next instruction, unless the pause after a refusal of its direction has not ended. One that waits for the
    /// platform's balance follows as soon as `available` covers it, and not before; where Stripe refused it although it was
    /// covered, after pauses that grow from then on. An empty `available` is not known.
    #[must_use]
    pub fn due_instruction(
        &self,
        now: Timestamp,
        available: &BTreeMap<Currency, i64>,
    ) -> Option<TransferInstruction> {
        let next = self.next_instruction(now)?;
        let transfers = &self.state.transfers;
        let may_follow = transfers.may_follow_refusal(&next, now);
        if !self.awaits_platform_balance() || available.is_empty() {
            return may_follow.then_some(next);
        }
        let (amount, currency) = next.sent_amount(self.terms.chosen.currency());
        let is_covered = available.get(&currency).copied().unwrap_or_default() >= amount;
        let was_covered = transfers.last_refused().is_some_and(|last| last.covered);
        let refused_since = next.refused_since.filter(|_| was_covered);
        let is_due = is_covered && (may_follow || !was_covered);
        is_due.then_some(TransferInstruction { covered: true, refused_since, ..next })
    }
}
