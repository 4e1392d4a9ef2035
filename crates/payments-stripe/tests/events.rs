//! Webhook events as Stripe sends them, and malformed ones.

use payments::{ChargeOutcome, IntentSnapshot, IntentStatus, Stamp};
use payments_stripe::{AccountObject, EventObject, IntentObject, StripeEvent, parse_event};
use proptest::prelude::*;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("fixtures/", $name, ".json")).as_slice()
    };
}

const INTENT_EVENTS: [&[u8]; 5] = [
    fixture!("payment_intent.succeeded"),
    fixture!("payment_intent.succeeded.2020-08-27"),
    fixture!("payment_intent.payment_failed"),
    fixture!("payment_intent.requires_action"),
    fixture!("payment_intent.canceled"),
];

fn intent(body: &[u8]) -> (StripeEvent, IntentObject) {
    let event = parse_event(body).expect("reads");
    match event.object.clone() {
        EventObject::PaymentIntent(intent) => (event, *intent),
        EventObject::Charge(_)
        | EventObject::Refund(_)
        | EventObject::Dispute(_)
        | EventObject::FraudWarning(_)
        | EventObject::Transfer(_)
        | EventObject::Payout(_)
        | EventObject::Other => panic!("{} is about an intent", event.event_type),
    }
}

fn snapshot(body: &[u8]) -> IntentSnapshot {
    let (event, intent) = intent(body);
    intent.snapshot(Stamp::of_event(event.created_s, event.id)).expect("known status")
}

#[test]
fn every_event_of_an_intent_tells_whose_payment_it_is_and_its_terms() {
    for body in INTENT_EVENTS {
        let (event, intent) = intent(body);
        assert_eq!(intent.payment_id().expect("ours").as_str(), "pay_0123456789abcdef0123456789abcdef");
        assert!(!event.livemode && !intent.livemode && event.account.is_none());
        let seen = snapshot(body);
        assert_eq!((seen.amount, seen.currency.as_str(), seen.transfer_amount), (1_061, "usd", Some(1_000)));
        assert_eq!(seen.destination.expect("destination").as_str(), "acct_1SWpYzQ2mNvR8kLd");
        assert_eq!(seen.stamp, Stamp::of_event(event.created_s, event.id));
    }
}

#[test]
fn a_settled_intent_is_told_alike_by_old_and_new_api_versions() {
    let new = snapshot(fixture!("payment_intent.succeeded"));
    let old = snapshot(fixture!("payment_intent.succeeded.2020-08-27"));
    assert_eq!((new.status, new.amount_received), (IntentStatus::Succeeded, 1_061));
    let (charge, outcome) = new.charge.clone().expect("charge");
    assert_eq!((charge.as_str(), outcome), ("ch_3SWq2kLkdIwHu7ix0m5WcP2e", ChargeOutcome::Succeeded));
    assert_eq!(IntentSnapshot { stamp: new.stamp.clone(), ..old }, new);
}

#[test]
fn a_declined_card_is_told_with_its_charge_and_reason() {
    let seen = snapshot(fixture!("payment_intent.payment_failed"));
    assert_eq!((seen.status, seen.amount_received), (IntentStatus::RequiresPaymentMethod, 0));
    assert_eq!(seen.charge.expect("charge").1, ChargeOutcome::Failed);
    let (_, intent) = intent(fixture!("payment_intent.payment_failed"));
    let error = intent.last_payment_error.expect("error");
    assert_eq!(error.code.as_deref(), Some("card_declined"));
    assert_eq!(error.decline_code.as_deref(), Some("insufficient_funds"));
}

#[test]
fn waiting_and_closed_intents_are_told() {
    let waiting = snapshot(fixture!("payment_intent.requires_action"));
    assert_eq!((waiting.status, waiting.charge), (IntentStatus::RequiresAction, None));
    let (_, canceled) = intent(fixture!("payment_intent.canceled"));
    assert_eq!(canceled.cancellation_reason.as_deref(), Some("abandoned"));
    assert_eq!(snapshot(fixture!("payment_intent.canceled")).status, IntentStatus::Canceled);
}

