//! Whether the platform may create an account, by its kind.
//!
//! The refusals are as reported by platforms that met them. Those of v1 are outcomes: the same idempotency key gets them
//! again for a day, also after the platform's settings were changed. A blocked request is not executed, so its key gets
//! nothing again: another request under it can create the account once the block is lifted.

use crate::state::platform::Platform;
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use std::collections::BTreeSet;

/// The first version whose refusal of an inactive platform has a code (docs.stripe.com/changelog/endive/2026-11-18).
const CODE_OF_INACTIVE_SINCE: &str = "2026-11-18";

/// Whether `POST /v1/accounts` may create an account with these capabilities.
pub(crate) fn check_v1(request: &Request<'_>, capabilities: &BTreeSet<String>) -> Result<(), StripeError> {
    match request.sandbox.settings.platform {
        Platform::AccountsV2 => Err(StripeError::invalid(
            "Stripe no longer recommends Accounts v1 for new Connect integrations. Create connected accounts with POST \
             /v2/core/accounts instead: https://docs.stripe.com/api/v2/core/accounts. Read more about Accounts v2: \
             https://docs.stripe.com/connect/accounts-v2/account-creation. If your integration requires v1 account \
             creation for a supported compatibility scenario, enable Accounts v1 support in the Dashboard: \
             https://dashboard.stripe.com/settings/features/feat_accounts_v1_support.",
        )
        .after_execution()),
        Platform::AccountsV1 | Platform::AccountsV1Only => Ok(()),
        Platform::NeedsApproval if is_transfers_alone(capabilities) => Err(StripeError::invalid(
            "Your platform needs approval for accounts to have requested the `transfers` capability without the \
             `card_payments` capability. If you would like to request transfers without card_payments, please contact \
             us via https://support.stripe.com/contact.",
        )
        .after_execution()),
        Platform::NeedsApproval => Ok(()),
        Platform::Inactive => Err(inactive(request)),
    }
}

/// Whether `POST /v2/core/accounts` may create an account with these capabilities in `country`. Transfers alone are
/// reported to work for accounts in the US, and to be refused in DE, GB, CA, AU and SG.
pub(crate) fn check_v2(
    request: &Request<'_>,
    capabilities: &BTreeSet<String>,
    country: &str,
) -> Result<(), StripeError> {
    let needs_card_payments = match request.sandbox.settings.platform {
        Platform::AccountsV2 | Platform::AccountsV1 => country != "US",
        Platform::AccountsV1Only => return Err(no_access_to_v2()),
        Platform::NeedsApproval => true,
        Platform::Inactive => return Err(inactive(request)),
    };
    if needs_card_payments && is_transfers_alone(capabilities) {
        return Err(StripeError::invalid(
            "The capability configuration.recipient.capabilities.stripe_balance.stripe_transfers cannot be requested \
             without the configuration.merchant.capabilities.card_payments capability.",
        )
        .code("capability_not_available_without_other_capability")
        .param("configuration.recipient.capabilities.stripe_balance.stripe_transfers"));
    }
    Ok(())
}

fn is_transfers_alone(capabilities: &BTreeSet<String>) -> bool {
    capabilities.contains("transfers") && !capabilities.contains("card_payments")
}

/// Whether the platform may use v2 at all. Stripe documents the code for the creation of an account; that it refuses reads in the
/// same way is assumed.
pub(crate) fn check_access_to_v2(request: &Request<'_>) -> Result<(), StripeError> {
    match request.sandbox.settings.platform {
        Platform::AccountsV1Only => Err(no_access_to_v2()),
        Platform::AccountsV2 | Platform::AccountsV1 | Platform::NeedsApproval | Platform::Inactive => Ok(()),
    }
}

fn no_access_to_v2() -> StripeError {
    StripeError::invalid("Accounts v2 is not enabled for your platform.").code("accounts_v2_access_blocked")
}

/// Stripe publishes the code and the type of this refusal, not its words.
fn inactive(request: &Request<'_>) -> StripeError {
    let error = StripeError::invalid(
        "This request was blocked because your account has not created accounts for a long time. Confirm the operation \
         in the Dashboard, and retry the request.",
    );
    if request.version.is_since(CODE_OF_INACTIVE_SINCE) {
        error.code("inactive_api_operation_confirmation_required")
    } else {
        error
    }
}
