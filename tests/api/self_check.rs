//! What each function's policy in the template lets it do with the table is what its self-check tries, and the self-check
//! changes nothing.

use crate::contract::yaml;
use black_box::{Breakable, listen_to_logs, logged};
use payments_store::Access;
use std::collections::BTreeSet;
use yaml_rust2::Yaml;

fn by_role() -> [(&'static str, &'static [Access]); 8] {
    [
        ("CreatePaymentIntentRole", create_payment_intent::TABLE_ACCESS),
        ("StripeWebhookRole", stripe_webhook::TABLE_ACCESS),
        ("CreatorEligibilityRole", creator_eligibility::TABLE_ACCESS),
        ("CreatorOnboardingRole", creator_onboarding::TABLE_ACCESS),
        ("PaymentHistoryRole", payment_history::TABLE_ACCESS),
        ("RefundPaymentRole", refund_payment::TABLE_ACCESS),
        ("ReconcilePaymentsRole", reconcile_payments::TABLE_ACCESS),
        ("PublishPaymentEventsRole", publish_payment_events::TABLE_ACCESS),
    ]
}

/// A text, or each text of a list, however deep.
fn texts(value: &Yaml) -> Vec<String> {
    match value.as_str() {
        Some(text) => vec![text.to_owned()],
        None => value.as_vec().into_iter().flatten().flat_map(texts).collect(),
    }
}

/// The accesses of a statement, written as the code writes them.
fn accesses(statement: &Yaml) -> Vec<String> {
    let keys = texts(&statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]);
    let resource = texts(&statement["Resource"]);
    // The index's ARN is joined of the table's, `index` and a name.
    let index = resource.iter().any(|text| text == "index").then(|| resource.last()).flatten();
    let of = |action: &str| -> Vec<String> {
        let by_key = |name: &str| keys.iter().map(|key| format!("{name}({key:?})")).collect();
        match action.strip_prefix("dynamodb:") {
            Some("GetItem") => vec!["Get".to_owned()],
            Some("BatchGetItem") => vec!["BatchGet".to_owned()],
            Some("Scan") => vec!["Scan".to_owned()],
            Some("Query") => match index {
                Some(index) => vec![format!("QueryIndex({index:?})")],
                None => by_key("Query"),
            },
            Some("PutItem") => by_key("Put"),
            Some("UpdateItem") => by_key("Update"),
            Some("DescribeStream" | "GetRecords" | "GetShardIterator" | "ListStreams") | None => vec![],
            Some(other) => vec![format!("{other}, which no self-check tries")],
        }
    };
    texts(&statement["Action"]).iter().flat_map(|action| of(action)).collect()
}

#[test]
fn a_self_check_tries_all_that_the_functions_policy_allows_on_the_table_and_no_more() {
    let template = yaml("template.yaml");
    for (role, access) in by_role() {
        let policies = template["Resources"][role]["Properties"]["Policies"].as_vec().expect("policies");
        let statements = policies
            .iter()
            .flat_map(|policy| policy["PolicyDocument"]["Statement"].as_vec().expect("statements"));
        let allowed: BTreeSet<String> = statements.flat_map(accesses).collect();
        let tried: BTreeSet<String> = access.iter().map(|access| format!("{access:?}")).collect();
        assert_eq!(tried, allowed, "{role}");
    }
}

#[tokio::test]
async fn a_self_check_succeeds_and_changes_nothing() {
    let stack = Breakable::start_without_stream().await;
    let before = stack.app.table().await;
    for (role, access) in by_role() {
        let checked = stack.services.store.check_access(access).await;
        assert!(checked.is_ok(), "{role}: {:?}", checked.err());
    }
    assert_eq!(stack.app.table().await, before);
    let checked = stack.services.self_check(stripe_webhook::TABLE_ACCESS).await;
    assert!(checked.is_ok(), "{:?}", checked.err());
}

#[tokio::test]
async fn a_self_check_names_each_access_that_is_refused() {
    let stack = Breakable::start_without_stream().await;
    stack.reconcile.deny_table();
    let checked = stack.reconciler.self_check(&[Access::Scan, Access::Put("PAYMENT#*")]).await;
    let refused = checked.expect_err("a refusal").to_string();
    for part in ["Scan: ", "Put(\"PAYMENT#*\"): "] {
        assert!(refused.contains(part), "{refused}");
    }
}

#[tokio::test]
async fn a_self_check_refuses_a_key_of_the_other_mode() {
    listen_to_logs();
    let stack = Breakable::start_without_stream().await;
    stack.rotate_stripe_key("sk_live_1");
    let checked = stack.services.self_check(&[]).await.map_err(|error| error.to_string());
    assert_eq!(checked, Err("the Stripe key is not of the mode that LIVEMODE names".to_owned()));
    assert!(logged().iter().any(|logged| logged.line["metric"] == "StripeSetUpFault"));
}
