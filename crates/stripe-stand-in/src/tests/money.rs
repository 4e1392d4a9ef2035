use super::*;
use serde_json::json;

#[test]
fn the_summary_of_the_money_agrees_with_the_api() {
    let (mut sandbox, first) = paid("pm_card_gb");
    let open = intent(&mut sandbox);
    confirm(&mut sandbox, &open, "pm_card_chargeDeclined");
    let id = text(&first, "/id").to_owned();
    let charge = latest_charge(&mut sandbox, &first);
    let transfer = text(&parsed(&get(&mut sandbox, "/v1/transfers")), "/data/0/id").to_owned();
    for amount in [100, 200] {
        post(&mut sandbox, "/v1/refunds", &format!("charge={charge}&amount={amount}"));
    }
    let failed = text(&parsed(&get(&mut sandbox, "/v1/refunds")), "/data/0/id").to_owned();
    assert!(sandbox.fail_refund(&failed, NOW));
    post(&mut sandbox, &format!("/v1/transfers/{transfer}/reversals"), "amount=94&metadata[refund_id]=r1");
    let body = "amount=7&currency=usd&destination=acct_creator&metadata[dispute_id]=d1";
    post(&mut sandbox, "/v1/transfers", body);
    pay_out(&mut sandbox, 13, NOW);

    let money = sandbox.money();
    let payment = &money.payments[id.as_str()];
    assert_eq!((payment.status, payment.charged, payment.charge), ("succeeded", 1061, Some(charge.as_str())));
    assert_eq!((payment.fee(), payment.refunded()), (Some(77), 100));
    assert_eq!((payment.transferred(), payment.reversed()), (1000, 94));
    assert_eq!(payment.transfer.as_ref().unwrap().reversals[0].metadata["refund_id"], "r1");
    assert_eq!(payment.metadata["payment_id"], "pay_1");
    let unpaid = &money.payments[text(&open, "/id")];
    assert_eq!((unpaid.charged, unpaid.charge, unpaid.fee()), (0, None, None));
    let [extra] = money.transfers.as_slice() else { panic!("one transfer of the platform's own") };
    assert_eq!((extra.amount, extra.metadata["dispute_id"].as_str()), (7, "d1"));
    assert_eq!(money.balances[&(CREATOR, "usd")], 1000 - 94 + 7 - 13);
}

#[test]
fn the_platforms_balance_is_the_sum_of_all_its_transactions() {
    let (mut sandbox, intent) = paid("pm_card_createDispute");
    let charge = latest_charge(&mut sandbox, &intent);
    post(&mut sandbox, "/v1/refunds", &format!("charge={charge}&amount=61&reverse_transfer=true"));
    sandbox.advance(NOW + 10_000);
    let list = parsed(&get(&mut sandbox, "/v1/balance_transactions?limit=100"));
    let data = list["data"].as_array().unwrap();
    let net: i64 = data.iter().map(|it| it["net"].as_i64().unwrap()).sum();
    // Charge 1061 less 61; transfer 1000, of which 57 come back; refund 61; dispute of the rest and its fee of 1500.
    assert_eq!(net, [TOP_UP, 1061, -61, -1000, 57, -61, -1000, -1500].iter().sum::<i64>());
    let balance = parsed(&sandbox.handle(&get_call("/v1/balance"), NOW + 10_000));
    let (available, pending) = (&balance["available"][0]["amount"], &balance["pending"][0]["amount"]);
    assert_eq!((available, pending), (&json!(net - 1000), &json!(1000)), "the charge is pending");
    for (kind, count) in
        [("charge", 1), ("adjustment", 1), ("refund", 1), ("transfer", 1), ("transfer_refund", 1)]
    {
        let list = parsed(&get(&mut sandbox, &format!("/v1/balance_transactions?type={kind}")));
        assert_eq!(list["data"].as_array().unwrap().len(), count, "{kind}");
    }
}
