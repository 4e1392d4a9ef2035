//! Stripe's two APIs of connected accounts, and which of them is asked first.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_api_is_asked_once() {
        let second = AccountsApi::FIRST_ASKED.asked_after();
        assert_eq!(second, Some(AccountsApi::V1));
        assert_eq!(AccountsApi::V1.asked_after(), None);
    }
}
