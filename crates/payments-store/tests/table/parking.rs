//! The quarantine of events that cannot be applied.

use crate::fixtures::at;
use crate::table::{Item, Table, number, text};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use payments::{EventId, Timestamp};
use payments_store::{Parked, ParkedEvent, ParkedId, RedriveOutcome, Redriven, Saved, StoreError, Stored};

fn event(body: &[u8]) -> ParkedEvent {
    ParkedEvent {
        event_id: EventId::parse("evt_1").ok(),
        event_type: Some("payment_intent.succeeded".to_owned()),
        reason: "unreadable".to_owned(),
        body: body.to_vec(),
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
        let event = ParkedEvent { event_id: None, event_type: None, ..event(body) };
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

fn named(name: &str, day: i64) -> ParkedEvent {
    ParkedEvent { event_id: EventId::parse(name).ok(), received_at: at(day * 86_400), ..event(b"{}") }
}

async fn found(table: &Table, name: &str, now: Timestamp) -> Option<Stored<Parked>> {
    table.store.parked_event(&ParkedId::parse(name).expect("id"), now).await.expect("read")
}

/// Returns the names on each page.
async fn pages(table: &Table, now: Timestamp, limit: u8) -> Vec<Vec<String>> {
    let (mut pages, mut cursor) = (Vec::new(), None);
    loop {
        let page = table.store.parked(now, limit, cursor.as_deref()).await.expect("read");
        pages.push(page.items.iter().map(|summary| summary.id.to_string()).collect());
        cursor = page.next_cursor;
        if cursor.is_none() {
            return pages;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_simultaneous_deliveries_around_midnight_one_is_parked() {
    let table = Table::fresh().await;
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = table.store.clone();
            let event = ParkedEvent { event_id: None, received_at: at(n % 2 * 86_400), ..event(b"odd") };
            tokio::spawn(async move { store.park(&event).await.expect("parked") })
        })
        .collect();
    for task in tasks {
        task.await.expect("task");
    }
    let rows = table.items(DAY).await.len() + table.items("PARKED#2027-01-16").await.len();
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn an_event_is_found_by_its_name_alone_with_its_very_bytes() {
    let table = Table::fresh().await;
    table.store.park(&event(b"{\"odd\": \"\xff\"}")).await.expect("parked");
    let parked = found(&table, "evt_1", at(80 * 86_400)).await.expect("parked");
    assert_eq!(parked.value.body.as_deref(), Some(&b"{\"odd\": \"\xff\"}"[..]));
    let summary = parked.value.summary;
    assert_eq!((summary.reason.as_str(), summary.body_bytes), ("unreadable", 12));
    assert_eq!((summary.received_at, summary.redriven), (at(5), None));
    assert_eq!(found(&table, "evt_2", at(80 * 86_400)).await, None);
}

#[tokio::test]
async fn the_name_of_a_parked_event_is_an_event_id_or_a_digest() {
    let unnamed = ParkedEvent { event_id: None, ..event(b"one") }.id().to_string();
    for name in ["evt_1", unnamed.as_str()] {
        assert_eq!(ParkedId::parse(name).map(|id| id.to_string()).as_deref(), Ok(name));
    }
    for name in ["", "1", "pi_1", "sha256:", "sha256:AB", "evt_1#x", &unnamed[..70], &unnamed.to_uppercase()]
    {
        assert!(ParkedId::parse(name).is_err(), "{name}");
    }
}

#[tokio::test]
async fn the_list_goes_back_day_by_day_over_empty_days_and_pages() {
    let table = Table::fresh().await;
    for (name, day) in [("evt_a", 0), ("evt_b", 0), ("evt_c", 0), ("evt_d", 1), ("evt_e", 60), ("evt_f", 89)]
    {
        table.store.park(&named(name, day)).await.expect("parked");
    }
    let now = at(90 * 86_400);
    let expected = ["evt_f", "evt_e", "evt_d", "evt_a", "evt_b", "evt_c"];
    for limit in [1, 2, 3, 100] {
        let pages = pages(&table, now, limit).await;
        assert!(pages.iter().all(|page| page.len() <= usize::from(limit)));
        assert_eq!(pages.concat(), expected, "{limit} a page");
        let full = pages.iter().take(pages.len() - 1).all(|page| page.len() == usize::from(limit));
        assert!(full, "pages pass over all empty days: {pages:?}");
    }
}

#[tokio::test]
async fn an_empty_list_is_one_page() {
    let table = Table::fresh().await;
    assert_eq!(pages(&table, at(0), 25).await, [Vec::<String>::new()]);
    table.store.park(&named("evt_a", 0)).await.expect("parked");
    assert_eq!(pages(&table, at(200 * 86_400), 25).await, [Vec::<String>::new()], "after 90 days");
}

#[tokio::test]
async fn a_page_shows_what_people_need_and_no_body() {
    let table = Table::fresh().await;
    table.store.park(&event(b"sam@example.com")).await.expect("parked");
    let page = table.store.parked(at(6), 10, None).await.expect("read");
    let [summary] = &page.items[..] else { panic!("one event") };
    assert_eq!(summary.event_type.as_deref(), Some("payment_intent.succeeded"));
    assert_eq!((summary.reason.as_str(), summary.body_bytes), ("unreadable", 15));
}

#[tokio::test]
async fn a_cursor_that_was_not_given_out_is_refused() {
    let table = Table::fresh().await;
    let forged = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let cursors = [
        "*".to_owned(),
        String::new(),
        forged(""),
        forged("2027-01-15"),
        forged("2027-01-16 "),
        forged("2026-10-10 "),
        forged("2027-01-15 pi_1"),
        forged("2027-01-15 evt_1#"),
        forged("nonsense evt_1"),
    ];
    for cursor in cursors {
        let page = table.store.parked(at(0), 10, Some(&cursor)).await;
        assert!(matches!(page, Err(StoreError::InvalidCursor)), "{cursor}");
    }
    assert!(table.store.parked(at(0), 10, Some(&forged("2027-01-15 evt_1"))).await.is_ok());
}

#[tokio::test]
async fn an_event_is_marked_as_redriven_once() {
    let table = Table::fresh().await;
    table.store.park(&event(b"body")).await.expect("parked");
    let parked = found(&table, "evt_1", at(9)).await.expect("parked");
    let mark = |at, outcome| table.store.mark_redriven(&parked, at, outcome);
    assert_eq!(mark(at(10), RedriveOutcome::Applied).await.expect("marked"), Saved::Done { version: 2 });
    assert_eq!(mark(at(11), RedriveOutcome::NotOurs).await.expect("an outcome"), Saved::Raced);
    let marked = found(&table, "evt_1", at(12)).await.expect("parked");
    let redriven = Redriven { at: at(10), outcome: RedriveOutcome::Applied };
    assert_eq!(marked.value.summary.redriven, Some(redriven));
    assert_eq!(marked.value.body.as_deref(), Some(&b"body"[..]));
    let again = table.store.mark_redriven(&marked, at(13), RedriveOutcome::NotOurs).await;
    assert_eq!(again.expect("an outcome"), Saved::Done { version: 2 });
    assert_eq!(found(&table, "evt_1", at(14)).await, Some(marked));
    let listed = table.store.parked(at(14), 10, None).await.expect("read");
    assert_eq!(listed.items[0].redriven, Some(redriven));
}

#[tokio::test]
async fn a_redriven_event_that_is_parked_again_is_open_again() {
    let table = Table::fresh().await;
    table.store.park(&event(b"body")).await.expect("parked");
    let parked = found(&table, "evt_1", at(9)).await.expect("parked");
    table.store.mark_redriven(&parked, at(10), RedriveOutcome::Applied).await.expect("marked");
    let again = ParkedEvent { reason: "differs".to_owned(), received_at: at(2 * 86_400), ..event(b"body") };
    table.store.park(&again).await.expect("parked");
    let open = found(&table, "evt_1", at(2 * 86_400)).await.expect("parked");
    assert_eq!((open.value.summary.redriven, open.value.summary.reason.as_str()), (None, "differs"));
    assert_eq!((open.value.summary.received_at, open.version), (at(5), 3));
    assert!(table.items("PARKED#2027-01-17").await.is_empty());
}

#[tokio::test]
async fn an_event_parked_without_a_note_of_its_day_is_found_and_marked_all_the_same() {
    let table = Table::fresh().await;
    table.store.park(&event(b"body")).await.expect("parked");
    let mut older = table.item(DAY, "EVENT#evt_1").await.expect("item");
    older.remove("version");
    older.insert("event_id".to_owned(), text("evt_9"));
    table.put(DAY, "EVENT#evt_9", older).await;
    let parked = found(&table, "evt_9", at(89 * 86_400)).await.expect("parked");
    let marked = table.store.mark_redriven(&parked, at(10), RedriveOutcome::NotOurs).await.expect("marked");
    assert_eq!(marked, Saved::Done { version: 1 });
    let twice = table.store.mark_redriven(&parked, at(11), RedriveOutcome::NotOurs).await;
    assert_eq!(twice.expect("an outcome"), Saved::Raced);
    let marked = found(&table, "evt_9", at(12)).await.expect("parked");
    assert_eq!(marked.value.summary.redriven.map(|redriven| redriven.at), Some(at(10)));
}

#[tokio::test]
async fn an_event_whose_row_has_expired_is_parked_anew() {
    let table = Table::fresh().await;
    let filed = Item::from([("day".to_owned(), text("2026-10-01"))]);
    table.put("PARKED_EVENT#evt_1", "DAY", filed).await;
    table.store.park(&event(b"body")).await.expect("parked");
    assert!(found(&table, "evt_1", at(9)).await.is_some());
}

#[test]
fn debug_shows_nothing_of_an_events_body() {
    assert!(!format!("{:?}", event(b"sam@example.com")).contains("115, 97, 109"));
    assert!(!format!("{:?}", event(b"sam@example.com")).contains("sam"));
}
