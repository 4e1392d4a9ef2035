//! What a balance transaction is for: its class, from Stripe's type and reporting category.
//!
//! Stripe's type says what made the transaction, and its reporting category what it means in accounting: an `adjustment`
//! can be a dispute, a failed refund or a fee (<https://docs.stripe.com/reports/reporting-categories>).

use serde::{Deserialize, Serialize};
use std::fmt;

/// The class of a movement of the platform's balance, as the statement shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TransactionClass {
    Charge,
    Refund,
    /// A failed refund, returned to the platform.
    RefundFailure,
    /// A withdrawal or a reinstatement.
    Dispute,
    Transfer,
    TransferReversal,
    /// What Stripe charges outside charges: pricing by interchange, Radar, Connect, foreign exchange.
    StripeFee,
    Tax,
    /// To the platform's bank account, or back from it.
    Payout,
    /// From the platform's bank account, or back to it.
    TopUp,
    /// Held back by Stripe, or released.
    Reserve,
    Adjustment,
    /// To carbon removal.
    Contribution,
    /// Stripe Capital.
    Financing,
    Issuing,
    /// To cover a connected account's negative balance, or back.
    Collection,
    /// Application fees.
    PlatformEarning,
    /// Bank transfers that no payment explains.
    CustomerFunds,
    /// Paid with the balance for something else of Stripe's.
    BalancePayment,
    /// A charge, refund, dispute or transfer of somebody else's on the same Stripe account.
    OtherBusiness,
    /// A type that this release does not know.
    Unknown,
}

use TransactionClass as Class;

/// Stripe's types of balance transactions (<https://docs.stripe.com/reports/balance-transaction-types>).
const TYPES: [(&str, Class); 50] = [
    ("adjustment", Class::Adjustment),
    ("advance", Class::Financing),
    ("advance_funding", Class::Financing),
    ("anticipation_repayment", Class::Financing),
    ("application_fee", Class::PlatformEarning),
    ("application_fee_refund", Class::PlatformEarning),
    ("charge", Class::Charge),
    ("climate_order_purchase", Class::Contribution),
    ("climate_order_refund", Class::Contribution),
    ("connect_collection_transfer", Class::Collection),
    ("contribution", Class::Contribution),
    ("fee_credit_funding", Class::StripeFee),
    ("inbound_transfer", Class::TopUp),
    ("inbound_transfer_reversal", Class::TopUp),
    ("issuing_authorization_hold", Class::Issuing),
    ("issuing_authorization_release", Class::Issuing),
    ("issuing_dispute", Class::Issuing),
    ("issuing_transaction", Class::Issuing),
    ("obligation_outbound", Class::Payout),
    ("obligation_reversal_inbound", Class::Payout),
    ("payment", Class::Charge),
    ("payment_failure_refund", Class::Refund),
    ("payment_network_reserve_hold", Class::Reserve),
    ("payment_network_reserve_release", Class::Reserve),
    ("payment_refund", Class::Refund),
    ("payment_reversal", Class::Refund),
    ("payment_unreconciled", Class::CustomerFunds),
    ("payout", Class::Payout),
    ("payout_cancel", Class::Payout),
    ("payout_failure", Class::Payout),
    ("payout_minimum_balance_hold", Class::Reserve),
    ("payout_minimum_balance_release", Class::Reserve),
    ("refund", Class::Refund),
    ("refund_failure", Class::RefundFailure),
    ("reserve_hold", Class::Reserve),
    ("reserve_release", Class::Reserve),
    ("reserve_transaction", Class::Reserve),
    ("reserved_funds", Class::Reserve),
    ("stripe_balance_payment_debit", Class::BalancePayment),
    ("stripe_balance_payment_debit_reversal", Class::BalancePayment),
    ("stripe_fee", Class::StripeFee),
    ("stripe_fx_fee", Class::StripeFee),
    ("tax_fee", Class::Tax),
    ("tax_fund", Class::Tax),
    ("topup", Class::TopUp),
    ("topup_reversal", Class::TopUp),
    ("transfer", Class::Transfer),
    ("transfer_cancel", Class::TransferReversal),
    ("transfer_failure", Class::TransferReversal),
    ("transfer_refund", Class::TransferReversal),
];

