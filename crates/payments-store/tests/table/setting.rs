//! The context of a payment, in one read.

use crate::fixtures::{
    PAYMENT, at, by_op, creator, enabled_with, payment, payment_id, uncounted, unknown, user,
};
use crate::table::{Item, Table, number, text};
use aws_sdk_dynamodb::types::AttributeValue;
use payments::{
    DisputeId, HoldingDispute, Policy, ReasonCode, Rollout, RolloutChange, SenderHold, Usages, decide,
};
use payments_store::{DecisionContext, StoreError, Stored};
use std::collections::HashMap;

/// The stored form of a hold by these disputes.
fn hold(disputes: &[&str]) -> Item {
    let holding = AttributeValue::M(HashMap::from([("payment".to_owned(), text(PAYMENT))]));
    let disputes = disputes.iter().map(|id| ((*id).to_owned(), holding.clone())).collect();
    let hold = AttributeValue::M(HashMap::from([("disputes".to_owned(), AttributeValue::M(disputes))]));
    Item::from([("version".to_owned(), number(1)), ("hold".to_owned(), hold)])
}

fn held_by(dispute: &str) -> SenderHold {
    let holding = HoldingDispute { payment: payment_id(), lost_at: None };
    let disputes = [(DisputeId::parse(dispute).expect("dispute"), holding)].into();
    SenderHold { disputes, ..SenderHold::default() }
}

/// Whether the decision refuses a payment because of the hold.
fn is_held(setting: &DecisionContext) -> bool {
    let policy = Policy::default();
    decide(&setting.question(&user("sam"), None, &policy, at(1)))
        .reasons()
        .any(|r| r == ReasonCode::SenderHeld)
}

#[tokio::test]
async fn where_nothing_is_written_everything_is_absent() {
    let table = Table::fresh().await;
    for earlier in [None, Some(&payment_id())] {
        let setting =
            table.store.decision_context(&creator("ana"), &user("sam"), earlier, &uncounted()).await;
        let nothing = DecisionContext {
            receiver: unknown("ana"),
            rollout: Rollout::default(),
            sender_blocked: false,
            sender_hold: SenderHold::default(),
            usages: Usages::default(),
            earlier: None,
        };
        assert_eq!(setting.expect("read"), nothing);
    }
}

#[tokio::test]
async fn everything_that_is_written_is_found() {
    let table = Table::fresh().await;
    let receiver = enabled_with(&unknown("ana"), "acct_ana");
    let audit = by_op(0, 1).receiver_change(&unknown("ana"), &receiver);
    table.store.claim_account(&unknown("ana"), &receiver, &audit).await.expect("written");
    let rollout =
        Rollout::default().changed(RolloutChange { paused: Some(true), ..RolloutChange::default() });
    let audit = by_op(0, 2).rollout_change(&Rollout::default(), &rollout);
    table.store.change_rollout(&Rollout::default(), &rollout, &audit).await.expect("written");
    table.store.record_payment(&payment()).await.expect("recorded");
    table.put("CREATOR#ana", "BLOCK#sam", Item::new()).await;
    table.put("SENDER#sam", "HOLD", hold(&["dp_1"])).await;
    let found = DecisionContext {
        receiver,
        rollout,
        sender_blocked: true,
        sender_hold: held_by("dp_1"),
        usages: Usages::default(),
        earlier: Some(Stored { value: payment(), version: 1 }),
    };
    let setting =
        table.store.decision_context(&creator("ana"), &user("sam"), Some(&payment_id()), &uncounted()).await;
    assert_eq!(setting.expect("read"), found);
}

#[tokio::test]
async fn anothers_block_and_hold_are_not_the_senders() {
    let table = Table::fresh().await;
    table.put("CREATOR#ana", "BLOCK#tom", Item::new()).await;
    table.put("CREATOR#bo", "BLOCK#sam", Item::new()).await;
    table.put("SENDER#tom", "HOLD", hold(&["dp_1"])).await;
    let setting =
        table.store.decision_context(&creator("ana"), &user("sam"), None, &uncounted()).await.expect("read");
    assert!(!setting.sender_blocked && !is_held(&setting));
}

#[tokio::test]
async fn a_block_is_no_hold_and_a_hold_is_no_block() {
    for (pk, sk, expected) in
        [("CREATOR#ana", "BLOCK#sam", (true, false)), ("SENDER#sam", "HOLD", (false, true))]
    {
        let table = Table::fresh().await;
        table.put(pk, sk, hold(&["dp_1"])).await;
        let setting = table
            .store
            .decision_context(&creator("ana"), &user("sam"), None, &uncounted())
            .await
            .expect("read");
        assert_eq!((setting.sender_blocked, is_held(&setting)), expected, "{pk}");
    }
}

#[tokio::test]
async fn a_sender_whose_disputes_are_all_won_is_free() {
    let table = Table::fresh().await;
    table.put("SENDER#sam", "HOLD", hold(&[])).await;
    let setting =
        table.store.decision_context(&creator("ana"), &user("sam"), None, &uncounted()).await.expect("read");
    assert!(!is_held(&setting));
}

#[tokio::test]
async fn a_hold_that_cannot_be_read_is_never_taken_for_none() {
    let table = Table::fresh().await;
    table.put("SENDER#sam", "HOLD", Item::new()).await;
    let setting = table.store.decision_context(&creator("ana"), &user("sam"), None, &uncounted()).await;
    assert!(matches!(setting, Err(StoreError::Corrupt { kind: "hold", .. })), "{setting:?}");
}

#[tokio::test]
async fn a_user_who_looks_at_their_own_profile_is_answered() {
    let table = Table::fresh().await;
    let setting = table.store.decision_context(&creator("ana"), &user("ana"), None, &uncounted()).await;
    assert_eq!(setting.expect("read").receiver, unknown("ana"));
}
