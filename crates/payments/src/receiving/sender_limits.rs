//! How often and how much a sender may send: by sender, by sender and creator, and by the address that requests come
//! from. Confirming a card goes straight to Stripe, so what can be limited here is the creation of payments.

use crate::money::{Currency, Money};
use crate::timestamp::Timestamp;
use std::collections::BTreeMap;

/// The limits of one scope. The default has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeLimits {
    /// How many payments can be created in an hour.
    pub per_hour: Option<u32>,
    /// How many payments can be created in a day.
    pub per_day: Option<u32>,
    /// How much can be chosen in a day, by currency, in minor units.
    amounts_per_day: BTreeMap<Currency, i64>,
}

/// Every limit on senders. Hours and days are those of UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SenderLimits {
    /// Of one sender, whoever receives.
    pub sender: ScopeLimits,
    /// Of one sender to one creator.
    pub sender_and_creator: ScopeLimits,
    /// Of all senders from one address.
    pub address: ScopeLimits,
}

/// A list of limits is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("limits are `hour=count`, `day=count` or `currency=amount`, each once; wrong at entry {entry}")]
pub struct ScopeLimitsError {
    /// Which entry, counted from 1.
    pub entry: usize,
}

/// What was counted in one scope on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// Payments.
    pub payments: u32,
    /// Payments by the hour of the day in which they were created.
    pub by_hour: BTreeMap<u8, u32>,
    /// Chosen amounts by currency, in minor units.
    pub amounts: BTreeMap<Currency, i64>,
}

/// What was counted today in every scope of a payment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usages {
    /// Of the sender.
    pub sender: Usage,
    /// Of the sender to this creator.
    pub sender_and_creator: Usage,
    /// Of the address.
    pub address: Usage,
}

impl ScopeLimits {
    /// Parses `hour=30,day=100,usd=500000`: payments in an hour and in a day, and what can be chosen in a day by
    /// currency, in minor units. What is not named has no limit.
    ///
    /// # Errors
    /// [`ScopeLimitsError`] naming the first wrong entry.
    pub fn parse(text: &str) -> Result<Self, ScopeLimitsError> {
        let mut limits = Self::default();
        let entries = text.split(',').map(str::trim).enumerate();
        for (at, entry) in entries.filter(|(_, entry)| !entry.is_empty()) {
            limits.set(entry).ok_or(ScopeLimitsError { entry: at + 1 })?;
        }
        Ok(limits)
    }

    /// Takes one entry, unless it is wrong or there is one of its kind.
    fn set(&mut self, entry: &str) -> Option<()> {
        let (name, limit) = entry.split_once('=')?;
        let (name, limit) = (name.trim(), limit.trim());
        let count = || limit.parse().ok().filter(|count: &u32| *count > 0);
        let known = match name {
            "hour" => self.per_hour.replace(count()?).is_some(),
            "day" => self.per_day.replace(count()?).is_some(),
            code => {
                let amount = limit.parse().ok().filter(|amount: &i64| *amount > 0)?;
                self.amounts_per_day.insert(Currency::parse(code).ok()?, amount).is_some()
            }
        };
        (!known).then_some(())
    }

    /// Whether there is no limit at all, so that nothing need be counted.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// How much can be chosen in a day in a currency, in minor units.
    #[must_use]
    pub fn amount_per_day(&self, currency: Currency) -> Option<i64> {
        self.amounts_per_day.get(&currency).copied()
    }

    /// When the limits that refuse one more payment of an amount have ended, all of them; none if none refuses.
    #[must_use]
    pub fn refuse_until(&self, usage: &Usage, more: Money, now: Timestamp) -> Option<Timestamp> {
        let this_hour = usage.by_hour.get(&now.hour()).copied().unwrap_or_default();
        let amount = usage.amounts.get(&more.currency()).copied().unwrap_or_default();
        let hour = self.per_hour.is_some_and(|limit| this_hour >= limit);
        let payments = self.per_day.is_some_and(|limit| usage.payments >= limit);
        let too_much = |limit| amount.saturating_add(more.amount()) > limit;
        let day = payments || self.amount_per_day(more.currency()).is_some_and(too_much);
        match (day, hour) {
            (true, _) => Some(now.next_day()),
            (false, true) => Some(now.next_hour()),
            (false, false) => None,
        }
    }
}

impl SenderLimits {
    /// When the limits that refuse one more payment of an amount have ended, in every scope; none if none refuses.
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

impl Usage {
    /// With one more payment of an amount.
    #[must_use]
    pub fn and(mut self, more: Money, at: Timestamp) -> Self {
        self.payments = self.payments.saturating_add(1);
        let hour = self.by_hour.entry(at.hour()).or_default();
        *hour = hour.saturating_add(1);
        let amount = self.amounts.entry(more.currency()).or_default();
        *amount = amount.saturating_add(more.amount());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
    fn a_wrong_entry_is_named_by_its_place() {
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
            assert_eq!(ScopeLimits::parse(text), Err(ScopeLimitsError { entry }), "{text}");
        }
    }

    #[test]
    fn a_limit_lets_as_many_through_as_it_names_and_refuses_until_its_window_ends() {
        let of = limits("hour=2,day=3");
        let mut usage = Usage::default();
        assert_eq!(of.refuse_until(&usage, dollars(50), at(10, 59)), None);
        usage = usage.and(dollars(50), at(10, 0)).and(dollars(50), at(10, 30));
        assert_eq!(of.refuse_until(&usage, dollars(50), at(10, 59)), Some(at(11, 0)));
        assert_eq!(of.refuse_until(&usage, dollars(50), at(11, 0)), None);
        usage = usage.and(dollars(50), at(11, 0));
        assert_eq!(of.refuse_until(&usage, dollars(50), at(11, 1)), Some(at(24, 0)));
    }

    #[test]
    fn the_amount_of_a_day_is_limited_to_the_cent_by_currency() {
        let of = limits("usd=1000");
        let usage = Usage::default().and(dollars(900), at(1, 0));
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
        let used = || Usage::default().and(dollars(50), at(9, 0));
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
        /// Whatever is asked for, in any order: what is let through never passes a limit, and what is refused waits
        /// for the end of an hour or a day.
        #[test]
        fn what_is_let_through_never_passes_a_limit(
            asked in proptest::collection::vec((0_i64..24 * 60, 50_i64..2_000), 0..60),
            (hour, day, cents) in (1_u32..6, 1_u32..20, 50_i64..9_000),
        ) {
            let of = limits(&format!("hour={hour},day={day},usd={cents}"));
            let mut usage = Usage::default();
            for (minute, amount) in asked {
                let now = at(0, minute);
                match of.refuse_until(&usage, dollars(amount), now) {
                    None => usage = usage.and(dollars(amount), now),
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
