//! Every object parses as async-stripe's own type, which requires all required fields.

use super::*;
use miniserde::json::from_str;
use stripe_shared::{
    Account, ApiErrors, BalanceTransaction, Charge, Customer, DeletedCustomer, Dispute, Event, PaymentIntent,
    PaymentMethod, Payout, Refund, Transfer, TransferReversal,
};

fn first(sandbox: &mut Sandbox, path: &str) -> String {
    parsed(&get(sandbox, path))["data"][0].to_string()
}

fn declined_then_paid() -> (Sandbox, Value) {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    confirm(&mut sandbox, &intent, "pm_card_chargeDeclined");
    confirm(&mut sandbox, &intent, "pm_card_visa");
    (sandbox, intent)
}

#[test]
fn payment_intents_parse_in_every_status() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    let check = |reply: &Reply| from_str::<PaymentIntent>(&reply.body).unwrap();
    let path = format!("/v1/payment_intents/{}", text(&intent, "/id"));
    check(&get(&mut sandbox, &path));
    confirm(&mut sandbox, &intent, "pm_card_chargeDeclined");
    assert!(check(&get(&mut sandbox, &path)).last_payment_error.is_some());
    assert!(check(&confirm(&mut sandbox, &intent, "pm_card_threeDSecure2Required")).next_action.is_some());
    let paid = check(&confirm(&mut sandbox, &intent, "pm_card_visa"));
    assert_eq!((paid.amount_received, paid.transfer_data.unwrap().amount), (1061, Some(1000)));
    let expanded = get(
        &mut sandbox,
        &format!("{path}?expand[]=latest_charge.transfer&expand[]=transfer_data.destination"),
    );
    check(&expanded);
}

#[test]
fn charges_transfers_and_balance_transactions_parse() {
    let (mut sandbox, _) = declined_then_paid();
    let list = parsed(&get(&mut sandbox, "/v1/charges"));
    for charge in list["data"].as_array().unwrap() {
        from_str::<Charge>(&charge.to_string()).unwrap();
    }
    assert_eq!(from_str::<Transfer>(&first(&mut sandbox, "/v1/transfers")).unwrap().amount, 1000);
    let transaction =
        from_str::<BalanceTransaction>(&first(&mut sandbox, "/v1/balance_transactions?type=charge"));
    assert_eq!(transaction.unwrap().fee_details.len(), 1);
    from_str::<BalanceTransaction>(&first(&mut sandbox, "/v1/balance_transactions?type=transfer")).unwrap();
}

/// A sandbox after every kind of change that moves money.
fn after_every_movement() -> Sandbox {
    let (mut sandbox, _) = declined_then_paid();
    for (card, after) in [
        ("pm_card_refundFail", "reverse_transfer=true"),
        ("pm_card_pendingRefund", "amount=100"),
        ("pm_card_createDispute", ""),
        ("pm_card_createDisputeInquiry", ""),
    ] {
        let intent = intent(&mut sandbox);
        confirm(&mut sandbox, &intent, card);
        if !after.is_empty() {
            post(&mut sandbox, "/v1/refunds", &format!("payment_intent={}&{after}", text(&intent, "/id")));
        }
    }
    pay_out(&mut sandbox, 5, NOW);
    sandbox.advance(NOW + 2_000);
    let disputes = parsed(&get(&mut sandbox, "/v1/disputes"));
    for dispute in disputes["data"].as_array().unwrap() {
        let path = format!("/v1/disputes/{}", text(dispute, "/id"));
        post(&mut sandbox, &path, "evidence[uncategorized_text]=winning_evidence");
    }
    sandbox
}

