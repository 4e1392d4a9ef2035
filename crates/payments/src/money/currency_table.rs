//! Stripe's currencies, each with its decimals, step, minimum and maximum charge (<https://docs.stripe.com/currencies>).
//!
//! ISO 4217's own table differs: programs that followed it have charged a hundredth or a hundred times.
//! `tests/currencies.rs` holds this table beside ISO's and names each difference.

/// The day as of which this table follows Stripe's page.
pub(crate) const AS_OF: &str = "2026-11-30";

/// Stripe's rules for amounts in one currency, and what it is worth.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) code: &'static str,
    /// Digits after the decimal point when an amount in Stripe's minor units is displayed.
    pub(crate) decimals: u8,
    /// Amounts are multiples of this, in minor units: amounts in three-decimal currencies end in 0; UGX and ISK have no
    /// decimals but are sent ×100.
    pub(crate) step: i64,
    /// In minor units; one step where Stripe documents no minimum.
    pub(crate) min_charge: i64,
    /// In minor units.
    pub(crate) max_charge: i64,
    /// About 30 US cents, in minor units, rounded up: the scale of the amounts that senders are offered.
    pub(crate) thirty_cents: i64,
    /// The day from which Stripe no longer charges it. What is stored in it stays readable.
    pub(crate) ended_on: Option<&'static str>,
}

/// Eight digits, for every currency but IDR.
const MAX: i64 = 99_999_999;
/// Twelve digits for IDR.
const IDR_MAX: i64 = 999_999_999_999;

const fn row(
    code: &'static str,
    decimals: u8,
    step: i64,
    min_charge: i64,
    max_charge: i64,
    thirty_cents: i64,
) -> Row {
    Row { code, decimals, step, min_charge, max_charge, thirty_cents, ended_on: None }
}

const fn ended(day: &'static str, row: Row) -> Row {
    Row { ended_on: Some(day), ..row }
}

