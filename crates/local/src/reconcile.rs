//! Reconciliation on demand: slice after slice through the API, with progress.

use reqwest::Method;
use serde_json::{Value, json};

use crate::api_client::{ApiClient, ApiError};

/// Runs one reconciliation through the API at `api`, and returns its report. Without a token, requests an operator's
/// from the local stack.
///
/// # Errors
/// [`ApiError`]; the next call continues with what is not done.
pub async fn reconcile(
    api: &str,
    token: Option<String>,
    mut progress: impl FnMut(&Value),
) -> Result<Value, ApiError> {
    let client = operators_client(api, token).await?;
    let url = client.url("/v1/admin/reconciliations")?;
    loop {
        // 409 is that another slice runs.
        let body = client.send(Method::POST, &url, "application/json").await?.body;
        let run: Value = serde_json::from_str(&body).map_err(|_| ApiError::Refused { status: 200, body })?;
        progress(&run);
        if run["finished"] == true {
            return Ok(run);
        }
    }
}

/// A client with an operator's token: the given one, or one from the local stack.
pub(crate) async fn operators_client(api: &str, token: Option<String>) -> Result<ApiClient, ApiError> {
    ApiClient::connect(api, token, &json!({"sub": "operator", "operator": true})).await
}