/// What the reporting category of an `adjustment` says more than its type. Any other category leaves it an adjustment.
const ADJUSTMENTS: [(&str, Class); 6] = [
    ("dispute", Class::Dispute),
    ("dispute_reversal", Class::Dispute),
    ("fee", Class::StripeFee),
    ("refund", Class::Refund),
    ("refund_failure", Class::RefundFailure),
    ("tax", Class::Tax),
];

/// A text is not the name of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a class of balance transactions")]
pub struct UnknownTransactionClass;

impl TransactionClass {
    /// Every class, in the order of a statement.
    pub const ALL: [Self; 21] = [
        Self::Charge,
        Self::Refund,
        Self::RefundFailure,
        Self::Dispute,
        Self::Transfer,
        Self::TransferReversal,
        Self::StripeFee,
        Self::Tax,
        Self::Payout,
        Self::TopUp,
        Self::Reserve,
        Self::Adjustment,
        Self::Contribution,
        Self::Financing,
        Self::Issuing,
        Self::Collection,
        Self::PlatformEarning,
        Self::CustomerFunds,
        Self::BalancePayment,
        Self::OtherBusiness,
        Self::Unknown,
    ];

    /// The class of a balance transaction. Never [`Self::OtherBusiness`], which only a look at its payment tells.
    #[must_use]
    pub fn of(type_name: &str, reporting_category: &str) -> Self {
        let find = |table: &[(&str, Self)], name: &str| {
            table.iter().find(|(known, _)| *known == name).map(|(_, class)| *class)
        };
        match find(&TYPES, type_name) {
            Some(Self::Adjustment) => find(&ADJUSTMENTS, reporting_category).unwrap_or(Self::Adjustment),
            Some(class) => class,
            None => Self::Unknown,
        }
    }

    /// Whether a transaction of this class is booked as the platform's own. What could be a payment's never is, even while
    /// its payment is not known: neither is an adjustment of a payment's object.
    #[must_use]
    pub fn is_platforms(self, has_payment_object: bool) -> bool {
        match self {
            Self::Charge
            | Self::Refund
            | Self::RefundFailure
            | Self::Dispute
            | Self::Transfer
            | Self::TransferReversal
            | Self::OtherBusiness
            | Self::Unknown => false,
            Self::Adjustment => !has_payment_object,
            Self::StripeFee
            | Self::Tax
            | Self::Payout
            | Self::TopUp
            | Self::Reserve
            | Self::Contribution
            | Self::Financing
            | Self::Issuing
            | Self::Collection
            | Self::PlatformEarning
            | Self::CustomerFunds
            | Self::BalancePayment => true,
        }
    }

    /// The name in answers and items.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Refund => "refund",
            Self::RefundFailure => "refund_failure",
            Self::Dispute => "dispute",
            Self::Transfer => "transfer",
            Self::TransferReversal => "transfer_reversal",
            Self::StripeFee => "stripe_fee",
            Self::Tax => "tax",
            Self::Payout => "payout",
            Self::TopUp => "topup",
            Self::Reserve => "reserve",
            Self::Adjustment => "adjustment",
            Self::Contribution => "contribution",
            Self::Financing => "financing",
            Self::Issuing => "issuing",
            Self::Collection => "collection",
            Self::PlatformEarning => "platform_earning",
            Self::CustomerFunds => "customer_funds",
            Self::BalancePayment => "balance_payment",
            Self::OtherBusiness => "other_business",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for TransactionClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<TransactionClass> for String {
    fn from(class: TransactionClass) -> Self {
        class.as_str().to_owned()
    }
}

impl TryFrom<String> for TransactionClass {
    type Error = UnknownTransactionClass;
    fn try_from(text: String) -> Result<Self, UnknownTransactionClass> {
        Self::ALL.into_iter().find(|class| class.as_str() == text).ok_or(UnknownTransactionClass)
    }
}

#[cfg(test)]
mod tests;
