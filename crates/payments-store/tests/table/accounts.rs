//! What is known of creators' accounts, and whom creators block.

use crate::fixtures::{account, by_op, creator, enabled_with, uncounted, unknown, usd, user};
use crate::table::{Table, number, text};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{AccountId, AccountParameters, AccountRequest, Subject, Timestamp};
use payments_store::{Saved, Stored, Written};

fn request(n: u32) -> AccountRequest {
    let kind = payments::AccountKind::default();
    let parameters = AccountParameters { kind, country: "US".to_owned(), card_payments: false };
    AccountRequest { number: n, parameters, requested_at: Timestamp::from_seconds(1), finished: false }
}

fn id(text: &str) -> AccountId {
    AccountId::parse(text).expect("id")
}

async fn audited(table: &Table) -> usize {
    table.store.audit(&Subject::Creator(creator("ana")), 100, None).await.expect("read").items.len()
}

#[tokio::test]
async fn a_request_is_written_before_its_account_and_the_account_with_its_claim() {
    let table = Table::fresh().await;
    let before = unknown("ana");
    let asking = before.asking_for(request(1));
    assert_eq!(table.store.learn_receiver(&before, &asking).await.expect("answered"), Written::Done);
    assert_eq!(table.store.receiver(&creator("ana"), usd()).await.expect("read"), asking);
    assert_eq!(table.store.creator_of(&id("acct_1")).await.expect("read"), None);
    let with = asking.with_account(account("acct_1"));
    assert_eq!(table.store.learn_receiver(&asking, &with).await.expect("answered"), Written::Done);
    assert_eq!(table.store.receiver(&creator("ana"), usd()).await.expect("read"), with);
    assert_eq!(table.store.creator_of(&id("acct_1")).await.expect("read"), Some(creator("ana")));
    assert_eq!(audited(&table).await, 0, "nobody decided anything");
}

#[tokio::test]
async fn a_sight_under_an_outdated_version_is_not_written() {
    let table = Table::fresh().await;
    let first = unknown("ana").with_account(account("acct_1"));
    table.store.learn_receiver(&unknown("ana"), &first).await.expect("answered");
    let newest = first.with_account(account("acct_1").disconnected());
    assert_eq!(table.store.learn_receiver(&first, &newest).await.expect("answered"), Written::Done);
    let late = first.with_account(account("acct_1"));
    assert_eq!(table.store.learn_receiver(&first, &late).await.expect("answered"), Written::Raced);
    assert_eq!(table.store.receiver(&creator("ana"), usd()).await.expect("read"), newest);
}

#[tokio::test]
async fn an_account_of_another_creator_is_not_learned() {
    let table = Table::fresh().await;
    let ana = enabled_with(&unknown("ana"), "acct_1");
    let audit = by_op(0, 1).receiver_change(&unknown("ana"), &ana);
    table.store.change_receiver(&unknown("ana"), &ana, &audit).await.expect("answered");
    let bo = unknown("bo").with_account(account("acct_1"));
    assert_eq!(
        table.store.learn_receiver(&unknown("bo"), &bo).await.expect("answered"),
        Written::AccountTaken
    );
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
    assert!(table.store.setting(&ana, &sam, None, &uncounted(), usd()).await.expect("read").sender_blocked);
    assert_eq!(change(&blocked, false, 3).await, Saved::Done { version: 2 });
    assert!(!table.store.setting(&ana, &sam, None, &uncounted(), usd()).await.expect("read").sender_blocked);
    let item = table.item("CREATOR#ana", "BLOCK#sam").await.expect("kept");
    assert_eq!((&item["type"], &item["version"]), (&text("block"), &number(2)));
    assert_eq!(item["blocked"], AttributeValue::Bool(false));
    assert_eq!(audited(&table).await, 2);
}

#[tokio::test]
async fn claims_of_many_accounts_are_read_at_once_and_what_nobody_claims_is_not_there() {
    let table = Table::fresh().await;
    for (name, of) in [("ana", "acct_1"), ("bo", "acct_2")] {
        let with = unknown(name).with_account(account(of));
        table.store.learn_receiver(&unknown(name), &with).await.expect("answered");
    }
    let many: Vec<AccountId> = (1..=100).map(|n| id(&format!("acct_{n}"))).collect();
    let claims = table.store.creators_of(&many).await.expect("read");
    let expected = [(id("acct_1"), creator("ana")), (id("acct_2"), creator("bo"))];
    assert_eq!(claims.into_iter().collect::<Vec<_>>(), expected);
    assert!(table.store.creators_of(&[]).await.expect("read").is_empty());
}
