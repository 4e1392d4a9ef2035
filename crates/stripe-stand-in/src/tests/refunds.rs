use super::*;
use crate::Verdict;
use serde_json::json;

const LATER: i64 = NOW + 3_000;

fn refund(sandbox: &mut Sandbox, intent: &Value, more: &str) -> Reply {
    post(sandbox, "/v1/refunds", &format!("payment_intent={}&{more}", text(intent, "/id")))
}

fn charge_of(sandbox: &mut Sandbox, intent: &Value) -> Value {
    let id = latest_charge(sandbox, intent);
    parsed(&get(sandbox, &format!("/v1/charges/{id}")))
}

fn balance(sandbox: &mut Sandbox) -> i64 {
    let balance = parsed(&get(sandbox, "/v1/balance"));
    ["available", "pending"].map(|part| balance[part][0]["amount"].as_i64().unwrap()).iter().sum::<i64>()
        - TOP_UP
}

#[test]
fn a_refund_takes_its_amount_from_the_platform_and_changes_neither_fee_nor_transfer() {
    let (mut sandbox, intent) = paid("pm_card_visa");
    let refund = parsed(&refund(&mut sandbox, &intent, "amount=300&reason=duplicate&metadata[refund_id]=r1"));
    assert_eq!((text(&refund, "/status"), text(&refund, "/reason")), ("succeeded", "duplicate"));
    assert_eq!(refund["metadata"], json!({"refund_id": "r1"}));
    assert_eq!(refund["transfer_reversal"], Value::Null);
    let path = format!("/v1/balance_transactions/{}", text(&refund, "/balance_transaction"));
    let transaction = parsed(&get(&mut sandbox, &path));
    assert_eq!((&transaction["amount"], &transaction["fee"]), (&json!(-300), &json!(0)));
    assert_eq!((text(&transaction, "/type"), &transaction["source"]), ("refund", &refund["id"]));
    let charge = charge_of(&mut sandbox, &intent);
    assert_eq!((&charge["amount_refunded"], &charge["refunded"]), (&json!(300), &json!(false)));
    assert_eq!(balance(&mut sandbox), -300);
    assert_eq!(event_types(&mut sandbox)[4..], ["refund.created", "charge.refunded"]);
    let events = parsed(&get(&mut sandbox, "/v1/events?type=charge.refunded"));
    assert_eq!(events["data"][0]["data"]["previous_attributes"], json!({"amount_refunded": 0}));
}

#[test]
fn without_an_amount_the_rest_is_refunded_and_then_nothing_more() {
    let (mut sandbox, intent) = paid("pm_card_visa");
    refund(&mut sandbox, &intent, "amount=61");
    let over = refund(&mut sandbox, &intent, "amount=1001");
    assert_eq!((over.status, text(&parsed(&over), "/error/param")), (400, "amount"));
    assert_eq!(
        text(&parsed(&over), "/error/message"),
        "Refund amount ($10.01 usd) is greater than unrefunded amount on charge ($10.00 usd)"
    );
    assert_eq!(parsed(&refund(&mut sandbox, &intent, ""))["amount"], 1000);
    assert_eq!(charge_of(&mut sandbox, &intent)["refunded"], true);
    let keyed = post_call("/v1/refunds", Some("k"), &format!("payment_intent={}", text(&intent, "/id")));
    assert_eq!(error_code(&sandbox.handle(&keyed, NOW)), "charge_already_refunded");
    assert_eq!(sandbox.handle(&keyed, NOW).header("idempotent-replayed"), Some("true"));
}

#[test]
fn a_refund_can_reverse_the_destinations_share_in_proportion() {
    // 10.61 paid, 10.00 of it transferred: 100 cents of it are 94.25 of the share, 333 are 313.85.
    let (mut sandbox, intent) = paid("pm_card_visa");
    let mut shares = Vec::new();
    for amount in ["amount=100&", "amount=100&", "amount=100&", "amount=333&", ""] {
        let reply = parsed(&refund(&mut sandbox, &intent, &format!("{amount}reverse_transfer=true")));
        let transfer = text(&charge_of(&mut sandbox, &intent), "/transfer").to_owned();
        let path = format!("/v1/transfers/{transfer}/reversals/{}", text(&reply, "/transfer_reversal"));
        let reversal = parsed(&get(&mut sandbox, &path));
        assert_eq!(reversal["source_refund"], reply["id"]);
        shares.push(reversal["amount"].as_i64().unwrap());
    }
    assert_eq!(shares, [94, 94, 94, 314, 404], "the last takes what is left, not 403.39");
    assert_eq!(balance(&mut sandbox), -61, "Stripe keeps its fee");
}

#[test]
fn a_refund_whose_reversal_exceeds_the_destinations_balance_moves_nothing() {
    let (mut sandbox, intent) = paid("pm_card_visa");
    pay_out(&mut sandbox, 1000, NOW);
    let reply = refund(&mut sandbox, &intent, "reverse_transfer=true");
    assert_eq!((reply.status, error_code(&reply).as_str()), (400, "balance_insufficient"));
    assert_eq!(parsed(&get(&mut sandbox, "/v1/refunds"))["data"], json!([]));
    assert_eq!(refund(&mut sandbox, &intent, "").status, 200);
}

