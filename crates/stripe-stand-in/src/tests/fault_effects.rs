//! Faults as callers and webhook endpoints experience them.

use super::*;
use crate::dispatch::call_faults::CallHandling;
use crate::{Delivered, Faults, Ppm};

const CREATE: &str = "amount=500&currency=usd";

fn sandbox_with(faults: Faults) -> Sandbox {
    let mut sandbox = sandbox();
    sandbox.set_faults(faults);
    sandbox
}

/// Answers as the server does; `None` cuts the connection after the effect.
fn answer(sandbox: &mut Sandbox, call: &Call) -> Option<Reply> {
    match sandbox.next_call_handling(call) {
        CallHandling::Answer => Some(sandbox.handle(call, NOW)),
        CallHandling::Refuse(reply) => Some(reply),
        CallHandling::Fail => Some(sandbox.handle_failing(call, NOW)),
        CallHandling::LoseResponse => {
            sandbox.handle(call, NOW);
            None
        }
    }
}

fn end_faults(sandbox: &mut Sandbox) {
    sandbox.set_faults(Faults::default());
}

fn intents(sandbox: &mut Sandbox) -> usize {
    count(sandbox, "/v1/payment_intents")
}

#[test]
fn a_call_refused_with_429_or_500_does_nothing_and_its_key_stays_free() {
    let limited = Faults { respond_429: Ppm::ALWAYS, ..Faults::default() };
    let failing = Faults { respond_500: Ppm::ALWAYS, ..Faults::default() };
    for faults in [limited, failing] {
        let mut sandbox = sandbox_with(faults);
        let call = post_call("/v1/payment_intents", Some("k"), CREATE);
        for _ in 0..20 {
            let reply = answer(&mut sandbox, &call).unwrap();
            let error = parsed(&reply)["error"].clone();
            assert!(reply.header("request-id").is_some());
            let headers = (reply.header("stripe-should-retry"), reply.header("stripe-rate-limited-reason"));
            match (reply.status, error["code"].as_str()) {
                (429, Some("lock_timeout")) => assert_eq!(headers, (Some("true"), None)),
                (429, Some("rate_limit")) => assert_eq!(headers, (None, Some("global-rate"))),
                (500, None) => assert_eq!((text(&error, "/type"), headers), ("api_error", (None, None))),
                other => panic!("{other:?}"),
            }
        }
        end_faults(&mut sandbox);
        assert_eq!(intents(&mut sandbox), 0);
        assert_eq!(sandbox.due_deliveries(NOW, 10).len(), 0);
        let reply = answer(&mut sandbox, &call).unwrap();
        assert_eq!((reply.status, reply.header("idempotent-replayed")), (200, None));
    }
}

#[test]
fn a_500_that_is_saved_is_replayed_for_its_key_and_another_key_is_executed() {
    let mut sandbox = sandbox();
    let before = post_call("/v1/payment_intents", Some("before"), CREATE);
    let made = answer(&mut sandbox, &before).unwrap();
    sandbox.set_faults(Faults { save_500: Ppm::ALWAYS, ..Faults::default() });
    let call = post_call("/v1/payment_intents", Some("k"), CREATE);
    let failed = answer(&mut sandbox, &call).unwrap();
    assert_eq!((failed.status, failed.header("idempotent-replayed")), (500, None));
    assert_eq!(answer(&mut sandbox, &before).unwrap().body, made.body, "its outcome is known");
    end_faults(&mut sandbox);
    let replayed = answer(&mut sandbox, &call).unwrap();
    assert_eq!((replayed.status, replayed.header("idempotent-replayed")), (500, Some("true")));
    assert_eq!(replayed.body, failed.body);
    assert_eq!(intents(&mut sandbox), 1, "it had no effect");
    let other = post_call("/v1/payment_intents", Some("another"), CREATE);
    assert_eq!(answer(&mut sandbox, &other).unwrap().status, 200);
}

#[test]
fn a_lost_response_hides_an_effect_that_the_same_key_replays() {
    let mut sandbox = sandbox_with(Faults { lose_response: Ppm::ALWAYS, ..Faults::default() });
    let call = post_call("/v1/payment_intents", Some("k"), CREATE);
    assert_eq!(sandbox.next_call_handling(&call), CallHandling::LoseResponse);
    assert_eq!(answer(&mut sandbox, &call), None);
    end_faults(&mut sandbox);
    let reply = answer(&mut sandbox, &call).unwrap();
    assert_eq!((reply.status, reply.header("idempotent-replayed")), (200, Some("true")));
    assert_eq!(intents(&mut sandbox), 1);
    assert_eq!(sandbox.due_deliveries(NOW, 10).len(), 1);
}

#[test]
fn the_3d_secure_page_meets_no_faults() {
    let mut sandbox = sandbox_with(Faults { respond_500: Ppm::ALWAYS, ..Faults::default() });
    let page = Call::new(Method::GET, "/3d_secure/src_1");
    assert_eq!(sandbox.next_call_handling(&page), CallHandling::Answer);
}

#[test]
fn a_lost_event_is_never_due_and_listed_as_undelivered() {
    let mut sandbox = sandbox_with(Faults { lose: Ppm::ALWAYS, ..Faults::default() });
    intent(&mut sandbox);
    assert_eq!(sandbox.next_delivery_ms(), None);
    end_faults(&mut sandbox);
    let undelivered = parsed(&get(&mut sandbox, "/v1/events?delivery_success=false"));
    assert_eq!(undelivered["data"][0]["pending_webhooks"], 1);
    assert_eq!(text(&undelivered, "/data/0/type"), "payment_intent.created");
}

