//! Disputes: while the money is withdrawn, the creator's share is reversed and the sender is held.

use black_box::{App, Breakable, eventually, ten_dollars, text};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// A disputed payment, once it shows the dispute.
async fn disputed(app: &App, card: &str, status: &str) -> Value {
    let payment = app.paid("sam", "k", card).await;
    let has_status = |payment: &Value| payment["disputes"][0]["status"] == status;
    app.user("sam").until("the dispute is known", &payment, has_status).await
}

/// Submits evidence for the only dispute; its words decide the dispute.
async fn answer(app: &App, evidence: &str) {
    let disputes = app.listed("/v1/disputes").await;
    let path = format!("/v1/disputes/{}", text(&disputes[0], "id"));
    let form = [("evidence[uncategorized_text]", evidence)];
    assert_eq!(app.stripe(Method::POST, &path, &form).await.status, 200);
}

/// A payment with a chargeback, once the creator's share is reversed.
async fn charged_back(app: &App) -> Value {
    let payment = disputed(app, "pm_card_createDispute", "needs_response").await;
    until_transferred(app, &payment, &[(1_000, 1_000)]).await;
    payment
}

async fn until_transferred(app: &App, payment: &Value, expected: &[(i64, i64)]) {
    eventually(&format!("transfers {expected:?}"), async || {
        (app.transfers_at_stripe(payment).await == expected).then_some(())
    })
    .await;
    app.operator().until("nothing is owed", payment, |payment| payment["owed"] == 0).await;
}

/// The payment's balances: the creator's, the card's, Stripe's fees.
async fn has(app: &App, payment: &Value) -> (i64, i64, i64) {
    let balances = app.balances(payment).await;
    let of = |account: &str| balances.get(account).copied().unwrap_or_default();
    (of("creator:ana"), of("card"), of("stripe_fees"))
}

async fn is_held(app: &App, sender: &str) -> bool {
    static TRIES: AtomicU32 = AtomicU32::new(0);
    let key = format!("another-{}", TRIES.fetch_add(1, Ordering::Relaxed));
    let answer = app.user(sender).pay(&key, ten_dollars()).await;
    match answer.status {
        201 => false,
        403 => {
            assert_eq!(answer.problem(), (403, "creator_not_receiving"));
            assert_eq!(answer.reasons(), ["sender_held"]);
            true
        }
        _ => panic!("{answer:?}"),
    }
}

#[tokio::test]
async fn a_chargeback_takes_the_share_back_holds_the_sender_and_refuses_refunds() {
    let app = App::start().await;
    let payment = charged_back(&app).await;
    assert_eq!(has(&app, &payment).await, (0, 0, 1_500));
    let shown = app.user("ana").payment(&payment).await.body;
    assert_eq!((&shown["disputed_amount"], &shown["disputes"][0]["amount"]), (&json!(1_061), &json!(1_061)));
    assert!(is_held(&app, "sam").await);
    assert!(!is_held(&app, "kim").await);
    let profile = app.user("sam").get("/v1/creators/ana").await;
    assert_eq!((&profile.body["can_receive"], profile.reasons()), (&json!(false), vec!["sender_held"]));
    for caller in [app.user("sam"), app.operator()] {
        assert_eq!(caller.refund(&payment, "r", json!({})).await.problem(), (409, "payment_disputed"));
    }
}

#[tokio::test]
async fn a_dispute_that_is_won_gives_the_creator_the_share_again_and_lets_the_sender_go() {
    let app = App::start().await;
    let payment = charged_back(&app).await;
    answer(&app, "winning_evidence").await;
    until_transferred(&app, &payment, &[(1_000, 1_000), (1_000, 0)]).await;
    let won = |payment: &Value| payment["disputes"][0]["status"] == "won";
    let shown = app.user("sam").until("the dispute is won", &payment, won).await;
    assert_eq!(shown["disputed_amount"], 0);
    assert_eq!(has(&app, &payment).await, (1_000, -1_061, 1_500), "Stripe keeps its fee");
    assert!(!is_held(&app, "sam").await);
    // The retransferred share can be refunded, too.
    assert_eq!(app.operator().refund(&payment, "r", json!({"amount": 400})).await.status, 202);
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 1_000), (1_000, 400)]);
}

