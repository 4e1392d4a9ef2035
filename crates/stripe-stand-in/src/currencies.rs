//! Limits on amounts by currency (docs.stripe.com/currencies), and Stripe's fees. Currencies that ended (`ang` on 31
//! March 2025, `bgn` on 1 January 2026) are unknown here.

use crate::exchange::Conversion;
use crate::wire::errors::StripeError;

struct Currency {
    code: &'static str,
    /// The minimum charge, in minor units.
    minimum: i64,
    /// Every amount must be a multiple of this.
    step: i64,
    /// Stripe's fixed fee for a charge, in minor units: a round figure, where Stripe's price list differs by country.
    fixed_fee: i64,
}

const fn currency(code: &'static str, minimum: i64, step: i64, fixed_fee: i64) -> Currency {
    Currency { code, minimum, step, fixed_fee }
}

/// Eight digits; Stripe's limit for every currency but the rupiah.
const MAXIMUM: i64 = 99_999_999;

const MAXIMUM_IDR: i64 = 999_999_999_999;

/// Currencies with a documented minimum, then those whose minimum depends on the exchange rate at Stripe and is the
/// smallest amount here.
const CURRENCIES: &[Currency] = &[
    currency("aed", 200, 1, 100),
    currency("aud", 50, 1, 30),
    currency("brl", 50, 1, 39),
    currency("cad", 50, 1, 30),
    currency("chf", 50, 1, 30),
    currency("czk", 1500, 1, 650),
    currency("dkk", 250, 1, 180),
    currency("eur", 50, 1, 25),
    currency("gbp", 30, 1, 20),
    currency("hkd", 400, 1, 235),
    currency("huf", 17_500, 1, 8500),
    currency("inr", 50, 1, 0),
    currency("jpy", 50, 1, 0),
    currency("mxn", 1000, 1, 300),
    currency("myr", 200, 1, 100),
    currency("nok", 300, 1, 200),
    currency("nzd", 50, 1, 30),
    currency("pln", 200, 1, 100),
    currency("ron", 200, 1, 100),
    currency("sek", 300, 1, 180),
    currency("sgd", 50, 1, 50),
    currency("thb", 1000, 1, 1000),
    currency("usd", 50, 1, 30),
    currency("ars", 1, 1, 0),
    currency("bhd", 10, 10, 0),
    currency("bif", 1, 1, 0),
    currency("clp", 1, 1, 0),
    currency("cop", 1, 1, 0),
    currency("djf", 1, 1, 0),
    currency("egp", 1, 1, 0),
    currency("gnf", 1, 1, 0),
    currency("idr", 1, 1, 0),
    currency("ils", 1, 1, 0),
    currency("isk", 100, 100, 0),
    currency("jod", 10, 10, 0),
    currency("kes", 1, 1, 0),
    currency("kmf", 1, 1, 0),
    currency("krw", 1, 1, 0),
    currency("kwd", 10, 10, 0),
    currency("mga", 1, 1, 0),
    currency("ngn", 1, 1, 0),
    currency("omr", 10, 10, 0),
    currency("pen", 1, 1, 0),
    currency("php", 1, 1, 0),
    currency("pyg", 1, 1, 0),
    currency("rwf", 1, 1, 0),
    currency("sar", 1, 1, 0),
    currency("tnd", 10, 10, 0),
    currency("try", 1, 1, 0),
    currency("twd", 1, 1, 0),
    currency("uah", 1, 1, 0),
    currency("ugx", 100, 100, 0),
    currency("uyu", 1, 1, 0),
    currency("vnd", 1, 1, 0),
    currency("vuv", 1, 1, 0),
    currency("xaf", 1, 1, 0),
    currency("xcg", 1, 1, 0),
    currency("xof", 1, 1, 0),
    currency("xpf", 1, 1, 0),
    currency("zar", 1, 1, 0),
];

fn find(code: &str) -> Option<&'static Currency> {
    CURRENCIES.iter().find(|currency| currency.code == code)
}

/// Every currency that can be charged.
pub(crate) fn chargeable() -> impl Iterator<Item = &'static str> {
    CURRENCIES.iter().map(|currency| currency.code)
}

/// The currency in lower case, as Stripe stores it.
pub(crate) fn parse(given: &str) -> Result<String, StripeError> {
    let code = given.to_ascii_lowercase();
    if find(&code).is_some() {
        return Ok(code);
    }
    let supported = chargeable().collect::<Vec<_>>().join(", ");
    Err(StripeError::invalid(format!(
        "Invalid currency: {code}. Stripe currently supports these currencies: {supported}"
    ))
    .param("currency"))
}

