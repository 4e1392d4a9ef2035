//! A creator: goes through Stripe's onboarding, changes their settings, blocks and unblocks senders.

use super::{delay, initial_delay, retry_delay, sender::SENDERS};
use crate::client::{Client, Message};
use crate::currency::Currency;
use crate::gateway::Invocation;
use crate::network::Reply;
use fastrand::Rng;
use http::Method;
use serde_json::{Value, json};

const POST_ONBOARDING: &str = "POST /v1/creators/{creator_id}/onboarding";
const GET_SETTINGS: &str = "GET /v1/creators/{creator_id}/settings";
const PUT_SETTINGS: &str = "PUT /v1/creators/{creator_id}/settings";
const PUT_BLOCK: &str = "PUT /v1/creators/{creator_id}/blocks/{sender_id}";
const DELETE_BLOCK: &str = "DELETE /v1/creators/{creator_id}/blocks/{sender_id}";
const PAGE: &str = "https://app.example/payments";
/// How often an unanswered request is repeated.
const TRIES: u32 = 8;

/// A few changes by one creator, each repeated until it is answered.
pub(crate) async fn use_app(client: Client, creator: &'static str, mut rng: Rng, currency: Currency) {
    initial_delay(&client, &mut rng).await;
    for _ in 0..rng.u8(1..=3) {
        match rng.u8(..8) {
            0..=4 => {
                if let Some(link) = until_answered(&client, || onboarding(creator)).await {
                    visit(&client, &link, &mut rng).await;
                    // Stripe sends the creator back to the app, which shows how far they are.
                    until_answered(&client, || of(creator, GET_SETTINGS, &Value::Null)).await;
                }
            }
            5 => {
                let least = [None, Some(60), Some(500)][rng.usize(..3)].map(|cents| currency.of_cents(cents));
                let presets = [500, 1_000].map(|cents| currency.of_cents(cents));
                let body = json!({"min_amount": least, "presets": presets});
                until_answered(&client, || of(creator, PUT_SETTINGS, &body)).await;
            }
            _ => {
                let sender = SENDERS[rng.usize(..SENDERS.len())];
                let route = if rng.bool() { PUT_BLOCK } else { DELETE_BLOCK };
                let block = || of(creator, route, &Value::Null).with_parameter("sender_id", sender);
                until_answered(&client, block).await;
            }
        }
        delay(&client, &mut rng).await;
    }
}

/// The request that starts or continues an onboarding with Stripe.
pub(crate) fn onboarding(creator: &str) -> Invocation {
    of(
        creator,
        POST_ONBOARDING,
        &json!({"return_url": PAGE, "refresh_url": PAGE, "email": format!("{creator}@example.com")}),
    )
}

fn of(creator: &str, route: &'static str, body: &Value) -> Invocation {
    Invocation::of_user(creator, route, body).with_parameter("creator_id", creator)
}

/// The body of the answer; none when there is none for long. Nothing that a creator does here may be refused.
async fn until_answered(client: &Client, ask: impl Fn() -> Invocation) -> Option<Value> {
    for tries in 0..TRIES {
        let reply: Reply = client.call(ask()).await;
        match reply.status() {
            200 | 204 => return Some(reply.body()),
            0 | 409 | 429 | 500.. => retry_delay(client, tries).await,
            status => {
                let (route, body) = (ask().route, reply.body());
                client.report(Message::Violation(format!("{route} is answered {status}: {body}")));
                return None;
            }
        }
    }
    None
}

/// Acts on the page of the onboarding.
async fn visit(client: &Client, link: &Value, rng: &mut Rng) {
    let action = ["finish", "finish", "finish", "review", "partly", "leave"][rng.usize(..6)];
    let page = link["url"].as_str().unwrap_or_default();
    client.stripe(Method::POST, &format!("{page}/{action}"), &[]).await;
}
