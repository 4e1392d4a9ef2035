//! A payment: terms that never change, a state that facts are joined into, and the ledger that follows from it.
//!
//! Nothing here decides who may receive (`receiving`) or looks for what Stripe did not tell (`reconciliation`).
//! Next: `snapshot.rs` turns an object of Stripe's into facts, `fact.rs` lists them, `state.rs` joins them, and
//! `ledger.rs` books them.

mod creator_share;
mod dispute;
mod dispute_share;
mod fact;
mod feedback;
mod fingerprint;
mod idempotency;
mod intent;
mod join;
mod ledger;
mod open_intent;
mod open_item;
mod refund;
mod refund_decision;
mod sender_hold;
mod snapshot;
mod stamp;
mod state;
mod stripe_call;
mod terms;
#[cfg(test)]
pub(crate) mod tests;
mod transfer;

pub use dispute::{DisputeFact, DisputeFunds, DisputeStatus, DisputeSummary, Disputes};
pub use fact::{ChargeOutcome, ClosedReason, Fact, Phase, StripeFee};
pub use feedback::{Feedback, Opinion, Rating, RatingError};
pub use fingerprint::Fingerprint;
pub use idempotency::{NextStep, next_step};
pub use intent::IntentParameters;
pub use ledger::{Entry, LedgerAccount, Posting, UnknownLedgerAccount, entries, same_entries};
pub use open_intent::{CARD_TESTING_FAILED_CHARGES, OPEN_INTENT_LIFETIME_S, ROW_WITHOUT_INTENT_S};
pub use open_item::OpenItem;
pub use refund::{Refund, RefundFact, RefundRequest, RefundSplit, RefundStatus, Refunds, RequestedRefund};
pub use refund_decision::{
    FeeBearer, REFUND_REQUESTS_MAX, RefundBy, RefundPolicy, RefundRefusal, RefundTerms,
};
pub use sender_hold::{SenderHold, SenderHoldChange};
pub use snapshot::{
    ChargeSnapshot, DisputeSnapshot, DisputeTransaction, IntentSnapshot, IntentStatus, Mismatch,
    RefundSnapshot, ReversalSnapshot, Snapshot, TransferSnapshot,
};
pub use stamp::{Source, Stamp};
pub use state::State;
pub use stripe_call::StripeCall;
pub use terms::PaymentTerms;
pub use transfer::{
    InstructionKind, InstructionOutcome, TransferFact, TransferInstruction, TransferReversal, Transfers,
};

use crate::ids::{IntentId, PaymentId};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A payment from a sender to a creator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// What was agreed when it was created.
    pub terms: PaymentTerms,
    /// What has been learned since.
    pub state: State,
}

/// A payment's status as callers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Recorded; Stripe has not answered yet.
    Created,
    /// Waits for a card; also after a declined one.
    RequiresPaymentMethod,
    /// Waits for the sender, for 3-D Secure.
    RequiresAction,
    /// With the card network.
    Processing,
    /// Paid.
    Succeeded,
    /// Closed unpaid.
    Canceled,
}

/// What joining facts changes. It is written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The payment with the facts joined.
    pub after: Payment,
    /// Entries that the state now implies and did not before.
    pub new_entries: Vec<Entry>,
    /// The intent that is known since this change.
    pub attached: Option<IntentId>,
    /// Paid and closed are both known since this change: someone must look.
    pub contradiction: bool,
    /// What it does to the sender's hold.
    pub hold: Option<SenderHoldChange>,
    /// So many charges failed since this change that somebody tries cards.
    pub card_testing: bool,
}

impl Payment {
    /// A new payment, before Stripe knows of it.
    #[must_use]
    pub fn new(terms: PaymentTerms) -> Self {
        Self { terms, state: State::default() }
    }

    /// The payment's id.
    #[must_use]
    pub fn id(&self) -> &PaymentId {
        self.terms.id()
    }

