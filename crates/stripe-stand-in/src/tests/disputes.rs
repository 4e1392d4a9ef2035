use super::*;
use crate::Verdict;
use serde_json::json;

/// When a charge made at `NOW` is disputed, in Unix milliseconds.
const DISPUTED: i64 = NOW + 2_000;

fn only_dispute(sandbox: &mut Sandbox) -> Value {
    parsed(&get(sandbox, "/v1/disputes"))["data"][0].clone()
}

fn submit_evidence(sandbox: &mut Sandbox, dispute: &Value, evidence: &str) -> Value {
    let path = format!("/v1/disputes/{}", text(dispute, "/id"));
    let body = format!("evidence[uncategorized_text]={evidence}");
    let reply = sandbox.handle(&post_call(&path, None, &body), DISPUTED);
    assert_eq!(reply.status, 200, "{}", reply.body);
    parsed(&reply)
}

fn disputed(card: &str) -> (Sandbox, Value) {
    let (mut sandbox, _) = paid(card);
    sandbox.advance(DISPUTED);
    let dispute = only_dispute(&mut sandbox);
    (sandbox, dispute)
}

fn refund_error(sandbox: &mut Sandbox, charge: &str) -> String {
    error_code(&post(sandbox, "/v1/refunds", &format!("charge={charge}&amount=1")))
}

#[test]
fn a_chargeback_withdraws_the_amount_and_stripes_fee_shortly_after_the_charge() {
    let (mut sandbox, intent) = paid("pm_card_createDispute");
    assert_eq!(only_dispute(&mut sandbox), Value::Null);
    sandbox.advance(DISPUTED);
    let dispute = only_dispute(&mut sandbox);
    assert_eq!((text(&dispute, "/reason"), text(&dispute, "/status")), ("fraudulent", "needs_response"));
    assert_eq!((&dispute["amount"], &dispute["created"]), (&json!(1061), &json!(DISPUTED / 1000)));
    let withdrawal = &dispute["balance_transactions"][0];
    assert_eq!(
        (&withdrawal["amount"], &withdrawal["fee"], &withdrawal["net"]),
        (&json!(-1061), &json!(1500), &json!(-2561))
    );
    assert_eq!(
        (text(withdrawal, "/type"), text(withdrawal, "/reporting_category")),
        ("adjustment", "dispute")
    );
    assert_eq!(withdrawal["source"], dispute["id"]);
    assert_eq!(event_types(&mut sandbox)[4..], ["charge.dispute.created", "charge.dispute.funds_withdrawn"]);
    let id = latest_charge(&mut sandbox, &intent);
    let charge = parsed(&get(&mut sandbox, &format!("/v1/charges/{id}")));
    assert_eq!((&charge["disputed"], &charge["amount_refunded"]), (&json!(true), &json!(0)));
    assert_eq!(refund_error(&mut sandbox, &id), "charge_disputed");
    for filter in [format!("charge={id}"), format!("payment_intent={}", text(&intent, "/id"))] {
        let list = parsed(&get(&mut sandbox, &format!("/v1/disputes?{filter}")));
        assert_eq!(list["data"][0]["id"], dispute["id"]);
    }
    assert_eq!(parsed(&get(&mut sandbox, "/v1/disputes?charge=ch_other"))["data"], json!([]));
}

#[test]
fn a_won_dispute_returns_the_money_but_not_the_fee() {
    let (mut sandbox, dispute) = disputed("pm_card_createDisputeProductNotReceived");
    assert_eq!(text(&dispute, "/reason"), "product_not_received");
    assert_eq!(text(&submit_evidence(&mut sandbox, &dispute, "winning_evidence"), "/status"), "under_review");
    sandbox.advance(DISPUTED + 1_000);
    let won = only_dispute(&mut sandbox);
    assert_eq!(text(&won, "/status"), "won");
    let reinstatement = &won["balance_transactions"][1];
    assert_eq!((&reinstatement["amount"], &reinstatement["fee"]), (&json!(1061), &json!(0)));
    assert_eq!(text(reinstatement, "/reporting_category"), "dispute_reversal");
    assert_eq!(
        event_types(&mut sandbox)[6..],
        ["charge.dispute.updated", "charge.dispute.funds_reinstated", "charge.dispute.closed"]
    );
    assert_eq!(refund_error(&mut sandbox, text(&won, "/charge")), "", "refundable again");
}

#[test]
fn a_dispute_that_is_lost_or_accepted_gives_nothing_back() {
    let (mut sandbox, dispute) = disputed("pm_card_createDispute");
    submit_evidence(&mut sandbox, &dispute, "losing_evidence");
    sandbox.advance(DISPUTED + 1_000);
    let (mut accepted, dispute) = disputed("pm_card_createDispute");
    let path = format!("/v1/disputes/{}/close", text(&dispute, "/id"));
    assert_eq!(text(&parsed(&post(&mut accepted, &path, "")), "/status"), "lost");
    assert_eq!(post(&mut accepted, &path, "").status, 400, "closed already");
    for sandbox in [&mut sandbox, &mut accepted] {
        let lost = only_dispute(sandbox);
        assert_eq!(text(&lost, "/status"), "lost");
        assert_eq!(lost["balance_transactions"].as_array().unwrap().len(), 1);
        assert_eq!(event_types(sandbox).last().unwrap(), "charge.dispute.closed");
        assert_eq!(refund_error(sandbox, text(&lost, "/charge")), "charge_disputed");
    }
}

