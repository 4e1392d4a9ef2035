//! Chaos carried out: what callers and endpoints get to see.

use super::*;
use crate::{CallFate, Delivered, Faults, Ppm};

const CREATE: &str = "amount=500&currency=usd";

fn under(faults: Faults) -> Books {
    let mut books = books();
    books.set_faults(faults);
    books
}

fn calm(books: &mut Books) {
    books.set_faults(Faults::default());
}

fn intents(books: &mut Books) -> usize {
    parsed(&get(books, "/v1/payment_intents"))["data"].as_array().unwrap().len()
}

#[test]
fn a_call_refused_with_429_or_500_does_nothing_and_its_key_stays_free() {
    let limited = Faults { respond_429: Ppm::ALWAYS, ..Faults::default() };
    let failing = Faults { respond_500: Ppm::ALWAYS, ..Faults::default() };
    for faults in [limited, failing] {
        let mut books = under(faults);
        let call = posting("/v1/payment_intents", Some("k"), CREATE);
        for _ in 0..20 {
            let reply = books.handle_under_chaos(&call, NOW).unwrap();
            let error = parsed(&reply)["error"].clone();
            assert!(reply.header("request-id").is_some());
            let told = (reply.header("stripe-should-retry"), reply.header("stripe-rate-limited-reason"));
            match (reply.status, error["code"].as_str()) {
                (429, Some("lock_timeout")) => assert_eq!(told, (Some("true"), None)),
                (429, Some("rate_limit")) => assert_eq!(told, (None, Some("global-rate"))),
                (500, None) => assert_eq!((text(&error, "/type"), told), ("api_error", (None, None))),
                other => panic!("{other:?}"),
            }
        }
        calm(&mut books);
        assert_eq!(intents(&mut books), 0);
        assert_eq!(books.due_deliveries(NOW, 10).len(), 0);
        let reply = books.handle_under_chaos(&call, NOW).unwrap();
        assert_eq!((reply.status, reply.header("idempotent-replayed")), (200, None));
    }
}

#[test]
fn a_lost_response_hides_an_effect_that_the_same_key_finds_again() {
    let mut books = under(Faults { lose_response: Ppm::ALWAYS, ..Faults::default() });
    let call = posting("/v1/payment_intents", Some("k"), CREATE);
    assert_eq!(books.next_call_fate(&call), CallFate::LoseResponse);
    assert_eq!(books.handle_under_chaos(&call, NOW), None);
    calm(&mut books);
    let reply = books.handle_under_chaos(&call, NOW).unwrap();
    assert_eq!((reply.status, reply.header("idempotent-replayed")), (200, Some("true")));
    assert_eq!(intents(&mut books), 1);
    assert_eq!(books.due_deliveries(NOW, 10).len(), 1);
}

#[test]
fn pages_of_3d_secure_meet_no_faults() {
    let mut books = under(Faults { respond_500: Ppm::ALWAYS, ..Faults::default() });
    let page = Call::new(Method::GET, "/3d_secure/src_1");
    assert_eq!(books.next_call_fate(&page), CallFate::Pass);
}

#[test]
fn a_lost_event_is_never_due_and_listed_as_undelivered() {
    let mut books = under(Faults { lose: Ppm::ALWAYS, ..Faults::default() });
    intent(&mut books);
    assert_eq!(books.next_delivery_ms(), None);
    calm(&mut books);
    let undelivered = parsed(&get(&mut books, "/v1/events?delivery_success=false"));
    assert_eq!(undelivered["data"][0]["pending_webhooks"], 1);
    assert_eq!(text(&undelivered, "/data/0/type"), "payment_intent.created");
}

#[test]
fn a_duplicated_event_goes_out_twice_and_no_more_once_either_was_taken() {
    let mut books = under(Faults { duplicate: Ppm::ALWAYS, ..Faults::default() });
    intent(&mut books);
    let attempts = books.due_deliveries(NOW + 1, 10);
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[0].body, attempts[1].body);
    books.delivered(&attempts[0], Delivered::Yes, NOW + 1);
    books.delivered(&attempts[1], Delivered::Yes, NOW + 1);
    assert_eq!(books.next_delivery_ms(), None);
}

