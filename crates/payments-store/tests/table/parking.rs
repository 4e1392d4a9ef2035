//! Events that could not be applied.

use crate::fixtures::at;
use crate::table::{Table, number, text};
use payments::EventId;
use payments_store::ParkedEvent;

fn event(body: &[u8]) -> ParkedEvent {
    ParkedEvent {
        event_id: EventId::parse("evt_1").ok(),
        event_type: Some("payment_intent.succeeded".to_owned()),
        reason: "unreadable".to_owned(),
        body: body.to_vec(),
        created_at: Some(at(0)),
        received_at: at(5),
    }
}

const DAY: &str = "PARKED#2027-01-15";

#[tokio::test]
async fn an_event_is_kept_with_its_very_bytes_for_ninety_days() {
    let table = Table::fresh().await;
    table.store.park(&event(b"{\"odd\": \"\xff\"}")).await.expect("parked");
    let item = table.item(DAY, "EVENT#evt_1").await.expect("item");
    assert_eq!(item["body"].as_b().expect("binary").as_ref(), b"{\"odd\": \"\xff\"}");
    assert_eq!(item["event_id"], text("evt_1"));
    assert_eq!(item["event_type"], text("payment_intent.succeeded"));
    assert_eq!(item["reason"], text("unreadable"));
    assert_eq!(item["expires_at"], number(at(5).seconds() + 90 * 86_400));
}

#[tokio::test]
async fn parking_twice_keeps_the_first_also_after_midnight() {
    let table = Table::fresh().await;
    table.store.park(&event(b"first")).await.expect("parked");
    let again = ParkedEvent { received_at: at(86_400), reason: "again".to_owned(), ..event(b"second") };
    table.store.park(&again).await.expect("parked");
    let items = table.items(DAY).await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["body"].as_b().expect("binary").as_ref(), b"first");
    assert!(table.items("PARKED#2027-01-16").await.is_empty());
}

#[tokio::test]
async fn a_body_without_a_readable_id_is_kept_once_under_its_digest() {
    let table = Table::fresh().await;
    for body in [b"one", b"one", b"two"] {
        let event = ParkedEvent { event_id: None, event_type: None, created_at: None, ..event(body) };
        table.store.park(&event).await.expect("parked");
    }
    let items = table.items(DAY).await;
    assert_eq!(items.len(), 2);
    let digest = "sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
    assert!(items.iter().any(|item| item["SK"] == text(&format!("EVENT#{digest}"))));
}

#[tokio::test]
async fn of_an_event_too_large_for_an_item_the_id_is_kept() {
    let table = Table::fresh().await;
    let largest = 350 * 1024;
    table.store.park(&event(&vec![b'x'; largest])).await.expect("parked");
    assert!(table.item(DAY, "EVENT#evt_1").await.expect("item").contains_key("body"));
    let larger = ParkedEvent {
        event_id: EventId::parse("evt_2").ok(),
        event_type: Some("é".repeat(500_000)),
        ..event(&vec![b'x'; largest + 1])
    };
    table.store.park(&larger).await.expect("parked");
    let item = table.item(DAY, "EVENT#evt_2").await.expect("item");
    assert!(!item.contains_key("body"));
    assert_eq!(item["body_bytes"], number(350 * 1024 + 1));
}

#[test]
fn debug_shows_nothing_of_an_events_body() {
    assert!(!format!("{:?}", event(b"sam@example.com")).contains("115, 97, 109"));
    assert!(!format!("{:?}", event(b"sam@example.com")).contains("sam"));
}