/// Checks that `amount` minor units of `currency` can be charged, but for the minimum.
pub(crate) fn check_charge(amount: i64, currency: &str) -> Result<(), StripeError> {
    let Some(rules) = find(currency) else {
        return parse(currency).map(drop);
    };
    let refuse = |code: &str, message: String| Err(StripeError::invalid(message).code(code).param("amount"));
    if amount < 1 {
        return refuse("parameter_invalid_integer", "This value must be greater than or equal to 1.".into());
    }
    let maximum = if currency == "idr" { MAXIMUM_IDR } else { MAXIMUM };
    if amount > maximum {
        return refuse(
            "amount_too_large",
            format!("Amount must be no more than {}", format_amount(maximum, currency)),
        );
    }
    if amount % rules.step != 0 {
        return refuse(
            "invalid_charge_amount",
            format!("Invalid amount: {currency} amounts must be divisible by {}", rules.step),
        );
    }
    Ok(())
}

/// Checks that a charge reaches the minimum of the currency in which it settles, after its conversion if need be.
pub(crate) fn check_minimum(amount: i64, currency: &str, settles_in: &str) -> Result<(), StripeError> {
    let minimum = find(settles_in).map_or(1, |rules| rules.minimum);
    let converted = Conversion::of(currency, settles_in).convert(amount);
    if converted >= minimum {
        return Ok(());
    }
    let least = match (settles_in, minimum) {
        ("usd", 50) if currency != settles_in => "50 cents".to_owned(),
        _ => format_amount(minimum, settles_in),
    };
    let message = match currency == settles_in {
        true => format!("Amount must be at least {least}"),
        false => format!(
            "Amount must convert to at least {least}. {} converts to approximately {}.",
            format_amount(amount, currency),
            format_amount(converted, settles_in)
        ),
    };
    Err(StripeError::invalid(message).code("amount_too_small").param("amount"))
}

/// Checks that `amount` minor units of `currency` can be transferred, reversed, refunded or paid out: for these the
/// minimum is one unit.
pub(crate) fn check_transfer(amount: i64, currency: &str) -> Result<(), StripeError> {
    let step = step(currency);
    let refuse = |message: String| {
        Err(StripeError::invalid(message).code("parameter_invalid_integer").param("amount"))
    };
    if amount < 1 {
        return refuse("This value must be greater than or equal to 1.".to_owned());
    }
    if amount > MAXIMUM_IDR {
        return refuse(format!("This value must be less than or equal to {MAXIMUM_IDR}."));
    }
    if amount % step != 0 {
        return refuse(format!("Invalid amount: {currency} amounts must be divisible by {step}"));
    }
    Ok(())
}

/// Every amount of a currency is a multiple of this, in minor units.
pub(crate) fn step(currency: &str) -> i64 {
    find(currency).map_or(1, |currency| currency.step)
}

/// The number of decimals of a currency at Stripe.
pub(crate) fn decimals(currency: &str) -> u32 {
    match currency {
        "bif" | "clp" | "djf" | "gnf" | "jpy" | "kmf" | "krw" | "mga" | "pyg" | "rwf" | "vnd" | "vuv"
        | "xaf" | "xof" | "xpf" => 0,
        "bhd" | "jod" | "kwd" | "omr" | "tnd" => 3,
        _ => 2,
    }
}

/// An amount in major units, as in Stripe's messages.
pub(crate) fn format_amount(amount: i64, currency: &str) -> String {
    let decimals = decimals(currency);
    let unit = 10_i64.pow(decimals);
    let sign = if currency == "usd" { "$" } else { "" };
    match decimals {
        0 => format!("{sign}{amount} {currency}"),
        width => {
            format!("{sign}{}.{:0width$} {currency}", amount / unit, amount % unit, width = width as usize)
        }
    }
}

/// Stripe's fixed fee per charge, in minor units of `currency`.
pub(crate) fn fixed_fee(currency: &str) -> i64 {
    find(currency).map_or(0, |currency| currency.fixed_fee)
}

/// Stripe's fee for a dispute, in minor units of `currency` (stripe.com/pricing). For currencies without a figure of
/// their own here, it is the same multiple of the fixed fee as in dollars.
pub(crate) fn dispute_fee(currency: &str) -> i64 {
    match currency {
        "usd" | "cad" => 1500,
        "eur" | "gbp" => 2000,
        "aud" => 2500,
        other => fixed_fee(other) * 50,
    }
}

/// The currency of a country that Stripe supports, or of the EEA.
pub(crate) fn currency_of(country: &str) -> &'static str {
    match country {
        "AE" => "aed",
        "AU" => "aud",
        "BR" => "brl",
        "CA" => "cad",
        "CH" | "LI" => "chf",
        "CZ" => "czk",
        "DK" => "dkk",
        "GB" | "GI" => "gbp",
        "HK" => "hkd",
        "HU" => "huf",
        "IN" => "inr",
        "JP" => "jpy",
        "MX" => "mxn",
        "MY" => "myr",
        "NO" => "nok",
        "NZ" => "nzd",
        "PL" => "pln",
        "RO" => "ron",
        "SE" => "sek",
        "SG" => "sgd",
        "TH" => "thb",
        "EEA" | "AT" | "BE" | "BG" | "CY" | "DE" | "EE" | "ES" | "FI" | "FR" | "GR" | "HR" | "IE" | "IT"
        | "LT" | "LU" | "LV" | "MT" | "NL" | "PT" | "SI" | "SK" => "eur",
        _ => "usd",
    }
}
