//! Stripe delivers an event.

use crate::client::{Client, Message};
use crate::gateway::Invocation;
use std::time::Duration;
use stripe_stand_in::{Attempt, Delivered};

/// How long Stripe waits for an answer.
const STRIPE_TIMEOUT: Duration = Duration::from_secs(10);

/// One attempt, signed when it is sent. Stripe makes another one after a failure.
pub(crate) async fn deliver(client: Client, attempt: Attempt) {
    let accepted = send(&client, attempt.body.clone()).await;
    client.report(Message::Delivered(attempt, if accepted { Delivered::Yes } else { Delivered::No }));
}

/// Delivers an earlier event again, freshly signed; its outcome changes nothing at Stripe.
pub(crate) async fn redeliver(client: Client, body: String) {
    send(&client, body).await;
}

async fn send(client: &Client, body: String) -> bool {
    let invocation = Invocation::of_stripe(body, client.clock.now_ms());
    (200..300).contains(&client.call_within(STRIPE_TIMEOUT, invocation).await.status())
}
