//! The page of 3-D Secure, on which the payer completes or fails the authentication in place of the issuer.
//!
//! Scripts and pages of the app can post to the same addresses; with `Accept: application/json` they get the
//! outcome instead of a redirect.

use crate::dispatch::html;
use crate::objects::authentications::Authentication;
use crate::operations::payment_attempts;
use crate::state::sandbox::Sandbox;
use crate::wire::call::Call;
use crate::wire::reply::Reply;
use serde_json::json;

/// `GET /3d_secure/{id}` and `POST /3d_secure/{id}/{complete|fail}`.
pub(crate) fn handle(sandbox: &mut Sandbox, call: &Call, now_ms: i64) -> Reply {
    let segments: Vec<&str> = call.path.trim_start_matches('/').split('/').skip(1).collect();
    let (id, verdict) = match (call.method.as_str(), segments.as_slice()) {
        ("GET", [id]) => (*id, None),
        ("POST", [id, "complete"]) => (*id, Some(true)),
        ("POST", [id, "fail"]) => (*id, Some(false)),
        _ => return not_found(),
    };
    let Some(authentication) = sandbox.records.authentications.get(id).cloned() else {
        return not_found();
    };
    let intent = sandbox.records.payment_intents.get(&authentication.payment_intent);
    let Some(is_pending) = intent.map(|intent| intent.authentication.as_deref() == Some(id)) else {
        return not_found();
    };
    match verdict {
        None if is_pending => challenge(id),
        None => closed(),
        Some(passed) => {
            if is_pending {
                let mut request = sandbox.internal_request(now_ms);
                payment_attempts::authenticated(&mut request, &authentication.payment_intent, passed);
            }
            outcome(sandbox, call, &authentication)
        }
    }
}

/// Redirects the payer to the app, with the parameters that Stripe adds to the return URL.
fn outcome(sandbox: &Sandbox, call: &Call, authentication: &Authentication) -> Reply {
    let Some(intent) = sandbox.records.payment_intents.get(&authentication.payment_intent) else {
        return not_found();
    };
    let redirect_status = if intent.is_succeeded() { "succeeded" } else { "failed" };
    if call.accept.as_deref().is_some_and(|accept| accept.contains("application/json")) {
        let body = json!({
            "payment_intent": intent.id,
            "status": intent.status,
            "redirect_status": redirect_status,
            "return_url": authentication.return_url,
        });
        return Reply::json(200, &body);
    }
    let Some(return_url) = &authentication.return_url else {
        return closed();
    };
    let separator = if return_url.contains('?') { '&' } else { '?' };
    let location = format!(
        "{return_url}{separator}payment_intent={}&payment_intent_client_secret={}&redirect_status={redirect_status}",
        intent.id, intent.client_secret
    );
    Reply::html(303, String::new()).with("location", location)
}

fn challenge(id: &str) -> Reply {
    let form = |verdict: &str, label: &str| html::button(&format!("/3d_secure/{id}/{verdict}"), label);
    page(&format!(
        "<h1>Confirm your payment</h1><p>On this test page, complete or fail the verification as your bank would.</p>{}{}",
        form("complete", "Complete"),
        form("fail", "Fail")
    ))
}

fn closed() -> Reply {
    page("<h1>Verification finished</h1><p>You can close this window.</p>")
}

fn page(body: &str) -> Reply {
    html::page("3-D Secure", body)
}

fn not_found() -> Reply {
    html::not_found("3-D Secure", "This verification does not exist.")
}
