//! Links to Stripe's hosted onboarding and dashboard, for accounts of v2 (docs.stripe.com/api/v2/core/account-links).

use crate::objects::account_links::AccountLink;
use crate::objects::dashboard_links::DashboardLink;
use crate::operations::account_links::{LIFETIME_S, check_address};
use crate::operations::v2::accounts;
use crate::operations::v2::body::{invalid, read};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::timestamps::rfc3339;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The first version in which Stripe chooses the configurations to onboard, and refuses to be told
/// (docs.stripe.com/changelog/endive/2026-09-30).
const CONFIGURATIONS_REMOVED: &str = "2026-09-30";

/// The first version with links to the dashboard
/// (docs.stripe.com/changelog/endive/2026-11-18/dashboard-access-use-case-account-links-v2).
const DASHBOARD_ADDED: &str = "2026-11-18";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Creation {
    account: String,
    use_case: UseCase,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UseCase {
    #[serde(rename = "type")]
    kind: Kind,
    account_dashboard: Option<Dashboard>,
    account_onboarding: Option<Pages>,
    account_update: Option<Pages>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
enum Kind {
    #[serde(rename = "account_dashboard")]
    Dashboard,
    #[serde(rename = "account_onboarding")]
    Onboarding,
    #[serde(rename = "account_update")]
    Update,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Pages {
    collection_options: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configurations: Option<Vec<String>>,
    refresh_url: String,
    return_url: Option<String>,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Dashboard {
    refresh_url: String,
}

pub(crate) fn create(request: &mut Request<'_>, body: Value) -> Result<Value, StripeError> {
    let Creation { account, use_case } = read(body)?;
    let UseCase { kind, account_dashboard, account_onboarding, account_update } = use_case;
    if account_dashboard.is_some() && kind != Kind::Dashboard {
        return Err(invalid("use_case has a field of another type.").param("use_case.account_dashboard"));
    }
    let (name, pages, other) = match kind {
        Kind::Dashboard if account_onboarding.is_some() || account_update.is_some() => {
            return Err(invalid("use_case requires account_dashboard alone.").param("use_case"));
        }
        Kind::Dashboard => return to_dashboard(request, account, account_dashboard),
        Kind::Onboarding => ("account_onboarding", account_onboarding, account_update),
        Kind::Update => ("account_update", account_update, account_onboarding),
    };
    let field = format!("use_case.{name}");
    let pages = pages.filter(|_| other.is_none());
    let pages = pages.ok_or_else(|| invalid(format!("use_case requires {name} alone.")).param(&field))?;
    for address in pages.return_url.iter().chain([&pages.refresh_url]) {
        check_address(address, &field)?;
    }
    let applied = accounts::find(&request.sandbox.records, &account)?.applied_configurations();
    check_configurations(request, &pages, &applied)?;
    if kind == Kind::Update {
        // Stripe offers it where the platform collects the requirements, which no account of v2 has here.
        return Err(invalid("This account cannot be updated by an account link.").param("use_case.type"));
    }
    let expires_at = request.now() + LIFETIME_S;
    let link = AccountLink {
        account: account.clone(),
        return_url: pages.return_url.clone(),
        refresh_url: pages.refresh_url.clone(),
        expires_at,
        opened: false,
        used: false,
    };
    let id = request.mint("", 23);
    request.sandbox.records.account_links.put(&id, link);
    let url = format!("{}/setup/{id}", request.sandbox.settings.base_url);
    let use_case = json!({"type": name, "account_onboarding": pages});
    Ok(link_json(request, &account, expires_at, &url, &use_case))
}

fn link_json(request: &Request<'_>, account: &str, expires_at: i64, url: &str, use_case: &Value) -> Value {
    json!({
        "object": "v2.core.account_link",
        "account": account,
        "created": rfc3339(request.now_ms),
        "expires_at": rfc3339(expires_at * 1000),
        "livemode": false,
        "url": url,
        "use_case": use_case,
    })
}

/// A link for an account whose owner has a dashboard of Stripe's.
fn to_dashboard(
    request: &mut Request<'_>,
    account: String,
    pages: Option<Dashboard>,
) -> Result<Value, StripeError> {
    let field = "use_case.account_dashboard";
    if !request.version.is_since(DASHBOARD_ADDED) {
        return Err(
            invalid("use_case.type must be account_onboarding or account_update.").param("use_case.type")
        );
    }
    let pages = pages.ok_or_else(|| invalid("use_case requires account_dashboard.").param(field))?;
    check_address(&pages.refresh_url, field)?;
    let owner = accounts::find(&request.sandbox.records, &account)?;
    if owner.deleted || owner.controller().dashboard == "none" {
        return Err(invalid("The account has no access to a Stripe-hosted Dashboard.").param("account"));
    }
    if !owner.readiness.details_submitted() {
        return Err(invalid("The account has not completed onboarding.").param("account"));
    }
    let expires_at = request.now() + LIFETIME_S;
    let refresh_url = Some(pages.refresh_url.clone());
    let link = DashboardLink { account: account.clone(), refresh_url, expires_at, opened: false };
    let url = link.put(request);
    let use_case = json!({"type": "account_dashboard", "account_dashboard": pages});
    Ok(link_json(request, &account, expires_at, &url, &use_case))
}

/// Older versions require the account's own configurations; newer ones know no such field.
fn check_configurations(request: &Request<'_>, pages: &Pages, applied: &[&str]) -> Result<(), StripeError> {
    let given = pages.configurations.as_ref();
    if request.version.is_since(CONFIGURATIONS_REMOVED) {
        return match given {
            None => Ok(()),
            Some(_) => {
                Err(invalid("Unknown field: configurations.")
                    .param("use_case.account_onboarding.configurations"))
            }
        };
    }
    let matches = given.is_some_and(|given| {
        given.len() == applied.len() && applied.iter().all(|name| given.iter().any(|it| it == name))
    });
    if matches {
        return Ok(());
    }
    Err(StripeError::invalid("The configurations must be those that are applied to the account.")
        .code("configs_must_match_to_use_account_links"))
}
