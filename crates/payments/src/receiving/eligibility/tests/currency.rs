//! The currency of a payment, of an account and of the platform's balance.

use super::*;
use crate::money::{FeeSchedule, SettlementCurrencies};

#[test]
fn another_currency_is_a_mismatch_and_not_compared_with_the_limits() {
    let yen = Currency::parse("jpy").expect("currency");
    assert_eq!(reasons(|s| s.chosen = Money::new(1, yen).ok()), [CurrencyMismatch]);
    assert_eq!(reasons(|s| s.chosen = None), []);
}

#[test]
fn an_account_with_another_currency_receives_in_the_deployments() {
    let euros = |s: &mut Situation| {
        let account = s.receiver.account.iter_mut();
        account.for_each(|account| account.default_currency = Currency::parse("eur").expect("currency"));
    };
    assert_eq!(reasons(euros), [], "ten dollars");
    let in_euros = |s: &mut Situation| {
        euros(s);
        s.chosen = Money::new(1_000, Currency::parse("eur").expect("currency")).ok();
    };
    assert_eq!(reasons(in_euros), [CurrencyMismatch]);
    let settled = |s: &mut Situation| {
        in_euros(s);
        s.policy.settlement = SettlementCurrencies::parse("usd,eur", usd()).expect("currencies");
    };
    assert_eq!(reasons(settled), []);
}

#[test]
fn a_merchant_without_a_fee_schedule_receives_nothing() {
    let merchant = |s: &mut Situation| {
        s.policy.on_behalf_of = true;
        s.receiver.account.iter_mut().for_each(|account| account.card_payments_active = true);
    };
    assert_eq!(reasons(merchant), []);
    let in_euros = |s: &mut Situation| {
        merchant(s);
        s.receiver
            .account
            .iter_mut()
            .for_each(|account| account.default_currency = Currency::parse("eur").expect("eur"));
        s.chosen = None;
    };
    assert_eq!(reasons(in_euros), [CountryUnsupported], "no list price for euros in the US");
    let with_fee = |s: &mut Situation| {
        in_euros(s);
        s.policy.fees = FeeSchedule::parse("US:eur=29000+30").expect("schedule");
    };
    assert_eq!(reasons(with_fee), []);
}

#[test]
fn nothing_is_sent_in_a_currency_that_has_ended() {
    let leva = Currency::parse("bgn").expect("still readable");
    let chosen = |s: &mut Situation| s.chosen = Money::new(1_000, leva).ok();
    assert_eq!(reasons(chosen), [CurrencyUnsupported, CurrencyMismatch]);
    let receives = |s: &mut Situation| {
        s.policy.on_behalf_of = true;
        s.receiver.account.iter_mut().for_each(|account| {
            account.card_payments_active = true;
            account.default_currency = leva;
        });
        s.policy.fees = FeeSchedule::parse("bgn=15000+50").expect("schedule");
        s.chosen = None;
    };
    assert_eq!(reasons(receives), [CurrencyUnsupported], "the profile says so before anybody sends");
}
