//! Calls respect their time limits, repeat attempts, and classify the outcome.

use crate::scripted_transport::{ScriptedTransport, Sent, Step, deployment, error_json, intent_json, key};
use payments::{IntentId, Secret};
use payments_stripe::{
    ApiBase, CancellationReason, IntentObject, Stripe, StripeError, TimeLimits, UnavailableCause,
};
use std::time::Duration;
use tokio::time::Instant;

async fn cancel(transport: &ScriptedTransport) -> Result<IntentObject, StripeError> {
    let id = IntentId::parse("pi_1").expect("id");
    transport.session().cancel_intent(&id, CancellationReason::Abandoned, &key()).await
}

fn assert_same_request(sent: &[Sent]) {
    for again in sent {
        assert_eq!(again.header("idempotency-key"), Some(key().as_str()));
        assert_eq!(again.headers, sent[0].headers);
        assert_eq!((&again.method, &again.uri), (&sent[0].method, &sent[0].uri));
        assert_eq!(again.body, sent[0].body);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_transient_is_repeated_with_the_same_key_and_body() {
    let transport = ScriptedTransport::new([
        Step::Breaks,
        Step::Hangs,
        Step::reply(429, error_json("invalid_request_error", Some("lock_timeout"))),
        Step::reply(409, error_json("idempotency_error", Some("idempotency_key_in_use"))),
        Step::reply(500, error_json("api_error", None)),
        Step::reply(503, "<html>busy</html>"),
        Step::reply(200, intent_json()),
    ]);
    let intent = cancel(&transport).await.expect("done in the end");
    assert_eq!(intent.id.as_str(), "pi_1");
    let sent = transport.sent();
    assert_eq!(sent.len(), 7);
    assert_same_request(&sent);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_not_repeated() {
    for (status, error_type) in [
        (400, "invalid_request_error"),
        (400, "idempotency_error"),
        (401, "invalid_request_error"),
        (402, "card_error"),
        (403, "invalid_request_error"),
        (404, "invalid_request_error"),
    ] {
        let transport = ScriptedTransport::new([Step::reply(status, error_json(error_type, None))]);
        let error = cancel(&transport).await.expect_err("answered");
        assert_eq!(transport.sent().len(), 1, "{status} {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn stripe_should_retry_is_obeyed_both_ways() {
    let stop = ScriptedTransport::new([
        Step::reply(500, error_json("api_error", None)).with_header("stripe-should-retry", "false")
    ]);
    assert!(matches!(cancel(&stop).await, Err(StripeError::Unavailable { .. })));
    assert_eq!(stop.sent().len(), 1);

    let go_on = ScriptedTransport::new([
        Step::reply(400, error_json("invalid_request_error", None))
            .with_header("stripe-should-retry", "true"),
        Step::reply(200, intent_json()),
    ]);
    assert!(cancel(&go_on).await.is_ok());
    assert_same_request(&go_on.sent());
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_at_its_limit_and_the_call_at_its_own() {
    let transport = ScriptedTransport::forever(|| Step::Hangs);
    let start = Instant::now();
    let error = cancel(&transport).await.expect_err("hangs");
    let timed_out = StripeError::Unavailable { cause: UnavailableCause::TimedOut };
    assert_eq!(error.to_string(), timed_out.to_string());
    let sent = transport.sent();
    assert!(sent[1].at - sent[0].at >= Duration::from_secs(6), "the first attempt has its six seconds");
    assert!(sent[1].at - sent[0].at <= Duration::from_millis(6_501));
    assert_eq!(sent.len(), 3, "a fourth would have to begin after the call's limit");
    assert!((18..20).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_reply_within_the_attempts_limit_is_waited_for() {
    let transport =
        ScriptedTransport::new([Step::reply(200, intent_json()).after(Duration::from_millis(5_900))]);
    assert!(cancel(&transport).await.is_ok());
    assert_eq!(transport.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn repetitions_back_off_and_end_before_the_calls_limit() {
    let transport = ScriptedTransport::forever(|| Step::reply(500, error_json("api_error", None)));
    let start = Instant::now();
    assert!(matches!(
        cancel(&transport).await,
        Err(StripeError::Unavailable { cause: UnavailableCause::Status { status: 500, .. } })
    ));
    assert!(start.elapsed() < Duration::from_secs(20));
    let sent = transport.sent();
    let pauses: Vec<Duration> = sent.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    for (pause, step_ms) in pauses.iter().zip([500, 1_000, 2_000, 4_000, 4_000]) {
        let range = Duration::from_millis(step_ms / 2)..=Duration::from_millis(step_ms + 1);
        assert!(range.contains(pause), "{pause:?} of {step_ms} ms");
    }
    assert!((6..=12).contains(&sent.len()), "{}", sent.len());
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_stripe_asks_for_is_kept_and_one_beyond_the_limit_ends_the_call() {
    let transport = ScriptedTransport::new([
        Step::reply(429, error_json("invalid_request_error", Some("rate_limit")))
            .with_header("retry-after", "3"),
        Step::reply(429, error_json("invalid_request_error", Some("rate_limit")))
            .with_header("retry-after", "60"),
    ]);
    let start = Instant::now();
    let error = cancel(&transport).await.expect_err("limited");
    assert!(matches!(error, StripeError::Unavailable { .. }));
    assert_eq!(transport.sent().len(), 2);
    assert_eq!(start.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_twin_that_does_not_finish_is_reported_as_in_progress() {
    let transport = ScriptedTransport::forever(|| {
        Step::reply(409, error_json("idempotency_error", Some("idempotency_key_in_use")))
    });
    assert!(matches!(cancel(&transport).await, Err(StripeError::InProgress)));
    assert!(transport.sent().len() > 1);
}

#[tokio::test(start_paused = true)]
async fn limits_are_the_callers_to_set() {
    let transport = ScriptedTransport::forever(|| Step::Hangs);
    let limits = TimeLimits { attempt: Duration::from_secs(2), overall: Duration::from_secs(2) };
    let stripe = Stripe::new(transport.clone(), ApiBase::default(), deployment()).with_limits(limits);
    let session = stripe.authorized(&Secret::new("sk_test_key")).expect("usable key");
    let start = Instant::now();
    assert!(session.retrieve_intent(&IntentId::parse("pi_1").expect("id")).await.is_err());
    assert_eq!((start.elapsed().as_secs(), transport.sent().len()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_success_that_cannot_be_read_is_an_unknown_outcome_and_not_repeated() {
    for body in ["", "<html>hello</html>", "{}", "[]", "{\"id\": \"pi_1\"", "\u{fffd}"] {
        let transport = ScriptedTransport::new([Step::reply(200, body)]);
        assert!(matches!(cancel(&transport).await, Err(StripeError::Unreadable(_))), "{body}");
        assert_eq!(transport.sent().len(), 1);
    }
}

#[test]
fn a_key_that_cannot_or_must_not_be_sent_is_refused_before_sending() {
    let plain = Stripe::new(
        ScriptedTransport::default(),
        ApiBase::parse("http://127.0.0.1:1").expect("origin"),
        deployment(),
    );
    let tls = Stripe::new(ScriptedTransport::default(), ApiBase::default(), deployment());
    for live in ["sk_live_x", "rk_live_x"] {
        assert!(matches!(plain.authorized(&Secret::new(live)), Err(StripeError::UnusableKey(_))));
        assert!(tls.authorized(&Secret::new(live)).is_ok());
    }
    assert!(plain.authorized(&Secret::new("sk_test_x")).is_ok());
    for bad in [&b""[..], b"sk_test_x\n", b"sk test", b"sk_\xff"] {
        assert!(matches!(tls.authorized(&Secret::new(bad)), Err(StripeError::UnusableKey(_))), "{bad:?}");
    }
}

#[test]
fn debug_of_a_session_does_not_show_its_key() {
    let shown = format!("{:?}", ScriptedTransport::default().session());
    assert!(!shown.contains("sk_test_key") && shown.contains("Session"), "{shown}");
}
