//! The currency of a schedule: the platform settles in it, and payments are made in it.

/// A currency, with amounts of the same size as in US dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    pub(crate) code: &'static str,
    /// Minor units of about the worth of a US cent, so that every drawn amount reaches the minimum charge.
    pub(crate) cent: i64,
    /// Every amount is a multiple of this.
    pub(crate) step: i64,
    /// The currency of the platform's balance at Stripe.
    pub(crate) balance: &'static str,
}

const fn currency(code: &'static str, cent: i64, step: i64) -> Currency {
    Currency { code, cent, step, balance: code }
}

/// Payments on a platform whose balance is in another currency: Stripe converts everything, to lesser numbers and to greater
/// ones.
pub const CONVERTED: [Currency; 2] = [Currency { balance: "eur", ..USD }, Currency { balance: "usd", ..EUR }];

/// The currency of all schedules that name none.
pub(crate) const USD: Currency = currency("usd", 1, 1);

const EUR: Currency = currency("eur", 1, 1);

/// Currencies with two, no and three decimals, with large amounts, and with amounts in steps of ten and a hundred.
pub const CURRENCIES: [Currency; 7] = [
    USD,
    EUR,
    currency("gbp", 1, 1),
    currency("jpy", 1, 1),
    currency("huf", 350, 1),
    currency("isk", 100, 100),
    currency("kwd", 10, 10),
];

impl Currency {
    /// The amount of as many cents.
    pub(crate) fn of_cents(self, cents: i64) -> i64 {
        cents * self.cent
    }

    /// The greatest amount not above `amount`, but at least the smallest one.
    pub(crate) fn whole_steps(self, amount: i64) -> i64 {
        (amount / self.step).max(1) * self.step
    }
}
