//! The types of events that the webhook uses. An endpoint is sent these and no others.

/// Events on the platform's own account.
pub const PLATFORM_EVENTS: [&str; 22] = [
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_reinstated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
    "charge.failed",
    "charge.succeeded",
    "charge.updated",
    "payment_intent.canceled",
    "payment_intent.created",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.succeeded",
    "radar.early_fraud_warning.created",
    "radar.early_fraud_warning.updated",
    "refund.created",
    "refund.failed",
    "refund.updated",
    "transfer.created",
    "transfer.reversed",
    "transfer.updated",
];

/// Events on connected accounts: accounts of v1, disconnections, and payouts.
pub const CONNECTED_EVENTS: [&str; 5] = [
    "account.application.deauthorized",
    "account.updated",
    "capability.updated",
    "payout.failed",
    "payout.paid",
];
