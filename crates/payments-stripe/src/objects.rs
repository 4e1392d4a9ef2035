//! The fields in use of Stripe's objects, in replies and in events of any API version. All others are
//! ignored.

mod account;
mod account_v2;
mod balance;
mod charge;
mod customer;
mod dispute;
mod fraud_warning;
mod intent;
mod payout;
mod platform;
mod refund;
mod transaction;
mod transfer;
mod webhook_endpoint;

pub(crate) use account::LoginLinkObject;
pub use account::{
    AccountLinkObject, AccountObject, CapabilitiesObject, ControllerObject, DashboardLinkObject,
    RequirementsObject, StripeDashboardObject,
};
pub use account_v2::AccountV2Object;
pub(crate) use account_v2::{
    AccountLinkV2Object, CapabilityObject, RequirementEntryObject, RequirementsV2Object,
};
pub use balance::{BalanceAmountObject, PlatformBalanceObject};
pub use charge::{CardObject, ChargeObject, ChargeTransaction, MethodDetailsObject};
pub(crate) use customer::{CustomerObject, CustomerSessionObject, PaymentMethodObject};
pub use dispute::{DisputeObject, EvidenceDetailsObject};
pub use fraud_warning::FraudWarningObject;
pub use intent::{AttemptObject, IntentObject, LatestCharge, PaymentErrorObject, TransferDataObject};
pub use payout::PayoutObject;
pub use platform::{
    CardPaymentsObject, CountrySpecObject, PayoutScheduleObject, PayoutSettingsObject, PlatformAccountObject,
    PlatformSettingsObject,
};
pub use refund::RefundObject;
pub use transaction::{BalanceObject, TransactionObject, TransactionSource};
pub use transfer::{ReversalObject, TransferObject};
pub(crate) use webhook_endpoint::DestinationObject;
pub use webhook_endpoint::EndpointObject;

use payments::Secret;
use serde::{Deserialize, Deserializer};

/// A list inside an object, or a page of search results.
#[derive(Debug, Clone, Deserialize)]
pub struct ListObject<T> {
    pub data: Vec<T>,
    /// Whether the list continues beyond `data`.
    #[serde(default)]
    pub has_more: bool,
}

impl<T> Default for ListObject<T> {
    fn default() -> Self {
        Self { data: Vec::new(), has_more: false }
    }
}

fn lower_case<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(String::deserialize(from)?.to_ascii_lowercase())
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(Secret::new))
}

fn null_as_empty<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// Parses an id, or the object with that id where it is expanded. An id of another form becomes none: the
/// code that needs the id checks it, and an object that is not the platform's must stay readable.
fn reference<'de, D, I>(from: D) -> Result<Option<I>, D::Error>
where
    D: Deserializer<'de>,
    I: TryFrom<String>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Reference {
        Id(String),
        Object { id: String },
    }
    Ok(Option::deserialize(from)?.and_then(|reference| match reference {
        Reference::Id(id) | Reference::Object { id } => I::try_from(id).ok(),
    }))
}
