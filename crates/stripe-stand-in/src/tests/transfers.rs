use super::*;
use serde_json::json;

fn transfer_of(sandbox: &mut Sandbox) -> String {
    text(&parsed(&get(sandbox, "/v1/transfers")), "/data/0/id").to_owned()
}

fn reverse(sandbox: &mut Sandbox, transfer: &str, body: &str) -> Reply {
    post(sandbox, &format!("/v1/transfers/{transfer}/reversals"), body)
}

#[test]
fn a_transfer_is_reversed_to_the_cent_in_several_steps() {
    let (mut sandbox, _) = paid("pm_card_visa");
    let transfer = transfer_of(&mut sandbox);
    let reversal = parsed(&reverse(&mut sandbox, &transfer, "amount=123&metadata[refund_id]=r1"));
    assert_eq!((&reversal["amount"], &reversal["transfer"]), (&json!(123), &json!(transfer)));
    let path = format!("/v1/balance_transactions/{}", text(&reversal, "/balance_transaction"));
    let transaction = parsed(&get(&mut sandbox, &path));
    assert_eq!((text(&transaction, "/type"), &transaction["amount"]), ("transfer_refund", &json!(123)));
    assert_eq!(text(&transaction, "/reporting_category"), "transfer_reversal");
    assert_eq!(creators_balance(&mut sandbox), 877);

    assert_eq!(reverse(&mut sandbox, &transfer, "amount=878").status, 400);
    assert_eq!(parsed(&reverse(&mut sandbox, &transfer, ""))["amount"], 877);
    let shown = parsed(&get(&mut sandbox, &format!("/v1/transfers/{transfer}")));
    assert_eq!((&shown["reversed"], &shown["amount_reversed"]), (&json!(true), &json!(1000)));
    assert_eq!(shown["reversals"]["data"].as_array().map(Vec::len), Some(2));
    assert_eq!(shown["reversals"]["data"][1], reversal, "newest first");
    let list = parsed(&get(&mut sandbox, &format!("/v1/transfers/{transfer}/reversals")));
    assert_eq!(list["data"], shown["reversals"]["data"]);
    assert_eq!(event_types(&mut sandbox)[4..], ["transfer.reversed", "transfer.reversed"]);
    assert_eq!(reverse(&mut sandbox, &transfer, "").status, 400);
    assert_eq!(creators_balance(&mut sandbox), 0);
}

#[test]
fn a_reversal_above_the_destinations_balance_is_refused_and_the_refusal_is_replayed() {
    let (mut sandbox, _) = paid("pm_card_visa");
    let transfer = transfer_of(&mut sandbox);
    assert_eq!(pay_out(&mut sandbox, 900, NOW).status, 200);
    let path = format!("/v1/transfers/{transfer}/reversals");
    let call = post_call(&path, Some("key"), "amount=101");
    let refused = sandbox.handle(&call, NOW);
    assert_eq!((refused.status, error_code(&refused).as_str()), (400, "balance_insufficient"));
    assert_eq!(reverse(&mut sandbox, &transfer, "amount=100").status, 200);
    let second = intent(&mut sandbox);
    confirm(&mut sandbox, &second, "pm_card_visa");
    assert_eq!(sandbox.handle(&call, NOW).body, refused.body, "replayed though there is money now");
    assert_eq!(reverse(&mut sandbox, &transfer, "amount=101").status, 200);
}

#[test]
fn the_platform_transfers_with_or_without_a_source_charge() {
    let (mut sandbox, intent) = paid("pm_card_visa");
    let paid = retrieve(&mut sandbox, &intent);
    let charge = text(&paid, "/latest_charge");
    let body = "amount=50&currency=usd&destination=acct_creator&metadata[dispute_id]=du_1";
    let plain = parsed(&post(&mut sandbox, "/v1/transfers", body));
    assert_eq!((&plain["source_transaction"], &plain["transfer_group"]), (&Value::Null, &Value::Null));
    let of_charge = format!("{body}&source_transaction={charge}");
    let reply = post(&mut sandbox, "/v1/transfers", &of_charge);
    let transfer = parsed(&reply);
    assert_eq!(transfer["transfer_group"], paid["transfer_group"], "{}", reply.body);
    let more = of_charge.replace("amount=50", "amount=12");
    assert_eq!(post(&mut sandbox, "/v1/transfers", &more).status, 400, "1000 + 50 + 12 of 1061");
    assert_eq!(creators_balance(&mut sandbox), 1100);
    let group = text(&paid, "/transfer_group");
    let list = parsed(&get(&mut sandbox, &format!("/v1/transfers?transfer_group={group}")));
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    let path = format!("/v1/transfers/{}", text(&plain, "/id"));
    assert_eq!(parsed(&post(&mut sandbox, &path, "metadata[a]=b"))["metadata"]["a"], "b");
    assert_eq!(event_types(&mut sandbox)[4..], ["transfer.created", "transfer.created", "transfer.updated"]);
}

#[test]
fn invalid_transfers_are_refused() {
    let mut sandbox = sandbox();
    for body in [
        "currency=usd&destination=acct_creator",
        "amount=0&currency=usd&destination=acct_creator",
        "amount=99999999999999999&currency=usd&destination=acct_creator",
        "amount=5&currency=usd",
        "amount=5&currency=usd&destination=acct_nobody",
        "amount=5&currency=usd&destination=acct_creator&source_transaction=ch_nobody",
        "amount=5&currency=xyz&destination=acct_creator",
        "amount=5&currency=usd&destination=acct_creator&colour=red",
    ] {
        assert_eq!(post(&mut sandbox, "/v1/transfers", body).status, 400, "{body}");
    }
    assert_eq!(reverse(&mut sandbox, "tr_nobody", "").status, 404);
}
