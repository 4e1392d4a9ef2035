//! Stripe's hosted onboarding: a page on which the owner of an account submits the details that Stripe requires.
//!
//! A link opens once, within minutes; after that it redirects to the app's `refresh_url`, which makes a new one. Every
//! button of the page leads back to the `return_url`. Scripts and pages of the app can post to the same addresses; with
//! `Accept: application/json` they get the outcome instead of a redirect.

use crate::dispatch::html;
use crate::objects::account_links::AccountLink;
use crate::objects::accounts::readiness::Readiness;
use crate::operations::accounts;
use crate::operations::v2::account_events;
use crate::state::sandbox::Sandbox;
use crate::wire::call::Call;
use crate::wire::reply::Reply;
use serde_json::json;

/// The buttons of the page, and the readiness of the account after each.
const ACTIONS: [(&str, &str, Option<Readiness>); 4] = [
    ("finish", "Submit all details", Some(Readiness::Ready)),
    ("review", "Submit all details, pending review", Some(Readiness::InReview)),
    ("partly", "Submit some details", Some(Readiness::Partly)),
    ("leave", "Return later", None),
];

/// `GET /setup/{id}` and `POST /setup/{id}/{finish|review|partly|leave}`.
pub(crate) fn handle(sandbox: &mut Sandbox, call: &Call, now_ms: i64) -> Reply {
    let segments: Vec<&str> = call.path.trim_start_matches('/').split('/').skip(1).collect();
    match (call.method.as_str(), segments.as_slice()) {
        ("GET", [id]) => open(sandbox, id, now_ms),
        ("POST", [id, action]) => submit(sandbox, call, id, action, now_ms),
        _ => not_found(),
    }
}

fn open(sandbox: &mut Sandbox, id: &str, now_ms: i64) -> Reply {
    let Some(link) = sandbox.records.account_links.get_mut(id) else { return not_found() };
    if !link.can_be_opened(now_ms) {
        return redirect(&link.refresh_url.clone());
    }
    link.opened = true;
    let buttons: String = ACTIONS
        .iter()
        .map(|(action, label, _)| html::button(&format!("/setup/{id}/{action}"), label))
        .collect();
    let words = "Stripe needs your identity and a bank account for payouts. On this test page, choose what you submit.";
    html::page("Onboarding", &format!("<h1>Set up payouts</h1><p>{words}</p>{buttons}"))
}

fn submit(sandbox: &mut Sandbox, call: &Call, id: &str, action: &str, now_ms: i64) -> Reply {
    let Some((_, _, readiness)) = ACTIONS.iter().find(|(name, _, _)| *name == action) else {
        return not_found();
    };
    let Some(link) = sandbox.records.account_links.get(id).cloned() else { return not_found() };
    // An opened page stays usable after the link expires, and a script need not open the page first.
    if link.used || !(link.opened || link.can_be_opened(now_ms)) {
        return redirect(&link.refresh_url);
    }
    if let Some(readiness) = readiness {
        let mut request = sandbox.internal_request(now_ms);
        // The account was deleted or deauthorized meanwhile.
        if accounts::set_readiness(&mut request, &link.account, *readiness).is_err() {
            return not_found();
        }
    }
    if let Some(link) = sandbox.records.account_links.get_mut(id) {
        (link.opened, link.used) = (true, true);
    }
    account_events::link_returned(&mut sandbox.internal_request(now_ms), &link);
    outcome(call, &link, action)
}

fn outcome(call: &Call, link: &AccountLink, action: &str) -> Reply {
    if call.accept.as_deref().is_some_and(|accept| accept.contains("application/json")) {
        let body = json!({"account": link.account, "deed": action, "return_url": link.return_url});
        return Reply::json(200, &body);
    }
    match &link.return_url {
        Some(url) => redirect(url),
        None => html::page("Onboarding", "<h1>Thank you</h1><p>You can close this window.</p>"),
    }
}

fn redirect(location: &str) -> Reply {
    Reply::html(303, String::new()).with("location", location)
}

fn not_found() -> Reply {
    html::not_found("Onboarding", "This link does not exist.")
}
