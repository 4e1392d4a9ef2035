//! Faults on a whole stack, set by `/local/chaos`.

use std::collections::BTreeMap;

use lambda_http::{Error, Request, service_fn};
use local::Endpoints;
use local::function::Function;
use local::stack::{Options, Stack, StackError};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// One delivery of a webhook: the event's id and its signature.
type Webhook = (String, String);

/// A stack whose webhook function sends each delivery to the receiver.
async fn start(options: Options) -> (Stack, UnboundedReceiver<Webhook>) {
    let (sender, receiver) = unbounded_channel();
    let stack = Stack::start_with(options, |_| Ok(webhooks_to(sender))).await.unwrap();
    (stack, receiver)
}

fn webhooks_to(sender: UnboundedSender<Webhook>) -> BTreeMap<&'static str, Function> {
    let receive = move |request: Request| {
        let event: Value = serde_json::from_slice(request.body()).unwrap();
        let signature = request.headers()["stripe-signature"].to_str().unwrap().to_owned();
        let sent = sender.send((event["id"].as_str().unwrap().to_owned(), signature));
        async move { Ok::<_, Error>(json!({"received": sent.is_ok()})) }
    };
    BTreeMap::from([("stripe-webhook", Function::new(service_fn(receive)))])
}

async fn put(stack: &Stack, faults: impl Into<String>) -> Response {
    let url = format!("{}/local/chaos", stack.endpoints().api);
    Client::new().put(url).body(faults.into()).send().await.unwrap()
}

async fn get(stack: &Stack) -> Value {
    let url = format!("{}/local/chaos", stack.endpoints().api);
    Client::new().get(url).send().await.unwrap().json().await.unwrap()
}

async fn stripe(stack: &Stack, method: Method, path: &str, body: &'static str) -> reqwest::Result<Response> {
    let url = format!("{}{path}", stack.endpoints().stripe);
    Client::new().request(method, url).bearer_auth("sk_test_1").body(body).send().await
}

async fn create(stack: &Stack) -> reqwest::Result<Response> {
    stripe(stack, Method::POST, "/v1/payment_intents", "amount=500&currency=usd").await
}

async fn listed(stack: &Stack, path: &str) -> Vec<Value> {
    let list: Value = stripe(stack, Method::GET, path, "").await.unwrap().json().await.unwrap();
    list["data"].as_array().unwrap().clone()
}

fn no_chaos() -> Value {
    json!({
        "lose": 0, "duplicate": 0, "reorder": 0, "delay_ms": 0, "respond_429": 0, "respond_500": 0, "save_500": 0,
        "lose_response": 0, "drift": 0, "seed": 0,
    })
}