#[test]
fn a_refund_that_the_bank_returns_fails_later_and_the_money_comes_back() {
    let (mut sandbox, intent) = paid("pm_card_refundFail");
    let refund_id = text(&parsed(&refund(&mut sandbox, &intent, "amount=300")), "/id").to_owned();
    let path = format!("/v1/refunds/{refund_id}");
    sandbox.advance(LATER - 1);
    assert_eq!(text(&parsed(&get(&mut sandbox, &path)), "/status"), "succeeded");
    sandbox.advance(LATER);
    let failed = parsed(&get(&mut sandbox, &path));
    assert_eq!((text(&failed, "/status"), text(&failed, "/failure_reason")), ("failed", "unknown"));
    let transaction = text(&failed, "/failure_balance_transaction").to_owned();
    let transaction = parsed(&get(&mut sandbox, &format!("/v1/balance_transactions/{transaction}")));
    assert_eq!((text(&transaction, "/type"), &transaction["amount"]), ("refund_failure", &json!(300)));
    assert_eq!(transaction["created"], LATER / 1000);
    assert_eq!(charge_of(&mut sandbox, &intent)["amount_refunded"], 0);
    assert_eq!(event_types(&mut sandbox)[6..], ["refund.updated", "charge.refund.updated", "refund.failed"]);
    assert_eq!(balance(&mut sandbox), 0);
    assert!(!sandbox.fail_refund(&refund_id, LATER), "it failed already");
}

#[test]
fn a_pending_refund_succeeds_later() {
    let (mut sandbox, intent) = paid("pm_card_pendingRefund");
    let pending = parsed(&refund(&mut sandbox, &intent, ""));
    assert_eq!(text(&pending, "/status"), "pending");
    assert_eq!(charge_of(&mut sandbox, &intent)["refunded"], true);
    sandbox.advance(LATER);
    let path = format!("/v1/refunds/{}", text(&pending, "/id"));
    assert_eq!(text(&parsed(&get(&mut sandbox, &path)), "/status"), "succeeded");
    assert_eq!(event_types(&mut sandbox)[6..], ["refund.updated", "charge.refund.updated"]);
}

#[test]
fn a_pending_refund_fails_when_its_charge_is_disputed_but_not_for_an_inquiry() {
    let (mut sandbox, intent) = paid("pm_card_pendingRefund");
    let pending = parsed(&refund(&mut sandbox, &intent, "amount=300"));
    let path = format!("/v1/refunds/{}", text(&pending, "/id"));
    let charge = text(&charge_of(&mut sandbox, &intent), "/id").to_owned();
    let inquiry = sandbox.open_dispute(&charge, None, true, NOW).unwrap();
    assert_eq!(text(&parsed(&get(&mut sandbox, &path)), "/status"), "pending");
    sandbox.decide_dispute(&inquiry, Verdict::Escalated, NOW);
    let failed = parsed(&get(&mut sandbox, &path));
    let reason = "charge_for_pending_refund_disputed";
    assert_eq!((text(&failed, "/status"), text(&failed, "/failure_reason")), ("failed", reason));
    assert_eq!(charge_of(&mut sandbox, &intent)["amount_refunded"], 0);
}

#[test]
fn refunds_are_listed_by_charge_and_intent_and_their_metadata_changes() {
    let (mut sandbox, first) = paid("pm_card_visa");
    let second = intent(&mut sandbox);
    confirm(&mut sandbox, &second, "pm_card_visa");
    let id = text(&parsed(&refund(&mut sandbox, &first, "amount=1")), "/id").to_owned();
    refund(&mut sandbox, &second, "amount=2");
    let charge = text(&charge_of(&mut sandbox, &first), "/id").to_owned();
    for filter in [format!("payment_intent={}", text(&first, "/id")), format!("charge={charge}")] {
        let list = parsed(&get(&mut sandbox, &format!("/v1/refunds?{filter}")));
        assert_eq!(list["data"].as_array().unwrap().len(), 1, "{filter}");
        assert_eq!(list["data"][0]["id"], json!(id));
    }
    let none = format!("/v1/refunds?created[gt]={}", NOW / 1000);
    assert_eq!(parsed(&get(&mut sandbox, &none))["data"], json!([]));
    let updated = parsed(&post(&mut sandbox, &format!("/v1/refunds/{id}"), "metadata[a]=b"));
    assert_eq!(updated["metadata"], json!({"a": "b"}));
    assert_eq!(post(&mut sandbox, &format!("/v1/refunds/{id}/cancel"), "").status, 400);
    assert_eq!(post(&mut sandbox, &format!("/v1/refunds/{id}"), "amount=5").status, 400);
}

#[test]
fn invalid_refunds_are_refused() {
    let (mut sandbox, paid) = paid("pm_card_visa");
    let unpaid = intent(&mut sandbox);
    for more in
        ["amount=0", "amount=-5", "amount=x", "reason=whim", "instructions=x", "refund_application_fee=true"]
    {
        assert_eq!(refund(&mut sandbox, &paid, more).status, 400, "{more}");
    }
    assert_eq!(refund(&mut sandbox, &unpaid, "").status, 400);
    assert_eq!(error_code(&post(&mut sandbox, "/v1/refunds", "charge=ch_nobody")), "resource_missing");
    assert_eq!(post(&mut sandbox, "/v1/refunds", "amount=5").status, 400);
    assert_eq!(get(&mut sandbox, "/v1/refunds/re_nobody").status, 404);
    let other = text(&unpaid, "/id");
    let charge = text(&charge_of(&mut sandbox, &paid), "/id").to_owned();
    let body = format!("charge={charge}&payment_intent={other}");
    assert_eq!(post(&mut sandbox, "/v1/refunds", &body).status, 400);
}
