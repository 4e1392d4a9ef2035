//! Which of Stripe's dashboards an account's owner has.

use crate::receiving::AccountsApi;
use serde::{Deserialize, Serialize};

/// The dashboard that Stripe hosts for an account's owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dashboard {
    Express,
    /// The whole dashboard, in which the owner signs in.
    Full,
    None,
}

impl Dashboard {
    /// Whether the platform can make a link into it: v1's login links are for the Express Dashboard alone
    /// (<https://docs.stripe.com/api/accounts/login_link>), v2's account links lead into both
    /// (<https://docs.stripe.com/changelog/endive/2026-11-18/dashboard-access-use-case-account-links-v2>).
    #[must_use]
    pub fn has_link(self, api: AccountsApi) -> bool {
        match (self, api) {
            (Self::Express, AccountsApi::V1 | AccountsApi::V2) | (Self::Full, AccountsApi::V2) => true,
            (Self::Full, AccountsApi::V1) | (Self::None, AccountsApi::V1 | AccountsApi::V2) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_v1_lead_into_the_express_dashboard_alone_and_none_leads_nowhere() {
        let linked =
            |dashboard: Dashboard| [AccountsApi::V1, AccountsApi::V2].map(|api| dashboard.has_link(api));
        assert_eq!(linked(Dashboard::Express), [true, true]);
        assert_eq!(linked(Dashboard::Full), [false, true]);
        assert_eq!(linked(Dashboard::None), [false, false]);
    }
}
