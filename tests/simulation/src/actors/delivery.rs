//! Stripe delivers an event.

use crate::gateway::Invocation;
use crate::outside::{Outside, Told};
use crate::wiring::SIGNING_SECRET;
use payments::Secret;
use std::time::Duration;
use stripe_stand_in::{Attempt, Delivered};

/// How long Stripe waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
pub(crate) const WEBHOOKS: &str = "POST /v1/stripe/webhooks";

/// One delivery, signed when it is sent; another attempt follows a failure, as Stripe's do.
pub(crate) async fn deliver(outside: Outside, attempt: Attempt) {
    let accepted = send(&outside, attempt.body.clone()).await;
    outside.tell(Told::Delivered(attempt, if accepted { Delivered::Yes } else { Delivered::No }));
}

/// An event that was told before comes again, freshly signed; nobody minds what becomes of it.
pub(crate) async fn redeliver(outside: Outside, body: String) {
    send(&outside, body).await;
}

async fn send(outside: &Outside, body: String) -> bool {
    let now_s = outside.clock.now_ms().div_euclid(1000);
    let signature = payments_stripe::sign(&Secret::new(SIGNING_SECRET), now_s, body.as_bytes());
    let invocation = Invocation { route: WEBHOOKS, body, ..Invocation::default() }
        .with_header("stripe-signature", signature);
    (200..300).contains(&outside.call_within(PATIENCE, invocation).await.status())
}
