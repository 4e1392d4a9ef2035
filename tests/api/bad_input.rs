//! Invalid input gets a clear 4xx, never a 5xx, a panic or a hang.

use black_box::{Answer, App, Caller, order, ten_dollars};
use reqwest::Method;
use serde_json::{Value, json};

async fn post(caller: &Caller<'_>, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    let request = caller.request(Method::POST, path).header("idempotency-key", "k");
    Answer::to(request.header("content-type", "application/json").body(body.into())).await
}

fn body_with(field: &str, value: Value) -> Vec<u8> {
    let mut body = ten_dollars();
    body[field] = value;
    body.to_string().into_bytes()
}

#[tokio::test]
async fn an_invalid_body_of_a_payment_or_quote_is_400() {
    let app = App::start().await;
    let sam = app.user("sam");
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let bodies: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"{".to_vec(),
        b"[\"ana\",1000,\"usd\"]".to_vec(),
        b"\xff\xfe{}".to_vec(),
        b"{\"creator_id\":\"\xff\"}".to_vec(),
        deep.into_bytes(),
        b"{\"creator_id\":\"ana\",\"amount\":1000,\"amount\":1,\"currency\":\"usd\"}".to_vec(),
        body_with("amount", json!(0)),
        body_with("amount", json!(-1)),
        body_with("amount", json!(i64::MIN)),
        body_with("amount", json!(1.5)),
        body_with("amount", json!("1000")),
        body_with("amount", json!(true)),
        body_with("amount", json!(null)),
        body_with("amount", json!(u64::MAX)),
        body_with("currency", json!("USD")),
        body_with("currency", json!("zzz")),
        body_with("currency", json!("")),
        body_with("currency", json!(840)),
        body_with("creator_id", json!("")),
        body_with("creator_id", json!("a b")),
        body_with("creator_id", json!("x".repeat(256))),
        body_with("creator_id", json!(["ana"])),
        body_with("tip", json!(1)),
        body_with("__proto__", json!({})),
        br#"{"creator_id":"ana","amount":1e999,"currency":"usd"}"#.to_vec(),
        br#"{"creator_id":"ana","amount":123456789012345678901234567890,"currency":"usd"}"#.to_vec(),
    ];
    for body in bodies {
        for path in ["/v1/quotes", "/v1/payments"] {
            let answer = post(&sam, path, body.clone()).await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            assert_eq!(answer.problem(), (400, "invalid_request"), "{path} {shown}");
        }
    }
}

#[tokio::test]
async fn a_body_of_a_megabyte_is_refused_as_too_large() {
    let app = App::start().await;
    let sam = app.user("sam");
    let body = body_with("message", json!("x".repeat(1_000_000)));
    assert_eq!(post(&sam, "/v1/payments", body.clone()).await.problem(), (413, "payload_too_large"));
    assert_eq!(post(&sam, "/v1/quotes", body).await.problem(), (413, "payload_too_large"));
    let beyond_the_gateway = vec![b' '; 11_000_000];
    assert_eq!(post(&sam, "/v1/quotes", beyond_the_gateway).await.status, 413);
}

#[tokio::test]
async fn a_huge_unsigned_delivery_is_refused() {
    let app = App::start().await;
    let answer = app.deliver_signed(vec![b'['; 1_000_000], "t=1,v1=00").await;
    assert_eq!(answer.problem(), (400, "invalid_signature"));
    assert_eq!(app.deliver(vec![b'['; 1_000_000]).await.status, 200);
}

#[tokio::test]
async fn absent_tampered_and_foreign_tokens_are_401() {
    let app = App::start().await;
    let good = app.stack.token(&local::token::Subject { sub: "sam".into(), ..Default::default() });
    let mut claims: Vec<&str> = good.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", claims[1]);
    claims[1] = "eyJzdWIiOiJhbmEifQ";
    let tampered = claims.join(".");
    for token in ["", "x", "a.b.c", &unsigned, &tampered] {
        let answer = Answer::to(app.request(Method::GET, "/v1/creators/ana").bearer_auth(token)).await;
        assert_eq!((answer.status, &answer.body["message"]), (401, &json!("Unauthorized")), "{token}");
    }
    assert_eq!(Answer::to(app.request(Method::GET, "/v1/creators/ana")).await.status, 401);
}

