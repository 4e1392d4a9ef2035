//! The kind of a schedule.

use crate::currency::{CONVERTED, Currency, USD};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Whether Stripe delivers events at all; without them, reconciliation runs once, at the end.
    pub(crate) webhooks: bool,
    pub(crate) currency: Currency,
}

impl Plan {
    pub const WITH_WEBHOOKS: Self = Self { webhooks: true, currency: USD };
    pub const WITHOUT_WEBHOOKS: Self = Self { webhooks: false, currency: USD };

    /// The platform settles in a currency, in which all payments are made. Accounts that are opened by onboarding keep US
    /// dollars, so that Stripe converts on the way to them.
    #[must_use]
    pub const fn in_currency(currency: Currency) -> Self {
        Self { currency, ..Self::WITH_WEBHOOKS }
    }

    /// The platform's balance is in another currency than all payments: those of even seeds are converted to lesser numbers,
    /// and those of odd ones to greater.
    #[must_use]
    pub const fn converted(seed: u64) -> Self {
        let [lesser, greater] = CONVERTED;
        Self::in_currency(if seed.is_multiple_of(2) { lesser } else { greater })
    }

    /// What makes `simulate` play it, beside the seed.
    pub(crate) fn option(self) -> &'static str {
        match self {
            Self { webhooks: false, .. } => " --without-webhooks",
            Self { currency, .. } if currency.balance != currency.code => " --converted",
            Self { .. } => "",
        }
    }
}
