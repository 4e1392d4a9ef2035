//! Balance transactions as Stripe sends them.

use super::{ChargeObject, DisputeObject, RefundObject, ReversalObject, TransferObject, lower_case};
use crate::UnreadableObject;
use crate::list_pages::Listed;
use payments::{Currency, TransactionAmounts, TransactionClass, TransactionId};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A balance transaction inside the object that caused it.
#[derive(Debug, Clone, Deserialize)]
pub struct BalanceObject {
    pub id: TransactionId,
    /// In minor units: positive for money in, negative for money out.
    pub amount: i64,
    /// Stripe's fee in minor units; negative when Stripe returns it.
    pub fee: i64,
    /// Lower-case code of the platform's balance, which can differ from the object's currency.
    #[serde(deserialize_with = "lower_case")]
    pub currency: String,
}

/// A balance transaction with the object that caused it
/// (<https://docs.stripe.com/api/balance_transactions/object>).
#[derive(Debug, Clone, Deserialize)]
pub struct TransactionObject {
    /// The fields that an object's own balance transaction has, too.
    #[serde(flatten)]
    pub balance: BalanceObject,
    /// Such as `charge`, `refund`, `adjustment` or `stripe_fee`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Stripe's accounting category, such as `charge`, `dispute` or `dispute_reversal`.
    #[serde(default)]
    pub reporting_category: Option<String>,
    /// What the balance changes by; the amount less the fee where it is missing.
    #[serde(default)]
    pub net: Option<i64>,
    /// Which of the platform's balances it changes: `payments`, or another one such as `issuing`.
    #[serde(default)]
    pub balance_type: Option<String>,
    /// Seconds since the epoch.
    pub created: i64,
    /// None for Stripe's own fees, for instance, and where the source is not expanded.
    #[serde(default, deserialize_with = "expanded")]
    pub source: Option<TransactionSource>,
    /// The source, where it cannot be parsed: the transaction moved money all the same.
    #[serde(skip)]
    pub unreadable_source: Option<UnreadableObject>,
}

impl TransactionObject {
    /// Whether it changes the balance that charges are paid into, which the balance's `available` and `pending` show.
    #[must_use]
    pub fn is_of_payments_balance(&self) -> bool {
        self.balance_type.as_deref().is_none_or(|balance| balance == "payments")
    }

    /// The class of the transaction, by its type and its category.
    #[must_use]
    pub fn class(&self) -> TransactionClass {
        TransactionClass::of(&self.kind, self.reporting_category.as_deref().unwrap_or_default())
    }

    /// Its amounts; `None` in a currency that is not supported.
    #[must_use]
    pub fn amounts(&self) -> Option<TransactionAmounts> {
        let currency = Currency::parse(&self.balance.currency).ok()?;
        let amounts = TransactionAmounts::new(self.balance.amount, self.balance.fee, currency);
        Some(TransactionAmounts { net: self.net.unwrap_or(amounts.net), ..amounts })
    }

    /// Whether the source is an object that a payment can have.
    #[must_use]
    pub fn has_payment_object(&self) -> bool {
        let is_known = self.source.as_ref().is_some_and(|source| match source {
            TransactionSource::Charge(_)
            | TransactionSource::Refund(_)
            | TransactionSource::Dispute(_)
            | TransactionSource::Transfer(_)
            | TransactionSource::Reversal(_) => true,
            TransactionSource::Other => false,
        });
        is_known || self.unreadable_source.is_some()
    }

    /// Parses a listed transaction. A source of another shape is kept apart.
    pub(crate) fn parse(listed: &Listed) -> serde_json::Result<Self> {
        serde_json::from_str(listed.json.get()).or_else(|error: serde_json::Error| {
            let mut fields: serde_json::Map<String, Value> = serde_json::from_str(listed.json.get())?;
            fields.remove("source");
            let Ok(bare) = serde_json::from_value::<Self>(fields.into()) else { return Err(error) };
            let unreadable = UnreadableObject::new(listed.id.clone(), &listed.json, &error);
            Ok(Self { unreadable_source: Some(unreadable), ..bare })
        })
    }
}

/// The object that caused a balance transaction.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "object", rename_all = "snake_case")]
pub enum TransactionSource {
    Charge(Box<ChargeObject>),
    Refund(Box<RefundObject>),
    Dispute(Box<DisputeObject>),
    Transfer(Box<TransferObject>),
    #[serde(rename = "transfer_reversal")]
    Reversal(Box<ReversalObject>),
    /// A type of object that is not used, such as a payout.
    #[serde(other)]
    Other,
}

fn expanded<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TransactionSource>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Source {
        Id(#[expect(dead_code, reason = "only its form matters")] String),
        Object(TransactionSource),
    }
    Ok(Option::deserialize(from)?.and_then(|source| match source {
        Source::Object(object) => Some(object),
        Source::Id(_) => None,
    }))
}
