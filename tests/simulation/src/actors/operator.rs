//! An operator: opens and closes, for one creator or for all.

use super::{CREATORS, arrive, wait_again};
use crate::gateway::Invocation;
use crate::network::Reply;
use crate::outside::Outside;
use fastrand::Rng;
use serde_json::{Value, json};

pub(crate) const PUT_ROLLOUT: &str = "PUT /v1/admin/rollout";
pub(crate) const PUT_ELIGIBILITY: &str = "PUT /v1/admin/creators/{creator_id}/eligibility";
const GET_ROLLOUT: &str = "GET /v1/admin/rollout";
const NAMES: [&str; 2] = ["op", "olga"];

/// A few changes, each repeated until it is answered.
pub(crate) async fn operate(outside: Outside, mut rng: Rng) {
    arrive(&outside, &mut rng).await;
    let name = NAMES[rng.usize(..NAMES.len())];
    for _ in 0..rng.u8(1..=3) {
        let etag = etag(&outside, &mut rng, name).await;
        let change = change(&mut rng);
        for tries in 0.. {
            let mut invocation = Invocation::of_operator(name, change.route, &change.body);
            if change.route == PUT_ELIGIBILITY {
                invocation = invocation.with_parameter("creator_id", change.creator);
            } else if let Some(etag) = &etag {
                invocation = invocation.with_header("if-match", etag.clone());
            }
            match outside.call(invocation).await.status() {
                0 | 429 | 500.. => wait_again(&outside, tries).await,
                _ => break,
            }
        }
    }
}

struct Change {
    route: &'static str,
    creator: &'static str,
    body: Value,
}

fn change(rng: &mut Rng) -> Change {
    let creator = CREATORS[rng.usize(..2)];
    match rng.u8(..6) {
        0 | 1 => {
            let receiving = ["enabled", "disabled", "by_rollout"][rng.usize(..3)];
            Change {
                route: PUT_ELIGIBILITY,
                creator,
                body: json!({"receiving": receiving, "reason": "simulated"}),
            }
        }
        2 => {
            let percentage = [0, 50, 100][rng.usize(..3)];
            Change {
                route: PUT_ROLLOUT,
                creator,
                body: json!({"percentage": percentage, "reason": "simulated"}),
            }
        }
        _ => {
            let body = json!({"paused": rng.bool(), "reason": "simulated"});
            Change { route: PUT_ROLLOUT, creator, body }
        }
    }
}

/// Now and then a change is only for what was seen.
async fn etag(outside: &Outside, rng: &mut Rng, name: &str) -> Option<String> {
    if rng.u8(..4) > 0 {
        return None;
    }
    match outside.call(Invocation::of_operator(name, GET_ROLLOUT, &Value::Null)).await {
        Reply::Http { status: 200, headers, .. } => headers.into_iter().next().map(|(_, etag)| etag),
        _ => None,
    }
}