#[test]
fn a_duplicate_that_is_not_taken_does_not_undo_the_delivery_of_the_other() {
    let mut books = under(Faults { duplicate: Ppm::ALWAYS, ..Faults::default() });
    intent(&mut books);
    let attempts = books.due_deliveries(NOW + 1, 10);
    books.delivered(&attempts[0], Delivered::Yes, NOW + 1);
    books.delivered(&attempts[1], Delivered::No, NOW + 1);
    assert_eq!(books.next_delivery_ms(), None);
    let delivered = parsed(&get(&mut books, "/v1/events?delivery_success=true"));
    assert_eq!(delivered["data"][0]["pending_webhooks"], 0);
}

#[test]
fn an_event_held_back_goes_out_after_its_successors() {
    let mut books = under(Faults { reorder: Ppm::ALWAYS, ..Faults::default() });
    let first = intent(&mut books);
    calm(&mut books);
    let path = format!("/v1/payment_intents/{}/cancel", text(&first, "/id"));
    books.handle(&posting(&path, None, ""), NOW + 999);
    let order: Vec<String> = std::iter::from_fn(|| {
        let attempt = books.due_deliveries(NOW + 1_000, 1).pop()?;
        books.delivered(&attempt, Delivered::Yes, NOW + 1_000);
        Some(text(&serde_json::from_str(&attempt.body).unwrap(), "/type").to_owned())
    })
    .collect();
    assert_eq!(order, ["payment_intent.canceled", "payment_intent.created"]);
}

#[test]
fn drift_changes_objects_and_tells_nobody() {
    let mut books = under(Faults { drift: Ppm::ALWAYS, ..Faults::default() });
    let intent = intent(&mut books);
    let paid = parsed(&confirm(&mut books, &intent, "pm_card_visa"));
    assert_eq!(text(&paid, "/status"), "succeeded");
    assert_eq!(event_types(&mut books), [""; 0]);
    // What a test stages is told, or it could not say what drifted.
    books.open_dispute(text(&paid, "/latest_charge"), None, true, NOW).unwrap();
    let told = event_types(&mut books);
    assert!(told.contains(&"charge.dispute.created".to_owned()));
    calm(&mut books);
    let created = post(&mut books, "/v1/payment_intents", CREATE);
    assert_eq!(created.status, 200);
    assert_eq!(event_types(&mut books)[told.len()..], ["payment_intent.created"]);
}

#[test]
fn drift_keeps_silent_about_what_happens_by_itself_too() {
    let mut books = books();
    let body = DESTINATION_CHARGE.replace("capture_method=automatic", "capture_method=automatic_async");
    let intent = parsed(&post(&mut books, "/v1/payment_intents", &body));
    confirm(&mut books, &intent, "pm_card_visa");
    let told = event_types(&mut books);
    books.set_faults(Faults { drift: Ppm::ALWAYS, ..Faults::default() });
    let later = books.next_change_ms().unwrap();
    books.advance(later);
    assert_eq!(event_types(&mut books), told);
    let charge = parsed(&get(&mut books, "/v1/charges"))["data"][0].clone();
    assert!(charge["balance_transaction"].is_string());
}

#[test]
fn putting_the_same_faults_in_force_again_begins_their_sequence_again() {
    let faults = Faults { respond_500: Ppm::new(500_000).unwrap(), seed: 11, ..Faults::default() };
    let mut books = under(faults);
    let call = posting("/v1/payment_intents", None, CREATE);
    let mut passed = || -> Vec<bool> {
        books.set_faults(faults);
        (0..64).map(|_| books.next_call_fate(&call) == CallFate::Pass).collect()
    };
    let first = passed();
    assert!(first.contains(&true) && first.contains(&false));
    assert_eq!(passed(), first);
    assert_eq!(books.faults(), faults);
}
