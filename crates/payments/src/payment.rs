//! A payment: terms that never change, a state that facts are joined into, and the ledger that is derived from it.
//!
//! Who may receive is decided in `receiving`; what Stripe did not report is found in `reconciliation`. Start with
//! `snapshot.rs`, which turns one of Stripe's objects into facts, `fact.rs`, which lists them, `state.rs`, which joins
//! them, and `ledger.rs`, which derives the entries. Each other rule is in the file of its name.

mod abandoned;
mod amount_to_recover;
mod balance_fee;
mod card;
mod card_testing;
mod charge_conversion;
mod closed_reason;
mod conflict;
mod conversion;
mod creator_below_zero;
mod creator_share;
mod decline_code;
mod dispute;
mod dispute_deadline;
mod dispute_split;
mod dispute_status;
mod fact;
mod feedback;
mod fingerprint;
mod fraud_response;
mod fraud_type;
mod fraud_warning;
mod fraud_warning_policy;
mod holding_disputes;
mod instruction_retry;
mod intent_creation;
mod intent_parameters;
mod join_max;
mod labels;
mod last_decline;
mod ledger;
mod ledger_account;
mod ledger_check;
mod left_to_decider;
mod list_position;
mod next_instruction;
mod open_intent_lifetime;
mod open_item;
mod payment_change;
mod payment_list;
mod phase_tie;
mod platform_balance;
mod redirect;
mod refresh_schedule;
mod refund;
mod refund_decision;
mod refund_fee;
mod refund_split;
mod refund_status;
mod refund_summary;
mod refund_window;
mod refundable;
mod repeated_request;
mod retransfer;
mod saved_cards;
mod sender_customer;
mod sent_amount;
mod share_adjustment;
mod snapshot;
mod stamp;
mod state;
mod statement_descriptor;
mod status;
mod stripe_idempotency_keys;
mod terms;
#[cfg(test)]
pub(crate) mod tests;
mod transfer;
mod transfer_instruction;
mod unsettled_transfer;

pub use abandoned::ABANDONED_AFTER_S;
pub use balance_fee::BalanceFee;
pub use card::Card;
pub use card_testing::CARD_TESTING_FAILED_CHARGES;
pub use closed_reason::ClosedReason;
pub use conflict::Conflict;
pub use conversion::Conversion;
pub use decline_code::DeclineCode;
pub use dispute::{DisputeFact, DisputeFunds, DisputeSummary, Disputes};
pub use dispute_deadline::DISPUTE_ALARM_BEFORE_S;
pub use dispute_status::DisputeStatus;
pub use fact::{ChargeOutcome, Fact, Phase, StripeFee};
pub use feedback::{Feedback, Opinion, Rating, RatingError};
pub use fingerprint::Fingerprint;
pub use fraud_type::FraudType;
pub use fraud_warning::{FraudResponse, FraudWarning, FraudWarningFact, FraudWarnings};
pub use fraud_warning_policy::{FraudWarningPolicy, NotAFraudWarningPolicy};
pub use intent_creation::AfterRefusal;
pub use intent_parameters::IntentParameters;
pub use labels::{CreatorLabels, Description, Labels};
pub use ledger::{Entry, Posting, SETTLED_ENTRY, entries, same_entries};
pub use ledger_account::{LedgerAccount, UnknownLedgerAccount};
pub use list_position::{ListPosition, newest};
pub use open_intent_lifetime::OPEN_INTENT_LIFETIME_S;
pub use open_item::OpenItem;
pub use payment_change::PaymentChange;
pub use payment_list::{ListReader, PaymentFilter, PaymentList, PaymentQuery};
pub use redirect::NothingOwed;
pub use refund::{Refund, RefundFact, RefundRequest, RefundSplit, Refunds, RequestedRefund};
pub use refund_decision::{REFUND_REQUESTS_MAX, RefundPolicy, RefundRefusal, RefundTerms};
pub use refund_fee::FeeBearer;
pub use refund_status::RefundStatus;
pub use refund_summary::{RefundProgress, RefundSummary};
pub use refund_window::RefundBy;
pub use repeated_request::{NextStep, next_step};
pub use retransfer::Retransfer;
pub use saved_cards::{SavedCard, SavedCards};
pub use sender_customer::{CustomerOutcome, NextCustomerStep, SenderCustomer};
pub(crate) use snapshot::plausible_amount::is_plausible;
pub use snapshot::{
    ChargeSnapshot, DisputeSnapshot, DisputeTransaction, FraudWarningSnapshot, IntentSnapshot, IntentStatus,
    Mismatch, RefundSnapshot, ReversalSnapshot, Snapshot, TransferSnapshot,
};
pub use stamp::{Stamp, StampSource};
pub use state::State;
pub use statement_descriptor::{NotADescriptor, StatementDescriptorSuffix, StatementDescriptorTemplate};
pub use status::Status;
pub use stripe_idempotency_keys::StripeCall;
pub use terms::PaymentTerms;
pub use transfer::{TransferFact, TransferReversal, Transfers};
pub use transfer_instruction::{InstructionKind, InstructionOutcome, TransferInstruction};

use crate::ids::{CustomerId, PaymentId};
use serde::{Deserialize, Serialize};

/// A payment from a sender to a creator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// On the heap: a payment is moved through many futures, and its terms are most of it.
    pub terms: Box<PaymentTerms>,
    pub state: State,
}

impl Payment {
    /// A payment that Stripe does not know yet.
    #[must_use]
    pub fn new(terms: PaymentTerms) -> Self {
        Self { terms: Box::new(terms), state: State::default() }
    }

    /// The payment's id.
    #[must_use]
    pub fn id(&self) -> &PaymentId {
        self.terms.id()
    }

    /// The Customer whose cards may pay: the one in the terms, or the one that replaced it, unless the intent has none.
    #[must_use]
    pub fn customer(&self) -> Option<&CustomerId> {
        let customer = self.state.new_customer.as_ref().or(self.terms.parameters.customer.as_ref());
        customer.filter(|_| !self.state.customer_dropped)
    }

    /// Why we closed the payment, unless it was paid after all.
    #[must_use]
    pub fn closed_reason(&self) -> Option<&ClosedReason> {
        self.state.closed.as_ref().filter(|_| !self.state.succeeded)
    }
}
