//! A payment: terms that never change, a state that facts are joined into, and the ledger that is derived from it.
//!
//! Who may receive is decided in `receiving`; what Stripe did not report is found in `reconciliation`. Start with
//! `snapshot.rs`, which turns one of Stripe's objects into facts, `fact.rs`, which lists them, `state.rs`, which joins
//! them, and `ledger.rs`, which derives the entries.

mod amount_to_recover;
mod card_testing;
mod conflict;
mod creator_share;
mod differing_objects;
mod dispute;
mod fact;
mod feedback;
mod fingerprint;
mod holding_disputes;
mod idempotency;
mod intent;
mod intent_creation;
mod join_max;
mod labels;
mod ledger;
mod next_instruction;
mod open_intent;
mod open_item;
mod redirect;
mod refresh_schedule;
mod refund;
mod refund_decision;
mod share_adjustment;
mod snapshot;
mod stamp;
mod state;
mod statement_descriptor;
mod stripe_call;
mod terms;
#[cfg(test)]
pub(crate) mod tests;
mod transfer;

pub use card_testing::CARD_TESTING_FAILED_CHARGES;
pub use conflict::Conflict;
pub use dispute::{DisputeFact, DisputeFunds, DisputeStatus, DisputeSummary, Disputes};
pub use fact::{ChargeOutcome, ClosedReason, Fact, Phase, StripeFee};
pub use feedback::{Feedback, Opinion, Rating, RatingError};
pub use fingerprint::Fingerprint;
pub use idempotency::{NextStep, next_step};
pub use intent::IntentParameters;
pub use intent_creation::AfterRefusal;
pub use labels::{CreatorLabels, Description, Labels};
pub use ledger::{Entry, LedgerAccount, Posting, UnknownLedgerAccount, entries, same_entries};
pub use open_intent::OPEN_INTENT_LIFETIME_S;
pub use open_item::{ABANDONED_AFTER_S, OpenItem};
pub use redirect::NothingOwed;
pub use refund::{Refund, RefundFact, RefundRequest, RefundSplit, RefundStatus, Refunds, RequestedRefund};
pub use refund_decision::{
    FeeBearer, REFUND_REQUESTS_MAX, RefundBy, RefundPolicy, RefundRefusal, RefundTerms,
};
pub use snapshot::{
    ChargeSnapshot, DisputeSnapshot, DisputeTransaction, IntentSnapshot, IntentStatus, Mismatch,
    RefundSnapshot, ReversalSnapshot, Snapshot, TransferSnapshot,
};
pub use stamp::{Stamp, StampSource};
pub use state::State;
pub use statement_descriptor::{NotADescriptor, StatementDescriptorSuffix, StatementDescriptorTemplate};
pub use stripe_call::StripeCall;
pub use terms::PaymentTerms;
pub use transfer::{
    InstructionKind, InstructionOutcome, TransferFact, TransferInstruction, TransferReversal, Transfers,
};

use crate::ids::{IntentId, PaymentId};
use crate::receiving::SenderHoldChange;
use serde::{Deserialize, Serialize};

/// A payment from a sender to a creator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub terms: PaymentTerms,
    pub state: State,
}

/// A payment's status in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Recorded; its intent is not known yet.
    Created,
    /// Waits for a card, also after one was declined.
    RequiresPaymentMethod,
    /// Waits for the sender, for 3-D Secure.
    RequiresAction,
    /// The card network processes it.
    Processing,
    Succeeded,
    Canceled,
}

/// What joining facts changes: written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentChange {
    pub after: Payment,
    /// Ledger entries that the state implies now and did not imply before.
    pub new_entries: Vec<Entry>,
    /// The payment's intent, if this change makes it known.
    pub attached: Option<IntentId>,
    /// This change makes the payment both paid and closed, which an operator must examine.
    pub contradiction: bool,
    pub hold: Option<SenderHoldChange>,
    /// With this change, enough charges failed to count as card testing.
    pub card_testing: bool,
    /// The number of the transfer instruction that this change decides.
    pub decided: Option<u32>,
}

impl Payment {
    /// A payment that Stripe does not know yet.
    #[must_use]
    pub fn new(terms: PaymentTerms) -> Self {
        Self { terms, state: State::default() }
    }

    /// The payment's id.
    #[must_use]
    pub fn id(&self) -> &PaymentId {
        self.terms.id()
    }

    /// Joins facts. `None` when the payment's state already contains them all.
    #[must_use]
    pub fn join(&self, facts: &[Fact]) -> Option<PaymentChange> {
        let state = self.state.clone().join_all(facts);
        if state == self.state {
            return None;
        }
        let after = Self { terms: self.terms.clone(), state };
        let before = entries(self);
        Some(PaymentChange {
            new_entries: entries(&after).into_iter().filter(|entry| !before.contains(entry)).collect(),
            attached: after.state.intent.clone().filter(|_| self.state.intent.is_none()),
            contradiction: after.state.is_contradictory() && !self.state.is_contradictory(),
            hold: SenderHoldChange::between(
                &self.disputes_holding_sender(),
                &after.disputes_holding_sender(),
            ),
            card_testing: after.is_card_testing() && !self.is_card_testing(),
            decided: after.state.transfers.decided_since(&self.state.transfers),
            after,
        })
    }

    /// Stripe's fee for the charge in minor units, if it is known and in the payment's currency.
    #[must_use]
    pub fn actual_fee(&self) -> Option<i64> {
        let currency = self.terms.chosen.currency();
        let comparable =
            !self.state.fees.is_empty() && self.state.fees.values().all(|fee| fee.currency == currency);
        comparable.then(|| self.state.fees.values().map(|fee| fee.amount).sum())
    }

    /// The status in the API.
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

    /// Why we closed the payment, unless it was paid after all.
    #[must_use]
    pub fn closed_reason(&self) -> Option<&ClosedReason> {
        self.state.closed.as_ref().filter(|_| !self.state.succeeded)
    }
}
