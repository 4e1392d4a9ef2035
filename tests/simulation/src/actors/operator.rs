//! An operator: enables and disables one creator, changes the rollout, edits waves, holds senders and lifts holds.

use super::{CREATORS, initial_delay, retry_delay, sender::SENDERS};
use crate::client::Client;
use crate::gateway::Invocation;
use crate::network::Reply;
use fastrand::Rng;
use serde_json::{Value, json};

pub(crate) const PUT_ROLLOUT: &str = "PUT /v1/admin/rollout";
pub(crate) const PUT_ELIGIBILITY: &str = "PUT /v1/admin/creators/{creator_id}/eligibility";
const PUT_WAVE: &str = "PUT /v1/admin/waves/{name}";
const POST_ROLLBACK: &str = "POST /v1/admin/waves/{name}/rollback";
const POST_RESUME: &str = "POST /v1/admin/waves/{name}/resume";
const GET_SENDER: &str = "GET /v1/admin/senders/{sender_id}";
const PUT_SENDER: &str = "PUT /v1/admin/senders/{sender_id}";
pub(crate) const WAVES: [&str; 2] = ["first", "second"];
const GET_ROLLOUT: &str = "GET /v1/admin/rollout";
const NAMES: [&str; 2] = ["op", "olga"];

/// A few changes, each repeated until it is answered.
pub(crate) async fn operate(client: Client, mut rng: Rng) {
    initial_delay(&client, &mut rng).await;
    let name = NAMES[rng.usize(..NAMES.len())];
    for _ in 0..rng.u8(1..=3) {
        let etag = etag(&client, &mut rng, name).await;
        let change = match rng.u8(..6) {
            0 => sender_change(&client, &mut rng, name).await,
            _ => change(&mut rng),
        };
        for tries in 0.. {
            let mut invocation = Invocation::of_operator(name, change.route, &change.body);
            if let Some((name, value)) = change.parameter {
                invocation = invocation.with_parameter(name, value);
            } else if let Some(etag) = &etag {
                invocation = invocation.with_header("if-match", etag.clone());
            }
            match client.call(invocation).await.status() {
                0 | 429 | 500.. => retry_delay(&client, tries).await,
                _ => break,
            }
        }
    }
}

struct Change {
    route: &'static str,
    parameter: Option<(&'static str, &'static str)>,
    body: Value,
}

fn change(rng: &mut Rng) -> Change {
    match rng.u8(..9) {
        0 | 1 => {
            let receiving = ["enabled", "disabled", "by_rollout"][rng.usize(..3)];
            Change {
                route: PUT_ELIGIBILITY,
                parameter: Some(("creator_id", CREATORS[rng.usize(..2)])),
                body: json!({"receiving": receiving, "reason": "simulated"}),
            }
        }
        2 | 3 => {
            let percentage = [0, 0, 50, 100][rng.usize(..4)];
            let body = json!({"percentage": percentage, "reason": "simulated"});
            Change { route: PUT_ROLLOUT, parameter: None, body }
        }
        4..=6 => wave_change(rng),
        _ => {
            let mut body = json!({"paused": rng.bool(), "reason": "simulated"});
            if rng.u8(..3) == 0 {
                body["cancel_open"] = true.into();
            }
            Change { route: PUT_ROLLOUT, parameter: None, body }
        }
    }
}

/// Lifts whatever holds a sender, or holds or releases the sender by hand.
async fn sender_change(client: &Client, rng: &mut Rng, name: &str) -> Change {
    let sender = SENDERS[rng.usize(..SENDERS.len())];
    let asked = Invocation::of_operator(name, GET_SENDER, &Value::Null).with_parameter("sender_id", sender);
    let shown = client.call(asked).await.body();
    let disputes = shown["disputes"].as_array().into_iter().flatten();
    let holding: Vec<&Value> = disputes.map(|dispute| &dispute["dispute_id"]).collect();
    let body = match holding.is_empty() {
        true => json!({"hold": rng.u8(..3) == 0, "reason": "simulated"}),
        false => json!({"lift": holding, "reason": "simulated"}),
    };
    Change { route: PUT_SENDER, parameter: Some(("sender_id", sender)), body }
}

fn wave_change(rng: &mut Rng) -> Change {
    let parameter = Some(("name", WAVES[rng.usize(..WAVES.len())]));
    let mut body = json!({"reason": "simulated"});
    let route = match rng.u8(..8) {
        0 => POST_ROLLBACK,
        1 => POST_RESUME,
        _ => {
            let list = ["add", "add", "remove", "deny"][rng.usize(..4)];
            body[list] = json!([CREATORS[rng.usize(..2)]]);
            if rng.bool() {
                body["percentage"] = [0, 50, 100][rng.usize(..3)].into();
            }
            if rng.u8(..3) == 0 {
                // Halts at the first dispute, or when two of three charges fail.
                body["halt"] = json!({"dispute_rate_ppm": 1, "failure_rate_ppm": 600_000, "min_payments": 1});
            }
            PUT_WAVE
        }
    };
    Change { route, parameter, body }
}

/// Sometimes a change depends on the version that was read.
async fn etag(client: &Client, rng: &mut Rng, name: &str) -> Option<String> {
    if rng.u8(..4) > 0 {
        return None;
    }
    match client.call(Invocation::of_operator(name, GET_ROLLOUT, &Value::Null)).await {
        Reply::Http { status: 200, headers, .. } => headers.into_iter().next().map(|(_, etag)| etag),
        Reply::Http { .. } | Reply::Lost => None,
    }
}
