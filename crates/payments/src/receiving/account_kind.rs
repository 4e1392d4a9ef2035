//! The kinds of account that a deployment can create, and the two APIs that make and read them.

use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Deserialize, Serialize};

/// One of Stripe's two APIs of connected accounts. An account keeps the API that made it, whatever the deployment is
/// set to later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountsApi {
    /// `/v1/accounts`.
    V1,
    /// `/v2/core/accounts` (<https://docs.stripe.com/connect/accounts-v2>).
    V2,
}

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

impl AccountsApi {
    /// The API that is asked first about an account that an operator names. v1 may show an account of v2 in v1's shape,
    /// but v2 refuses an account that v1 made, so v2's answer decides.
    pub const FIRST_ASKED: Self = Self::V2;

    /// The API that is asked after this one definitely refused.
    #[must_use]
    pub fn asked_after(self) -> Option<Self> {
        match self {
            Self::V2 => Some(Self::V1),
            Self::V1 => None,
        }
    }
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
