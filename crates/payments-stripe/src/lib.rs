//! Stripe: typed requests over our own connection pool, and replies and webhook events turned into what the
//! domain knows.
//!
//! Requests are built by async-stripe's typed builders, so a parameter that the pinned API version does not
//! have cannot be sent. Replies and events are read through narrow [views](IntentObject) of only the fields that
//! are needed, one view for both: an event's shape follows the API version of the webhook endpoint, not the
//! client's, and a field that we do not use must not be able to stop a payment.
//!
//! Sockets live in [`HyperTransport`] alone; everything else speaks through [`Transport`].

mod accounts;
mod base;
mod charges;
mod client;
mod disputes;
mod error;
mod events;
mod intents;
mod metadata;
mod objects;
mod page;
mod received_object;
mod refunds;
mod retry;
mod send_once;
mod signature;
mod snapshots;
mod transactions;
mod transfers;
mod transport;
mod undelivered;

pub use accounts::AccountUnusable;
pub use base::{ApiBase, ApiBaseError};
pub use client::{Session, Stripe, TimeLimits};
pub use error::{Refusal, StripeError, UnavailableCause, UnreadableJson};
pub use events::{EventObject, EventUnreadable, StripeEvent, parse_event};
pub use intents::CancellationReason;
pub use metadata::{
    ACCOUNT_REQUEST_METADATA_KEY, CREATOR_AMOUNT_METADATA_KEY, CREATOR_ID_METADATA_KEY,
    INSTRUCTION_METADATA_KEY, PAYMENT_ID_METADATA_KEY, PLATFORM_AMOUNT_METADATA_KEY, REFUND_ID_METADATA_KEY,
};
pub use objects::{
    AccountLinkObject, AccountObject, AttemptObject, BalanceObject, CapabilitiesObject, ChargeObject,
    ChargeTransaction, DisputeObject, IntentObject, LatestCharge, ListObject, PaymentErrorObject,
    RefundObject, RequirementsObject, ReversalObject, TransactionObject, TransactionSource,
    TransferDataObject, TransferObject,
};
pub use page::{Page, UnreadableObject, Window};
pub use received_object::{ReceivedObject, ReceivedTransaction};
pub use send_once::{Sent, send_once};
pub use signature::{SIGNATURE_HEADER, SIGNATURE_TOLERANCE_S, SignatureError, sign, verify_signature};
pub use snapshots::{SnapshotError, UnknownStatus};
pub use transport::{HyperTransport, RESPONSE_MAX_BYTES, Transport, TransportError, TransportFuture};
pub use undelivered::UndeliveredEvent;
