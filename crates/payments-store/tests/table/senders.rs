//! Holds on senders, and senders who test cards.

use crate::fixtures::PAYMENT;
use crate::fixtures::{
    at, by_op, creator, dispute_money, given, history, intent, numbered, payment, payment_id, uncounted, user,
};
use crate::table::{Item, Table, number, text};
use payments::{AuditSubject, ChargeId, ChargeOutcome, DisputeId, Fact, Payment, SenderHoldDecision};
use payments_store::{Applied, Carried, PaymentAndSenderHold, Recorded, Saved, Stored};

async fn recorded(table: &Table, payment: &Payment) -> Stored<Payment> {
    match table.store.record_payment(payment).await.expect("recorded") {
        Recorded::New(stored) => stored,
        Recorded::Earlier(_) => panic!("recorded before"),
    }
}

async fn is_held(table: &Table) -> bool {
    table
        .store
        .decision_context(&creator("ana"), &user("sam"), None, &uncounted())
        .await
        .expect("read")
        .sender_hold
        .held(0, at(0))
        .is_some()
}

#[tokio::test]
async fn a_dispute_holds_the_sender_until_it_is_reinstated() {
    let table = Table::fresh().await;
    let stored = recorded(&table, &payment()).await;
    table.store.apply_facts(stored.clone(), at(1), given(history())).await.expect("learned");
    assert!(!is_held(&table).await && table.item("SENDER#sam", "HOLD").await.is_none());
    table
        .store
        .apply_facts(stored.clone(), at(2), given(dispute_money("dp_1", "txn_1", 1_061)))
        .await
        .expect("held");
    assert!(is_held(&table).await);
    let hold = table.store.hold(&user("sam")).await.expect("read");
    assert_eq!((hold.version, hold.value.disputes.len()), (1, 1));
    let item = table.item("SENDER#sam", "HOLD").await.expect("item");
    assert_eq!((&item["type"], &item["sender_id"]), (&text("hold"), &text("sam")));
    let back = given(dispute_money("dp_1", "txn_2", -1_061));
    table.store.apply_facts(stored, at(3), back).await.expect("released");
    assert!(!is_held(&table).await);
    assert_eq!(table.store.hold(&user("sam")).await.expect("read").version, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn disputes_of_many_payments_at_once_all_hold_and_all_release() {
    let table = Table::fresh().await;
    for (direction, transaction, held) in [(1, "in", 8), (-1, "out", 0)] {
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let (store, payment) = (table.store.clone(), numbered(n));
                let facts =
                    dispute_money(&format!("dp_{n}"), &format!("txn_{transaction}{n}"), direction * 100);
                tokio::spawn(async move {
                    let stored = match store.record_payment(&payment).await.expect("recorded") {
                        Recorded::New(stored) | Recorded::Earlier(stored) => stored,
                    };
                    store.apply_facts(stored, at(1), given(facts)).await.expect("learned")
                })
            })
            .collect();
        for task in tasks {
            assert!(matches!(task.await.expect("task"), Applied::Changed { .. }));
        }
        let hold = table.store.hold(&user("sam")).await.expect("read");
        assert_eq!(hold.value.disputes.len(), held);
        assert_eq!(is_held(&table).await, held > 0);
    }
}

#[tokio::test]
async fn an_intent_leads_to_its_payment_and_its_senders_hold() {
    let table = Table::fresh().await;
    let stored = recorded(&table, &payment()).await;
    assert_eq!(table.store.carried_by(&intent("pi_1")).await.expect("read"), None);
    table.store.apply_facts(stored, at(1), given(history())).await.expect("learned");
    let carried = table.store.carried_by(&intent("pi_1")).await.expect("read").expect("carried");
    assert_eq!(carried, Carried { payment_id: payment_id(), sender_id: Some(user("sam")) });
    let found = table.store.payment_and_sender_hold(&carried.payment_id, carried.sender_id.as_ref()).await;
    let found = found.expect("read").expect("payment");
    assert_eq!(found.hold.as_ref().map(|hold| hold.version), Some(0));
    table
        .store
        .apply_facts(found, at(2), given(dispute_money("dp_1", "txn_1", 1_061)))
        .await
        .expect("learned");
    let found = table.store.payment_and_sender_hold(&payment_id(), Some(&user("sam"))).await;
    let PaymentAndSenderHold { payment, hold } = found.expect("read").expect("payment");
    assert_eq!((payment.version, hold.map(|hold| hold.value.disputes.len())), (3, Some(1)));
}

