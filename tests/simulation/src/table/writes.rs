//! Puts, alone and in transactions, and updates in transactions.

use super::expression::Expression;
use super::update::updated;
use super::{Answer, Item, Key, Table, key_of, knows_only};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// How long a transaction's token makes its repetition harmless.
const TOKEN_LIFETIME_MS: i64 = 10 * 60 * 1000;
const ACTIONS_MAX: usize = 100;
/// The fields of every write beside the item.
const CONDITION: [&str; 5] = [
    "TableName",
    "ConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValuesOnConditionCheckFailure",
];

struct Action {
    key: Key,
    write: Effect,
}

/// An item before and after a write.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    pub key: Key,
    /// None when there was no item.
    pub before: Option<Item>,
    /// None when the item was deleted.
    pub after: Option<Item>,
}

enum Effect {
    Put(Item),
    Delete,
    Nothing,
}

impl Table {
    pub(super) fn put_item(&mut self, request: &Map<String, Value>) -> Answer {
        self.knows(request, &[&CONDITION[..], &["Item"]].concat());
        let key = key_of(&request["Item"]);
        if !self.allows(request, &key) {
            let mut body = json!({"message": "The conditional request failed"});
            self.attach_old_item(request, &key, &mut body);
            return Answer::error_with(400, "ConditionalCheckFailedException", body);
        }
        self.write(key, Effect::Put(request["Item"].as_object().cloned().expect("an item")));
        Answer::done(json!({}))
    }

    pub(super) fn transact_write_items(&mut self, request: &Map<String, Value>, now_ms: i64) -> Answer {
        knows_only(request, &["TransactItems", "ClientRequestToken"]);
        let asked = &request["TransactItems"];
        let token = request.get("ClientRequestToken").and_then(Value::as_str);
        if let Some((earlier, at_ms)) = token.and_then(|token| self.tokens.get(token))
            && now_ms - at_ms < TOKEN_LIFETIME_MS
        {
            return match earlier == asked {
                true => Answer::done(json!({})),
                false => Answer::error(400, "IdempotentParameterMismatchException"),
            };
        }
        let asked_actions = asked.as_array().expect("actions");
        let mut keys = BTreeSet::new();
        let mut actions = Vec::with_capacity(asked_actions.len());
        let mut reasons = Vec::with_capacity(asked_actions.len());
        for action in asked_actions {
            let (request, action) = self.action(action.as_object().expect("an action"));
            reasons.push(self.reason(request, &action.key));
            keys.insert(action.key.clone());
            actions.push(action);
        }
        if actions.is_empty() || actions.len() > ACTIONS_MAX || keys.len() < actions.len() {
            return Answer::error(400, "ValidationException");
        }
        if reasons.iter().any(|reason| reason["Code"] != "None") {
            return cancelled(reasons);
        }
        for Action { key, write } in actions {
            self.write(key, write);
        }
        if let Some(token) = token {
            self.tokens.insert(token.to_owned(), (asked.clone(), now_ms));
        }
        Answer::done(json!({}))
    }

    fn action<'r>(&self, action: &'r Map<String, Value>) -> (&'r Map<String, Value>, Action) {
        let (kind, request) = action.iter().next().expect("an action has a kind");
        let request = request.as_object().expect("an action is an object");
        let old = || self.stored(&key_of(&request["Key"]));
        let (targets, write): (&[&str], Effect) = match kind.as_str() {
            "Put" => (&["Item"], Effect::Put(request["Item"].as_object().cloned().expect("an item"))),
            "Update" => (&["Key", "UpdateExpression"], Effect::Put(updated(request, old()))),
            "Delete" => (&["Key"], Effect::Delete),
            "ConditionCheck" => (&["Key"], Effect::Nothing),
            _ => panic!("the simulated table does not know the action {kind}"),
        };
        self.knows(request, &[&CONDITION[..], targets].concat());
        (request, Action { key: key_of(&request[targets[0]]), write })
    }

    fn reason(&self, request: &Map<String, Value>, key: &Key) -> Value {
        if self.allows(request, key) {
            return json!({"Code": "None"});
        }
        let mut reason =
            json!({"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"});
        self.attach_old_item(request, key, &mut reason);
        reason
    }

    fn allows(&self, request: &Map<String, Value>, key: &Key) -> bool {
        let Some(condition) = Expression::of(request, "ConditionExpression") else { return true };
        condition.holds(self.stored(key).unwrap_or(&Item::new()))
    }

    fn attach_old_item(&self, request: &Map<String, Value>, key: &Key, answer: &mut Value) {
        let wanted = request.get("ReturnValuesOnConditionCheckFailure").is_some_and(|what| what == "ALL_OLD");
        if let Some(old) = self.stored(key).filter(|_| wanted) {
            answer["Item"] = old.clone().into();
        }
    }

    fn write(&mut self, key: Key, write: Effect) {
        let after = match write {
            Effect::Put(item) => Some(item),
            Effect::Delete => None,
            Effect::Nothing => return,
        };
        let journaled = self.journal.is_some().then(|| after.clone());
        let before = match after {
            Some(item) => self.rows.insert(key.clone(), item),
            None => self.rows.remove(&key),
        };
        let before = self.overwrites(&key).or(before);
        if let (Some(journal), Some(after)) = (&mut self.journal, journaled) {
            journal.push(Write { key: key.clone(), before, after });
        }
        self.changed.insert(key);
    }
}

/// A cancelled transaction, with one reason for each action.
pub(crate) fn cancelled(reasons: Vec<Value>) -> Answer {
    let codes: Vec<&str> = reasons.iter().filter_map(|reason| reason["Code"].as_str()).collect();
    let message = format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    );
    let body = json!({"Message": message, "CancellationReasons": reasons});
    Answer::error_with(400, "TransactionCanceledException", body)
}
