//! The terms that a deployment sets for who may receive, and how much.

use crate::money::{AmountLimits, Currency, FeeSchedule};
use crate::receiving::{account::ConnectedAccount, countries::Countries, sender_limits::SenderLimits};

/// The terms that a deployment sets.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// The greatest amounts.
    pub limits: AmountLimits,
    /// The fees, which bound the greatest amount too.
    pub fees: FeeSchedule,
    /// Where creators can receive.
    pub countries: Countries,
    /// Whether the creator's account is the merchant of a charge (`on_behalf_of`): it needs the `card_payments`
    /// capability then.
    pub on_behalf_of: bool,
    /// How often and how much can be sent.
    pub senders: SenderLimits,
}

impl Policy {
    /// Whether Stripe lets money be sent to an account, on this deployment's terms.
    #[must_use]
    pub fn may_be_paid(&self, account: &ConnectedAccount) -> bool {
        account.transfers_active && (account.card_payments_active || !self.on_behalf_of)
    }

    /// The least amount of a currency that can be chosen, in minor units.
    #[must_use]
    pub fn least(&self, currency: Currency) -> i64 {
        self.limits.least(currency)
    }

    /// The greatest amount of a currency that can be chosen, in minor units.
    #[must_use]
    pub fn greatest(&self, currency: Currency) -> i64 {
        self.limits.greatest(currency, &self.fees)
    }

    /// Amounts to offer for a tap, in minor units.
    #[must_use]
    pub fn presets(&self, currency: Currency) -> Vec<i64> {
        self.limits.presets(currency, &self.fees)
    }
}
