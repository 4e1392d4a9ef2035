//! What is sent in the query, in repeated headers and as scopes is read as the contract and the gateway say.

use crate::contract::{openapi, operations};
use black_box::{Answer, App, ten_dollars};
use local::token::Subject;
use payments_http::query_parameters;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeMap;
use yaml_rust2::Yaml;

/// The query parameters of every operation, by route.
fn described() -> BTreeMap<String, Vec<String>> {
    let openapi = openapi();
    let parameters = |operation: &Yaml| -> Vec<String> {
        let given = operation["parameters"].as_vec().into_iter().flatten();
        let resolved = given.map(|parameter| match parameter["$ref"].as_str() {
            Some(path) => &openapi["components"]["parameters"][path.rsplit('/').next().expect("a name")],
            None => parameter,
        });
        let in_query = resolved.filter(|parameter| parameter["in"].as_str() == Some("query"));
        in_query.map(|parameter| parameter["name"].as_str().expect("a name").to_owned()).collect()
    };
    operations(&openapi).into_iter().map(|(route, operation)| (route, parameters(&operation))).collect()
}

#[test]
fn every_route_accepts_the_query_parameters_that_openapi_describes() {
    let described = described();
    assert!(described.len() > 30 && described.values().any(|names| !names.is_empty()));
    for (route, names) in described {
        assert_eq!(query_parameters(&route), names, "{route}");
    }
}

#[tokio::test]
async fn a_query_parameter_that_the_route_does_not_have_is_400_on_every_route() {
    let app = App::start().await;
    for (route, names) in described() {
        let (method, path) = route.split_once(' ').expect("a route");
        let path = path.replace("{creator_id}", "ana").replace("{sender_id}", "sam").replace("{name}", "w");
        let path = path.replace("{payment_id}", "pay_0123456789abcdef0123456789abcdef");
        let path = path.replace("{event_id}", "evt_1");
        let method: Method = method.parse().expect("a method");
        let ask = async |query: &str| {
            let request = app.operator().request(method.clone(), &format!("{path}?{query}"));
            Answer::to(request.header("idempotency-key", "k").json(&json!({"reason": "x"}))).await
        };
        let fault = |answer: &Answer| {
            let detail = answer.body["detail"].as_str().unwrap_or_default();
            assert_eq!(answer.problem(), (400, "invalid_request"), "{answer:?}");
            (answer.body["field"].clone(), detail.contains("parameter"))
        };
        for unknown in
            ["dry_run", "page", "DRY_RUN"].iter().filter(|name| !names.contains(&(**name).to_owned()))
        {
            let expected = (json!(unknown), true);
            assert_eq!(fault(&ask(&format!("{unknown}=true")).await), expected, "{route}");
        }
        if let Some(known) = names.first() {
            let twice = ask(&format!("{known}=1&{known}=1")).await;
            assert_eq!(fault(&twice), (json!(known), true), "{route}");
        }
    }
}

#[tokio::test]
async fn what_a_route_is_asked_to_try_out_without_a_dry_run_is_not_carried_out() {
    let app = App::start().await;
    let op = app.operator();
    assert_eq!(op.put_wave("w", json!({"add": ["bo"], "reason": "x"})).await.status, 200);
    let kept = app.table().await;
    let off = json!({"receiving": "disabled", "reason": "x"});
    for (method, path, body) in [
        (Method::PUT, "/v1/admin/rollout", json!({"paused": true, "reason": "x"})),
        (Method::PUT, "/v1/admin/creators/ana/eligibility", off),
        (Method::POST, "/v1/admin/waves/w/rollback", json!({"reason": "x"})),
    ] {
        let asked = op.request(method, &format!("{path}?dry_run=true")).json(&body);
        assert_eq!(Answer::to(asked).await.problem(), (400, "invalid_request"), "{path}");
    }
    assert_eq!(app.table().await, kept);
}

#[tokio::test]
async fn a_header_that_is_given_twice_is_400() {
    let app = App::start().await;
    let sam = app.user("sam");
    let keys: [&[&str]; 3] = [&["a", "b"], &["a", "a"], &["a,b"]];
    for keys in keys {
        let request = sam.request(Method::POST, "/v1/payments").json(&ten_dollars());
        let request = keys.iter().fold(request, |request, key| request.header("idempotency-key", *key));
        let refused = Answer::to(request).await;
        assert_eq!(refused.problem(), (400, "invalid_request"), "{keys:?}");
        assert_eq!(refused.body["field"], "Idempotency-Key");
    }
    let twice = app.operator().request(Method::PUT, "/v1/admin/rollout");
    let twice = twice.header("if-match", "\"0\"").header("if-match", "\"1\"");
    assert_eq!(Answer::to(twice.json(&json!({"reason": "x"}))).await.problem(), (400, "invalid_request"));
    assert!(app.intents().await.is_empty());
}

#[tokio::test]
async fn functions_read_scopes_exactly_as_the_gateway_does() {
    let app = App::start().await;
    for (scope, is_operator) in [
        ("payments:admin", true),
        ("openid payments:admin email", true),
        ("openid  payments:admin", true),
        ("payments:administrator", false),
        ("payments:admin:read", false),
        ("xpayments:admin", false),
        ("payments", false),
        ("openid\tpayments:admin", false),
        ("openid\npayments:admin", false),
        ("openid,payments:admin", false),
        ("[payments:admin]", false),
        ("[openid payments:admin]", false),
        ("Payments:Admin", false),
        ("", false),
    ] {
        let subject = Subject { sub: "op".to_owned(), scope: Some(scope.to_owned()), ..Subject::default() };
        let token = app.stack.token(&subject);
        let status =
            async |path: &str| Answer::to(app.request(Method::GET, path).bearer_auth(&token)).await.status;
        let (gateway, function) =
            (status("/v1/admin/rollout").await, status("/v1/creators/ana/earnings").await);
        let expected = if is_operator { (200, 200) } else { (403, 404) };
        assert_eq!((gateway, function), expected, "{scope:?}");
    }
}
