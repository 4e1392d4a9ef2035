//! Links to Stripe's hosted onboarding, for accounts of v2 (docs.stripe.com/api/v2/core/account-links).

use crate::objects::account_links::AccountLink;
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
    account_onboarding: Option<Pages>,
    account_update: Option<Pages>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    AccountOnboarding,
    AccountUpdate,
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

pub(crate) fn create(request: &mut Request<'_>, body: Value) -> Result<Value, StripeError> {
    let Creation { account, use_case } = read(body)?;
    let UseCase { kind, account_onboarding, account_update } = use_case;
    let (name, pages, other) = match kind {
        Kind::AccountOnboarding => ("account_onboarding", account_onboarding, account_update),
        Kind::AccountUpdate => ("account_update", account_update, account_onboarding),
    };
    let field = format!("use_case.{name}");
    let pages = pages.filter(|_| other.is_none());
    let pages = pages.ok_or_else(|| invalid(format!("use_case requires {name} alone.")).param(&field))?;
    for address in pages.return_url.iter().chain([&pages.refresh_url]) {
        check_address(address, &field)?;
    }
    let applied = accounts::find(&request.sandbox.records, &account)?.applied_configurations();
    check_configurations(request, &pages, &applied)?;
    if kind == Kind::AccountUpdate {
        // Stripe offers it where the platform collects the requirements, which no account of v2 has here.
        return Err(invalid("This account cannot be updated by an account link.").param("use_case.type"));
    }
    let (created_ms, expires_at) = (request.now_ms, request.now() + LIFETIME_S);
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
    Ok(json!({
        "object": "v2.core.account_link",
        "account": account,
        "created": rfc3339(created_ms),
        "expires_at": rfc3339(expires_at * 1000),
        "livemode": false,
        "url": format!("{}/setup/{id}", request.sandbox.settings.base_url),
        "use_case": {"type": name, "account_onboarding": pages},
    }))
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
