//! Secondary indexes.

use super::{Item, PARTITION_KEY, SORT_KEY};
use serde_json::Value;

/// A secondary index by its name and key attributes.
#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) partition_key: String,
    pub(super) sort_key: Option<String>,
}

impl Index {
    /// From a `CreateTable` request. Every attribute is projected here, whatever the request says.
    pub(super) fn new(description: &Value) -> Self {
        let key = |kind: &str| {
            let schema = description["KeySchema"].as_array().into_iter().flatten();
            let named =
                schema.filter(|key| key["KeyType"] == kind).find_map(|key| key["AttributeName"].as_str());
            named.map(str::to_owned)
        };
        Self {
            name: description["IndexName"].as_str().expect("an index's name").to_owned(),
            partition_key: key("HASH").expect("a partition key"),
            sort_key: key("RANGE"),
        }
    }

    /// The primary key, as an index.
    pub(super) fn primary() -> Self {
        Self {
            name: String::new(),
            partition_key: PARTITION_KEY.to_owned(),
            sort_key: Some(SORT_KEY.to_owned()),
        }
    }

    /// Whether an item is in it, which takes all its keys.
    pub(super) fn has(&self, item: &Item) -> bool {
        item.contains_key(&self.partition_key) && self.sort_key.iter().all(|key| item.contains_key(key))
    }

    /// Its order within a partition: the sort key, then the primary key.
    pub(super) fn order(&self, item: &Item) -> (String, String, String) {
        let text = |name: &str| item.get(name).map(scalar).unwrap_or_default();
        (self.sort_key.as_deref().map(text).unwrap_or_default(), text(PARTITION_KEY), text(SORT_KEY))
    }

    /// The attributes of a `LastEvaluatedKey`.
    pub(super) fn position(&self, item: &Item) -> Item {
        let names =
            [PARTITION_KEY, SORT_KEY, &self.partition_key].into_iter().chain(self.sort_key.as_deref());
        names.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect()
    }
}

/// A text as it is; a number padded, so that texts sort as the numbers do.
fn scalar(value: &Value) -> String {
    match (value["S"].as_str(), value["N"].as_str().map(str::parse::<u64>)) {
        (Some(text), _) => text.to_owned(),
        (None, Some(Ok(number))) => format!("{number:020}"),
        _ => panic!("the simulated table sorts by texts and natural numbers only: {value}"),
    }
}