#[tokio::test]
async fn an_intent_noted_before_senders_were_leads_to_its_payment_alone() {
    let table = Table::fresh().await;
    let stored = recorded(&table, &payment()).await;
    table.store.apply_facts(stored, at(1), given(history())).await.expect("learned");
    table.put("INTENT#pi_1", "PAYMENT", Item::from([("payment_id".to_owned(), text(PAYMENT))])).await;
    let carried = table.store.carried_by(&intent("pi_1")).await.expect("read").expect("carried");
    assert_eq!(carried, Carried { payment_id: payment_id(), sender_id: None });
    let found =
        table.store.payment_and_sender_hold(&carried.payment_id, None).await.expect("read").expect("payment");
    assert_eq!(found.hold, None);
    table
        .store
        .apply_facts(found, at(2), given(dispute_money("dp_1", "txn_1", 1_061)))
        .await
        .expect("learned");
    assert!(is_held(&table).await);
}

#[tokio::test]
async fn a_lift_and_its_audit_entry_are_written_together_and_a_dispute_that_goes_on_keeps_the_lift() {
    let table = Table::fresh().await;
    let (store, sam) = (&table.store, user("sam"));
    let stored = recorded(&table, &payment()).await;
    store.apply_facts(stored.clone(), at(1), given(dispute_money("dp_1", "txn_1", 500))).await.expect("held");
    let before = store.hold(&sam).await.expect("read");
    let lift = [DisputeId::parse("dp_1").expect("dispute")].into();
    let decision = SenderHoldDecision { by_operator: None, lift };
    let after = before.value.clone().decided(&decision).expect("decided");
    let audit = by_op(2, 1).sender_hold_change(&sam, &before.value, &after);
    let lifted =
        async |version| store.change_hold(&sam, version, after.clone(), &audit).await.expect("written");
    assert_eq!(lifted(0).await, Saved::Raced);
    assert_eq!(lifted(1).await, Saved::Done { version: 2 });
    assert!(!is_held(&table).await);
    let entries = store.audit(&AuditSubject::Sender(sam.clone()), 9, None).await.expect("read").items;
    assert_eq!(entries, [audit]);
    for (transaction, charged) in [("txn_2", -500), ("txn_3", 500)] {
        let facts = given(dispute_money("dp_1", transaction, charged));
        store.apply_facts(stored.clone(), at(3), facts).await.expect("learned");
        assert!(!is_held(&table).await, "{transaction}");
    }
    store.apply_facts(stored, at(4), given(dispute_money("dp_2", "txn_4", 9))).await.expect("held again");
    assert!(is_held(&table).await);
}

#[tokio::test]
async fn anothers_hold_is_not_taken_for_the_payments() {
    let table = Table::fresh().await;
    recorded(&table, &payment()).await;
    let found = table.store.payment_and_sender_hold(&payment_id(), Some(&user("tom"))).await.expect("read");
    assert_eq!(found.expect("payment").hold, None);
    let unknown = table.store.payment_and_sender_hold(numbered(3).id(), Some(&user("sam"))).await;
    assert_eq!(unknown.expect("read"), None);
}

#[tokio::test]
async fn a_sender_who_tries_cards_is_counted_once_for_each_payment() {
    let table = Table::fresh().await;
    let mut payment = recorded(&table, &payment()).await;
    for n in 0..7 {
        let charge = ChargeId::parse(&format!("ch_{n}")).expect("charge");
        let failed = vec![Fact::Charge(charge, ChargeOutcome::Failed)];
        let learned = table.store.apply_facts(payment, at(n), given(failed)).await.expect("learned");
        let Applied::Changed { payment: after, .. } = learned else { panic!("nothing changed") };
        payment = after;
        let counted = table.items("SENDER#sam").await;
        assert_eq!(counted.len(), usize::from(n >= 4), "after charge {n}");
    }
    let item = table.item("SENDER#sam", &format!("CARD_TESTING#{PAYMENT}")).await.expect("item");
    assert_eq!((&item["payment_id"], &item["seen_at"]), (&text(PAYMENT), &text(&at(4).to_string())));
    assert_eq!(item["expires_at"], number(at(4).seconds() + 90 * 86_400));
}
