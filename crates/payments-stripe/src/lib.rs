//! Stripe: typed requests over our own connection pool, and replies and webhook events turned into what the
//! domain knows.
//!
//! Requests are built by async-stripe's typed builders, so a parameter that the pinned API version does not
//! have cannot be sent. Replies and events are read through narrow [views](IntentView) of only the fields that
//! are needed, one view for both: an event's shape follows the API version of the webhook endpoint, not the
//! client's, and a field that we do not use must not be able to stop a payment.
//!
//! Sockets live in [`HyperTransport`] alone; everything else speaks through [`Transport`].

mod accounts;
mod base;
mod client;
mod error;
mod events;
mod facts;
mod intents;
mod retry;
mod signature;
mod transport;
mod views;

pub use accounts::AccountUnusable;
pub use base::{ApiBase, ApiBaseError};
pub use client::{Session, Stripe, TimeLimits};
pub use error::{StripeError, UnavailableCause, UnreadableJson};
pub use events::{EventObject, EventUnreadable, StripeEvent, parse_event};
pub use facts::UnknownStatus;
pub use intents::{CancellationReason, PAYMENT_ID_METADATA_KEY};
pub use signature::{SIGNATURE_HEADER, SIGNATURE_TOLERANCE_S, SignatureError, sign, verify_signature};
pub use transport::{HyperTransport, RESPONSE_MAX_BYTES, Transport, TransportError, TransportFuture};
pub use views::{
    AccountView, CapabilitiesView, ChargeView, IntentView, LatestCharge, PaymentErrorView, RequirementsView,
    TransferDataView,
};