    /// Joins facts: what changes, or `None` when they tell nothing new.
    #[must_use]
    pub fn join(&self, facts: &[Fact]) -> Option<Change> {
        let state = self.state.clone().join_all(facts);
        if state == self.state {
            return None;
        }
        let after = Self { terms: self.terms.clone(), state };
        let known = entries(self);
        Some(Change {
            new_entries: entries(&after).into_iter().filter(|entry| !known.contains(entry)).collect(),
            attached: after.state.intent.clone().filter(|_| self.state.intent.is_none()),
            contradiction: after.state.is_contradictory() && !self.state.is_contradictory(),
            hold: SenderHoldChange::between(
                &self.state.disputes.holding_sender(),
                &after.state.disputes.holding_sender(),
            ),
            card_testing: after.is_card_testing() && !self.is_card_testing(),
            after,
        })
    }

    /// The movement of the creator's share to decide on now: none while one is outstanding, or when nothing is owed.
    #[must_use]
    pub fn next_instruction(&self, now: Timestamp) -> Option<TransferInstruction> {
        self.state.transfers.next_instruction(self.state.to_recover(), self.terms.chosen.amount(), now)
    }

    /// The movement that is tried again after a refusal, once it is time for it.
    #[must_use]
    pub fn next_attempt(&self, now: Timestamp) -> Option<TransferInstruction> {
        self.next_instruction(now).filter(|_| self.state.transfers.may_retry(now))
    }

    /// Facts, what disputes take of the creator's share by them, and the movement of it that they call for: decided in the
    /// same write. After a refusal the next movement waits until something else is owed, or until reconciliation tries
    /// again. What somebody else took back waits for reconciliation, too, before it is given again: the refund that it
    /// belongs to may only be on its way.
    #[must_use]
    pub fn with_decisions(&self, mut facts: Vec<Fact>, now: Timestamp) -> Vec<Fact> {
        let mut after = self.clone();
        after.state = after.state.join_all(&facts);
        let further = after.share_adjustments();
        if !further.is_empty() {
            after.state = after.state.join_all(&further);
            facts.extend(further);
        }
        let refused =
            after.state.transfers.is_refused() && after.state.to_recover() == self.state.to_recover();
        let ours = self.state.transfers.outstanding().is_some()
            || after.state.creator_deductions() < self.state.creator_deductions();
        let at_once =
            |next: &TransferInstruction| !refused && (ours || next.kind != InstructionKind::Transfer);
        let decided = after.next_instruction(now).filter(at_once);
        facts.extend(decided.map(|decided| Fact::Transfer(TransferFact::Instruction(decided))));
        facts
    }

    /// What Stripe took for the charge, where it is known in the payment's currency, in minor units.
    #[must_use]
    pub fn actual_fee(&self) -> Option<i64> {
        let currency = self.terms.chosen.currency();
        let known =
            !self.state.fees.is_empty() && self.state.fees.values().all(|fee| fee.currency == currency);
        known.then(|| self.state.fees.values().map(|fee| fee.amount).sum())
    }

    /// The status as callers see it.
    #[must_use]
    pub fn status(&self) -> Status {
        let state = &self.state;
        if state.succeeded {
            return Status::Succeeded;
        }
        if state.is_terminal() {
            return Status::Canceled;
        }
        match (&state.phase, &state.intent) {
            (Some((_, Phase::RequiresPaymentMethod)), _) | (None, Some(_)) => Status::RequiresPaymentMethod,
            (Some((_, Phase::RequiresAction)), _) => Status::RequiresAction,
            (Some((_, Phase::Processing)), _) => Status::Processing,
            (None, None) => Status::Created,
        }
    }

    /// Why we closed it, unless it was paid all the same.
    #[must_use]
    pub fn closed_reason(&self) -> Option<&ClosedReason> {
        self.state.closed.as_ref().filter(|_| !self.state.succeeded)
    }
}
