//! A creator's connected account at Stripe.

use crate::{AccountId, Currency};
use serde::{Deserialize, Serialize};

/// What is known of a connected account. "May be paid" (transfers) is kept apart from "payouts on": a
/// creator whose payouts are held can still receive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedAccount {
    /// `acct_…`.
    pub id: AccountId,
    /// Whether the `transfers` capability is active: money can be sent to the account.
    pub transfers_active: bool,
    /// Whether Stripe pays the account's balance out to its bank.
    pub payouts_enabled: bool,
    /// The account's currency; the creator receives in it.
    pub default_currency: Currency,
    /// Two-letter country.
    pub country: String,
}
