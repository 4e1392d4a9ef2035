//! Requests to Stripe, and the parsing of replies and webhook events into snapshots for the domain. What a snapshot
//! changes is decided in `payments`, never here. async-stripe builds the requests, so only parameters of the pinned
//! API version can be sent. Replies and events are parsed into [structs](IntentObject) of the fields in use alone:
//! events have their endpoint's API version, and an unused field must not stop a payment. Only [`HyperTransport`]
//! opens sockets; all else uses [`Transport`]. Start at `client.rs`, then `received_object.rs`.

mod api_base;
mod attempts;
mod call;
mod claim;
mod client;
mod definite_refusal;
mod error;
mod json_client;
mod list_pages;
mod metadata;
mod objects;
mod operator_message;
mod pace;
mod received_object;
mod requests;
mod retry;
mod send_once;
mod session;
mod set_up_alert;
mod snapshots;
mod thin_events;
mod transport;
mod used_events;
mod webhook_events;
mod webhook_signature;

pub use api_base::{ApiBase, ApiBaseError};
pub use claim::{Claim, ClaimKind, EventClaim};
pub use client::{Stripe, TimeLimits};
pub use error::{Refusal, StripeError, UnavailableCause, UnreadableJson};
pub use list_pages::{Page, UnreadableObject, Window};
pub use metadata::{
    ACCOUNT_REQUEST_METADATA_KEY, CREATOR_AMOUNT_METADATA_KEY, CREATOR_ID_METADATA_KEY,
    DEPLOYMENT_METADATA_KEY, INSTRUCTION_METADATA_KEY, PAYMENT_ID_METADATA_KEY, PLATFORM_AMOUNT_METADATA_KEY,
    REFUND_ID_METADATA_KEY, SENDER_ID_METADATA_KEY,
};
pub use objects::{
    AccountLinkObject, AccountObject, AccountV2Object, AttemptObject, BalanceAmountObject, BalanceObject,
    CapabilitiesObject, CardObject, CardPaymentsObject, ChargeObject, ChargeTransaction, ControllerObject,
    CountrySpecObject, DashboardLinkObject, DisputeObject, EndpointObject, EvidenceDetailsObject,
    FraudWarningObject, IntentObject, LatestCharge, ListObject, MethodDetailsObject, PaymentErrorObject,
    PayoutObject, PayoutScheduleObject, PayoutSettingsObject, PlatformAccountObject, PlatformBalanceObject,
    PlatformSettingsObject, RefundObject, RequirementsObject, ReversalObject, StripeDashboardObject,
    TransactionObject, TransactionSource, TransferDataObject, TransferObject,
};
pub use received_object::{ReceivedObject, ReceivedReversal, ReceivedTransaction};
pub use requests::{
    CancellationReason, EndpointUpdate, NewEndpoint, NotAPaymentObjectId, PERMISSION_PROBES, PaymentObjectId,
    PermissionProbe, UndeliveredEvent, pinned_version,
};
pub use send_once::{Sent, send_once};
pub use session::Session;
pub use snapshots::{BalanceSnapshot, SnapshotError};
pub use thin_events::{ACCOUNT_EVENTS, RelatedObject, ThinEvent};
pub use transport::{HyperTransport, RESPONSE_MAX_BYTES, Transport, TransportError, TransportFuture};
pub use used_events::{CONNECTED_EVENTS, PLATFORM_EVENTS};
pub use webhook_events::{EventObject, EventUnreadable, StripeEvent, parse_event};
pub use webhook_signature::{
    SIGNATURE_HEADER, SIGNATURE_TOLERANCE_S, SignatureError, sign, verify_signature,
};
