//! Descriptions, metadata and statement descriptors: what Stripe takes, and where it shows them.

use super::*;

const LABELLED: &str = "&description=Payment+to+ana&statement_descriptor_suffix=ana\
    &transfer_data[description]=For+ana&transfer_data[metadata][payment_id]=pay_1\
    &transfer_data[payment_data][description]=From+the+app&transfer_data[payment_data][metadata][room]=42";

fn labelled() -> (Sandbox, Value) {
    let mut sandbox = sandbox();
    let reply = post(&mut sandbox, "/v1/payment_intents", &format!("{DESTINATION_CHARGE}{LABELLED}"));
    assert_eq!(reply.status, 200, "{}", reply.body);
    (sandbox, parsed(&reply))
}

#[test]
fn an_intents_labels_are_on_its_charge_its_transfer_and_the_destination_payment() {
    let (mut sandbox, intent) = labelled();
    assert_eq!(intent["transfer_data"]["description"], "For ana");
    assert_eq!(intent["transfer_data"]["payment_data"]["metadata"], json!({"room": "42"}));
    assert_eq!(confirm(&mut sandbox, &intent, "pm_card_visa").status, 200);
    let charge = latest_charge(&mut sandbox, &intent);
    let charge = parsed(&get(&mut sandbox, &format!("/v1/charges/{charge}")));
    assert_eq!(
        (text(&charge, "/description"), &charge["metadata"]),
        ("Payment to ana", &json!({"payment_id": "pay_1"}))
    );
    assert_eq!(text(&charge, "/calculated_statement_descriptor"), "STAND-IN* ana");
    let transfer = parsed(&get(&mut sandbox, &format!("/v1/transfers/{}", text(&charge, "/transfer"))));
    assert_eq!(
        (text(&transfer, "/description"), &transfer["metadata"]),
        ("For ana", &json!({"payment_id": "pay_1"}))
    );
    let mut as_creator = get_call(&format!("/v1/charges/{}", text(&transfer, "/destination_payment")));
    as_creator.stripe_account = Some(CREATOR.to_owned());
    let received = parsed(&sandbox.handle(&as_creator, NOW));
    assert_eq!(
        (text(&received, "/description"), &received["metadata"]),
        ("From the app", &json!({"room": "42"}))
    );
    assert_eq!((&received["amount"], &received["receipt_email"]), (&json!(1_000), &Value::Null));
}

#[test]
fn a_destination_payment_is_its_accounts_alone() {
    let (mut sandbox, intent) = labelled();
    assert_eq!(confirm(&mut sandbox, &intent, "pm_card_visa").status, 200);
    let transfers = parsed(&get(&mut sandbox, "/v1/transfers"));
    let path = format!("/v1/charges/{}", text(&transfers, "/data/0/destination_payment"));
    assert_eq!(get(&mut sandbox, &path).status, 404);
    sandbox.seed_account("acct_other", "US", Readiness::Ready, NOW);
    let mut of_other = get_call(&path);
    of_other.stripe_account = Some("acct_other".to_owned());
    assert_eq!(sandbox.handle(&of_other, NOW).status, 404);
}

#[test]
fn what_stripe_does_not_take_is_refused_by_its_parameter() {
    let long = |name: &str, length: usize| format!("{name}={}", "d".repeat(length));
    let metadata = "transfer_data[payment_data][metadata]";
    for (param, value) in [
        ("description", long("description", 1_001)),
        ("transfer_data[description]", long("transfer_data[description]", 5_001)),
        ("transfer_data[payment_data][description]", long("transfer_data[payment_data][description]", 5_001)),
        ("metadata", format!("{metadata}[k]={}", "v".repeat(501))),
        ("statement_descriptor", "statement_descriptor=A+shop".to_owned()),
        ("statement_descriptor_suffix", long("statement_descriptor_suffix", 13)),
        ("statement_descriptor_suffix", "statement_descriptor_suffix=4242".to_owned()),
        ("statement_descriptor_suffix", "statement_descriptor_suffix=ana*".to_owned()),
        ("statement_descriptor_suffix", "statement_descriptor_suffix=%E5%AE%89%E5%A8%9C".to_owned()),
        ("transfer_data[colour]", "transfer_data[colour]=red".to_owned()),
    ] {
        let reply = post(&mut sandbox(), "/v1/payment_intents", &format!("{DESTINATION_CHARGE}&{value}"));
        assert_eq!((reply.status, text(&parsed(&reply), "/error/param")), (400, param), "{value}");
    }
    let alone = "amount=500&currency=usd&transfer_data[description]=x";
    assert_eq!(error_code(&post(&mut sandbox(), "/v1/payment_intents", alone)), "parameter_missing");
    let longest = format!(
        "{DESTINATION_CHARGE}&{}&{}",
        long("description", 1_000),
        long("statement_descriptor_suffix", 12)
    );
    assert_eq!(post(&mut sandbox(), "/v1/payment_intents", &longest).status, 200);
}
