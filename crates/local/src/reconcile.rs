//! Reconciliation on demand: slice after slice through the API, with progress.

use std::time::Duration;

use serde_json::{Value, json};

/// How long one slice may take to answer: the gateway's 30 s.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The pause while another slice runs, or the API is unavailable.
const PAUSE: Duration = Duration::from_secs(2);
/// The number of consecutive pauses before giving up.
const MAX_PAUSES: u32 = 30;

/// Why a reconciliation was not finished, or a statement not read.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    #[error("{api} cannot be reached")]
    Unreachable { api: String, source: reqwest::Error },
    #[error("answered with {status}: {body}")]
    Refused { status: u16, body: String },
}

/// Runs one reconciliation through the API at `api`, and returns its report. Without a token, requests an operator's
/// from the local stack.
///
/// # Errors
/// [`ReconcileError`]; the next call continues with what is not done.
pub async fn reconcile(
    api: &str,
    token: Option<String>,
    mut progress: impl FnMut(&Value),
) -> Result<Value, ReconcileError> {
    let api = api.trim_end_matches('/');
    let (client, token) = operators_client(api, token).await?;
    let url = format!("{api}/v1/admin/reconciliations");
    let mut pauses = 0;
    loop {
        let sent =
            client.post(&url).bearer_auth(&token).send().await.map_err(|error| unreachable(api, error))?;
        let status = sent.status().as_u16();
        let body = sent.text().await.map_err(|error| unreachable(api, error))?;
        match (status, serde_json::from_str::<Value>(&body)) {
            (200, Ok(run)) => {
                pauses = 0;
                progress(&run);
                if run["finished"] == true {
                    return Ok(run);
                }
            }
            // Another slice runs, or something is temporarily unavailable.
            (409 | 429 | 500..=599, _) if pauses < MAX_PAUSES => {
                pauses += 1;
                tokio::time::sleep(PAUSE).await;
            }
            _ => return Err(ReconcileError::Refused { status, body }),
        }
    }
}

/// A client and an operator's token: the given one, or one from the local stack.
pub(crate) async fn operators_client(
    api: &str,
    token: Option<String>,
) -> Result<(reqwest::Client, String), ReconcileError> {
    let client =
        reqwest::Client::builder().timeout(TIMEOUT).build().map_err(|error| unreachable(api, error))?;
    let token = match token {
        Some(token) => token,
        None => operators_token(&client, api).await?,
    };
    Ok((client, token))
}

async fn operators_token(client: &reqwest::Client, api: &str) -> Result<String, ReconcileError> {
    let operator = json!({"sub": "operator", "operator": true});
    let sent = client.post(format!("{api}/local/token")).body(operator.to_string()).send().await;
    let answer = sent.map_err(|error| unreachable(api, error))?;
    let status = answer.status().as_u16();
    let body = answer.text().await.map_err(|error| unreachable(api, error))?;
    let token = serde_json::from_str::<Value>(&body).ok();
    let token = token.as_ref().and_then(|answer| answer["token"].as_str());
    token.map(str::to_owned).ok_or(ReconcileError::Refused { status, body })
}

pub(crate) fn unreachable(api: &str, source: reqwest::Error) -> ReconcileError {
    ReconcileError::Unreachable { api: api.to_owned(), source }
}
