//! Faults of the platform's set-up at Stripe, which only its operator can mend.

/// What an operator must mend. The runbook has a row for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUpFault {
    /// The API for accounts (v1 or v2) is not switched on.
    AccountsApi,
    /// Transfers without card payments need Stripe's approval.
    Approval,
    /// Connect, or its platform profile, is not set up.
    ConnectProfile,
    /// Creating accounts is blocked after a long inactivity, or for another reason that Stripe does not code.
    AccountCreation,
    /// The Stripe account is not activated, or restricted.
    PlatformAccount,
    /// Stripe does not take the suffix of the statement descriptor, such as with a longer prefix than configured.
    StatementDescriptor,
    /// Stripe does not take the API version, or the names of the parameters, of this release's requests.
    RequestForm,
    /// The key lacks a permission.
    Permission,
    /// The key is unknown, expired, or of the other mode.
    Key,
}

impl SetUpFault {
    /// Every fault, in the order of the runbook.
    pub const ALL: [Self; 9] = [
        Self::AccountsApi,
        Self::Approval,
        Self::ConnectProfile,
        Self::AccountCreation,
        Self::PlatformAccount,
        Self::StatementDescriptor,
        Self::RequestForm,
        Self::Permission,
        Self::Key,
    ];

    /// The fault's name in the log and the runbook.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountsApi => "accounts_api",
            Self::Approval => "approval",
            Self::ConnectProfile => "connect_profile",
            Self::AccountCreation => "account_creation",
            Self::PlatformAccount => "platform_account",
            Self::StatementDescriptor => "statement_descriptor",
            Self::RequestForm => "request_form",
            Self::Permission => "permission",
            Self::Key => "key",
        }
    }

    /// Whether Stripe answered the request itself, and so answers again under its idempotency key. What concerns the
    /// secret key is refused before that: it says nothing about an earlier attempt under the same idempotency key.
    #[must_use]
    pub fn answers_its_key(self) -> bool {
        match self {
            Self::AccountsApi
            | Self::Approval
            | Self::ConnectProfile
            | Self::AccountCreation
            | Self::StatementDescriptor => true,
            // What fails validation is not kept for its key (docs.stripe.com/api/idempotent_requests).
            Self::PlatformAccount | Self::RequestForm | Self::Permission | Self::Key => false,
        }
    }
}
