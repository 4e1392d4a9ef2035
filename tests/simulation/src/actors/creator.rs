//! A creator: goes through Stripe's onboarding, sets their own terms, blocks senders and lets them in again.

use super::{arrive, later, sender::SENDERS, wait_again};
use crate::gateway::Invocation;
use crate::network::Reply;
use crate::outside::{Outside, Told};
use fastrand::Rng;
use http::Method;
use serde_json::{Value, json};

const POST_ONBOARDING: &str = "POST /v1/creators/{creator_id}/onboarding";
const PUT_SETTINGS: &str = "PUT /v1/creators/{creator_id}/settings";
const PUT_BLOCK: &str = "PUT /v1/creators/{creator_id}/blocks/{sender_id}";
const DELETE_BLOCK: &str = "DELETE /v1/creators/{creator_id}/blocks/{sender_id}";
/// A page of the app.
const PAGE: &str = "https://app.example/payments";
/// How often a request is repeated that is not answered.
const TRIES: u32 = 8;

/// A few deeds of one creator, each repeated until it is answered.
pub(crate) async fn live(outside: Outside, creator: &'static str, mut rng: Rng) {
    arrive(&outside, &mut rng).await;
    for _ in 0..rng.u8(1..=3) {
        match rng.u8(..8) {
            0..=4 => {
                if let Some(link) = until_answered(&outside, || onboarding(creator)).await {
                    visit(&outside, &link, &mut rng).await;
                }
            }
            5 => {
                let least = [json!(null), json!(60), json!(500)][rng.usize(..3)].clone();
                let body = json!({"min_amount": least, "presets": [500, 1_000]});
                until_answered(&outside, || of(creator, PUT_SETTINGS, &body)).await;
            }
            _ => {
                let sender = SENDERS[rng.usize(..SENDERS.len())];
                let route = if rng.bool() { PUT_BLOCK } else { DELETE_BLOCK };
                let block = || of(creator, route, &Value::Null).with_parameter("sender_id", sender);
                until_answered(&outside, block).await;
            }
        }
        later(&outside, &mut rng).await;
    }
}

/// A creator asks for their way into Stripe's onboarding.
pub(crate) fn onboarding(creator: &str) -> Invocation {
    of(creator, POST_ONBOARDING, &json!({"return_url": PAGE, "refresh_url": PAGE}))
}

fn of(creator: &str, route: &'static str, body: &Value) -> Invocation {
    Invocation::of_user(creator, route, body).with_parameter("creator_id", creator)
}

/// The answer; none when nobody answers for long. Nothing that a creator does here may be refused.
async fn until_answered(outside: &Outside, ask: impl Fn() -> Invocation) -> Option<Value> {
    for tries in 0..TRIES {
        let reply: Reply = outside.call(ask()).await;
        match reply.status() {
            200 | 204 => return Some(reply.body()),
            0 | 409 | 429 | 500.. => wait_again(outside, tries).await,
            status => {
                let (route, body) = (ask().route, reply.body());
                outside.tell(Told::Wrong(format!("{route} is answered {status}: {body}")));
                return None;
            }
        }
    }
    None
}

/// What a creator does on the page of their onboarding.
async fn visit(outside: &Outside, link: &Value, rng: &mut Rng) {
    let deed = ["finish", "finish", "finish", "review", "partly", "leave"][rng.usize(..6)];
    let page = link["url"].as_str().unwrap_or_default();
    outside.stripe(Method::POST, &format!("{page}/{deed}"), &[]).await;
}
