//! Requests to Stripe, and the parsing of replies and webhook events into snapshots for the domain. What a snapshot
//! changes is decided in `payments`, never here. async-stripe builds the requests, so only parameters of the pinned
//! API version can be sent. Replies and events are parsed into [structs](IntentObject) of the fields in use alone:
//! events have their endpoint's API version, and an unused field must not stop a payment. Only [`HyperTransport`]
//! opens sockets; all else uses [`Transport`]. Start at `client.rs`, then `received_object.rs`.

mod accounts;
mod accounts_v2;
mod api_base;
mod balance;
mod call;
mod charges;
mod claim;
mod client;
mod disputes;
mod error;
mod events;
mod intents;
mod json_client;
mod metadata;
mod objects;
mod operator_message;
mod page;
mod received_object;
mod refunds;
mod retry;
mod send_once;
mod signature;
mod snapshots;
mod thin_events;
mod transactions;
mod transfers;
mod transport;
mod undelivered;

pub use api_base::{ApiBase, ApiBaseError};
pub use claim::{Claim, ClaimKind, EventClaim};
pub use client::{Session, Stripe, TimeLimits};
pub use error::{Refusal, StripeError, UnavailableCause, UnreadableJson};
pub use events::{EventObject, EventUnreadable, StripeEvent, parse_event};
pub use intents::CancellationReason;
pub use metadata::{
    ACCOUNT_REQUEST_METADATA_KEY, CREATOR_AMOUNT_METADATA_KEY, CREATOR_ID_METADATA_KEY,
    DEPLOYMENT_METADATA_KEY, INSTRUCTION_METADATA_KEY, PAYMENT_ID_METADATA_KEY, PLATFORM_AMOUNT_METADATA_KEY,
    REFUND_ID_METADATA_KEY,
};
pub use objects::{
    AccountLinkObject, AccountObject, AccountV2Object, AttemptObject, BalanceAmountObject, BalanceObject,
    CapabilitiesObject, ChargeObject, ChargeTransaction, DisputeObject, IntentObject, LatestCharge,
    ListObject, PaymentErrorObject, PlatformBalanceObject, RefundObject, RequirementsObject, ReversalObject,
    TransactionObject, TransactionSource, TransferDataObject, TransferObject,
};
pub use page::{Page, UnreadableObject, Window};
pub use received_object::{ReceivedObject, ReceivedReversal, ReceivedTransaction};
pub use send_once::{Sent, send_once};
pub use signature::{SIGNATURE_HEADER, SIGNATURE_TOLERANCE_S, SignatureError, sign, verify_signature};
pub use snapshots::{BalanceSnapshot, SnapshotError};
pub use thin_events::{RelatedObject, ThinEvent};
pub use transport::{HyperTransport, RESPONSE_MAX_BYTES, Transport, TransportError, TransportFuture};
pub use undelivered::UndeliveredEvent;
