//! What can be learned about a payment.

use crate::ids::{ChargeId, IntentId, TransactionId};
use crate::money::Currency;
use crate::payment::{dispute::DisputeFact, refund::RefundFact, stamp::Stamp, transfer::TransferFact};
use crate::receiving::ReasonCode;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing learned about a payment, from Stripe or by our own decision. Facts are joined into a
/// [`State`](crate::payment::State) in any order and any number of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Which intent carries the payment.
    Intent(IntentId),
    /// Where the open intent stood at a time. For display; decides no money.
    Phase(Stamp, Phase),
    /// An attempt to charge the card.
    Charge(ChargeId, ChargeOutcome),
    /// The intent is paid.
    Succeeded,
    /// The intent is closed unpaid.
    Canceled,
    /// We closed the payment ourselves, without a paid intent.
    Closed(ClosedReason),
    /// What Stripe took for the charge, by its balance transaction.
    Fee(TransactionId, StripeFee),
    /// Of the creator's share on its way.
    Transfer(TransferFact),
    /// Of refunds.
    Refund(RefundFact),
    /// Of disputes.
    Dispute(DisputeFact),
    /// Reconciliation looked after the payment at this time.
    Refreshed(Timestamp),
}

/// What Stripe took for a charge. It can be in another currency than the charge: that of the platform's balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StripeFee {
    /// Minor units of `currency`.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
}

/// Where an open intent stands. It goes back and forth at Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Waits for a card or its confirmation.
    RequiresPaymentMethod,
    /// Waits for the sender, for 3-D Secure.
    RequiresAction,
    /// With the card network.
    Processing,
}

/// What became of an attempt to charge the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeOutcome {
    /// Declined or failed.
    Failed,
    /// Paid.
    Succeeded,
}

/// Why we closed a payment that never got a paid intent. The greater wins where two meet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedReason {
    /// No intent was ever made for it.
    Abandoned,
    /// The creator may no longer receive, found before an intent was given out.
    NotReceiving(Vec<ReasonCode>),
    /// Stripe definitely refused to create the intent.
    RefusedByStripe,
}
