//! What the events of a payment, its refunds and its disputes contain.

use crate::ids::{CreatorId, DisputeId, FraudWarningId, PaymentId, RefundId, UserId, WaveName};
use crate::money::Currency;
use crate::payment::{DisputeStatus, FraudResponse, FraudType};
use crate::text_limits::Context;
use crate::timestamp::Timestamp;
use serde::Serialize;

/// What the events of a payment, its refunds and its disputes all say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventPayment {
    pub payment_id: PaymentId,
    pub creator_id: CreatorId,
    /// What the payment is for in the app; null without one.
    pub context: Option<Context>,
    /// Of every amount.
    pub currency: Currency,
}

/// The detail of `PaymentSettled`: a payment is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentSettled {
    #[serde(flatten)]
    pub payment: EventPayment,
    /// Null when the sender is anonymous.
    pub sender_id: Option<UserId>,
    /// The chosen amount, which the creator receives, in minor units.
    pub amount: i64,
    /// The sender stays anonymous to the creator.
    pub anonymous: bool,
    /// The payment has a message, which `GET /v1/payments/{payment_id}` returns.
    pub has_message: bool,
    /// The wave that admitted the payment; null without one.
    pub wave: Option<WaveName>,
}

/// The detail of `PaymentCanceled`: a payment ended unpaid. The creator never saw it, so this is for its sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentCanceled {
    #[serde(flatten)]
    pub payment: EventPayment,
    /// Null when the sender is anonymous.
    pub sender_id: Option<UserId>,
    /// The chosen amount, in minor units.
    pub amount: i64,
}

/// The detail of `PaymentRefunded` and of `RefundFailed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentRefunded {
    #[serde(flatten)]
    pub payment: EventPayment,
    pub stripe_refund_id: RefundId,
    /// The creator's share of the refund, in minor units: what the creator returns.
    pub amount: i64,
    /// The creator's share of all refunds of the payment now, in minor units.
    pub refunded_amount: i64,
}

/// The detail of `DisputeOpened` and of `DisputeClosed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisputeDetail {
    #[serde(flatten)]
    pub payment: EventPayment,
    pub stripe_dispute_id: DisputeId,
    /// Null while only the dispute's balance transactions are known.
    pub status: Option<DisputeStatus>,
    /// The disputed part of the charge, in minor units; null while only the dispute's balance transactions are known.
    pub amount: Option<i64>,
    /// Until when evidence can be submitted; null once the dispute has ended, and where the bank takes none.
    pub due_by: Option<Timestamp>,
}

/// The detail of `DisputeWithdrawn` and of `DisputeReinstated`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisputeFundsDetail {
    #[serde(flatten)]
    pub payment: EventPayment,
    pub stripe_dispute_id: DisputeId,
    /// The part of the charge, in minor units.
    pub amount: i64,
    /// The creator's share of it, in minor units.
    pub creator_amount: i64,
}

/// The detail of `FraudWarningReceived`: the card's issuer reports the payment as fraud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FraudWarningDetail {
    #[serde(flatten)]
    pub payment: EventPayment,
    pub stripe_warning_id: FraudWarningId,
    pub fraud_type: FraudType,
    pub warned_at: Timestamp,
    /// What follows from it; null while the payment is not known to be paid.
    pub response: Option<FraudResponse>,
}
