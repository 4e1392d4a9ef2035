//! The response to Lambda: which record of a batch failed
//! (<https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>).

use serde::Serialize;

/// The response to Lambda: which record failed. Lambda sends that record and all records behind it again.
#[derive(Debug, Default, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    /// At most one record, because Lambda retries everything behind the first.
    pub batch_item_failures: Vec<BatchFailure>,
}

/// A record that failed, identified as Lambda expects it.
#[derive(Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct BatchFailure {
    /// The record's sequence number.
    pub item_identifier: String,
}

impl BatchAnswer {
    pub(crate) fn from(sequence_number: String) -> Self {
        Self { batch_item_failures: vec![BatchFailure { item_identifier: sequence_number }] }
    }
}
