//! A failed call writes these lines to the log.

use crate::scripted_transport::{ScriptedTransport, Step, error_json, intent_json, key};
use payments::IntentId;
use payments_stripe::CancellationReason;
use std::io;
use std::sync::{Arc, Mutex, Once};

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// tracing caches for the whole process whether a line is enabled, and while there is only one subscriber,
/// the first thread that writes the line decides. A default subscriber for all threads keeps tests without
/// one from deciding for these.
fn listen_everywhere() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let nowhere = tracing_subscriber::fmt().with_writer(io::sink).finish();
        tracing::subscriber::set_global_default(nowhere).expect("nobody else sets one");
    });
}

async fn log_of(steps: Vec<Step>) -> String {
    listen_everywhere();
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let transport = ScriptedTransport::new(steps);
    let id = IntentId::parse("pi_1").expect("id");
    let _: Result<_, _> = transport.session().cancel_intent(&id, CancellationReason::Abandoned, &key()).await;
    drop(guard);
    String::from_utf8(written.0.lock().expect("lock").clone()).expect("text")
}

#[tokio::test(start_paused = true)]
async fn a_failed_call_is_one_line_with_attempts_and_stripes_request_id() {
    let refused = || Step::reply(400, error_json("invalid_request_error", Some("amount_too_small")));
    let log = log_of(vec![
        Step::Breaks,
        Step::reply(500, error_json("api_error", None)),
        refused().with_header("request-id", "req_1"),
    ])
    .await;
    assert_eq!(log.lines().count(), 1, "{log}");
    for told in ["/payment_intents/pi_1/cancel", "attempts=3", "req_1", "amount_too_small"] {
        assert!(log.contains(told), "{told} in {log}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_cause_of_a_broken_call_is_told() {
    let stop = || Step::reply(500, error_json("api_error", None)).with_header("stripe-should-retry", "false");
    assert!(log_of(vec![stop()]).await.contains("answered with 500"));
    let log = log_of((0..20).map(|_| Step::Breaks).collect()).await;
    assert!(log.contains("not answered: connection reset"), "{log}");
    assert_eq!(log.lines().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_set_up_is_one_line_with_its_name_and_stripes_message() {
    let reply = r#"{"error": {"type": "invalid_request_error", "param": "p",
        "message": "The provided key 'rk_test_*z' lacks 'rak_transfer_write'."}}"#;
    let log = log_of(vec![Step::reply(403, reply).with_header("request-id", "req_1")]).await;
    assert_eq!(log.lines().count(), 1, "{log}");
    for told in ["ERROR", "permission", "invalid_request_error", "param=\"p\"", "rak_transfer_write", "req_1"]
    {
        assert!(log.contains(told), "{told} in {log}");
    }
    assert!(!log.contains("rk_test"), "{log}");
}

#[tokio::test(start_paused = true)]
async fn the_log_has_neither_keys_nor_what_stripe_quotes() {
    let log = log_of(vec![Step::reply(401, error_json("invalid_request_error", None))]).await;
    assert_eq!(log.lines().count(), 1);
    for kept in ["sk_test_key", "Bearer", "sam@example.com"] {
        assert!(!log.contains(kept), "{kept} in {log}");
    }
    let unreadable = intent_json().replace("1061", "\"pi_1_secret_abc\"");
    assert!(!log_of(vec![Step::reply(200, unreadable)]).await.contains("secret_abc"));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_succeeds_in_the_end_writes_nothing() {
    assert_eq!(log_of(vec![Step::Breaks, Step::reply(200, intent_json())]).await, "");
}
