//! Stripe's hosted onboarding: a page on which a creator hands in what Stripe requires, or does not.
//!
//! A link opens once and for some minutes; after that it sends its visitor to the app's `refresh_url`, which makes a new
//! one. Whoever leaves the page comes back to the `return_url`, whatever they did there. Scripts and pages of the app can
//! post to the same addresses; with `Accept: application/json` they get the outcome instead of a redirect.

use crate::dispatch::pages;
use crate::objects::account_links::AccountLink;
use crate::objects::accounts::readiness::Readiness;
use crate::operations::accounts;
use crate::state::sandbox::Sandbox;
use crate::wire::call::Call;
use crate::wire::reply::Reply;
use serde_json::json;

/// What a creator can do on the page, and where it brings the account.
const DEEDS: [(&str, &str, Option<Readiness>); 4] = [
    ("finish", "Hand in everything", Some(Readiness::Ready)),
    ("review", "Hand in everything; Stripe has to look at it", Some(Readiness::InReview)),
    ("partly", "Hand in some of it", Some(Readiness::Partly)),
    ("leave", "Leave", None),
];

/// `GET /setup/{id}` and `POST /setup/{id}/{finish|review|partly|leave}`.
pub(crate) fn visit(sandbox: &mut Sandbox, call: &Call, now_ms: i64) -> Reply {
    let segments: Vec<&str> = call.path.trim_start_matches('/').split('/').skip(1).collect();
    match (call.method.as_str(), segments.as_slice()) {
        ("GET", [id]) => open(sandbox, id, now_ms),
        ("POST", [id, deed]) => act(sandbox, call, id, deed, now_ms),
        _ => not_found(),
    }
}

fn open(sandbox: &mut Sandbox, id: &str, now_ms: i64) -> Reply {
    let Some(link) = sandbox.records.account_links.get_mut(id) else { return not_found() };
    if !link.opens(now_ms) {
        return to(&link.refresh_url.clone());
    }
    link.visited = true;
    let buttons: String =
        DEEDS.iter().map(|(deed, label, _)| pages::button(&format!("/setup/{id}/{deed}"), label)).collect();
    let words = "Stripe asks who you are, and where to pay you out to.";
    pages::page("Onboarding", &format!("<h1>Onboarding test page</h1><p>{words}</p>{buttons}"))
}

fn act(sandbox: &mut Sandbox, call: &Call, id: &str, deed: &str, now_ms: i64) -> Reply {
    let Some((_, _, readiness)) = DEEDS.iter().find(|(known, _, _)| *known == deed) else {
        return not_found();
    };
    let Some(link) = sandbox.records.account_links.get(id).cloned() else { return not_found() };
    // A page that was opened is good for as long as it is open; a script needs not open it first.
    if link.left || !(link.visited || link.opens(now_ms)) {
        return to(&link.refresh_url);
    }
    if let Some(readiness) = readiness {
        let mut request = sandbox.uncalled(now_ms);
        // An account that is gone meanwhile has nothing to hand in.
        if accounts::bring(&mut request, &link.account, *readiness).is_err() {
            return not_found();
        }
    }
    if let Some(link) = sandbox.records.account_links.get_mut(id) {
        (link.visited, link.left) = (true, true);
    }
    outcome(call, &link, deed)
}

fn outcome(call: &Call, link: &AccountLink, deed: &str) -> Reply {
    if call.accept.as_deref().is_some_and(|accept| accept.contains("application/json")) {
        let body = json!({"account": link.account, "deed": deed, "return_url": link.return_url});
        return Reply::json(200, &body);
    }
    to(&link.return_url)
}

fn to(location: &str) -> Reply {
    Reply::html(303, String::new()).with("location", location)
}

fn not_found() -> Reply {
    pages::not_found("Onboarding", "There is no such link.")
}
