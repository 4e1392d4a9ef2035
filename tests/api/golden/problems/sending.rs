//! What a sender is refused: payments, quotes and refunds.

use crate::golden::Answers;
use black_box::{App, Breakable, eventually, ten_dollars, text};
use local::stack::Options;
use serde_json::{Value, json};

const DAY_S: i64 = 86_400;

fn order(field: &str, value: Value) -> Value {
    let mut order = ten_dollars();
    order[field] = value;
    order
}

pub(super) async fn of_a_sender(problems: &mut Answers) {
    let stack = Breakable::start().await;
    let (app, sam) = (&stack.app, stack.app.user("sam"));
    for (name, order) in [
        ("invalid_request", order("amount", json!("1000"))),
        ("invalid_request.unknown_field", order("tip", json!(1))),
        ("invalid_request.no_money", order("amount", json!(0))),
        ("creator_not_receiving", order("creator_id", json!("nobody"))),
        ("currency_mismatch", order("currency", json!("eur"))),
        ("currency_unsupported", order("currency", json!("bgn"))),
        ("amount_below_minimum", order("amount", json!(49))),
        ("amount_above_maximum", order("amount", json!(100_001))),
        ("payload_too_large", order("message", json!("x".repeat(20_000)))),
    ] {
        problems.golden(app, name, sam.post("/v1/quotes", order).await);
    }
    problems.golden(app, "self_payment", app.user("ana").post("/v1/quotes", ten_dollars()).await);
    let without_key = sam.post("/v1/payments", ten_dollars()).await;
    problems.golden(app, "invalid_request.no_idempotency_key", without_key);
    sam.created("k").await;
    problems.golden(app, "idempotency_key_reused", sam.pay("k", order("amount", json!(999))).await);
    problems.golden(app, "not_found.bad_id_of_creator", sam.get("/v1/creators/a%20b").await);
    problems.golden(app, "not_found", sam.get("/v1/payments/pay_00000000000000000000000000000000").await);
    problems.golden(app, "not_found.bad_id", sam.get("/v1/payments/x").await);
    let of_nothing = json!({"rating": 5, "payment_id": "pay_00000000000000000000000000000000"});
    problems.golden(app, "not_found.feedback", sam.post("/v1/feedback", of_nothing).await);
    let forged = app.deliver_signed(b"{}".to_vec(), "t=1,v1=00").await;
    problems.golden(app, "invalid_signature", forged);
}

pub(super) async fn of_a_limit_and_a_country(problems: &mut Answers) {
    let options = Options { sender_limits: "day=1".into(), ..Options::default() };
    let app = App::start_with(options).await;
    app.user("sam").created("a").await;
    let mut limited = app.user("sam").pay("b", ten_dollars()).await;
    // Until the day ends.
    limited.body["retry_after_s"] = json!("<number>");
    limited.headers.insert("retry-after".to_owned(), "<number>".to_owned());
    problems.golden(&app, "sender_limit", limited);
    let page = format!("{}/", app.stack.endpoints().api);
    let onboarding = json!({"return_url": page, "refresh_url": page, "country": "BR"});
    let answer = app.user("dee").post("/v1/creators/dee/onboarding", onboarding).await;
    problems.golden(&app, "country_unsupported", answer);
}

pub(super) async fn of_a_quote(problems: &mut Answers) {
    let stack = Breakable::start().await;
    let sam = stack.app.user("sam");
    let quote = sam.post("/v1/quotes", ten_dollars()).await.body["quote"].clone();
    problems.golden(&stack.app, "quote_invalid", sam.pay("a", order("quote", json!("x.y"))).await);
    let mut other = order("quote", quote.clone());
    other["amount"] = json!(999);
    problems.golden(&stack.app, "quote_mismatch", sam.pay("b", other).await);
    stack.pass_seconds(DAY_S);
    problems.golden(&stack.app, "quote_expired", sam.pay("c", order("quote", quote)).await);
}

pub(super) async fn of_a_refund(problems: &mut Answers) {
    let stack = Breakable::start().await;
    let (app, sam) = (&stack.app, stack.app.user("sam"));
    let paid = async |key: &str, card: &str| {
        let payment = sam.created(key).await;
        assert_eq!(app.confirm(&payment, card).await.status, 200);
        app.deliver_all().await;
        payment
    };
    let open = sam.created("open").await;
    problems.golden(app, "payment_not_settled", sam.refund(&open, "r", json!({})).await);
    let payment = paid("paid", "pm_card_visa").await;
    problems.golden(app, "invalid_request.refund", sam.refund(&payment, "r", json!({"amount": 0})).await);
    let above = sam.refund(&payment, "r", json!({"amount": 1_001})).await;
    problems.golden(app, "amount_above_refundable", above);
    let refunded = paid("refunded", "pm_card_visa").await;
    assert_eq!(sam.refund(&refunded, "r", json!({})).await.status, 202);
    problems.golden(app, "nothing_to_refund", sam.refund(&refunded, "s", json!({})).await);
    let disputed = paid("disputed", "pm_card_createDispute").await;
    eventually("a dispute", async || app.listed("/v1/disputes").await.pop()).await;
    app.deliver_all().await;
    problems.golden(app, "payment_disputed", sam.refund(&disputed, "r", json!({})).await);
    for number in 0..20 {
        assert_eq!(sam.refund(&payment, &format!("r{number}"), json!({"amount": 1})).await.status, 202);
    }
    problems.golden(app, "too_many_refunds", sam.refund(&payment, "r", json!({})).await);
    let path = format!("/v1/admin/payments/{}/redirect", text(&open, "payment_id"));
    let redirect = async || app.operator().post(&path, json!({"reason": "The old account was closed"})).await;
    let old = app.operator().get("/v1/admin/creators/ana/eligibility").await.body;
    app.change_account(text(&old, "stripe_account_id"), "reject").await;
    app.reconciled().await;
    problems.golden(app, "account_restricted", redirect().await);
    let account = app.ready_account("US").await;
    assert_eq!(app.operator().set_account("ana", "enabled", &account).await.status, 200);
    problems.golden(app, "nothing_owed", redirect().await);
    let reused = sam.refund(&payment, "r1", json!({"amount": 2})).await;
    problems.golden(app, "idempotency_key_reused.refund", reused);
    stack.pass_seconds(8 * DAY_S);
    problems.golden(app, "refund_window_closed", sam.refund(&payment, "r", json!({})).await);
    let unreadable = sam.get("/v1/payments/x/refunds").await;
    problems.golden(app, "not_found.bad_id_of_refunds", unreadable);
}
