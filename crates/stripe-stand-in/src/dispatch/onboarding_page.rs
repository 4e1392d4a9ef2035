//! Stripe's hosted onboarding: a page on which the owner of an account submits the details that Stripe requires.
//!
//! A link opens once, within minutes; after that it redirects to the app's `refresh_url`, which makes a new one. Every
//! button of the page leads back to the `return_url`. Scripts and pages of the app can post to the same addresses; with
//! `Accept: application/json` they get the outcome instead of a redirect.

use crate::dispatch::html;
use crate::objects::account_links::AccountLink;
use crate::objects::accounts::Account;
use crate::objects::accounts::readiness::Readiness;
use crate::operations::accounts;
use crate::operations::v2::account_events;
use crate::state::sandbox::Sandbox;
use crate::wire::call::Call;
use crate::wire::reply::Reply;
use serde_json::json;

/// A button of the page.
struct Action {
    name: &'static str,
    label: &'static str,
    consequence: &'static str,
    /// Of the account, after the button was pressed.
    readiness: Option<Readiness>,
}

const ACTIONS: [Action; 4] = [
    Action {
        name: "finish",
        label: "Submit all details",
        consequence: "The account can receive money at once.",
        readiness: Some(Readiness::Ready),
    },
    Action {
        name: "review",
        label: "Submit all details, pending review",
        consequence: "Stripe checks them first. Nothing more is asked for.",
        readiness: Some(Readiness::InReview),
    },
    Action {
        name: "partly",
        label: "Submit some details",
        consequence: "The bank account is still missing.",
        readiness: Some(Readiness::Partly),
    },
    Action { name: "leave", label: "Return later", consequence: "Nothing is submitted.", readiness: None },
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
    let account = link.account.clone();
    let asked = sandbox.records.accounts.get(&account).map(asked_for).unwrap_or_default();
    let choices: String = ACTIONS
        .iter()
        .map(|action| {
            let address = format!("/setup/{id}/{}", action.name);
            html::choice(&address, action.label, action.consequence, action.name == "finish")
        })
        .collect();
    let body = format!(
        "<h1>Set up payouts</h1><p class=\"soft\">Account {account}</p><ol class=\"steps\">\
         <li><section><h2>What Stripe asks for</h2>{asked}</section></li>\
         <li><section><h2>Choose what you submit</h2><p class=\"soft\">On Stripe’s own page you would fill in forms. \
         Here, one press stands for all of them.</p><div class=\"choices\">{choices}</div></section></li>\
         <li><section><h2>Return to the app</h2><p class=\"soft\">Each button leads back there.</p></section></li></ol>"
    );
    html::page("Onboarding", &body)
}

/// What is due, in the words of a form.
fn asked_for(account: &Account) -> String {
    let mut words: Vec<&str> = account.readiness.currently_due().iter().map(|due| words_for(due)).collect();
    words.dedup();
    if words.is_empty() {
        return "<p>Nothing at the moment.</p>".to_owned();
    }
    let items: String = words.iter().map(|words| format!("<li>{words}</li>")).collect();
    format!("<ul>{items}</ul>")
}

fn words_for(requirement: &str) -> &'static str {
    match requirement {
        "business_type" => "Who you are: your name, date of birth and address",
        "external_account" => "A bank account for your payouts",
        "individual.verification.document" => "A document that proves who you are",
        "business_profile.url" => "What you do, and where it can be seen",
        _ => "Your agreement to Stripe’s terms",
    }
}

fn submit(sandbox: &mut Sandbox, call: &Call, id: &str, action: &str, now_ms: i64) -> Reply {
    let Some(Action { readiness, .. }) = ACTIONS.iter().find(|each| each.name == action) else {
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
