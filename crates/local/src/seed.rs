//! Demo creators, created through the public API as an operator would.

use serde_json::{Value, json};

/// A demo creator.
struct Creator {
    id: &'static str,
    receiving: &'static str,
    has_account: bool,
}

const CREATORS: [Creator; 3] = [
    Creator { id: "ana", receiving: "enabled", has_account: true },
    Creator { id: "bo", receiving: "by_rollout", has_account: true },
    Creator { id: "cy", receiving: "enabled", has_account: false },
];

/// Why not every demo creator was created.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// There was no answer, or it was not JSON.
    #[error("seeding creator {creator}: {source}")]
    Http { creator: &'static str, source: reqwest::Error },
    #[error("seeding creator {creator}: {path} answered {status}")]
    Refused { creator: &'static str, path: String, status: u16 },
}

/// Creates `ana`, `bo` and `cy`. Repetition changes nothing, so the next start can finish an interrupted one.
pub(crate) async fn seed(api: &str, stripe: &str, operator: &str, country: &str) -> Result<(), SeedError> {
    let client = reqwest::Client::new();
    for Creator { id, receiving, has_account } in CREATORS {
        let mut eligibility = json!({"receiving": receiving, "reason": "demo data"});
        if has_account {
            let path = "/stand_in/accounts";
            let request = client.post(format!("{stripe}{path}")).json(&account(id, country));
            eligibility["stripe_account_id"] = send(request, id, path).await?["id"].clone();
        }
        let path = format!("/v1/admin/creators/{id}/eligibility");
        let request = client.put(format!("{api}{path}")).bearer_auth(operator);
        let request = request.header("content-type", "application/json").body(eligibility.to_string());
        send(request, id, &path).await?;
    }
    Ok(())
}

/// An account in the platform's country that can receive at once. Its id is fixed, so that a repetition finds it.
fn account(creator: &str, country: &str) -> Value {
    json!({"id": format!("acct_1Demo{creator}"), "country": country, "metadata": {"creator_id": creator}})
}

async fn send(
    request: reqwest::RequestBuilder,
    creator: &'static str,
    path: &str,
) -> Result<Value, SeedError> {
    let http = |source| SeedError::Http { creator, source };
    let response = request.send().await.map_err(http)?;
    let status = response.status();
    if !status.is_success() {
        return Err(SeedError::Refused { creator, path: path.to_owned(), status: status.as_u16() });
    }
    response.json().await.map_err(http)
}