#[test]
fn refunds_reversals_disputes_and_payouts_parse() {
    let mut sandbox = after_every_movement();
    let pending = from_str::<Refund>(&first(&mut sandbox, "/v1/refunds")).unwrap();
    assert!(pending.pending_reason.is_some());
    sandbox.advance(NOW + 90_000_000);
    let list = parsed(&get(&mut sandbox, "/v1/refunds"));
    for refund in list["data"].as_array().unwrap() {
        from_str::<Refund>(&refund.to_string()).unwrap();
    }
    let failed = from_str::<Refund>(&list["data"][1].to_string()).unwrap();
    assert!(failed.failure_balance_transaction.is_some());
    let list = parsed(&get(&mut sandbox, "/v1/disputes"));
    for dispute in list["data"].as_array().unwrap() {
        from_str::<Dispute>(&dispute.to_string()).unwrap();
    }
    let transfer =
        text(&parsed(&get(&mut sandbox, "/v1/events?type=transfer.reversed")), "/data/0/data/object/id")
            .to_owned();
    from_str::<Transfer>(&get(&mut sandbox, &format!("/v1/transfers/{transfer}")).body).unwrap();
    from_str::<TransferReversal>(&first(&mut sandbox, &format!("/v1/transfers/{transfer}/reversals")))
        .unwrap();
    let path = "/v1/disputes?expand[]=data.charge.transfer&expand[]=data.payment_intent";
    from_str::<Dispute>(&first(&mut sandbox, path)).unwrap();
    for kind in ["refund", "refund_failure", "transfer_refund", "adjustment"] {
        let path = format!("/v1/balance_transactions?type={kind}&expand[]=data.source");
        from_str::<BalanceTransaction>(&first(&mut sandbox, &path)).unwrap();
    }
}

#[test]
fn accounts_and_payment_methods_parse() {
    let mut sandbox = sandbox();
    for path in ["/v1/account", "/v1/accounts/acct_creator"] {
        from_str::<Account>(&get(&mut sandbox, path).body).unwrap();
    }
    for body in ["type=express", "type=custom&tos_acceptance[date]=1", "type=standard", "country=GB"] {
        from_str::<Account>(&post(&mut sandbox, "/v1/accounts", body).body).unwrap();
    }
    from_str::<PaymentMethod>(&get(&mut sandbox, "/v1/payment_methods/pm_card_amex").body).unwrap();
}

#[test]
fn events_and_their_objects_parse() {
    let mut sandbox = after_every_movement();
    post(&mut sandbox, "/v1/accounts/acct_creator", "email=ana@example.test");
    sandbox.advance(NOW + 90_000_000);
    let list = parsed(&get(&mut sandbox, "/stand_in/events?limit=100"));
    let mut kinds = Vec::new();
    for event in list["data"].as_array().unwrap() {
        from_str::<Event>(&event.to_string()).unwrap();
        let object = &event["data"]["object"];
        let text_of = object.to_string();
        match text(object, "/object") {
            "payment_intent" => drop(from_str::<PaymentIntent>(&text_of).unwrap()),
            "charge" => drop(from_str::<Charge>(&text_of).unwrap()),
            "transfer" => drop(from_str::<Transfer>(&text_of).unwrap()),
            "refund" => drop(from_str::<Refund>(&text_of).unwrap()),
            "dispute" => drop(from_str::<Dispute>(&text_of).unwrap()),
            "payout" => drop(from_str::<Payout>(&text_of).unwrap()),
            "account" => drop(from_str::<Account>(&text_of).unwrap()),
            other => panic!("an event about a {other}"),
        }
        kinds.push(text(object, "/object").to_owned());
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, ["account", "charge", "dispute", "payment_intent", "payout", "refund", "transfer"]);
}

#[test]
fn a_decline_parses_with_its_objects() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    let reply = confirm(&mut sandbox, &intent, "pm_card_chargeDeclined");
    let error = from_str::<ApiErrors>(&parsed(&reply)["error"].to_string()).unwrap();
    assert!(error.payment_intent.is_some() && error.payment_method.is_some() && error.charge.is_some());
}

#[test]
fn customers_and_deleted_ones_parse() {
    let mut sandbox = sandbox();
    let made = post(&mut sandbox, "/v1/customers", "metadata[sender_id]=sam&email=sam@example.com");
    let customer = from_str::<Customer>(&made.body).unwrap();
    assert_eq!(customer.email.as_deref(), Some("sam@example.com"));
    let mut call = get_call(&format!("/v1/customers/{}", customer.id));
    call.method = ::http::Method::DELETE;
    assert_eq!(from_str::<DeletedCustomer>(&sandbox.handle(&call, NOW).body).unwrap().id, customer.id);
}
