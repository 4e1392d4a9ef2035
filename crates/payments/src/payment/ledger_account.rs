//! The accounts of the ledger, and how they are written.

use crate::ids::CreatorId;
use crate::money::Currency;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An account of the ledger. Its text is `card` or `creator:<id>`, for example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum LedgerAccount {
    /// Senders' cards; a charge is negative.
    Card,
    /// What a creator has received.
    Creator(CreatorId),
    /// Fees that senders paid, until Stripe's fee is known.
    FeeReserve,
    /// What Stripe converted, from a payment's currency (first) to the balance's: both amounts, with opposite signs.
    Fx(Currency, Currency),
    /// Normally zero. Negative: the creator still has to return it; positive: it is still to be retransferred.
    Owed(CreatorId),
    /// The platform's gain or loss: fee differences, refunded fees, its part of refunds and disputes.
    Platform,
    /// What Stripe has charged.
    StripeFees,
}

/// A text is not an account of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an account of the ledger")]
pub struct UnknownLedgerAccount;

impl fmt::Display for LedgerAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Card => f.write_str("card"),
            Self::Creator(creator) => write!(f, "creator:{creator}"),
            Self::FeeReserve => f.write_str("fee_reserve"),
            Self::Fx(from, to) => write!(f, "fx:{from}/{to}"),
            Self::Owed(creator) => write!(f, "owed:{creator}"),
            Self::Platform => f.write_str("platform"),
            Self::StripeFees => f.write_str("stripe_fees"),
        }
    }
}

impl From<LedgerAccount> for String {
    fn from(account: LedgerAccount) -> String {
        account.to_string()
    }
}

impl TryFrom<String> for LedgerAccount {
    type Error = UnknownLedgerAccount;
    fn try_from(text: String) -> Result<Self, UnknownLedgerAccount> {
        let with_creator = |account: fn(CreatorId) -> Self, id| {
            CreatorId::parse(id).map(account).map_err(|_| UnknownLedgerAccount)
        };
        match (text.as_str(), text.split_once(':')) {
            ("card", _) => Ok(Self::Card),
            ("fee_reserve", _) => Ok(Self::FeeReserve),
            ("platform", _) => Ok(Self::Platform),
            ("stripe_fees", _) => Ok(Self::StripeFees),
            (_, Some(("fx", pair))) => fx(pair).ok_or(UnknownLedgerAccount),
            (_, Some(("creator", id))) => with_creator(Self::Creator, id),
            (_, Some(("owed", id))) => with_creator(Self::Owed, id),
            _ => Err(UnknownLedgerAccount),
        }
    }
}

/// Reads `eur/usd`.
fn fx(pair: &str) -> Option<LedgerAccount> {
    let (from, to) = pair.split_once('/')?;
    Some(LedgerAccount::Fx(Currency::parse(from).ok()?, Currency::parse(to).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_is_read_as_it_is_written() {
        for text in
            ["card", "creator:ana", "fee_reserve", "fx:eur/usd", "owed:ana", "platform", "stripe_fees"]
        {
            let account = LedgerAccount::try_from(text.to_owned()).expect("an account");
            assert_eq!(String::from(account), text);
        }
        for wrong in ["", "card:ana", "fx:eur", "fx:eur/", "fx:eur/dollar", "creator:", "owed"] {
            assert_eq!(LedgerAccount::try_from(wrong.to_owned()), Err(UnknownLedgerAccount), "{wrong}");
        }
    }
}
