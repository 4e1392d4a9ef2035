//! What is refused for the state that things are in: other requests, Stripe, the table, and a caller whom the gateway
//! would not let through.

use super::refused_by_stripe;
use crate::golden::Answers;
use black_box::{Answer, App, Breakable, Fault, eventually, text};
use futures_util::future::join_all;
use lambda_http::Context;
use local::functions::functions;
use local::stack::{Options, Stack};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The hop of a creation that asks Stripe: after the read and the row.
const STRIPE: usize = 3;

pub(super) async fn of_work_under_way(problems: &mut Answers) {
    let stack = Breakable::start().await;
    let (app, op) = (&stack.app, stack.app.operator());
    stack.create.stripe_replies(409, &json!({}));
    problems.golden(app, "request_in_progress", app.user("sam").refused("k").await);
    for (name, path) in [
        ("request_in_progress.reconciliation", "/v1/admin/reconciliations"),
        ("request_in_progress.rebuild", "/v1/admin/totals/rebuild"),
    ] {
        let lost = eventually(name, async || {
            let twins = join_all((0..3).map(|_| Answer::to(op.request(Method::POST, path)))).await;
            twins.into_iter().find(|answer| answer.status == 409)
        });
        problems.golden(app, name, lost.await);
    }
}

pub(super) async fn of_stripe(problems: &mut Answers) {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let refused = async |sender: &str| app.user(sender).refused("k").await;
    stack.create.stripe_replies(500, &json!({}));
    problems.golden(app, "unavailable", refused("ann").await);
    stack.create.stripe_replies(400, &refused_by_stripe());
    problems.golden(app, "payment_refused", refused("ben").await);
    stack.create.stripe_is_back();
    problems.golden(app, "payment_refused.again", refused("ben").await);
    for (sender, name, code, message) in [
        ("fay", "creator_not_receiving.account", "insufficient_capabilities_for_transfer", ""),
        ("gus", "creator_not_receiving.country", "country_unsupported", ""),
        (
            "hal",
            "amount_below_minimum.stripe",
            "amount_too_small",
            "Amount must convert to at least 50 cents.",
        ),
        ("ida", "amount_below_minimum.stripe_without_minimum", "amount_too_small", ""),
        ("jim", "amount_above_maximum.stripe", "amount_too_large", ""),
        ("kay", "unavailable.set_up", "platform_api_key_expired", ""),
    ] {
        let reply = json!({"error": {"type": "invalid_request_error", "code": code, "message": message}});
        stack.create.stripe_replies(400, &reply);
        problems.golden(app, name, refused(sender).await);
    }
    let currency = json!({"error": {"type": "invalid_request_error", "param": "currency"}});
    stack.create.stripe_replies(400, &currency);
    problems.golden(app, "currency_unsupported.stripe", refused("len").await);
    stack.create.stripe_is_back();

    let payment = app.user("cat").created("k").await;
    stack.create.stripe_replies(400, &refused_by_stripe());
    problems.golden(app, "payment_refused.replay", refused("cat").await);
    stack.create.stripe_is_back();
    let intent = format!("/v1/payment_intents/{}", text(&payment, "stripe_payment_intent_id"));
    assert_eq!(app.stripe(Method::POST, &intent, &[("transfer_data[amount]", "900")]).await.status, 200);
    problems.golden(app, "internal", refused("cat").await);

    stack.create.arm(STRIPE, Fault::CrashBefore);
    assert_eq!(refused("dan").await.status, 500);
    assert!(stack.create.fired());
    let disabled = json!({"receiving": "disabled", "reason": "x"});
    let eligibility = "/v1/admin/creators/ana/eligibility";
    assert_eq!(app.operator().put(eligibility, disabled).await.status, 200);
    problems.golden(app, "creator_not_receiving.closed", refused("dan").await);

    let event = json!({"id": "evt_1", "object": "event", "type": "account.updated", "created": 1, "livemode": false,
        "account": "acct_1", "data": {"object": {"id": "acct_1", "object": "account"}}});
    stack.webhook.stripe_replies(500, &json!({}));
    problems.golden(app, "unavailable.webhook", app.deliver(event.to_string()).await);
    stack.history.arm(1, Fault::Outage);
    problems.golden(app, "unavailable.table", app.user("eve").get("/v1/creators/ana").await);
}

/// The gateway lets nobody through without a token, or without the operators' scope: the functions are asked past it.
pub(super) async fn of_a_caller(problems: &mut Answers) {
    let mut wired = BTreeMap::new();
    let stack = Stack::start_with(Options::default(), |endpoints| {
        wired = functions(endpoints)?;
        Ok(wired.clone())
    });
    let app = App::over(stack.await.expect("the stack starts"));
    let sample = include_str!("../../../../events/creator-eligibility/get-eligibility.json");
    let mut event: Value = serde_json::from_str(sample).expect("JSON");
    let mut ask = async |name: &str, event: &Value| {
        let answer = wired["creator-eligibility"].invoke(event.to_string().into_bytes(), Context::default());
        let answer: Value = serde_json::from_slice(&answer.await.expect("an answer")).expect("JSON");
        problems.golden(&app, name, answer_of(event, &answer));
    };
    let token = &mut event["requestContext"]["authorizer"]["jwt"];
    token["claims"]["scope"] = json!("profile");
    token["scopes"] = json!(["profile"]);
    ask("forbidden", &event).await;
    event["requestContext"].as_object_mut().expect("a context").remove("authorizer");
    ask("unauthenticated", &event).await;
}

/// A function's own answer, as its caller gets it.
fn answer_of(event: &Value, answer: &Value) -> Answer {
    let headers = answer["headers"].as_object().expect("headers").iter();
    let headers: BTreeMap<String, String> =
        headers.map(|(name, _)| (name.clone(), text(&answer["headers"], name).to_owned())).collect();
    let http = &event["requestContext"]["http"];
    Answer {
        request: format!("{} {}", text(http, "method"), text(http, "path")),
        status: answer["statusCode"].as_u64().and_then(|status| status.try_into().ok()).expect("a status"),
        media_type: headers.get("content-type").cloned().unwrap_or_default(),
        etag: headers.get("etag").cloned(),
        retry_after: headers.get("retry-after").cloned(),
        headers,
        body: serde_json::from_str(text(answer, "body")).expect("JSON"),
    }
}
