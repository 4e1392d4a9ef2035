//! What a stack serves, with functions that echo the request.

use std::collections::BTreeMap;

use lambda_http::{Error, Request, service_fn};
use local::Endpoints;
use local::function::Function;
use local::stack::{Options, Stack, StackError};
use serde_json::{Value, json};

fn echoes(_: &Endpoints) -> Result<BTreeMap<&'static str, Function>, Error> {
    let echo = |request: Request| async move {
        Ok::<_, Error>(json!({"path": request.uri().path(), "method": request.method().as_str()}))
    };
    Ok(BTreeMap::from([("payment-history", Function::new(service_fn(echo)))]))
}

async fn start(options: Options) -> Stack {
    Stack::start_with(options, echoes).await.unwrap()
}

async fn get(url: String, token: Option<&str>) -> (u16, String, Value) {
    let request = reqwest::Client::new().get(url);
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let response = request.send().await.unwrap();
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    (status, content_type, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
}

async fn token(api: &str, subject: Value) -> String {
    let response =
        reqwest::Client::new().post(format!("{api}/local/token")).json(&subject).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let answer: Value = response.json().await.unwrap();
    answer["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_stack_serves_the_pages_its_health_tokens_and_the_templates_routes() {
    let stack = start(Options::without_seed()).await;
    let api = &stack.endpoints().api;
    assert_eq!(get(format!("{api}/local/health"), None).await.0, 200);
    assert_eq!(get(format!("{api}/"), None).await.1, "text/html; charset=utf-8");
    assert_eq!(get(format!("{api}/app.js"), None).await.1, "text/javascript; charset=utf-8");
    let config = get(format!("{api}/local/config.json"), None).await.2;
    assert_eq!(config, json!({"stripe_base": stack.endpoints().stripe, "publishable_key": "pk_test_local"}));

    let token = token(api, json!({"sub": "sam"})).await;
    let (status, _, body) = get(format!("{api}/v1/creators/ana"), Some(&token)).await;
    assert_eq!((status, &body["path"]), (200, &json!("/v1/creators/ana")));
    assert_eq!(get(format!("{api}/v1/creators/ana"), None).await.0, 401);
    assert_eq!(get(format!("{api}/v1/admin/rollout"), Some(&token)).await.0, 403);
    assert_eq!(get(format!("{api}/v1/nothing"), Some(&token)).await.0, 404);
}

#[tokio::test]
async fn an_invalid_token_request_is_a_problem() {
    let stack = start(Options::without_seed()).await;
    let too_long = json!({"sub": "x".repeat(256)}).to_string();
    for body in [
        "",
        "{}",
        r#"{"sub":""}"#,
        r#"{"sub":1}"#,
        r#"{"sub":"a b"}"#,
        r#"{"sub":"é"}"#,
        &too_long,
        r#"{"sub":"sam","admin":true}"#,
        "\u{0}",
    ] {
        let url = format!("{}/local/token", stack.endpoints().api);
        let response = reqwest::Client::new().post(url).body(body.to_owned()).send().await.unwrap();
        assert_eq!(response.status(), 400, "{body}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{body}");
    }
}

#[tokio::test]
async fn a_page_on_another_host_name_gets_no_token() {
    let stack = start(Options::without_seed()).await;
    let url = format!("{}/local/token", stack.endpoints().api);
    let request =
        reqwest::Client::new().post(url).header("host", "rebound.example").json(&json!({"sub": "sam"}));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(response.json::<Value>().await.unwrap(), json!({"message": "Forbidden"}));
}

#[tokio::test]
async fn stacks_run_side_by_side_and_are_independent() {
    let (one, other) = tokio::join!(start(Options::without_seed()), start(Options::without_seed()));
    let token = token(&one.endpoints().api, json!({"sub": "sam"})).await;
    assert_eq!(get(format!("{}/v1/creators/ana", one.endpoints().api), Some(&token)).await.0, 200);
    assert_eq!(get(format!("{}/v1/creators/ana", other.endpoints().api), Some(&token)).await.0, 401);
}

#[tokio::test]
async fn a_restarted_stack_accepts_its_earlier_tokens() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { data_dir: Some(directory.path().join("kept")), ..Options::without_seed() };
    let stack = start(options()).await;
    let token = token(&stack.endpoints().api, json!({"sub": "sam"})).await;
    let (signing, payment_id) =
        (stack.endpoints().signing_key.clone(), stack.endpoints().payment_id_key.clone());
    drop(stack);
    let stack = start(options()).await;
    assert_eq!(get(format!("{}/v1/creators/ana", stack.endpoints().api), Some(&token)).await.0, 200);
    assert_eq!((&stack.endpoints().signing_key, &stack.endpoints().payment_id_key), (&signing, &payment_id));
}

#[tokio::test]
async fn another_dynamodb_is_used_when_one_is_given() {
    let host = start(Options::without_seed()).await;
    let options =
        Options { dynamodb_endpoint: Some(host.endpoints().dynamodb.clone()), ..Options::without_seed() };
    let guest = start(options).await;
    assert_eq!(guest.endpoints().dynamodb, host.endpoints().dynamodb);
}

#[tokio::test]
async fn a_port_in_use_is_named_with_its_flag() {
    let stack = start(Options::without_seed()).await;
    let port: u16 = stack.endpoints().api.rsplit(':').next().unwrap().parse().unwrap();
    let refused = |options| async { Stack::start_with(options, echoes).await.err().unwrap().to_string() };
    let message = refused(Options { api_port: port, ..Options::without_seed() }).await;
    assert_eq!(message, format!("port {port} is in use; choose another with --api-port"));
    let message = refused(Options { dynamodb_port: port, ..Options::without_seed() }).await;
    assert_eq!(message, format!("port {port} is in use; choose another with --dynamodb-port"));
}

#[tokio::test]
async fn a_live_key_is_refused_and_never_shown() {
    for key in ["sk_live_abc", "rk_live_abc", "pk_test_abc", "abc"] {
        let options = Options { stripe_secret_key: Some(key.to_owned()), ..Options::without_seed() };
        let error = Stack::start_with(options, echoes).await.err().unwrap();
        assert!(matches!(error, StackError::StripeSetup(_)));
        assert!(!error.to_string().contains("abc"));
    }
}

#[tokio::test]
async fn in_stripes_test_mode_there_is_no_stand_in_and_the_page_may_load_stripe_js() {
    let options = Options {
        stripe_secret_key: Some("sk_test_1".to_owned()),
        stripe_publishable_key: Some("pk_test_1".to_owned()),
        stripe_webhook_secret: "whsec_1".to_owned(),
        ..Options::default()
    };
    let stack = start(options).await;
    let Endpoints { api, stripe, stripe_secret_key, stripe_webhook_secret, .. } = stack.endpoints();
    assert_eq!((stripe.as_str(), stripe_secret_key.as_str()), ("https://api.stripe.com", "sk_test_1"));
    // The secret of the stand-in's thin events, which anybody knows, signs nothing here.
    assert_eq!(stripe_webhook_secret, "whsec_1");
    let config = get(format!("{api}/local/config.json"), None).await.2;
    let stripe_js = "https://js.stripe.com/endive/stripe.js";
    assert_eq!(config, json!({"stripe_js": stripe_js, "publishable_key": "pk_test_1"}));
    assert_eq!(get(format!("{api}/local/chaos"), None).await.0, 404);
    assert!(
        policy(api, "127.0.0.1")
            .await
            .contains("script-src 'self' https://js.stripe.com https://*.js.stripe.com;")
    );
}

#[tokio::test]
async fn without_stripes_keys_the_page_may_call_the_stand_in_and_nothing_of_stripes() {
    let options = Options { host_aliases: vec!["10.0.2.2".to_owned()], ..Options::without_seed() };
    let stack = start(options).await;
    let Endpoints { api, stripe, .. } = stack.endpoints();
    let strict = policy(api, "127.0.0.1").await;
    assert!(strict.contains(&format!("connect-src 'self' {stripe};")), "{strict}");
    assert!(strict.contains("script-src 'self';") && !strict.contains("stripe.com"), "{strict}");
    let by_alias = policy(api, "10.0.2.2").await;
    let stand_in = stripe.replace("127.0.0.1", "10.0.2.2");
    assert!(by_alias.contains(&format!("connect-src 'self' {stand_in};")), "{by_alias}");
}

/// The Content Security Policy of the sender's page for a browser that calls the stack by this name.
async fn policy(api: &str, name: &str) -> String {
    let page = reqwest::Client::new().get(api).header("host", name).send().await.unwrap();
    page.headers()["content-security-policy"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_too_large_upload_is_413_and_a_large_one_without_a_token_is_401() {
    let stack = start(Options::without_seed()).await;
    let post = |bytes: usize| {
        let url = format!("{}/v1/payments", stack.endpoints().api);
        reqwest::Client::new().post(url).body(vec![b'x'; bytes]).send()
    };
    assert_eq!(post(11 * 1024 * 1024).await.unwrap().status(), 413);
    assert_eq!(post(1024 * 1024).await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_templates_cors_rules_let_this_stacks_own_pages_call() {
    let stack = start(Options::without_seed()).await;
    let api = &stack.endpoints().api;
    let url = format!("{api}/v1/payments");
    let ask = |origin: String| {
        let request = reqwest::Client::new().request(reqwest::Method::OPTIONS, &url);
        request.header("origin", origin).header("access-control-request-method", "POST").send()
    };
    let answer = ask(api.replace("127.0.0.1", "localhost")).await.unwrap();
    assert_eq!(answer.status(), 204);
    assert!(answer.headers()["access-control-allow-headers"].to_str().unwrap().contains("idempotency-key"));
    let answer = ask("https://evil.example".to_owned()).await.unwrap();
    assert_eq!(answer.headers().get("access-control-allow-origin"), None);
}