#[test]
fn an_inquiry_withdraws_nothing_until_it_escalates() {
    let (mut sandbox, inquiry) = disputed("pm_card_createDisputeInquiry");
    assert_eq!(text(&inquiry, "/status"), "warning_needs_response");
    assert_eq!(
        (&inquiry["balance_transactions"], &inquiry["is_charge_refundable"]),
        (&json!([]), &json!(true))
    );
    assert_eq!(refund_error(&mut sandbox, text(&inquiry, "/charge")), "");
    submit_evidence(&mut sandbox, &inquiry, "escalate_inquiry_evidence");
    sandbox.advance(DISPUTED + 1_000);
    let dispute = only_dispute(&mut sandbox);
    assert_eq!((&dispute["id"], text(&dispute, "/status")), (&inquiry["id"], "needs_response"));
    assert_eq!(dispute["balance_transactions"][0]["amount"], -1061);

    let (mut sandbox, inquiry) = disputed("pm_card_createDisputeInquiry");
    submit_evidence(&mut sandbox, &inquiry, "winning_evidence");
    sandbox.advance(DISPUTED + 1_000);
    let closed = only_dispute(&mut sandbox);
    assert_eq!((text(&closed, "/status"), &closed["balance_transactions"]), ("warning_closed", &json!([])));
}

#[test]
fn an_inquiry_about_a_refunded_charge_is_closed() {
    let (mut sandbox, inquiry) = disputed("pm_card_createDisputeInquiry");
    let charge = text(&inquiry, "/charge");
    post(&mut sandbox, "/v1/refunds", &format!("charge={charge}&amount=1060"));
    assert_eq!(text(&only_dispute(&mut sandbox), "/status"), "warning_needs_response");
    post(&mut sandbox, "/v1/refunds", &format!("charge={charge}"));
    let closed = only_dispute(&mut sandbox);
    assert_eq!(
        (text(&closed, "/status"), &closed["is_charge_refundable"]),
        ("warning_closed", &json!(false))
    );
}

#[test]
fn a_part_can_be_disputed_withdrawn_and_reinstated_in_several_steps() {
    let (mut sandbox, intent) = paid("pm_card_visa");
    let charge = latest_charge(&mut sandbox, &intent);
    assert_eq!(sandbox.open_dispute(&charge, Some(1062), false, NOW), None);
    assert_eq!(sandbox.open_dispute("ch_nobody", None, false, NOW), None);
    let id = sandbox.open_dispute(&charge, Some(400), false, NOW).unwrap();
    assert!(sandbox.withdraw_for_dispute(&id, 100, NOW) && !sandbox.withdraw_for_dispute(&id, 562, NOW));
    assert!(sandbox.reinstate_for_dispute(&id, 50, NOW) && !sandbox.reinstate_for_dispute(&id, 451, NOW));
    assert!(
        sandbox.decide_dispute(&id, Verdict::Won, NOW) && !sandbox.decide_dispute(&id, Verdict::Lost, NOW)
    );
    let shown = only_dispute(&mut sandbox);
    let transactions = shown["balance_transactions"].as_array().unwrap().iter();
    let transactions: Vec<_> =
        transactions.map(|it| (it["amount"].as_i64().unwrap(), it["fee"].as_i64().unwrap())).collect();
    assert_eq!(transactions, [(-400, 1500), (-100, 0), (50, 0), (450, 0)]);
    let money = sandbox.money();
    let dispute = &money.payments[text(&intent, "/id")].disputes[0];
    assert_eq!((dispute.withdrawn(), dispute.reinstated(), dispute.fee()), (500, 500, 1500));
}

#[test]
fn staged_evidence_is_kept_and_decides_nothing_before_it_is_submitted() {
    let (mut sandbox, dispute) = disputed("pm_card_createDispute");
    let path = format!("/v1/disputes/{}", text(&dispute, "/id"));
    let staged = "submit=false&evidence[uncategorized_text]=winning_evidence&metadata[a]=b";
    let updated = parsed(&post(&mut sandbox, &path, staged));
    assert_eq!(text(&updated, "/evidence/uncategorized_text"), "winning_evidence");
    assert_eq!((text(&updated, "/status"), text(&updated, "/metadata/a")), ("needs_response", "b"));
    assert_eq!(sandbox.next_change_ms(), None);
    assert_eq!(post(&mut sandbox, &path, "evidence[opinion]=x").status, 400);
    assert_eq!(get(&mut sandbox, "/v1/disputes/du_nobody").status, 404);
}
