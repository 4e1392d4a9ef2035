//! Events reach the app as they are published.

use black_box::{App, text};
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;

/// A guard against hanging, not a measurement.
const TIMEOUT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_settled_payment_reaches_those_who_listen_for_its_creator() {
    let app = App::start().await;
    let feed = "/local/events?detail_type=PaymentSettled&creator_id=ana";
    let mut of_ana = app.request(Method::GET, feed).send().await.expect("an answer");
    let sam = app.user("sam");
    let payment = sam.created("k").await;
    assert_eq!(app.confirm(&payment, "pm_card_visa").await.status, 200);
    sam.until_status(&payment, "succeeded").await;

    let listening = tokio::time::timeout(TIMEOUT, async {
        let mut received = String::new();
        loop {
            received
                .push_str(&String::from_utf8_lossy(&of_ana.chunk().await.expect("connected").expect("open")));
            let data = received.split_once("data: ").and_then(|(_, rest)| rest.split_once("\n\n"));
            if let Some((data, _)) = data {
                return serde_json::from_str::<Value>(data).expect("JSON");
            }
        }
    });
    let event = listening.await.expect("the event");
    assert_eq!(
        (&event["source"], &event["detail-type"]),
        (&"creator-payments".into(), &"PaymentSettled".into())
    );
    let detail = &event["detail"];
    assert_eq!(
        (text(detail, "payment_id"), &detail["amount"]),
        (text(&payment, "payment_id"), &1_000.into())
    );
}
