//! The kinds of account that a deployment can create.

use crate::receiving::AccountsApi;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Deserialize, Serialize};

/// The kind of account to create. With destination charges the platform always bears Stripe's fees, refunds and
/// negative balances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Accounts v2: Stripe collects requirements, the creator has the Express Dashboard. A new platform can make no
    /// other kind (<https://docs.stripe.com/connect/accounts-v2/account-creation>).
    #[default]
    AccountsV2,
    /// Controller properties (<https://docs.stripe.com/connect/migrate-to-controller-properties>): Stripe collects
    /// requirements, the creator has the Express Dashboard.
    ControllerExpress,
    /// Controller properties: the platform is responsible for requirements, the creator has no dashboard.
    ControllerNone,
    /// The older `type=express`.
    TypeExpress,
    /// The older `type=custom`.
    TypeCustom,
}

impl AccountKind {
    /// Parses the value of the deployment's parameter.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::deserialize(StrDeserializer::<ValueError>::new(name)).ok()
    }

    /// The API that makes accounts of this kind.
    #[must_use]
    pub fn api(self) -> AccountsApi {
        match self {
            Self::AccountsV2 => AccountsApi::V2,
            Self::ControllerExpress | Self::ControllerNone | Self::TypeExpress | Self::TypeCustom => {
                AccountsApi::V1
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_parses_from_its_own_name() {
        for kind in ["accounts_v2", "controller_express", "controller_none", "type_express", "type_custom"] {
            assert_eq!(AccountKind::parse(kind).map(|parsed| serde_json::json!(parsed)), Some(kind.into()));
        }
        assert_eq!(AccountKind::parse("standard"), None);
    }
}
