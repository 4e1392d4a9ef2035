//! Records of the stream, and events, about items that cannot be read.

use super::{damage_state, stack_with_everything};
use black_box::{Answer, eventually, text};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_record_that_cannot_be_read_goes_to_the_queue_at_once_and_holds_up_nothing() {
    let (stack, [payment, _]) = stack_with_everything().await;
    damage_state(&stack, &payment).await;
    let letters = async || {
        let answer = Answer::to(stack.app.request(Method::GET, "/local/dead-letters")).await;
        answer.body["items"].as_array().cloned().filter(|letters| !letters.is_empty())
    };
    let letters = eventually("a dead letter", letters).await;
    assert_eq!(letters[0]["requestContext"]["condition"], "UnreadableRecord", "{letters:?}");
    assert_eq!(letters[0]["requestContext"]["approximateInvokeCount"], 1);
    assert_eq!(letters[0]["keys"]["PK"]["S"], format!("PAYMENT#{}", text(&payment, "payment_id")));
    assert_eq!(letters[0]["DDBStreamBatchInfo"]["batchSize"], 1);
}

#[tokio::test]
async fn an_unreadable_event_about_an_unreadable_payment_is_parked() {
    let (stack, [payment, _]) = stack_with_everything().await;
    let app = &stack.app;
    let mut event = app.events_of(&payment).await.remove(0);
    event["id"] = json!("evt_odd");
    event["data"]["object"]["amount"] = json!("a lot");
    damage_state(&stack, &payment).await;
    assert_eq!(app.deliver(event.to_string()).await.status, 200);
    let parked = app.operator().get("/v1/admin/quarantine/evt_odd").await;
    assert_eq!(parked.status, 200, "{parked:?}");
}
