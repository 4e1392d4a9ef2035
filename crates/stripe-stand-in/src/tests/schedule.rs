use super::*;
use crate::{Delivered, Endpoint, StandIn};
use std::fs;

#[test]
fn a_scheduled_change_has_its_own_time_however_late_it_is_made() {
    let (mut sandbox, _) = paid("pm_card_createDispute");
    let call = get_call("/v1/disputes?limit=1");
    let dispute = parsed(&sandbox.handle(&call, NOW + 86_400_000))["data"][0].clone();
    assert_eq!(dispute["created"], (NOW + 2_000) / 1000);
}

#[test]
fn advancing_often_or_once_leads_to_the_same_records() {
    let build = |steps: &[i64]| {
        let (mut sandbox, intent) = paid("pm_card_refundFail");
        post(&mut sandbox, "/v1/refunds", &format!("payment_intent={}", text(&intent, "/id")));
        let disputed = super::intent(&mut sandbox);
        confirm(&mut sandbox, &disputed, "pm_card_createDispute");
        for step in steps {
            sandbox.advance(NOW + step);
        }
        serde_json::to_string(&sandbox.records).unwrap()
    };
    assert_eq!(build(&[500, 1_999, 2_000, 2_500, 4_000]), build(&[4_000]));
}

#[test]
fn a_delivery_loop_wakes_for_scheduled_changes_and_gets_their_events() {
    let (mut sandbox, _) = paid("pm_card_createDispute");
    for attempt in sandbox.due_deliveries(NOW, 100) {
        sandbox.delivered(&attempt, Delivered::Yes, NOW);
    }
    assert_eq!(sandbox.next_delivery_ms(), Some(NOW + 2_000));
    let bodies: Vec<_> = sandbox.due_deliveries(NOW + 2_000, 100).into_iter().map(|it| it.body).collect();
    assert!(
        bodies[0].contains("charge.dispute.created") && bodies[1].contains("charge.dispute.funds_withdrawn")
    );
}

#[test]
fn a_change_that_is_done_is_not_due_again() {
    let (mut sandbox, _) = paid("pm_card_createDispute");
    let reopen = |sandbox: &Sandbox| Sandbox::from_records(settings(), sandbox.records.clone());
    assert_eq!(reopen(&sandbox).next_change_ms(), Some(NOW + 2_000));
    sandbox.advance(NOW + 2_000);
    assert_eq!(reopen(&sandbox).next_change_ms(), None);
}

#[tokio::test]
async fn open_and_done_changes_survive_the_end_of_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("stripe.jsonl");
    // In 1970, so that every scheduled change is due when the journal is opened.
    let mut before = sandbox();
    let intent = parsed(&before.handle(&post_call("/v1/payment_intents", None, DESTINATION_CHARGE), 1_000));
    let confirm = format!("/v1/payment_intents/{}/confirm", text(&intent, "/id"));
    before.handle(&post_call(&confirm, None, "payment_method=pm_card_createDispute"), 1_000);
    let line = serde_json::json!({"number": 1, "changes": before.records});
    fs::write(&path, format!("{line}\n")).unwrap();

    let disputes = get_call("/v1/disputes");
    let endpoint = || {
        vec![Endpoint {
            url: "http://127.0.0.1:9/".to_owned(),
            secrets: Vec::new(),
            payload: Payload::Snapshot,
        }]
    };
    let mut replies = Vec::new();
    for key in ["first", "second"] {
        let stand_in = StandIn::open(Some(path.clone()), settings(), endpoint()).unwrap();
        // The delivery loop comes first, as in a server without calls.
        stand_in.due_deliveries(0);
        stand_in.answer(&post_call("/v1/payment_intents", Some(key), DESTINATION_CHARGE)).await;
        replies.push(parsed(&stand_in.answer(&disputes).await));
    }
    assert_eq!(replies[0]["data"].as_array().unwrap().len(), 1);
    assert_eq!(replies[0], replies[1], "made once and journaled");
}
