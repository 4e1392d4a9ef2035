//! What a deployment does about early fraud warnings.

use crate::money::{Currency, Money};
use crate::parameter_list::parse_list;
use std::collections::BTreeMap;

/// What a deployment does about early fraud warnings. A refund of the whole charge in time avoids the dispute and its fee,
/// and gives away a payment that might not have been disputed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FraudWarningPolicy {
    /// Each warning raises an alarm, and operators decide.
    #[default]
    Alarm,
    /// Payments of which less than this was chosen are refunded in full, by currency in minor units; others raise the
    /// alarm alone.
    RefundBelow(BTreeMap<Currency, i64>),
    /// Every payment is refunded in full.
    Refund,
}

/// The text is not a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither alarm, refund nor refund_below: with amounts such as usd=5000,eur=5000")]
pub struct NotAFraudWarningPolicy;

impl FraudWarningPolicy {
    /// Parses `alarm`, `refund`, or `refund_below:usd=5000,eur=5000`.
    ///
    /// # Errors
    /// [`NotAFraudWarningPolicy`].
    pub fn parse(text: &str) -> Result<Self, NotAFraudWarningPolicy> {
        match text.split_once(':') {
            None if text == "alarm" => Ok(Self::Alarm),
            None if text == "refund" => Ok(Self::Refund),
            Some(("refund_below", amounts)) => {
                let below: BTreeMap<_, _> =
                    parse_list(amounts, amount).map_err(|_| NotAFraudWarningPolicy)?;
                if below.is_empty() { Err(NotAFraudWarningPolicy) } else { Ok(Self::RefundBelow(below)) }
            }
            None | Some(_) => Err(NotAFraudWarningPolicy),
        }
    }

    /// Whether a payment of this chosen amount is refunded.
    #[must_use]
    pub fn refunds(&self, chosen: Money) -> bool {
        match self {
            Self::Alarm => false,
            Self::RefundBelow(below) => {
                below.get(&chosen.currency()).is_some_and(|below| chosen.amount() < *below)
            }
            Self::Refund => true,
        }
    }
}

fn amount(entry: &str) -> Option<(Currency, i64)> {
    let (code, amount) = entry.split_once('=')?;
    let amount = amount.parse().ok().filter(|amount| *amount > 0)?;
    Some((Currency::parse(code).ok()?, amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(amount: i64, code: &str) -> Money {
        Money::new(amount, Currency::parse(code).expect("currency")).expect("money")
    }

    #[test]
    fn a_policy_refunds_nothing_everything_or_what_is_below_an_amount_of_its_currency() {
        let policy = |text: &str| FraudWarningPolicy::parse(text).expect("a policy");
        assert!(!policy("alarm").refunds(chosen(100, "usd")));
        assert!(policy("refund").refunds(chosen(100_000, "jpy")));
        let below = policy("refund_below:usd=5000,jpy=800");
        for (amount, code, refunds) in
            [(4_999, "usd", true), (5_000, "usd", false), (799, "jpy", true), (100, "eur", false)]
        {
            assert_eq!(below.refunds(chosen(amount, code)), refunds, "{amount} {code}");
        }
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        for wrong in [
            "",
            "none",
            "refund:",
            "refund_below",
            "refund_below:",
            "refund_below:usd",
            "refund_below:usd=0",
            "refund_below:usd=-1",
            "refund_below:xxx=1",
            "alarm:usd=1",
        ] {
            assert_eq!(FraudWarningPolicy::parse(wrong), Err(NotAFraudWarningPolicy), "{wrong}");
        }
    }
}