#[test]
fn debug_of_an_event_shows_neither_client_secret_nor_address() {
    for body in INTENT_EVENTS {
        let shown = format!("{:?}", intent(body));
        assert!(!shown.contains("_secret_") && !shown.contains("example.com"), "{shown}");
    }
}

#[test]
fn an_event_of_a_connected_account_names_it_and_its_object_is_read() {
    let body = fixture!("account.updated");
    let event = parse_event(body).expect("reads");
    assert!(matches!(event.object, EventObject::Other));
    assert_eq!(event.account.expect("account").as_str(), "acct_1SWpYzQ2mNvR8kLd");
    let json: serde_json::Value = serde_json::from_slice(body).expect("json");
    let view: AccountObject = serde_json::from_value(json["data"]["object"].clone()).expect("reads");
    assert_eq!(view.requirements.past_due, ["external_account"]);
    assert_eq!(view.requirements.disabled_reason.as_deref(), Some("requirements.past_due"));
    assert!(view.details_submitted && !view.charges_enabled);
    let account = view.snapshot().attachable().expect("usable");
    assert!(account.transfers_active && !account.payouts_enabled);
}

#[test]
fn a_kind_of_event_that_we_do_not_use_is_no_error_whatever_its_object() {
    for object in ["{}", "null", "[1]", r#"{"id": 7}"#] {
        let body = format!(
            r#"{{"id": "evt_1", "type": "plan.created", "created": 1, "livemode": true, "data": {{"object": {object}}}}}"#
        );
        let event = parse_event(body.as_bytes()).expect("reads");
        assert!(matches!(event.object, EventObject::Other) && event.livemode);
    }
}

#[test]
fn an_unreadable_event_says_who_it_is_as_far_as_that_can_be_read() {
    let unreadable = |body: &str| {
        let error = parse_event(body.as_bytes()).expect_err("unreadable");
        (error.event_id.map(|id| id.to_string()), error.event_type)
    };
    let both = (Some("evt_1".to_owned()), Some("payment_intent.succeeded".to_owned()));
    for body in [
        r#"{"id": "evt_1", "type": "payment_intent.succeeded", "created": 1, "livemode": false}"#,
        r#"{"id": "evt_1", "type": "payment_intent.succeeded", "created": "now", "livemode": false}"#,
        r#"{"id": "evt_1", "type": "payment_intent.succeeded", "created": 1, "livemode": false, "data": {"object": {}}}"#,
        r#"{"id": "evt_1", "type": "payment_intent.succeeded"}"#,
    ] {
        assert_eq!(unreadable(body), both, "{body}");
    }
    assert_eq!(unreadable(r#"{"id": "evt_1", "type": 7}"#), (Some("evt_1".to_owned()), None));
    assert_eq!(unreadable(r#"{"id": "wat", "type": "x"}"#), (None, Some("x".to_owned())));
    assert_eq!(unreadable(r#"{"id": ["evt_1"]}"#), (None, None));
    for body in ["", "null", "[]", "{", r#"{"id": "evt_1", "type": "x""#] {
        assert_eq!(unreadable(body), (None, None), "{body}");
    }
}

#[test]
fn bodies_that_are_not_json_do_not_panic() {
    let deep = "[".repeat(200_000);
    let deep_inside = format!(r#"{{"id": "evt_1", "type": "payment_intent.x", "data": {deep}"#);
    for body in [&b"\xff\xfe"[..], b"{\"id\": \"\xff\"}", deep.as_bytes(), deep_inside.as_bytes()] {
        assert!(parse_event(body).is_err());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_judged_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(parse_event(&body).is_err());
    }

    #[test]
    fn a_damaged_event_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), which in 0..5_usize) {
        let mut body = INTENT_EVENTS[which].to_vec();
        let at = at.index(body.len());
        body[at] = byte;
        if let Ok(StripeEvent { object: EventObject::PaymentIntent(intent), .. }) = parse_event(&body) {
            let _: Result<IntentSnapshot, _> = intent.snapshot_at_creation();
        }
    }
}
