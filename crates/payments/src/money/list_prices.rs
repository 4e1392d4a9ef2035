//! Stripe's public list prices for a card of the account's own region, by country and settlement currency.
//!
//! Stripe has a price list for each country, and no machine-readable one. A country and currency that is not here has no
//! price: the deployment gives its own (`FEE_SCHEDULE`). Prices are without taxes on fees, which some countries add (Japan,
//! Mexico, Singapore), and without the higher rates of premium and foreign cards: the ledger books the difference to the
//! actual fee.

use crate::money::Currency;

/// Stripe's price for the domestic cards of some countries, in one currency.
pub(crate) struct ListPrice {
    /// ISO 3166 codes.
    countries: &'static [&'static str],
    /// Lower-case ISO 4217.
    currency: &'static str,
    /// In parts per million.
    pub(crate) rate_ppm: i64,
    /// In minor units of `currency`.
    pub(crate) fixed: i64,
}

const fn price(
    countries: &'static [&'static str],
    currency: &'static str,
    rate_ppm: i64,
    fixed: i64,
) -> ListPrice {
    ListPrice { countries, currency, rate_ppm, fixed }
}

/// The countries of the EEA that pay in euros, Bulgaria since 2026.
const EURO: &[&str] = &[
    "AT", "BE", "BG", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PT", "SI", "SK",
];

/// All that are known, each with its source and the day from which the source gives it or on which it was read. A price in
/// a currency that is not the country's own is here only if Stripe publishes it.
#[rustfmt::skip]
static PRICES: &[ListPrice] = &[
    // 2026-09-20: https://stripe.com/pricing
    price(&["US"], "usd", 29_000, 30),
    // 2023-04-10: https://support.stripe.com/questions/pricing-updates-for-businesses-in-the-united-kingdom
    price(&["GB"], "gbp", 15_000, 20),
    // 2023-04-10: https://support.stripe.com/questions/pricing-updates-for-businesses-based-in-the-european-economic-area-(eea)
    price(EURO, "eur", 15_000, 25),
    price(&["CZ"], "czk", 15_000, 650),
    price(&["DK"], "dkk", 15_000, 180),
    price(&["HU"], "huf", 15_000, 8_500),
    price(&["LI"], "chf", 15_000, 30),
    price(&["PL"], "pln", 15_000, 100),
    price(&["RO"], "ron", 15_000, 100),
    price(&["SE"], "sek", 15_000, 180),
    // 2023-04-10: https://support.stripe.com/questions/pricing-updates-for-businesses-in-norway
    price(&["NO"], "nok", 24_000, 200),
    // 2024-04-01: https://support.stripe.com/questions/april-2024-pricing-update-for-businesses-on-standard-pricing-in-australia
    price(&["AU"], "aud", 17_000, 30),
    // 2023-10-15: https://support.stripe.com/questions/october-2023-pricing-updates-for-global-standard-pricing-users
    price(&["NZ"], "nzd", 27_000, 30),
    // 2026-11-30: https://support.stripe.com/questions/faq-for-pricing-of-international-card-payments-in-singapore-and-hong-kong
    price(&["SG", "HK"], "usd", 34_000, 50),
    // Not read at Stripe. 2026-11-30: stripe.com/ca/pricing as quoted by github.com/Pitchero/StripeFees, blog.flipdare.com.
    price(&["CA"], "cad", 29_000, 30),
    // Not read at Stripe. 2026-11-30: stripe.com/ch/pricing as quoted by github.com/Pitchero/StripeFees, stripto.pl.
    price(&["CH"], "chf", 29_000, 30),
    // Not read at Stripe. 2026-11-30: stripe.com/jp/pricing as quoted by eczine.jp, blog.flipdare.com.
    price(&["JP"], "jpy", 36_000, 0),
    // Not read at Stripe. 2026-11-30: stripe.com/sg/pricing as quoted by blog.flipdare.com.
    price(&["SG"], "sgd", 34_000, 50),
    // Not read at Stripe. 2026-11-30: stripe.com/my/pricing as quoted by support.shoplineapp.com.
    price(&["MY"], "myr", 30_000, 100),
];

/// Stripe's list price for an account in a country that settles in a currency.
pub(crate) fn list_price(country: &str, currency: Currency) -> Option<&'static ListPrice> {
    PRICES.iter().find(|price| price.currency == currency.code() && price.is_for(country))
}

/// Whether any list price of a country is known.
pub(crate) fn has_list_price(country: &str) -> bool {
    PRICES.iter().any(|price| price.is_for(country))
}

impl ListPrice {
    fn is_for(&self, country: &str) -> bool {
        self.countries.contains(&country)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_price_is_of_one_country_and_a_currency_that_stripe_charges() {
        let mut seen = BTreeSet::new();
        for price in PRICES {
            let currency = Currency::parse(price.currency).expect(price.currency);
            assert!(currency.is_chargeable(), "{currency}");
            assert_eq!(price.fixed % currency.step(), 0, "{currency}");
            assert!((10_000..50_000).contains(&price.rate_ppm), "{currency}");
            for country in price.countries {
                assert!(country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()));
                assert!(seen.insert((country, price.currency)), "{country} {currency} twice");
            }
        }
    }

    #[test]
    fn a_country_has_its_own_price_and_none_has_the_american_one_by_default() {
        let of = |country: &str, code: &str| {
            let currency = Currency::parse(code).expect("currency");
            list_price(country, currency).map(|price| (price.rate_ppm, price.fixed))
        };
        assert_eq!(of("US", "usd"), Some((29_000, 30)));
        assert_eq!(of("GB", "gbp"), Some((15_000, 20)));
        assert_eq!((of("DE", "eur"), of("BG", "eur")), (Some((15_000, 25)), Some((15_000, 25))));
        assert_eq!(of("HU", "huf"), Some((15_000, 8_500)));
        assert_eq!(of("CA", "cad"), Some((29_000, 30)));
        assert_eq!(of("AU", "aud"), Some((17_000, 30)));
        for (country, code) in [("US", "eur"), ("DE", "usd"), ("GB", "eur"), ("BR", "brl"), ("MX", "mxn")] {
            assert_eq!(of(country, code), None, "{country} {code}");
        }
        assert!(has_list_price("SG") && !has_list_price("BR"));
    }
}
