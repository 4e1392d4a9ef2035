//! Requests about the platform itself: its account, its country, and what its key may do. Operators make them, and no function
//! does.

use crate::call::Call;
use crate::{CountrySpecObject, PlatformAccountObject, Session, StripeError};
use http::Method;
use payments::SetUpFault;
use serde_json::Value;
use stripe_client_core::{RequestBuilder, StripeMethod};

/// A request that tells whether a key has a permission. A write names an object that does not exist, so that it changes
/// nothing: Stripe refuses a key without the permission before it looks for the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermissionProbe {
    /// As Stripe's dashboard names it.
    pub permission: &'static str,
    pub write: bool,
    path: &'static str,
    /// Parameters of v1, or the JSON of v2.
    body: &'static str,
}

const fn write(permission: &'static str, path: &'static str, body: &'static str) -> PermissionProbe {
    PermissionProbe { permission, write: true, path, body }
}

const fn read(permission: &'static str, path: &'static str) -> PermissionProbe {
    PermissionProbe { permission, write: false, path, body: "" }
}

/// What the functions need of a restricted key, as in `docs/RUNBOOK.md`.
pub const PERMISSION_PROBES: [PermissionProbe; 18] = [
    write("PaymentIntents", "/v1/payment_intents/pi_operate_check", "description=x"),
    write("Charges and Refunds", "/v1/refunds/re_operate_check", "metadata[x]=y"),
    write("Transfers", "/v1/transfers/tr_operate_check", "description=x"),
    write("Connected accounts", "/v1/accounts/acct_operate_check", "metadata[x]=y"),
    write("Connected accounts (v2)", "/v2/core/accounts/acct_operate_check/close", "{}"),
    write("Account links", "/v1/account_links", "account=acct_operate_check&type=account_onboarding"),
    write("Account links (v2)", "/v2/core/account_links", r#"{"account": "acct_operate_check"}"#),
    write("Login links", "/v1/accounts/acct_operate_check/login_links", ""),
    write("Customers", "/v1/customers/cus_operate_check", "description=x"),
    write("Customer sessions", "/v1/customer_sessions", "customer=cus_operate_check"),
    write("Payment methods", "/v1/payment_methods/pm_operate_check/detach", ""),
    read("Payouts", "/v1/payouts"),
    read("Disputes", "/v1/disputes"),
    read("Balance", "/v1/balance"),
    read("Balance transaction sources", "/v1/balance_transactions"),
    read("Events", "/v1/events"),
    read("Events (v2)", "/v2/core/events"),
    read("Radar", "/v1/radar/early_fraud_warnings"),
];

impl Session {
    /// Retrieves the platform's own account.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn retrieve_platform_account(&self) -> Result<PlatformAccountObject, StripeError> {
        self.get(RequestBuilder::new(StripeMethod::Get, "/account")).await
    }

    /// Retrieves what platforms in a country can charge and pay to.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn retrieve_country_spec(&self, country: &str) -> Result<CountrySpecObject, StripeError> {
        self.get(RequestBuilder::new(StripeMethod::Get, format!("/country_specs/{country}"))).await
    }

    /// Whether the session's key has a permission.
    ///
    /// # Errors
    /// [`StripeError`] for anything but an answer that shows it.
    pub async fn has_permission(&self, probe: &PermissionProbe) -> Result<bool, StripeError> {
        match self.call::<Value>(probe.call(), None).await {
            Ok(_) | Err(StripeError::Refused(_)) => Ok(true),
            Err(error) if error.set_up_fault() == Some(SetUpFault::Permission) => Ok(false),
            // The platform may lack what the permission is for, such as Accounts v2; the key does not.
            Err(StripeError::SetUp(refusal)) if refusal.status < 401 => Ok(true),
            Err(error) => Err(error),
        }
    }
}

impl PermissionProbe {
    fn call(&self) -> Call {
        let path = self.path.to_owned();
        match (self.write, self.path.starts_with("/v2/")) {
            (false, _) => {
                let query = (path != "/v1/balance").then(|| "limit=1".to_owned());
                Call::get_v2(path, query)
            }
            (true, true) => Call::post_v2(&path, self.body.as_bytes().to_vec()),
            (true, false) => Call::form(Method::POST, path, self.body),
        }
    }
}