#[tokio::test]
async fn a_dispute_that_is_lost_leaves_all_as_it_is() {
    let app = App::start().await;
    let payment = charged_back(&app).await;
    answer(&app, "losing_evidence").await;
    let lost = |payment: &Value| payment["disputes"][0]["status"] == "lost";
    app.user("ana").until("the dispute is lost", &payment, lost).await;
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 1_000)]);
    assert_eq!(has(&app, &payment).await, (0, 0, 1_500));
    assert!(is_held(&app, "sam").await);
}

#[tokio::test]
async fn an_inquiry_moves_no_money_and_holds_nobody_until_it_becomes_a_chargeback() {
    let app = App::start().await;
    let payment = disputed(&app, "pm_card_createDisputeInquiry", "warning_needs_response").await;
    assert_eq!(has(&app, &payment).await, (1_000, -1_061, 0));
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 0)]);
    assert_eq!(app.user("sam").payment(&payment).await.body["disputed_amount"], 0);
    assert!(!is_held(&app, "sam").await);
    answer(&app, "escalate_inquiry_evidence").await;
    until_transferred(&app, &payment, &[(1_000, 1_000)]).await;
    assert_eq!(has(&app, &payment).await, (0, 0, 1_500));
    assert!(is_held(&app, "sam").await);
}

/// An event about a dispute with partial withdrawals, which no test card makes.
fn dispute_event(intent: &str, number: usize, status: &str, transactions: &[(i64, i64)]) -> String {
    let transaction = |(place, (amount, fee)): (usize, &(i64, i64))| {
        json!({
            "id": format!("txn_part{place}"), "object": "balance_transaction", "amount": amount, "fee": fee,
            "currency": "usd", "created": 1_795_473_900, "type": "adjustment",
        })
    };
    let transactions: Vec<Value> = transactions.iter().enumerate().map(transaction).collect();
    let event = json!({
        "id": format!("evt_part{number}"), "object": "event", "type": "charge.dispute.updated",
        "created": 1_795_473_900 + number, "livemode": false, "api_version": "2026-01-28.clover",
        "data": {"object": {
            "id": "du_parts", "object": "dispute", "amount": 500, "currency": "usd", "status": status,
            "charge": "ch_1", "payment_intent": intent, "created": 1_795_473_900, "livemode": false,
            "metadata": {}, "reason": "fraudulent", "balance_transactions": transactions,
        }},
    });
    event.to_string()
}

#[tokio::test]
async fn a_partial_dispute_with_several_movements_takes_and_gives_the_share_of_each() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let payment = stack.paid("sam").await;
    let intent = text(&payment, "stripe_payment_intent_id");
    // ⌊300 · 1000 / 1061⌋ = 282, ⌊200 · 1000 / 1061⌋ = 188; of the 200 that come back, ⌊200 · 470 / 500⌋ = 188.
    let history = [(-300, 1_500), (-200, 0), (200, 0), (300, 0)];
    let steps = [(1, vec![(1_000, 282)], true), (2, vec![(1_000, 470)], true)];
    let steps = steps
        .into_iter()
        .chain([(3, vec![(1_000, 470), (188, 0)], true), (4, vec![(1_000, 470), (188, 0), (282, 0)], false)]);
    for (number, transfers, held) in steps {
        let event = dispute_event(intent, number, "needs_response", &history[..number]);
        for _ in 0..2 {
            assert_eq!(app.deliver(event.clone()).await.status, 200);
        }
        assert_eq!(app.transfers_at_stripe(&payment).await, transfers, "{number}");
        assert_eq!(is_held(app, "sam").await, held, "{number}");
        assert_eq!(app.operator().payment(&payment).await.body["owed"], 0, "{number}");
    }
    assert_eq!(has(app, &payment).await, (1_000, -1_061, 1_500));
    // The same events in another order change nothing.
    let before = app.items(&format!("PAYMENT#{}", text(&payment, "payment_id"))).await;
    for number in [2, 1, 4, 3] {
        let event = dispute_event(intent, number, "needs_response", &history[..number]);
        assert_eq!(app.deliver(event).await.status, 200);
    }
    assert_eq!(app.items(&format!("PAYMENT#{}", text(&payment, "payment_id"))).await, before);
}
