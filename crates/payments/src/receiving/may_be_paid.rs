//! Whether money may be sent to an account.

use crate::receiving::{ConnectedAccount, Policy};

impl Policy {
    /// Whether Stripe allows money to be sent to an account, under this deployment's settings.
    #[must_use]
    pub fn may_be_paid(&self, account: &ConnectedAccount) -> bool {
        account.transfers_active && (account.card_payments_active || !self.on_behalf_of)
    }
}
