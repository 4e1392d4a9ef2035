//! What a restricted key may do (docs.stripe.com/keys/restricted-api-keys).

use crate::state::sandbox::Sandbox;
use crate::wire::auth::from_header;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use http::Method;

impl Sandbox {
    /// 403: the restricted key lacks the permission. Stripe refuses before it looks at the request's parameters.
    pub(crate) fn must_have_permission(&self, call: &Call) -> Result<(), StripeError> {
        let key = call.authorization.as_deref().and_then(from_header);
        let Some(granted) = key.and_then(|key| self.settings.restricted_keys.get(&key)) else {
            return Ok(());
        };
        let Some(resource) = resource(&call.path) else { return Ok(()) };
        let (read, write) = (format!("rak_{resource}_read"), format!("rak_{resource}_write"));
        let is_read = call.method == Method::GET;
        if granted.contains(&write) || (is_read && granted.contains(&read)) {
            return Ok(());
        }
        let lacking = if is_read { read } else { write };
        Err(StripeError::permission(format!(
            "The provided key 'rk_test_***' does not have the required permissions for this endpoint on account \
             'acct_1StandInPlatform0'. Having the '{lacking}' permission would allow this request to continue."
        )))
    }
}

/// What a path's permission is named after; `None` where none is needed. Stripe publishes no list of the names: `charge`, `event`,
/// `payment_intent`, `transfer` and `webhook` are reported, the others follow their form.
fn resource(path: &str) -> Option<&'static str> {
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    Some(match segments.as_slice() {
        ["v1", "accounts", _, "login_links"] => "login_link",
        ["v1", "account" | "accounts", ..] => "account",
        ["v1", "account_links"] => "account_link",
        ["v1", "balance"] => "balance",
        ["v1", "balance_transactions", ..] => "balance_transaction_source",
        ["v1", "charges" | "refunds", ..] => "charge",
        ["v1", "customer_sessions", ..] => "customer_session",
        ["v1", "customers", ..] => "customer",
        ["v1", "disputes", ..] => "dispute",
        ["v1", "events", ..] => "event",
        ["v1", "payment_intents", ..] => "payment_intent",
        ["v1", "payment_methods", ..] => "payment_method",
        ["v1", "payouts", ..] => "payout",
        ["v1", "radar", ..] => "radar",
        ["v1", "transfers", ..] => "transfer",
        ["v1", "webhook_endpoints", ..] => "webhook",
        ["v2", "core", "accounts", ..] => "v2_account",
        ["v2", "core", "account_links"] => "v2_account_link",
        ["v2", "core", "event_destinations", ..] => "event_destination",
        ["v2", "core", "events", ..] => "v2_event",
        _ => return None,
    })
}
