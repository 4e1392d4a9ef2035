//! The table of Stripe's currencies beside ISO 4217's list (`iso_currency`), with each difference and its reason.

use iso_currency::{Currency as Iso, Flag, IntoEnumIterator};
use payments::Currency;
use std::collections::BTreeSet;

/// Digits of Stripe's minor unit that differ from ISO's, ours before theirs.
const OTHER_DECIMALS: [(&str, u8, u16, &str); 3] = [
    ("isk", 2, 0, "Stripe keeps two decimals for older integrations; both are always 0"),
    ("mga", 0, 2, "ISO counts five iraimbilanja as two decimals; Stripe charges whole ariary"),
    ("ugx", 2, 0, "Stripe keeps two decimals for older integrations; both are always 0"),
];

/// Codes that Stripe charges and ISO does not have.
const STRIPE_ALONE: [(&str, &str); 1] =
    [("std", "Stripe keeps the dobra's code of before 2018; ISO has STN")];

/// Currencies in use that are not among Stripe's presentment currencies
/// (<https://docs.stripe.com/currencies#presentment-currencies>), with what is known of why. Stripe's page gives no reasons.
/// async-stripe's `Currency`, made from an older page, lacks all of them but SVC, too.
const ISO_ALONE: [(&str, &str); 17] = [
    ("btn", NOT_LISTED),
    ("cup", UNDER_SANCTIONS),
    ("ern", NOT_LISTED),
    ("ghs", NOT_LISTED),
    ("iqd", NOT_LISTED),
    ("irr", UNDER_SANCTIONS),
    ("kpw", UNDER_SANCTIONS),
    ("lyd", NOT_LISTED),
    ("mru", "the ouguiya of 2018; an older page listed the one before it, MRO"),
    ("sdg", NOT_LISTED),
    ("ssp", NOT_LISTED),
    ("stn", "the dobra of 2018, in place of STD, which Stripe still lists"),
    ("svc", "El Salvador has paid in USD since 2001; an older page listed it"),
    ("syp", UNDER_SANCTIONS),
    ("tmt", NOT_LISTED),
    ("ved", "the bolívar of 2021; an older page listed the one of before 2018, VEF"),
    ("zwg", "the currency of 2024; Stripe listed none of Zimbabwe's before it"),
];
const NOT_LISTED: &str = "not listed, without a known reason";
/// Countries with which Stripe does no business (<https://stripe.com/legal/restricted-businesses>).
const UNDER_SANCTIONS: &str = "not listed, and its country is under the sanctions that Stripe follows";

/// ISO's currencies that a card can be charged in: no funds, metals and test codes, and none that was replaced.
fn in_use() -> impl Iterator<Item = Iso> {
    Iso::iter().filter(|iso| iso.flags().is_empty())
}

fn code(iso: Iso) -> String {
    iso.code().to_ascii_lowercase()
}

#[test]
fn decimals_differ_from_iso_only_where_stripe_says_so() {
    let differing: Vec<_> = Currency::all()
        .filter_map(|ours| {
            let iso = Iso::from_code(&ours.code().to_ascii_uppercase())?;
            let decimals = iso.exponent()?;
            (u16::from(ours.decimals()) != decimals).then(|| (ours.code(), ours.decimals(), decimals))
        })
        .collect();
    assert_eq!(differing, OTHER_DECIMALS.map(|(code, ours, iso, _)| (code, ours, iso)));
}

#[test]
fn whole_units_are_charged_where_stripe_keeps_decimals_that_iso_does_not_have() {
    for (code, decimals, iso, why) in OTHER_DECIMALS {
        let currency = Currency::parse(code).expect("a currency");
        let whole = 10_i64.pow(u32::from(decimals.saturating_sub(u8::try_from(iso).expect("few"))));
        assert_eq!(currency.step(), whole, "{code}: {why}");
    }
}

#[test]
fn a_currency_has_ended_exactly_when_iso_no_longer_has_it() {
    for ours in Currency::all() {
        let iso = Iso::from_code(&ours.code().to_ascii_uppercase());
        let in_use =
            iso.is_some_and(|iso| !iso.flags().iter().any(|flag| matches!(flag, Flag::Superseded(_))));
        let kept = STRIPE_ALONE.iter().any(|(code, _)| *code == ours.code());
        assert_eq!(ours.is_chargeable(), in_use || kept, "{ours}");
    }
}

#[test]
fn every_currency_in_use_is_charged_but_those_that_stripe_does_not_have() {
    let missing: BTreeSet<_> = in_use().map(code).filter(|code| Currency::parse(code).is_err()).collect();
    assert_eq!(missing, ISO_ALONE.map(|(code, _)| code.to_owned()).into());
}
