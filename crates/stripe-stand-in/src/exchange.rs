//! Rates of exchange: coarse, and moving with the time, so that what is converted twice is not the same amount twice.

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

const MILLION: i128 = 1_000_000;

/// A conversion of one currency to another at a time.
#[derive(Clone, Copy)]
pub(crate) struct Conversion<'c> {
    from: &'c str,
    to: &'c str,
    /// The change of the rate since the table was made, in parts per million.
    moved_ppm: i64,
}

impl<'c> Conversion<'c> {
    /// The conversion at the table's own rate.
    pub(crate) fn of(from: &'c str, to: &'c str) -> Self {
        Self { from, to, moved_ppm: 0 }
    }

    /// The conversion at the rate of a time, in Unix seconds: it moves by up to half a per cent, every ten minutes.
    pub(crate) fn at(from: &'c str, to: &'c str, time_s: i64) -> Self {
        Self { moved_ppm: (time_s / 600 % 41 - 20) * 250, ..Self::of(from, to) }
    }

    /// Minor units of the first currency in minor units of the second, rounded towards zero.
    pub(crate) fn convert(self, amount: i64) -> i64 {
        if self.from == self.to {
            return amount;
        }
        let unit = |code: &str| 10_i128.pow(decimals(code));
        let (dividend, divisor) = self.rate();
        let converted = i128::from(amount) * dividend * unit(self.to) / (unit(self.from) * divisor);
        i64::try_from(converted).unwrap_or(i64::MAX)
    }

    /// One major unit of the first currency in the second, in parts per million. `None` without a conversion.
    pub(crate) fn rate_ppm(self) -> Option<i64> {
        let (dividend, divisor) = self.rate();
        (self.from != self.to).then(|| i64::try_from(dividend * MILLION / divisor).unwrap_or(i64::MAX))
    }

    /// The rate as a fraction.
    fn rate(self) -> (i128, i128) {
        let value = |code: &str| {
            RATES.iter().find(|(name, _)| *name == code).map_or(1, |(_, value)| i128::from(*value))
        };
        (value(self.from) * (MILLION + i128::from(self.moved_ppm)), value(self.to) * MILLION)
    }
}
