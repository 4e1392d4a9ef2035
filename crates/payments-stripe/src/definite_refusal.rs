//! Which errors say that an account is not connected to the platform, and which are definite.

use crate::StripeError;

impl StripeError {
    /// Whether Stripe answered, and will answer the same request in the same way.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        match self {
            Self::Refused(_) | Self::SetUp(_) => true,
            Self::UnusableKey(_)
            | Self::KeyReused
            | Self::InProgress
            | Self::Unavailable { .. }
            | Self::Unreadable(_) => false,
        }
    }

    /// Whether Stripe says that an account is not connected to the platform: 403 `account_invalid`, or 404.
    #[must_use]
    pub fn is_not_connected(&self) -> bool {
        match self {
            Self::Refused(refusal) => {
                refusal.status == 404 || refusal.code.as_deref() == Some("account_invalid")
            }
            Self::SetUp(_)
            | Self::UnusableKey(_)
            | Self::KeyReused
            | Self::InProgress
            | Self::Unavailable { .. }
            | Self::Unreadable(_) => false,
        }
    }
}
