//! How often and how much a sender may send: by sender, by sender and creator, and by the IP address of requests.
//! The sender's browser confirms a card directly with Stripe, so only the creation of payments can be limited here.

use crate::money::{Currency, Money};
use crate::parameter_list::{ListError, parse_list};
use crate::timestamp::Timestamp;
use std::collections::BTreeMap;

/// The limits of one scope: a sender, a sender and creator, or an address. The default has no limits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeLimits {
    pub per_hour: Option<u32>,
    pub per_day: Option<u32>,
    /// The sum of chosen amounts in a day, by currency, in minor units.
    amounts_per_day: BTreeMap<Currency, i64>,
}

/// The limits of every scope. Hours and days are those of UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SenderLimits {
    pub sender: ScopeLimits,
    pub sender_and_creator: ScopeLimits,
    pub address: ScopeLimits,
}

/// What was sent in one scope on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    pub payments: u32,
    /// Payments by the hour of the day, 0–23.
    pub by_hour: BTreeMap<u8, u32>,
    /// Chosen amounts by currency, in minor units.
    pub amounts: BTreeMap<Currency, i64>,
}

/// What was sent today in every scope of a payment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usages {
    pub sender: Usage,
    pub sender_and_creator: Usage,
    pub address: Usage,
}

impl ScopeLimits {
    /// Parses `hour=30,day=100,usd=500000`: payments in an hour and in a day, and the sum of chosen amounts in a day by
    /// currency, in minor units. What is not named has no limit.
    ///
    /// # Errors
    /// [`ListError`] naming the first wrong entry.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        let mut limits = Self::default();
        parse_list(text, |entry| limits.set(entry)).map(|()| limits)
    }

    /// Sets one limit; `None` when the entry is wrong or repeats a limit.
    fn set(&mut self, entry: &str) -> Option<()> {
        let (name, limit) = entry.split_once('=')?;
        let (name, limit) = (name.trim(), limit.trim());
        let count = || limit.parse().ok().filter(|count: &u32| *count > 0);
        let repeated = match name {
            "hour" => self.per_hour.replace(count()?).is_some(),
            "day" => self.per_day.replace(count()?).is_some(),
            code => {
                let amount = limit.parse().ok().filter(|amount: &i64| *amount > 0)?;
                self.amounts_per_day.insert(Currency::parse(code).ok()?, amount).is_some()
            }
        };
        (!repeated).then_some(())
    }

    /// Whether there is no limit, so that nothing needs to be counted.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// The limit on the sum of chosen amounts in a day, in minor units; `None` without one.
    #[must_use]
    pub fn amount_per_day(&self, currency: Currency) -> Option<i64> {
        self.amounts_per_day.get(&currency).copied()
    }

    /// When every limit allows one more payment of an amount again; `None` when all allow it now.
    #[must_use]
    pub fn refuse_until(&self, usage: &Usage, more: Money, now: Timestamp) -> Option<Timestamp> {
        let this_hour = usage.by_hour.get(&now.hour()).copied().unwrap_or_default();
        let amount = usage.amounts.get(&more.currency()).copied().unwrap_or_default();
        let hour_is_full = self.per_hour.is_some_and(|limit| this_hour >= limit);
        let too_many = self.per_day.is_some_and(|limit| usage.payments >= limit);
        let too_much = |limit| amount.saturating_add(more.amount()) > limit;
        let day_is_full = too_many || self.amount_per_day(more.currency()).is_some_and(too_much);
        match (day_is_full, hour_is_full) {
            (true, _) => Some(now.next_day()),
            (false, true) => Some(now.next_hour()),
            (false, false) => None,
        }
    }
}

