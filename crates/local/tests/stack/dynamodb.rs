//! Calls of the embedded DynamoDB.

use reqwest::Client;
use serde_json::Value;

/// Calls one operation, such as `DynamoDB_20120810.GetItem`. The signature is a placeholder, which is not checked.
pub(crate) async fn call(
    client: &Client,
    endpoint: &str,
    target: &str,
    request: &Value,
) -> reqwest::Result<Value> {
    let request = client
        .post(endpoint)
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", target)
        .header("x-amz-date", "20260101T000000Z")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0")
        .body(request.to_string());
    request.send().await?.error_for_status()?.json().await
}
