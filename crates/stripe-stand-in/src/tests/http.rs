use super::*;
use crate::{Endpoint, Faults, Ppm, StandIn};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn listen(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn in_memory(endpoints: Vec<Endpoint>) -> StandIn {
    StandIn::open(None, settings(), endpoints).unwrap()
}

#[tokio::test]
async fn two_concurrent_calls_with_one_key_conflict_and_the_key_is_free_afterwards() {
    let stand_in = in_memory(Vec::new());
    stand_in.set_latency(Duration::from_millis(20));
    let call = post_call("/v1/payment_intents", Some("k"), "amount=500&currency=usd");
    let (first, second) = tokio::join!(stand_in.answer(&call), stand_in.answer(&call));
    assert_eq!((first.status, second.status), (200, 409));
    assert_eq!(error_code(&second), "idempotency_key_in_use");
    assert_eq!(stand_in.answer(&call).await.body, first.body);
}

#[tokio::test]
async fn any_page_may_call_with_a_publishable_key() {
    let url = listen(in_memory(Vec::new()).router()).await;
    let client = reqwest::Client::new();
    let preflight =
        client.request(Method::OPTIONS, format!("{url}/v1/payment_intents/pi_1/confirm")).send().await;
    let preflight = preflight.unwrap();
    assert!(preflight.status().is_success());
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    let refused = client.post(format!("{url}/v1/payment_intents")).body("amount=1").send().await.unwrap();
    assert_eq!(refused.status(), 401);
    assert_eq!(refused.headers()["access-control-allow-origin"], "*");
    let huge = client.post(format!("{url}/v1/payment_intents")).body(vec![b'a'; 2 << 20]).send().await;
    // The answer may come while the client is still writing, and be lost with the connection.
    assert!(huge.is_err() || huge.is_ok_and(|response| response.status() == 413));
}

#[tokio::test]
async fn a_lost_response_ends_the_connection_without_a_byte() {
    let stand_in = in_memory(Vec::new());
    let url = listen(stand_in.router()).await;
    stand_in.set_faults(Faults { lose_response: Ppm::ALWAYS, ..Faults::default() });
    let mut connection = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    let request = "POST /v1/payment_intents HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\nauthorization: Bearer sk_test_1\r\n\
                   content-length: 23\r\n\r\namount=500&currency=usd";
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answered = Vec::new();
    // The connection may end with or without an error.
    let _ended = connection.read_to_end(&mut answered).await;
    assert_eq!(answered, b"");
    stand_in.set_faults(Faults::default());
    let list = get_call("/v1/payment_intents");
    assert_eq!(parsed(&stand_in.answer(&list).await)["data"][0]["amount"], 500);
}

#[tokio::test]
async fn a_call_over_the_limit_gets_429_with_the_reason() {
    let stand_in = in_memory(Vec::new());
    let url = listen(stand_in.router()).await;
    stand_in.set_rate_limit(Some(1));
    let client = reqwest::Client::new();
    // Far more calls than the limit allows, each on an endpoint of its own.
    let calls = (0..50).map(|n| client.get(format!("{url}/v1/endpoint_{n}")).send());
    let answers = futures_util::future::join_all(calls).await;
    let limited = answers.into_iter().map(Result::unwrap).find(|answer| answer.status() == 429).unwrap();
    assert_eq!(limited.headers()["stripe-rate-limited-reason"], "global-rate");
    let body: Value = limited.json().await.unwrap();
    assert_eq!(text(&body, "/error/code"), "rate_limit");
    stand_in.set_rate_limit(None);
    let answer = client.get(format!("{url}/v1/endpoint_0")).send().await.unwrap();
    assert_eq!(answer.status(), 401);
}

type Received = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// Refuses the first delivery and accepts the others.
async fn receive(State(received): State<Received>, headers: HeaderMap, body: String) -> StatusCode {
    let mut received = received.lock().unwrap();
    received.push((headers, body));
    if received.len() == 1 { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK }
}

#[tokio::test]
async fn events_are_posted_with_a_signature_and_again_after_a_refusal() {
    let received = Received::default();
    let url = listen(Router::new().fallback(receive).with_state(received.clone())).await;
    let secrets = vec!["whsec_local".to_owned(), "whsec_old".to_owned()];
    let stand_in = in_memory(vec![Endpoint { url, secrets: secrets.clone(), payload: Payload::Snapshot }]);
    let deliverer = stand_in.clone();
    let task = tokio::spawn(async move { deliverer.deliver_webhooks().await });
    stand_in.answer(&post_call("/v1/payment_intents", None, "amount=500&currency=usd")).await;

    let list = get_call("/v1/events");
    let delivered = async {
        while parsed(&stand_in.answer(&list).await)["data"][0]["pending_webhooks"] != 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), delivered).await.unwrap();
    task.abort();

    let received = received.lock().unwrap();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].1, received[1].1, "the same event");
    for (headers, body) in received.iter() {
        assert_eq!(headers["content-type"], "application/json; charset=utf-8");
        let signature = headers["stripe-signature"].to_str().unwrap();
        let timestamp = signature.split(',').next().unwrap().trim_start_matches("t=").parse().unwrap();
        assert_eq!(signature, crate::signature_header(body.as_bytes(), timestamp, &secrets));
    }
}