#[tokio::test]
async fn chaos_is_off_until_it_is_set_and_each_setting_replaces_the_one_before() {
    let (stack, _) = start(Options::without_seed()).await;
    assert_eq!(get(&stack).await, no_chaos());
    let answer = put(&stack, r#"{"respond_500": 1000000, "seed": 18446744073709551615}"#).await;
    let mut expected = no_chaos();
    expected["respond_500"] = 1_000_000.into();
    expected["seed"] = u64::MAX.into();
    assert_eq!(answer.json::<Value>().await.unwrap(), expected);
    assert_eq!(get(&stack).await, expected);
    assert_eq!(create(&stack).await.unwrap().status(), 500);
    assert_eq!(put(&stack, "{}").await.json::<Value>().await.unwrap(), no_chaos());
    assert_eq!(create(&stack).await.unwrap().status(), 200);
}

#[tokio::test]
async fn invalid_chaos_is_a_problem_and_changes_nothing() {
    let (stack, _) = start(Options::without_seed()).await;
    let before = put(&stack, r#"{"lose": 7}"#).await.json::<Value>().await.unwrap();
    for (body, field) in [
        (r#"{"lose": 1000001}"#, "lose"),
        (r#"{"drift": -1}"#, "drift"),
        (r#"{"delay_ms": 0.5}"#, "delay_ms"),
        (r#"{"loose": 1}"#, "loose"),
        ("[]", ""),
        ("", ""),
        ("{", ""),
    ] {
        let answer = put(&stack, body).await;
        assert_eq!(answer.status(), 400, "{body}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{body}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], "invalid_request");
        assert_eq!(problem["field"].as_str().unwrap_or_default(), field, "{body}");
    }
    assert_eq!(get(&stack).await, before);
}

#[tokio::test]
async fn chaos_ends_with_a_restart_and_a_lost_event_stays_lost() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { data_dir: Some(directory.path().to_owned()), ..Options::without_seed() };
    let (stack, _) = start(options()).await;
    put(&stack, r#"{"lose": 1000000}"#).await;
    create(&stack).await.unwrap();
    drop(stack);
    let (stack, mut webhooks) = start(options()).await;
    assert_eq!(get(&stack).await, no_chaos());
    assert_eq!(listed(&stack, "/v1/events?delivery_success=false").await.len(), 1);
    create(&stack).await.unwrap();
    let (delivered, _) = webhooks.recv().await.unwrap();
    let events = listed(&stack, "/v1/events").await;
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["id"], delivered, "the later one");
}

#[tokio::test]
async fn a_duplicated_event_reaches_the_function_twice() {
    let (stack, mut webhooks) = start(Options::without_seed()).await;
    put(&stack, r#"{"duplicate": 1000000}"#).await;
    create(&stack).await.unwrap();
    let (first, second) = (webhooks.recv().await.unwrap(), webhooks.recv().await.unwrap());
    assert_eq!(first.0, second.0);
}

#[tokio::test]
async fn a_lost_response_is_a_connection_error_after_the_effect() {
    let (stack, _) = start(Options::without_seed()).await;
    put(&stack, r#"{"lose_response": 1000000}"#).await;
    assert!(create(&stack).await.is_err());
    put(&stack, "{}").await;
    assert_eq!(listed(&stack, "/v1/payment_intents").await.len(), 1);
}

#[tokio::test]
async fn while_a_secret_is_rolled_webhooks_have_a_signature_for_each() {
    let options =
        Options { stripe_webhook_secret: "whsec_new, whsec_old".to_owned(), ..Options::without_seed() };
    let (stack, mut webhooks) = start(options).await;
    create(&stack).await.unwrap();
    let (id, signature) = webhooks.recv().await.unwrap();
    assert!(id.starts_with("evt_"));
    let signatures: Vec<&str> = signature.split(',').filter(|part| part.starts_with("v1=")).collect();
    assert_eq!(signatures.len(), 2, "{signature}");
    assert_ne!(signatures[0], signatures[1]);
}

#[tokio::test]
async fn a_stack_without_a_webhook_secret_does_not_start() {
    for secrets in ["", " , ", "[", "[]"] {
        let options = Options { stripe_webhook_secret: secrets.to_owned(), ..Options::without_seed() };
        let functions = |_: &Endpoints| Ok(BTreeMap::new());
        let error = Stack::start_with(options, functions).await.err().unwrap();
        assert!(matches!(error, StackError::NoWebhookSecret), "{secrets}");
    }
}

#[tokio::test]
async fn the_stand_in_limits_calls_as_configured() {
    let (stack, _) = start(Options { rate_limit_per_s: Some(1), ..Options::without_seed() }).await;
    let calls = (0..50).map(|_| create(&stack));
    let answers = futures_util::future::join_all(calls).await;
    let limited = answers.into_iter().map(Result::unwrap).filter(|answer| answer.status() == 429);
    assert!(limited.count() > 0);
}

#[tokio::test]
async fn a_page_on_another_host_name_reaches_neither_chaos_nor_the_stand_in() {
    let (stack, _) = start(Options::without_seed()).await;
    let Endpoints { api, stripe, .. } = stack.endpoints();
    for url in [format!("{api}/local/chaos"), format!("{stripe}/v1/payment_intents")] {
        let request = Client::new().get(&url).header("host", "rebound.example");
        assert_eq!(request.send().await.unwrap().status(), 403, "{url}");
    }
}
