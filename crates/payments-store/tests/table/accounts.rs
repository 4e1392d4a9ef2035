//! Creators' accounts, and the senders whom creators block.

use crate::fixtures::{account, by_op, creator, enabled_with, uncounted, unknown, user};
use crate::table::{Table, number, text};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{AccountId, AccountParameters, AccountRequest, AuditSubject, Receiver, Timestamp};
use payments_store::{Claimed, Saved, Stored};

fn request(n: u32) -> AccountRequest {
    let kind = payments::AccountKind::default();
    let parameters =
        AccountParameters { kind, country: "US".to_owned(), card_payments: false, contact_email: None };
    AccountRequest {
        number: n,
        parameters,
        requested_at: Timestamp::from_seconds(1),
        refused_at: None,
        finished: false,
    }
}

fn id(text: &str) -> AccountId {
    AccountId::parse(text).expect("id")
}

async fn audited(table: &Table) -> usize {
    table.store.audit(&AuditSubject::Creator(creator("ana")), 100, None).await.expect("read").items.len()
}

async fn save(table: &Table, before: &Receiver, after: &Receiver) -> Saved {
    table.store.save_receiver(before, after).await.expect("answered")
}

/// Gives a creator an account and writes the audit entry.
async fn attach(table: &Table, before: &Receiver, account_id: &str) -> (Receiver, Claimed) {
    let after = before.with_account(account(account_id));
    let audit = by_op(0, 1).receiver_change(before, &after);
    let written = table.store.claim_account(before, &after, &audit).await.expect("answered");
    (after, written)
}

#[tokio::test]
async fn a_request_is_written_before_its_account_and_the_account_with_its_claim_and_its_record() {
    let table = Table::fresh().await;
    let before = unknown("ana");
    let asking = before.with_account_request(request(1));
    assert_eq!(save(&table, &before, &asking).await, Saved::Done { version: 1 });
    assert_eq!(table.store.receiver(&creator("ana")).await.expect("read"), asking);
    assert_eq!(table.store.creator_of(&id("acct_1")).await.expect("read"), None);
    assert_eq!(audited(&table).await, 0, "nothing is decided yet");
    let (with, written) = attach(&table, &asking, "acct_1").await;
    assert_eq!(written, Claimed::Done);
    assert_eq!(table.store.receiver(&creator("ana")).await.expect("read"), with);
    assert_eq!(table.store.creator_of(&id("acct_1")).await.expect("read"), Some(creator("ana")));
    assert_eq!(audited(&table).await, 1);
}

#[tokio::test]
async fn a_sight_under_an_outdated_version_is_not_written() {
    let table = Table::fresh().await;
    let (first, _) = attach(&table, &unknown("ana"), "acct_1").await;
    let newest = first.with_account(account("acct_1").disconnected());
    assert_eq!(save(&table, &first, &newest).await, Saved::Done { version: 2 });
    let late = first.with_account(account("acct_1"));
    assert_eq!(save(&table, &first, &late).await, Saved::Raced);
    assert_eq!(table.store.receiver(&creator("ana")).await.expect("read"), newest);
}

#[tokio::test]
async fn an_account_of_another_creator_is_not_attached() {
    let table = Table::fresh().await;
    let ana = enabled_with(&unknown("ana"), "acct_1");
    let audit = by_op(0, 1).receiver_change(&unknown("ana"), &ana);
    table.store.claim_account(&unknown("ana"), &ana, &audit).await.expect("answered");
    assert_eq!(attach(&table, &unknown("bo"), "acct_1").await.1, Claimed::AccountTaken);
    assert_eq!(table.store.creator_of(&id("acct_1")).await.expect("read"), Some(creator("ana")));
    assert_eq!(table.item("CREATOR#bo", "RECEIVER").await, None);
}

#[tokio::test]
async fn a_block_is_written_with_its_audit_entry_and_its_end_is_kept() {
    let table = Table::fresh().await;
    let (ana, sam) = (creator("ana"), user("sam"));
    let none = table.store.block(&ana, &sam).await.expect("read");
    assert_eq!(none, Stored { value: false, version: 0 });
    let change = async |before: &Stored<bool>, blocked: bool, n: u64| {
        let audit = by_op(0, n).block_change(&ana, &sam, blocked);
        table.store.change_block(&ana, &sam, before, blocked, &audit).await.expect("answered")
    };
    assert_eq!(change(&none, true, 1).await, Saved::Done { version: 1 });
    let blocked = table.store.block(&ana, &sam).await.expect("read");
    assert_eq!(blocked, Stored { value: true, version: 1 });
    assert_eq!(change(&none, true, 2).await, Saved::Raced, "somebody else was first");
    assert!(table.store.decision_context(&ana, &sam, None, &uncounted()).await.expect("read").sender_blocked);
    assert_eq!(change(&blocked, false, 3).await, Saved::Done { version: 2 });
    assert!(
        !table.store.decision_context(&ana, &sam, None, &uncounted()).await.expect("read").sender_blocked
    );
    let item = table.item("CREATOR#ana", "BLOCK#sam").await.expect("kept");
    assert_eq!((&item["type"], &item["version"]), (&text("block"), &number(2)));
    assert_eq!(item["blocked"], AttributeValue::Bool(false));
    assert_eq!(audited(&table).await, 2);
}

#[tokio::test]
async fn claims_of_many_accounts_are_read_at_once_and_what_nobody_claims_is_not_there() {
    let table = Table::fresh().await;
    for (name, of) in [("ana", "acct_1"), ("bo", "acct_2")] {
        attach(&table, &unknown(name), of).await;
    }
    let many: Vec<AccountId> = (1..=100).map(|n| id(&format!("acct_{n}"))).collect();
    let (claims, _) = table.store.creators_of(&many).await.expect("read");
    let expected = [(id("acct_1"), creator("ana")), (id("acct_2"), creator("bo"))];
    assert_eq!(claims.into_iter().collect::<Vec<_>>(), expected);
    assert!(table.store.creators_of(&[]).await.expect("read").0.is_empty());
}
