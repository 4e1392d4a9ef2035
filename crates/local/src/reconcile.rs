//! Reconciliation by hand: slice after slice through the API, with its progress told on the way.

use std::time::Duration;

use serde_json::{Value, json};

/// How long one slice may take to answer: the gateway's 30 s.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait while another slice is being worked off, or the API does not answer.
const PAUSE: Duration = Duration::from_secs(2);
/// How often in a row that is waited for.
const TRIES: u32 = 30;

/// Reconciliation cannot be worked off.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// No answer.
    #[error("{api} cannot be reached")]
    Unreachable {
        /// The API.
        api: String,
        /// What happened.
        source: reqwest::Error,
    },
    /// An answer that is none.
    #[error("answered with {status}: {body}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The answer.
        body: String,
    },
}

/// Works off one reconciliation through the API at `api`, and gives its report. Without a token the local stack is asked
/// for an operator's.
///
/// # Errors
/// [`ReconcileError`]; what is done with stays done, and the next one goes on there.
pub async fn reconcile(
    api: &str,
    token: Option<String>,
    mut progress: impl FnMut(&Value),
) -> Result<Value, ReconcileError> {
    let api = api.trim_end_matches('/');
    let client =
        reqwest::Client::builder().timeout(TIMEOUT).build().map_err(|error| unreachable(api, error))?;
    let token = match token {
        Some(token) => token,
        None => operators_token(&client, api).await?,
    };
    let url = format!("{api}/v1/admin/reconciliations");
    let mut tries = 0;
    loop {
        let sent =
            client.post(&url).bearer_auth(&token).send().await.map_err(|error| unreachable(api, error))?;
        let status = sent.status().as_u16();
        let body = sent.text().await.map_err(|error| unreachable(api, error))?;
        match (status, serde_json::from_str::<Value>(&body)) {
            (200, Ok(run)) => {
                tries = 0;
                progress(&run);
                if run["finished"] == true {
                    return Ok(run);
                }
            }
            // Another slice is being worked off, or something does not answer for now.
            (409 | 429 | 500..=599, _) if tries < TRIES => {
                tries += 1;
                tokio::time::sleep(PAUSE).await;
            }
            _ => return Err(ReconcileError::Refused { status, body }),
        }
    }
}

async fn operators_token(client: &reqwest::Client, api: &str) -> Result<String, ReconcileError> {
    let operator = json!({"sub": "operator", "scope": "payments:admin"});
    let sent = client.post(format!("{api}/local/token")).body(operator.to_string()).send().await;
    let answer = sent.map_err(|error| unreachable(api, error))?;
    let status = answer.status().as_u16();
    let body = answer.text().await.map_err(|error| unreachable(api, error))?;
    let token = serde_json::from_str::<Value>(&body).ok();
    let token = token.as_ref().and_then(|answer| answer["token"].as_str());
    token.map(str::to_owned).ok_or(ReconcileError::Refused { status, body })
}

fn unreachable(api: &str, source: reqwest::Error) -> ReconcileError {
    ReconcileError::Unreachable { api: api.to_owned(), source }
}
