//! The permissions that a request to AWS needs, as far as policies tell them apart.

use payments_services::SecretName;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A part of every key that a self-check tries. It tries all that a policy allows, so it shows no need of anything.
const SELF_CHECK: &str = "SELF_CHECK";

/// The permissions that a request with this target (`DynamoDB_20120810.GetItem`) and body needs.
pub(super) fn needed(target: &str, body: &[u8]) -> Vec<Value> {
    let (service, operation) = target.split_once('.').unwrap_or((target, ""));
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    if body.to_string().contains(SELF_CHECK) {
        return Vec::new();
    }
    match service {
        "DynamoDB_20120810" => of_table(operation, &body),
        "AWSEvents" => vec![json!({"action": format!("events:{operation}")})],
        "AmazonSQS" => vec![json!({"action": format!("sqs:{operation}")})],
        other => vec![json!({"action": format!("{other}:{operation}")})],
    }
}

/// The permission that fetching a secret needs, with the function's variable that has the secret's ARN.
pub(super) fn needed_for_secret(name: SecretName) -> Value {
    let variable = match name {
        SecretName::StripeSecretKey => "STRIPE_SECRET_ARN",
        SecretName::StripeWebhookSecrets => "STRIPE_WEBHOOK_SECRETS_ARN",
        SecretName::SigningKeys => "SIGNING_KEY_ARN",
        SecretName::PaymentIdKey => "PAYMENT_ID_KEY_ARN",
        SecretName::CdnSecrets => "CDN_SECRET_ARN",
    };
    json!({"action": "secretsmanager:GetSecretValue", "variable": variable})
}

fn of_table(operation: &str, body: &Value) -> Vec<Value> {
    match operation {
        "TransactWriteItems" => of_transaction(body),
        "GetItem" => vec![action("GetItem", [&body["Key"]])],
        "BatchGetItem" => {
            let tables = body["RequestItems"].as_object().into_iter().flat_map(Map::values);
            vec![action("BatchGetItem", tables.flat_map(|table| list(&table["Keys"])))]
        }
        "Query" => {
            let key = json!({"PK": queried(body)});
            let mut query = action("Query", [&key]);
            query["index"] = body["IndexName"].clone();
            vec![query]
        }
        other => vec![action(other, [])],
    }
}

/// A transaction needs the permission of each of its items' own actions
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html>).
fn of_transaction(body: &Value) -> Vec<Value> {
    let mut keys: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for item in list(&body["TransactItems"]) {
        for (kind, write) in item.as_object().into_iter().flatten() {
            let (name, key) = match kind.as_str() {
                "ConditionCheck" => ("ConditionCheckItem".to_owned(), &write["Key"]),
                "Put" => ("PutItem".to_owned(), &write["Item"]),
                other => (format!("{other}Item"), &write["Key"]),
            };
            keys.entry(name).or_default().push(key);
        }
    }
    keys.into_iter().map(|(name, keys)| action(&name, keys)).collect()
}

/// An action on the items with these keys; `dynamodb:LeadingKeys` has the partition key of each.
fn action<'a>(name: &str, keys: impl IntoIterator<Item = &'a Value>) -> Value {
    let keys = keys.into_iter().filter_map(|key| key["PK"]["S"].as_str());
    let leading: BTreeSet<String> = keys.map(without_ids).collect();
    json!({"action": format!("dynamodb:{name}"), "leading_keys": leading})
}

/// A partition key with its kind alone: policies tell no two items of a kind apart.
fn without_ids(key: &str) -> String {
    key.split_once('#').map_or_else(|| key.to_owned(), |(kind, _)| format!("{kind}#x"))
}

/// The value of the queried partition key, with its type. Only that one is compared by `=`.
fn queried(body: &Value) -> &Value {
    let mut clauses = body["KeyConditionExpression"].as_str().unwrap_or_default().split(" AND ");
    let value = clauses.find_map(|clause| clause.split_once(" = "));
    &body["ExpressionAttributeValues"][value.map_or("", |(_, value)| value)]
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(operation: &str, body: &Value) -> Value {
        needed(&format!("DynamoDB_20120810.{operation}"), body.to_string().as_bytes()).into()
    }

    #[test]
    fn a_transaction_needs_each_kind_of_write_for_its_own_items() {
        let key = |pk: &str| json!({"PK": {"S": pk}, "SK": {"S": "STATE"}});
        let asked = json!({"TransactItems": [
            {"Put": {"TableName": "t", "Item": key("PAYMENT#1")}},
            {"Put": {"TableName": "t", "Item": key("SENDER#sam#2026")}},
            {"Put": {"TableName": "t", "Item": key("PAYMENT#2")}},
            {"Update": {"TableName": "t", "Key": key("ADDRESS#1")}},
            {"ConditionCheck": {"TableName": "t", "Key": key("RECONCILE")}},
        ]});
        let expected = json!([
            {"action": "dynamodb:ConditionCheckItem", "leading_keys": ["RECONCILE"]},
            {"action": "dynamodb:PutItem", "leading_keys": ["PAYMENT#x", "SENDER#x"]},
            {"action": "dynamodb:UpdateItem", "leading_keys": ["ADDRESS#x"]},
        ]);
        assert_eq!(of("TransactWriteItems", &asked), expected);
    }

    #[test]
    fn a_query_needs_its_index_and_the_partition_that_it_reads() {
        let asked = json!({"TableName": "t", "IndexName": "due",
            "KeyConditionExpression": "due_shard = :shard AND due_at <= :until",
            "ExpressionAttributeValues": {":shard": {"S": "DUE#3"}, ":until": {"S": "2026"}}});
        let expected = json!([{"action": "dynamodb:Query", "index": "due", "leading_keys": ["DUE#x"]}]);
        assert_eq!(of("Query", &asked), expected);
    }

    #[test]
    fn a_self_check_shows_no_need() {
        assert_eq!(of("GetItem", &json!({"Key": {"PK": {"S": "PAYMENT#SELF_CHECK"}}})), json!([]));
    }
}
