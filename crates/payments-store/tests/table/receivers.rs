//! Changes of receivers.

use crate::fixtures::{by_op, creator, enabled_with, unknown};
use crate::table::{Table, number, text};
use payments::{AuditSubject, Receiver, ReceiverChange, Receiving};
use payments_store::Claimed;

async fn change(table: &Table, before: &Receiver, after: &Receiver, id: u64) -> Claimed {
    let audit = by_op(0, id).receiver_change(before, after);
    table.store.claim_account(before, after, &audit).await.expect("answered")
}

async fn audited(table: &Table, id: &str) -> usize {
    let subject = AuditSubject::Creator(creator(id));
    table.store.audit(&subject, 100, None).await.expect("read").items.len()
}

#[tokio::test]
async fn a_creator_nobody_decided_about_is_unknown_and_a_change_is_read_back_with_its_audit_entry() {
    let table = Table::fresh().await;
    let before = table.store.receiver(&creator("ana")).await.expect("read");
    assert_eq!(before, unknown("ana"));
    let after = enabled_with(&before, "acct_ana");
    assert_eq!(change(&table, &before, &after, 1).await, Claimed::Done);
    assert_eq!(table.store.receiver(&creator("ana")).await.expect("read"), after);
    assert_eq!(audited(&table, "ana").await, 1);
    let item = table.item("CREATOR#ana", "RECEIVER").await.expect("item");
    assert_eq!(item["type"], text("receiver"));
    assert_eq!(item["receiving"], text("enabled"));
    assert_eq!(item["stripe_account_id"], text("acct_ana"));
    assert_eq!(item["version"], number(1));
    let claim = table.item("ACCOUNT#acct_ana", "CREATOR").await.expect("claim");
    assert_eq!(claim["creator_id"], text("ana"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_simultaneous_changes_one_is_written_and_the_others_raced_without_a_trace() {
    let table = Table::fresh().await;
    for round in 0..2 {
        let before = table.store.receiver(&creator("ana")).await.expect("read");
        assert_eq!(before.version, round);
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let (store, before) = (table.store.clone(), before.clone());
                tokio::spawn(async move {
                    let receiving = if n % 2 == 0 { Receiving::Enabled } else { Receiving::Disabled };
                    let after = before.changed(ReceiverChange { receiving, account: None });
                    let audit = by_op(0, round * 8 + n).receiver_change(&before, &after);
                    store.claim_account(&before, &after, &audit).await.expect("answered")
                })
            })
            .collect();
        let mut written = Vec::new();
        for task in tasks {
            written.push(task.await.expect("task"));
        }
        assert_eq!(written.iter().filter(|written| **written == Claimed::Done).count(), 1);
        assert_eq!(written.iter().filter(|written| **written == Claimed::Raced).count(), 7);
    }
    assert_eq!(audited(&table, "ana").await, 2);
}

#[tokio::test]
async fn an_account_belongs_to_one_creator_and_a_refused_claim_changes_nothing() {
    let table = Table::fresh().await;
    let ana = enabled_with(&unknown("ana"), "acct_1");
    assert_eq!(change(&table, &unknown("ana"), &ana, 1).await, Claimed::Done);
    let bo = enabled_with(&unknown("bo"), "acct_1");
    assert_eq!(change(&table, &unknown("bo"), &bo, 2).await, Claimed::AccountTaken);
    assert_eq!(table.store.receiver(&creator("bo")).await.expect("read"), unknown("bo"));
    assert_eq!(audited(&table, "bo").await, 0);
    assert_eq!(table.item("ACCOUNT#acct_1", "CREATOR").await.expect("claim")["creator_id"], text("ana"));
    let again = enabled_with(&ana, "acct_1");
    assert_eq!(change(&table, &ana, &again, 3).await, Claimed::Done);
}

#[tokio::test]
async fn a_change_from_an_outdated_sight_is_raced_also_when_the_account_is_taken() {
    let table = Table::fresh().await;
    let ana = enabled_with(&unknown("ana"), "acct_1");
    change(&table, &unknown("ana"), &ana, 1).await;
    let bo = enabled_with(&unknown("bo"), "acct_2");
    change(&table, &unknown("bo"), &bo, 2).await;
    let outdated = enabled_with(&unknown("bo"), "acct_1");
    assert_eq!(change(&table, &unknown("bo"), &outdated, 3).await, Claimed::Raced);
}
