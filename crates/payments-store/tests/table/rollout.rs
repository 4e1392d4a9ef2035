//! Changes of the rollout.

use crate::fixtures::{by_op, creator, unknown};
use crate::table::{Item, Table, number, text};
use payments::{AuditSubject, Percentage, Rollout, RolloutChange};
use payments_store::Saved;

fn paused(before: &Rollout) -> Rollout {
    let percentage = Percentage::new(40).ok();
    before.changed(RolloutChange { percentage, paused: Some(true), ..RolloutChange::default() })
}

async fn copies(table: &Table) -> Vec<Item> {
    let mut copies = Vec::new();
    for copy in 0..16 {
        let mut item = table.item(&format!("ROLLOUT#{copy}"), "CURRENT").await.expect("copy");
        item.remove("PK");
        copies.push(item);
    }
    copies
}

#[tokio::test]
async fn a_rollout_that_was_never_written_is_closed_and_not_paused() {
    let table = Table::fresh().await;
    assert_eq!(table.store.rollout().await.expect("read"), Rollout::default());
}

#[tokio::test]
async fn the_kill_switch_is_in_all_sixteen_copies_at_once() {
    let table = Table::fresh().await;
    let before = Rollout::default();
    let after = paused(&before);
    let audit = by_op(0, 1).rollout_change(&before, &after);
    let written = table.store.change_rollout(&before, &after, &audit).await.expect("answered");
    assert!(matches!(written, Saved::Done { .. }));
    let copies = copies(&table).await;
    assert!(copies.iter().all(|copy| *copy == copies[0]));
    assert_eq!(copies[0]["type"], text("rollout"));
    for _ in 0..48 {
        assert_eq!(table.store.rollout().await.expect("read"), after);
    }
    let both = table.store.receiver_and_rollout(&creator("ana")).await.expect("read");
    assert_eq!(both, (unknown("ana"), after));
}

#[tokio::test]
async fn copies_that_are_not_as_most_are_found_whichever_they_are_and_whether_or_not_they_can_be_read() {
    let table = Table::fresh().await;
    assert_eq!(table.store.odd_rollout_copies().await.expect("read"), [0_u8; 0], "none is written yet");
    let before = Rollout::default();
    let after = paused(&before);
    let audit = by_op(0, 1).rollout_change(&before, &after);
    table.store.change_rollout(&before, &after, &audit).await.expect("answered");
    assert_eq!(table.store.odd_rollout_copies().await.expect("read"), [0_u8; 0]);
    let whole = copies(&table).await.remove(0);
    let change = |name: &str, value| {
        let mut copy = whole.clone();
        copy.remove("SK");
        copy.insert(name.to_owned(), value);
        copy
    };
    table.put("ROLLOUT#0", "CURRENT", change("version", number(7))).await;
    table.put("ROLLOUT#5", "CURRENT", change("rollout", text("nothing that can be read"))).await;
    assert_eq!(table.store.odd_rollout_copies().await.expect("read"), [0, 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_simultaneous_changes_one_is_written_and_audited_and_the_others_raced() {
    let table = Table::fresh().await;
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = table.store.clone();
            tokio::spawn(async move {
                let before = Rollout::default();
                let after = before.changed(RolloutChange {
                    percentage: Percentage::new(n).ok(),
                    ..RolloutChange::default()
                });
                let audit = by_op(0, n.into()).rollout_change(&before, &after);
                store.change_rollout(&before, &after, &audit).await.expect("answered")
            })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        match task.await.expect("task") {
            Saved::Done { .. } => done += 1,
            other @ Saved::Raced => assert_eq!(other, Saved::Raced),
        }
    }
    assert_eq!(done, 1);
    let copies = copies(&table).await;
    assert!(copies.iter().all(|copy| *copy == copies[0]));
    assert_eq!(table.store.audit(&AuditSubject::Rollout, 9, None).await.expect("read").items.len(), 1);
}
