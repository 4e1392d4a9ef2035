//! Rates of exchange: coarse and fixed, which is enough to say whether an amount reaches a minimum.

use crate::currencies::decimals;

/// The value of one major unit, in millionths of a dollar.
const RATES: &[(&str, i64)] = &[
    ("aed", 272_300),
    ("ars", 1_000),
    ("aud", 655_000),
    ("bhd", 2_650_000),
    ("bif", 340),
    ("brl", 180_000),
    ("cad", 720_000),
    ("chf", 1_130_000),
    ("clp", 1_050),
    ("cop", 240),
    ("czk", 43_000),
    ("djf", 5_600),
    ("dkk", 145_000),
    ("egp", 20_000),
    ("eur", 1_080_000),
    ("gbp", 1_270_000),
    ("gnf", 115),
    ("hkd", 128_000),
    ("huf", 2_700),
    ("idr", 62),
    ("ils", 270_000),
    ("inr", 11_800),
    ("isk", 7_200),
    ("jod", 1_410_000),
    ("jpy", 6_700),
    ("kes", 7_700),
    ("kmf", 2_200),
    ("krw", 730),
    ("kwd", 3_250_000),
    ("mga", 220),
    ("mxn", 55_000),
    ("myr", 225_000),
    ("ngn", 650),
    ("nok", 93_000),
    ("nzd", 600_000),
    ("omr", 2_600_000),
    ("pen", 265_000),
    ("php", 17_500),
    ("pln", 250_000),
    ("pyg", 130),
    ("ron", 217_000),
    ("rwf", 720),
    ("sar", 266_600),
    ("sek", 95_000),
    ("sgd", 745_000),
    ("thb", 28_000),
    ("tnd", 320_000),
    ("try", 29_000),
    ("twd", 31_000),
    ("uah", 24_000),
    ("ugx", 270),
    ("usd", 1_000_000),
    ("uyu", 24_000),
    ("vnd", 40),
    ("vuv", 8_300),
    ("xaf", 1_650),
    ("xcg", 555_000),
    ("xof", 1_650),
    ("xpf", 9_000),
    ("zar", 55_000),
];

/// Minor units of `from` in minor units of `to`, rounded down.
pub(crate) fn convert(amount: i64, from: &str, to: &str) -> i64 {
    if from == to {
        return amount;
    }
    let rate =
        |code: &str| RATES.iter().find(|(name, _)| *name == code).map_or(1, |(_, rate)| i128::from(*rate));
    let unit = |code: &str| 10_i128.pow(decimals(code));
    let converted = i128::from(amount) * rate(from) * unit(to) / (unit(from) * rate(to));
    i64::try_from(converted).unwrap_or(i64::MAX)
}