/// Sorted by code. Columns: code, decimals, step, minimum charge, maximum charge, thirty US cents.
#[rustfmt::skip]
pub(crate) static TABLE: &[Row] = &[
    row("aed", 2, 1, 200, MAX, 115),
    row("afn", 2, 1, 1, MAX, 2100),
    row("all", 2, 1, 1, MAX, 2600),
    row("amd", 2, 1, 1, MAX, 11_600),
    // Replaced by XCG.
    ended("2025-03-31", row("ang", 2, 1, 1, MAX, 54)),
    row("aoa", 2, 1, 1, MAX, 27_600),
    row("ars", 2, 1, 1, MAX, 43_000),
    row("aud", 2, 1, 50, MAX, 47),
    row("awg", 2, 1, 1, MAX, 54),
    row("azn", 2, 1, 1, MAX, 51),
    row("bam", 2, 1, 1, MAX, 51),
    row("bbd", 2, 1, 1, MAX, 60),
    row("bdt", 2, 1, 1, MAX, 3700),
    // Replaced by EUR.
    ended("2026-01-01", row("bgn", 2, 1, 100, MAX, 51)),
    row("bhd", 3, 10, 10, MAX, 120),
    row("bif", 0, 1, 1, MAX, 890),
    row("bmd", 2, 1, 1, MAX, 30),
    row("bnd", 2, 1, 1, MAX, 40),
    row("bob", 2, 1, 1, MAX, 210),
    row("brl", 2, 1, 50, MAX, 165),
    row("bsd", 2, 1, 1, MAX, 30),
    row("bwp", 2, 1, 1, MAX, 420),
    row("byn", 2, 1, 1, MAX, 100),
    row("bzd", 2, 1, 1, MAX, 61),
    row("cad", 2, 1, 50, MAX, 42),
    row("cdf", 2, 1, 1, MAX, 69_000),
    row("chf", 2, 1, 50, MAX, 25),
    row("clp", 0, 1, 1, MAX, 290),
    row("cny", 2, 1, 1, MAX, 220),
    row("cop", 2, 1, 1, MAX, 125_000),
    row("crc", 2, 1, 1, MAX, 15_500),
    row("cve", 2, 1, 1, MAX, 2900),
    row("czk", 2, 1, 1500, MAX, 650),
    row("djf", 0, 1, 1, MAX, 54),
    row("dkk", 2, 1, 250, MAX, 195),
    row("dop", 2, 1, 1, MAX, 1950),
    row("dzd", 2, 1, 1, MAX, 4000),
    row("egp", 2, 1, 1, MAX, 1500),
    row("etb", 2, 1, 1, MAX, 4600),
    row("eur", 2, 1, 50, MAX, 27),
    row("fjd", 2, 1, 1, MAX, 69),
    row("fkp", 2, 1, 1, MAX, 24),
    row("gbp", 2, 1, 30, MAX, 24),
    row("gel", 2, 1, 1, MAX, 83),
    row("gip", 2, 1, 1, MAX, 24),
    row("gmd", 2, 1, 1, MAX, 2200),
    row("gnf", 0, 1, 1, MAX, 2650),
    row("gtq", 2, 1, 1, MAX, 235),
    row("gyd", 2, 1, 1, MAX, 6300),
    row("hkd", 2, 1, 400, MAX, 235),
    row("hnl", 2, 1, 1, MAX, 800),
    row("htg", 2, 1, 1, MAX, 4000),
    row("huf", 2, 1, 17_500, MAX, 10_300),
    row("idr", 2, 1, 1, IDR_MAX, 505_000),
    row("ils", 2, 1, 1, MAX, 105),
    row("inr", 2, 1, 50, MAX, 2700),
    row("isk", 2, 100, 100, MAX, 3900),
    row("jmd", 2, 1, 1, MAX, 4900),
    row("jod", 3, 10, 10, MAX, 220),
    row("jpy", 0, 1, 50, MAX, 48),
    row("kes", 2, 1, 1, MAX, 3900),
    row("kgs", 2, 1, 1, MAX, 2700),
    row("khr", 2, 1, 1, MAX, 122_000),
    row("kmf", 0, 1, 1, MAX, 130),
    row("krw", 0, 1, 1, MAX, 445),
    row("kwd", 3, 10, 10, MAX, 100),
    row("kyd", 2, 1, 1, MAX, 25),
    row("kzt", 2, 1, 1, MAX, 16_500),
    row("lak", 2, 1, 1, MAX, 660_000),
    row("lbp", 2, 1, 1, MAX, 2_700_000),
    row("lkr", 2, 1, 1, MAX, 9300),
    row("lrd", 2, 1, 1, MAX, 5500),
    row("lsl", 2, 1, 1, MAX, 540),
    row("mad", 2, 1, 1, MAX, 280),
    row("mdl", 2, 1, 1, MAX, 520),
    row("mga", 0, 1, 1, MAX, 1370),
    row("mkd", 2, 1, 1, MAX, 1650),
    row("mmk", 2, 1, 1, MAX, 64_000),
    row("mnt", 2, 1, 1, MAX, 108_000),
    row("mop", 2, 1, 1, MAX, 245),
    row("mur", 2, 1, 1, MAX, 1400),
    row("mvr", 2, 1, 1, MAX, 470),
    row("mwk", 2, 1, 1, MAX, 52_500),
    row("mxn", 2, 1, 1000, MAX, 570),
    row("myr", 2, 1, 200, MAX, 130),
    row("mzn", 2, 1, 1, MAX, 1950),
    row("nad", 2, 1, 1, MAX, 540),
    row("ngn", 2, 1, 1, MAX, 45_000),
    row("nio", 2, 1, 1, MAX, 1110),
    row("nok", 2, 1, 300, MAX, 310),
    row("npr", 2, 1, 1, MAX, 4300),
    row("nzd", 2, 1, 50, MAX, 54),
    row("omr", 3, 10, 10, MAX, 120),
    row("pab", 2, 1, 1, MAX, 30),
    row("pen", 2, 1, 1, MAX, 105),
    row("pgk", 2, 1, 1, MAX, 130),
    row("php", 2, 1, 1, MAX, 1780),
    row("pkr", 2, 1, 1, MAX, 8500),
    row("pln", 2, 1, 200, MAX, 115),
    row("pyg", 0, 1, 1, MAX, 2200),
    row("qar", 2, 1, 1, MAX, 110),
    row("ron", 2, 1, 200, MAX, 135),
    row("rsd", 2, 1, 1, MAX, 3100),
    row("rub", 2, 1, 1, MAX, 2500),
    row("rwf", 0, 1, 1, MAX, 440),
    row("sar", 2, 1, 1, MAX, 115),
    row("sbd", 2, 1, 1, MAX, 250),
    row("scr", 2, 1, 1, MAX, 450),
    row("sek", 2, 1, 300, MAX, 290),
    row("sgd", 2, 1, 50, MAX, 40),
    row("shp", 2, 1, 1, MAX, 24),
    row("sle", 2, 1, 1, MAX, 720),
    row("sos", 2, 1, 1, MAX, 17_200),
    row("srd", 2, 1, 1, MAX, 1200),
    row("std", 2, 1, 1, MAX, 630_000),
    row("szl", 2, 1, 1, MAX, 540),
    row("thb", 2, 1, 1000, MAX, 1000),
    row("tjs", 2, 1, 1, MAX, 290),
    row("tnd", 3, 10, 10, MAX, 900),
    row("top", 2, 1, 1, MAX, 73),
    row("try", 2, 1, 1, MAX, 1280),
    row("ttd", 2, 1, 1, MAX, 205),
    row("twd", 2, 1, 1, MAX, 950),
    row("tzs", 2, 1, 1, MAX, 76_000),
    row("uah", 2, 1, 1, MAX, 1270),
    row("ugx", 2, 100, 100, MAX, 110_000),
    row("usd", 2, 1, 50, MAX, 30),
    row("uyu", 2, 1, 1, MAX, 1210),
    row("uzs", 2, 1, 1, MAX, 365_000),
    row("vnd", 0, 1, 1, MAX, 7950),
    row("vuv", 0, 1, 1, MAX, 37),
    row("wst", 2, 1, 1, MAX, 85),
    row("xaf", 0, 1, 1, MAX, 171),
    row("xcd", 2, 1, 1, MAX, 82),
    row("xcg", 2, 1, 1, MAX, 54),
    row("xof", 0, 1, 1, MAX, 171),
    row("xpf", 0, 1, 1, MAX, 32),
    row("yer", 2, 1, 1, MAX, 7300),
    row("zar", 2, 1, 1, MAX, 540),
    row("zmw", 2, 1, 1, MAX, 700),
];