impl SenderLimits {
    /// When every scope allows one more payment of an amount again; `None` when all allow it now.
    #[must_use]
    pub fn refuse_until(&self, usages: &Usages, more: Money, now: Timestamp) -> Option<Timestamp> {
        let scopes = [
            (&self.sender, &usages.sender),
            (&self.sender_and_creator, &usages.sender_and_creator),
            (&self.address, &usages.address),
        ];
        scopes.into_iter().filter_map(|(limits, usage)| limits.refuse_until(usage, more, now)).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    impl Usage {
        /// The usage after one more payment of an amount.
        fn with_payment(mut self, more: Money, at: Timestamp) -> Self {
            self.payments = self.payments.saturating_add(1);
            let hour = self.by_hour.entry(at.hour()).or_default();
            *hour = hour.saturating_add(1);
            let amount = self.amounts.entry(more.currency()).or_default();
            *amount = amount.saturating_add(more.amount());
            self
        }
    }

    fn usd() -> Currency {
        Currency::parse("usd").expect("currency")
    }

    fn dollars(cents: i64) -> Money {
        Money::new(cents, usd()).expect("money")
    }

    fn limits(text: &str) -> ScopeLimits {
        ScopeLimits::parse(text).expect("limits")
    }

    /// 2026-11-25, at an hour and a minute.
    fn at(hour: i64, minute: i64) -> Timestamp {
        Timestamp::parse("2026-11-25T00:00:00Z").expect("time").plus_seconds(hour * 3_600 + minute * 60)
    }

    #[test]
    fn limits_are_read_in_any_order_and_what_is_not_named_has_none() {
        let read = limits(" usd=500000, hour=30 ,jpy=700");
        assert_eq!((read.per_hour, read.per_day), (Some(30), None));
        assert_eq!(read.amount_per_day(usd()), Some(500_000));
        assert_eq!(read.amount_per_day(Currency::parse("eur").expect("currency")), None);
        assert!(limits("").is_none() && limits(" , ").is_none() && !read.is_none());
    }

    #[test]
    fn a_wrong_entry_is_named_by_its_position() {
        for (text, entry) in [
            ("hour", 1),
            ("hour=0", 1),
            ("hour=-1", 1),
            ("day=1,hour=x", 2),
            ("usd=0", 1),
            ("week=3", 1),
            ("hour=1,hour=2", 2),
            ("usd=1,usd=1", 2),
            ("hour=1,,day=4294967296", 3),
        ] {
            assert_eq!(ScopeLimits::parse(text), Err(ListError { entry }), "{text}");
        }
    }

    #[test]
    fn a_limit_allows_as_many_payments_as_it_names_and_refuses_until_its_window_ends() {
        let of = limits("hour=2,day=3");
        let mut usage = Usage::default();
        assert_eq!(of.refuse_until(&usage, dollars(50), at(10, 59)), None);
        usage = usage.with_payment(dollars(50), at(10, 0)).with_payment(dollars(50), at(10, 30));
        assert_eq!(of.refuse_until(&usage, dollars(50), at(10, 59)), Some(at(11, 0)));
        assert_eq!(of.refuse_until(&usage, dollars(50), at(11, 0)), None);
        usage = usage.with_payment(dollars(50), at(11, 0));
        assert_eq!(of.refuse_until(&usage, dollars(50), at(11, 1)), Some(at(24, 0)));
    }

    #[test]
    fn the_amount_of_a_day_is_limited_to_the_cent_by_currency() {
        let of = limits("usd=1000");
        let usage = Usage::default().with_payment(dollars(900), at(1, 0));
        assert_eq!(of.refuse_until(&usage, dollars(100), at(2, 0)), None);
        assert_eq!(of.refuse_until(&usage, dollars(101), at(2, 0)), Some(at(24, 0)));
        let yen = Money::new(5_000, Currency::parse("jpy").expect("currency")).expect("money");
        assert_eq!(of.refuse_until(&usage, yen, at(2, 0)), None);
        let full = Usage { amounts: [(usd(), i64::MAX)].into(), ..Usage::default() };
        assert_eq!(of.refuse_until(&full, dollars(100), at(2, 0)), Some(at(24, 0)));
    }

    #[test]
    fn the_scope_that_refuses_longest_decides() {
        let all =
            SenderLimits { sender: limits("hour=1"), address: limits("day=1"), ..SenderLimits::default() };
        let used = || Usage::default().with_payment(dollars(50), at(9, 0));
        let usages = |sender, address| Usages { sender, address, ..Usages::default() };
        let until = |usages: &Usages| all.refuse_until(usages, dollars(50), at(9, 1));
        assert_eq!(until(&usages(Usage::default(), Usage::default())), None);
        assert_eq!(until(&usages(used(), Usage::default())), Some(at(10, 0)));
        assert_eq!(until(&usages(Usage::default(), used())), Some(at(24, 0)));
        assert_eq!(until(&usages(used(), used())), Some(at(24, 0)));
        let pair = Usages { sender_and_creator: used(), ..Usages::default() };
        assert_eq!(until(&pair), None);
    }

    proptest! {
        /// Whatever is requested, in any order: allowed payments never exceed a limit, and a refused payment waits for
        /// the end of an hour or a day.
        #[test]
        fn allowed_payments_never_exceed_a_limit(
            requested in proptest::collection::vec((0_i64..24 * 60, 50_i64..2_000), 0..60),
            (hour, day, cents) in (1_u32..6, 1_u32..20, 50_i64..9_000),
        ) {
            let of = limits(&format!("hour={hour},day={day},usd={cents}"));
            let mut usage = Usage::default();
            for (minute, amount) in requested {
                let now = at(0, minute);
                match of.refuse_until(&usage, dollars(amount), now) {
                    None => usage = usage.with_payment(dollars(amount), now),
                    Some(until) => {
                        prop_assert!(until > now && until <= at(24, 0));
                        prop_assert_eq!(until.seconds() % 3_600, 0);
                    }
                }
            }
            prop_assert!(usage.payments <= day);
            prop_assert!(usage.by_hour.values().all(|count| *count <= hour));
            prop_assert!(usage.amounts.values().sum::<i64>() <= cents);
            prop_assert_eq!(usage.by_hour.values().sum::<u32>(), usage.payments);
        }
    }
}
