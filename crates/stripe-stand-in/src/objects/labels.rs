//! What an object says about itself: a description, and metadata.

use crate::objects::metadata::Metadata;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Labels {
    pub(crate) description: Option<String>,
    pub(crate) metadata: Metadata,
}

impl Labels {
    /// The fields that are given, as in the `transfer_data` of an intent.
    pub(crate) fn given(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        if let Some(description) = &self.description {
            fields.insert("description".into(), json!(description));
        }
        if !self.metadata.is_empty() {
            fields.insert("metadata".into(), json!(self.metadata));
        }
        fields
    }
}