#[test]
fn a_duplicated_event_is_delivered_twice_and_not_again() {
    let mut sandbox = sandbox_with(Faults { duplicate: Ppm::ALWAYS, ..Faults::default() });
    intent(&mut sandbox);
    let attempts = sandbox.due_deliveries(NOW + 1, 10);
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[0].body, attempts[1].body);
    sandbox.delivered(&attempts[0], Delivered::Yes, NOW + 1);
    sandbox.delivered(&attempts[1], Delivered::Yes, NOW + 1);
    assert_eq!(sandbox.next_delivery_ms(), None);
}

#[test]
fn a_refused_duplicate_does_not_undo_the_other_delivery() {
    let mut sandbox = sandbox_with(Faults { duplicate: Ppm::ALWAYS, ..Faults::default() });
    intent(&mut sandbox);
    let attempts = sandbox.due_deliveries(NOW + 1, 10);
    sandbox.delivered(&attempts[0], Delivered::Yes, NOW + 1);
    sandbox.delivered(&attempts[1], Delivered::No, NOW + 1);
    assert_eq!(sandbox.next_delivery_ms(), None);
    let delivered = parsed(&get(&mut sandbox, "/v1/events?delivery_success=true"));
    assert_eq!(delivered["data"][0]["pending_webhooks"], 0);
}

#[test]
fn a_reordered_event_is_delivered_after_its_successors() {
    let mut sandbox = sandbox_with(Faults { reorder: Ppm::ALWAYS, ..Faults::default() });
    let first = intent(&mut sandbox);
    end_faults(&mut sandbox);
    let path = format!("/v1/payment_intents/{}/cancel", text(&first, "/id"));
    sandbox.handle(&post_call(&path, None, ""), NOW + 999);
    let order: Vec<String> = std::iter::from_fn(|| {
        let attempt = sandbox.due_deliveries(NOW + 1_000, 1).pop()?;
        sandbox.delivered(&attempt, Delivered::Yes, NOW + 1_000);
        Some(text(&serde_json::from_str(&attempt.body).unwrap(), "/type").to_owned())
    })
    .collect();
    assert_eq!(order, ["payment_intent.canceled", "payment_intent.created"]);
}

#[test]
fn drift_changes_objects_without_events() {
    let mut sandbox = sandbox_with(Faults { drift: Ppm::ALWAYS, ..Faults::default() });
    let intent = intent(&mut sandbox);
    let paid = parsed(&confirm(&mut sandbox, &intent, "pm_card_visa"));
    assert_eq!(text(&paid, "/status"), "succeeded");
    assert_eq!(event_types(&mut sandbox), [""; 0]);
    // Controls make events even under drift, so that a test knows what drifted.
    sandbox.open_dispute(text(&paid, "/latest_charge"), None, true, NOW).unwrap();
    let events = event_types(&mut sandbox);
    assert!(events.contains(&"charge.dispute.created".to_owned()));
    end_faults(&mut sandbox);
    let created = post(&mut sandbox, "/v1/payment_intents", CREATE);
    assert_eq!(created.status, 200);
    assert_eq!(event_types(&mut sandbox)[events.len()..], ["payment_intent.created"]);
}

#[test]
fn drift_also_suppresses_events_of_scheduled_changes() {
    let mut sandbox = sandbox();
    let body = DESTINATION_CHARGE.replace("capture_method=automatic", "capture_method=automatic_async");
    let intent = parsed(&post(&mut sandbox, "/v1/payment_intents", &body));
    confirm(&mut sandbox, &intent, "pm_card_visa");
    let events = event_types(&mut sandbox);
    sandbox.set_faults(Faults { drift: Ppm::ALWAYS, ..Faults::default() });
    let later = sandbox.next_change_ms().unwrap();
    sandbox.advance(later);
    assert_eq!(event_types(&mut sandbox), events);
    let charge = parsed(&get(&mut sandbox, "/v1/charges"))["data"][0].clone();
    assert!(charge["balance_transaction"].is_string());
}

#[test]
fn setting_the_same_faults_again_restarts_their_sequence() {
    let faults = Faults { respond_500: Ppm::new(500_000).unwrap(), seed: 11, ..Faults::default() };
    let mut sandbox = sandbox_with(faults);
    let call = post_call("/v1/payment_intents", None, CREATE);
    let mut passed = || -> Vec<bool> {
        sandbox.set_faults(faults);
        (0..64).map(|_| sandbox.next_call_handling(&call) == CallHandling::Answer).collect()
    };
    let first = passed();
    assert!(first.contains(&true) && first.contains(&false));
    assert_eq!(passed(), first);
    assert_eq!(sandbox.faults(), faults);
}

#[test]
fn a_control_sets_faults_and_refuses_invalid_ones() {
    let mut sandbox = sandbox();
    let mut control = |method, body: &str| {
        let mut call = Call::new(method, "/stand_in/chaos");
        call.body = body.into();
        sandbox.handle(&call, NOW)
    };
    assert_eq!(control(Method::PUT, r#"{"respond_500": 1000000}"#).status, 200);
    for invalid in ["", "[7]", r#"{"lose": 1000001}"#, r#"{"loose": 1}"#] {
        assert_eq!(control(Method::PUT, invalid).status, 400, "{invalid}");
    }
    assert_eq!(parsed(&control(Method::GET, ""))["respond_500"], 1_000_000);
    let call = post_call("/v1/payment_intents", None, CREATE);
    assert_eq!(answer(&mut sandbox, &call).unwrap().status, 500);
}
