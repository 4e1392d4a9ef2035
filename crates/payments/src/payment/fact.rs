//! The facts that a payment's state is made of.

use crate::ids::{ChargeId, CustomerId, IntentId, TransactionId};
use crate::money::Currency;
use crate::payment::{
    Card, ClosedReason, Conflict, Conversion, DeclineCode, DisputeFact, FraudWarningFact, RefundFact, Stamp,
    TransferFact,
};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing known about a payment, from Stripe or by our own decision, that never becomes untrue. Facts are joined
/// into a [`State`](crate::payment::State) in any order and any number of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The payment's intent.
    Intent(IntentId),
    /// The phase of the open intent at a time. For display only: it decides no money.
    Phase(Stamp, Phase),
    /// An attempt to charge the card.
    Charge(ChargeId, ChargeOutcome),
    /// The card that paid; for display only.
    Card(Card),
    /// Why an attempt to pay failed, at a time; for display only.
    Declined(Stamp, DeclineCode),
    /// The intent succeeded.
    Succeeded,
    /// We booked the settlement at this time.
    Settled(Timestamp),
    /// The intent was canceled.
    Canceled,
    /// We closed the payment ourselves, without a paid intent.
    Closed(ClosedReason),
    /// Stripe refused the receipt's address, so the intent is created without it.
    ReceiptRefused,
    /// Stripe no longer has the Customer in the terms, so the intent is created for this one.
    CustomerReplaced(CustomerId),
    /// Stripe has neither the Customer in the terms nor, in time, another one, so the intent is created without one.
    CustomerDropped,
    /// Stripe's fee for the charge, by its balance transaction.
    Fee(TransactionId, StripeFee),
    /// The two amounts of a balance transaction in another currency.
    Conversion(TransactionId, Conversion),
    Transfer(TransferFact),
    Refund(RefundFact),
    Dispute(DisputeFact),
    FraudWarning(FraudWarningFact),
    /// Stripe contradicts what is known.
    Conflict(Conflict),
    /// Reconciliation refreshed the payment at this time.
    Refreshed(Timestamp),
    /// So many of the payment's ledger entries were compared with the stored ones.
    LedgerChecked(u32),
}

/// Stripe's fee for a charge. Its currency is that of the platform's balance, which can differ from the charge's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StripeFee {
    /// Minor units of `currency`.
    pub amount: i64,
    pub currency: Currency,
}

/// The phase of an open intent. It goes back and forth at Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Waits for a card or its confirmation.
    RequiresPaymentMethod,
    /// Waits for the sender, for 3-D Secure.
    RequiresAction,
    /// The card network processes it.
    Processing,
}

/// The outcome of an attempt to charge the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeOutcome {
    Failed,
    Succeeded,
}
