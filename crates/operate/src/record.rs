//! The record that a stage passed, without which its functions refuse to create live payments.

use crate::aws::{Aws, AwsError};
use payments::Timestamp;
use payments_store::{PARTITION_KEY, SORT_KEY, STAGE_CHECK_KEY};
use serde_json::{Value, json};

/// The item, in DynamoDB's own JSON. Who checked is in CloudTrail.
#[must_use]
pub fn item(now: Timestamp, accepted: &[String]) -> Value {
    let (partition, sort) = STAGE_CHECK_KEY;
    let mut item = json!({"checked_at": {"S": now.to_string()}, "accepted": {"S": accepted.join(",")}});
    item[PARTITION_KEY] = json!({"S": partition});
    item[SORT_KEY] = json!({"S": sort});
    item
}

/// Writes the record, in place of an earlier one.
///
/// # Errors
/// [`AwsError`].
pub fn record(aws: &Aws, table: &str, now: Timestamp, accepted: &[String]) -> Result<(), AwsError> {
    let item = item(now, accepted).to_string();
    aws.read(&["dynamodb", "put-item", "--table-name", table, "--item", &item]).map(drop)
}