#[tokio::test]
async fn an_unknown_route_is_the_gateways_404() {
    let app = App::start().await;
    for path in ["/v1", "/v1/nothing", "/v1/payments/a/b/c", "/"] {
        let answer = Answer::to(app.user("sam").request(Method::DELETE, path)).await;
        assert!(matches!(answer.status, 404 | 405), "{path} {answer:?}");
    }
    assert_eq!(app.user("sam").get("/v1/nothing").await.body, json!({"message": "Not Found"}));
}

#[tokio::test]
async fn amounts_beyond_the_limits_are_422_with_the_limit() {
    let app = App::start().await;
    let sam = app.user("sam");
    let quote = |amount: i64| sam.post("/v1/quotes", order("ana", amount));
    let below = quote(49).await;
    assert_eq!((below.problem(), below.body["limit"].as_i64()), ((422, "amount_below_minimum"), Some(50)));
    let above = quote(100_001).await;
    assert_eq!(
        (above.problem(), above.body["limit"].as_i64()),
        ((422, "amount_above_maximum"), Some(100_000))
    );
    for huge in [100_000_000, 999_999_999_999, i64::MAX] {
        assert_eq!(quote(huge).await.problem(), (422, "amount_above_maximum"));
    }
    let mut euros = ten_dollars();
    euros["currency"] = json!("eur");
    assert_eq!(sam.post("/v1/quotes", euros).await.problem(), (422, "currency_mismatch"));
    let mut leva = ten_dollars();
    leva["currency"] = json!("bgn");
    assert_eq!(sam.post("/v1/quotes", leva.clone()).await.problem(), (422, "currency_unsupported"));
    assert_eq!(sam.pay("leva", leva).await.problem(), (422, "currency_unsupported"));
    assert_eq!(app.user("ana").post("/v1/quotes", ten_dollars()).await.problem(), (422, "self_payment"));
}

#[tokio::test]
async fn an_integer_may_be_written_with_a_fraction_of_zero_and_is_the_same_request() {
    let app = App::start().await;
    let sam = app.user("sam");
    let as_float = br#"{"creator_id":"ana","amount":1000.0,"currency":"usd"}"#.to_vec();
    let first = post(&sam, "/v1/payments", as_float).await;
    let again = sam.pay("k", ten_dollars()).await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body["payment_id"], again.body["payment_id"]);
    assert_eq!(first.body["amount"], 1_000);
    for amount in ["1000.5", "1e3", "1000.0e0"] {
        let body = format!("{{\"creator_id\":\"ana\",\"amount\":{amount},\"currency\":\"usd\"}}");
        let refused = post(&sam, "/v1/quotes", body).await;
        assert_eq!((refused.problem(), &refused.body["field"]), ((400, "invalid_request"), &json!("amount")));
    }
}

/// RFC 9110, 13.2.1: a precondition is ignored where the request is refused without it.
#[tokio::test]
async fn a_request_that_is_not_valid_is_refused_as_such_whatever_version_it_requires() {
    let app = App::start().await;
    let (op, ana) = (app.operator(), app.user("ana"));
    assert_eq!(op.put_wave("w", json!({"reason": "x"})).await.status, 200);
    let long = format!("acct_{}", "x".repeat(255));
    let account = json!({"receiving": "enabled", "reason": "x", "stripe_account_id": long});
    let blank = json!({"reason": " "});
    for (caller, method, path, body) in [
        (&op, Method::PUT, "/v1/admin/creators/ana/eligibility", account),
        (&op, Method::PUT, "/v1/admin/rollout", blank.clone()),
        (&op, Method::PUT, "/v1/admin/senders/sam", json!({"lift": ["x"], "reason": "x"})),
        (&op, Method::PUT, "/v1/admin/waves/w", json!({"add": [""], "reason": "x"})),
        (&op, Method::POST, "/v1/admin/waves/w/resume", blank.clone()),
        (&op, Method::POST, "/v1/admin/waves/w/rollback", blank),
        (&ana, Method::PUT, "/v1/creators/ana/settings", json!({"presets": [0]})),
    ] {
        for etag in ["\"99\"", "of another API"] {
            let request = caller.request(method.clone(), path).header("if-match", etag);
            let refused = Answer::to(request.json(&body)).await;
            assert_eq!(refused.problem(), (400, "invalid_request"), "{path} {etag}");
        }
    }
}
