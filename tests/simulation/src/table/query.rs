//! Queries of a partition, by the primary key or an index.

use super::expression::Expression;
use super::indexes::Index;
use super::{Answer, Item, Table};
use serde_json::{Map, Value, json};

impl Table {
    pub(super) fn query(&self, request: &Map<String, Value>) -> Answer {
        self.knows(
            request,
            &[
                "TableName",
                "IndexName",
                "KeyConditionExpression",
                "FilterExpression",
                "ExpressionAttributeNames",
                "ExpressionAttributeValues",
                "ScanIndexForward",
                "ConsistentRead",
                "Limit",
                "ExclusiveStartKey",
            ],
        );
        let index = match request.get("IndexName").and_then(Value::as_str) {
            None => Index::primary(),
            Some(name) => {
                self.indexes.iter().find(|index| index.name == name).cloned().expect("a known index")
            }
        };
        let condition = Expression::of(request, "KeyConditionExpression").expect("a key condition");
        let filter = Expression::of(request, "FilterExpression");
        let backward = request.get("ScanIndexForward") == Some(&Value::Bool(false));
        let mut found: Vec<&Item> =
            self.all_stored().filter(|item| index.has(item) && condition.holds(item)).collect();
        found.sort_by_cached_key(|item| index.order(item));
        if backward {
            found.reverse();
        }
        if let Some(start) = request.get("ExclusiveStartKey").and_then(Value::as_object) {
            let start = index.order(start);
            let behind = |item: &&Item| match backward {
                true => index.order(item) < start,
                false => index.order(item) > start,
            };
            found.retain(behind);
        }
        let limit =
            request.get("Limit").and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
        let cut = limit.filter(|limit| found.len() >= *limit);
        found.truncate(limit.unwrap_or(usize::MAX));
        let last = found.last().filter(|_| cut.is_some()).map(|item| index.position(item));
        let scanned = found.len();
        found.retain(|item| filter.as_ref().is_none_or(|filter| filter.holds(item)));
        let mut body = json!({"Items": found, "Count": found.len(), "ScannedCount": scanned});
        if let Some(last) = last {
            body["LastEvaluatedKey"] = last.into();
        }
        Answer::done(body)
    }
}
