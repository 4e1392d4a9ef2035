//! What we read of Stripe's objects, in replies and in events of any API version. All else is ignored.

mod account;
mod charge;
mod dispute;
mod intent;
mod refund;
mod transaction;
mod transfer;

pub use account::{AccountLinkObject, AccountObject, CapabilitiesObject, RequirementsObject};
pub use charge::{ChargeObject, ChargeTransaction};
pub use dispute::DisputeObject;
pub use intent::{AttemptObject, IntentObject, LatestCharge, PaymentErrorObject, TransferDataObject};
pub use refund::RefundObject;
pub use transaction::{BalanceObject, TransactionObject, TransactionSource};
pub use transfer::{ReversalObject, TransferObject};

use payments::Secret;
use serde::{Deserialize, Deserializer};

/// A list inside an object, or a page of search results.
#[derive(Debug, Clone, Deserialize)]
pub struct ListObject<T> {
    /// The objects.
    pub data: Vec<T>,
    /// Whether there are more than these.
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

/// An id, or the object that has it, where it is expanded. A reference of another kind is read as none: what
/// hangs on it is checked where it is used, and it must not make an object unreadable that is not ours.
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
