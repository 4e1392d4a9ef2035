//! The audit trail.

use crate::fixtures::{by_op, creator, unknown};
use crate::table::Table;
use payments::{AuditEntry, AuditSubject, Receiver, ReceiverChange, Receiving};
use payments_store::{Claimed, StoreError};

/// Changes `ana` several times, twice in each second.
async fn changed(table: &Table, times: u64) -> Vec<AuditEntry> {
    let mut entries = Vec::new();
    let mut before: Receiver = unknown("ana");
    for n in 0..times {
        let receiving = if n % 2 == 0 { Receiving::Enabled } else { Receiving::Disabled };
        let after = before.changed(ReceiverChange { receiving, account: None });
        let audit = by_op(i64::try_from(n / 2).expect("small"), n).receiver_change(&before, &after);
        let written = table.store.claim_account(&before, &after, &audit).await.expect("answered");
        assert_eq!(written, Claimed::Done);
        entries.push(audit);
        before = after;
    }
    entries
}

fn ana() -> AuditSubject {
    AuditSubject::Creator(creator("ana"))
}

#[tokio::test]
async fn pages_follow_each_other_newest_first_without_gap_or_repetition() {
    let table = Table::fresh().await;
    let mut expected = changed(&table, 20).await;
    expected.reverse();
    for (limit, sizes) in [(7, vec![7, 7, 6]), (10, vec![10, 10]), (100, vec![20]), (19, vec![19, 1])] {
        let (mut read, mut pages, mut cursor) = (Vec::new(), Vec::new(), None);
        loop {
            let page = table.store.audit(&ana(), limit, cursor.as_deref()).await.expect("read");
            pages.push(page.items.len());
            read.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(pages, sizes);
        assert_eq!(read, expected);
    }
}

#[tokio::test]
async fn a_subject_without_changes_has_one_empty_page() {
    let table = Table::fresh().await;
    let page = table.store.audit(&AuditSubject::Rollout, 0, None).await.expect("read");
    assert_eq!((page.items.len(), page.next_cursor), (0, None));
}

#[tokio::test]
async fn a_cursor_serves_its_own_subject_only_and_nothing_else_is_a_cursor() {
    let table = Table::fresh().await;
    changed(&table, 3).await;
    let cursor = table.store.audit(&ana(), 1, None).await.expect("read").next_cursor.expect("more");
    assert!(table.store.audit(&ana(), 1, Some(&cursor)).await.is_ok());
    for other in [AuditSubject::Rollout, AuditSubject::Creator(creator("bo"))] {
        let error = table.store.audit(&other, 1, Some(&cursor)).await.expect_err("of another subject");
        assert!(matches!(error, StoreError::InvalidCursor));
    }
    let cut = &cursor[..cursor.len() - 4];
    let longer = format!("{cursor}AAAA");
    for bad in ["", "x", "é", "AAAAAAAAAAAAAAAA", "../..", cut, &longer] {
        let error = table.store.audit(&ana(), 1, Some(bad)).await.expect_err("not a cursor");
        assert!(matches!(error, StoreError::InvalidCursor), "{bad}");
    }
}
