//! The callers of the service: senders, creators, operators, refunders, reconcilers and Stripe. Each is a future drawn
//! from the seed.

mod creator;
mod delivery;
mod operator;
mod reconciler;
mod refunder;
mod sender;

pub(crate) use creator::onboarding;
pub(crate) use delivery::{deliver, redeliver};
pub(crate) use operator::{PUT_ELIGIBILITY, PUT_ROLLOUT, WAVES};
pub(crate) use refunder::POST_REFUND;
pub(crate) use sender::POST_PAYMENTS;

use crate::client::{Client, Message};
use crate::currency::Currency;
use fastrand::Rng;
use futures_util::future::BoxFuture;

/// The creators of the fixture: enabled with an account, left to the rollout with an account, enabled without one,
/// and enabled with an account in another currency.
pub(crate) const CREATORS: [&str; 4] = ["ana", "bo", "cy", ISA];
/// A creator paid in Icelandic krónur, in which our configuration wrongly says that the platform settles. The least amount
/// is worth too little to Stripe after its conversion.
pub(crate) const ISA: &str = "isa";
/// Creators who may go through onboarding.
const ONBOARDING: [&str; 5] = ["ana", "bo", "cy", NEW_CREATOR, NEW_CREATOR];
/// A creator unknown at the start. Nobody pays her, so that her account can be disconnected.
pub(crate) const NEW_CREATOR: &str = "dee";

const HOUR_MS: u64 = 3_600_000;

/// A named future for the scheduler.
pub(crate) struct Actor {
    pub(crate) name: String,
    pub(crate) future: BoxFuture<'static, ()>,
}

/// Draws the actors of one schedule.
pub(crate) fn draw_actors(
    rng: &mut Rng,
    client: &Client,
    currency: Currency,
    is_faultless: bool,
) -> Vec<Actor> {
    let mut actors = Vec::new();
    for number in 0..rng.usize(1..=3) {
        let payment = sender::CreatePayment::draw(rng, number, currency);
        // Sometimes the same payment from two devices at once.
        let devices = if rng.u8(..3) == 0 { 2 } else { 1 };
        for device in 0..devices {
            actors.push(Actor {
                name: format!("{} device {device}, key {}", payment.sender, payment.key),
                future: Box::pin(sender::pay(client.clone(), payment.clone(), rng.fork())),
            });
        }
    }
    for number in 0..rng.usize(..=2) {
        actors.push(Actor {
            name: format!("operator {number}"),
            future: Box::pin(operator::operate(client.clone(), rng.fork())),
        });
    }
    for number in 0..rng.usize(..=3) {
        actors.push(Actor {
            name: format!("refunder {number}"),
            future: Box::pin(refunder::refund(client.clone(), rng.fork(), currency)),
        });
    }
    for number in 0..rng.usize(..=2) {
        actors.push(Actor {
            name: format!("reconciler {number}"),
            future: Box::pin(reconciler::reconcile(client.clone(), rng.fork())),
        });
    }
    for _ in 0..rng.usize(..=2) {
        let creator = ONBOARDING[rng.usize(..ONBOARDING.len())];
        // Sometimes from two devices at once.
        for device in 0..if rng.u8(..3) == 0 { 2 } else { 1 } {
            actors.push(Actor {
                name: format!("creator {creator}, device {device}"),
                future: Box::pin(creator::use_app(client.clone(), creator, rng.fork(), currency)),
            });
        }
    }
    if rng.u8(..4) > 0 {
        actors.push(Actor {
            name: "external events".to_owned(),
            future: Box::pin(external_events(client.clone(), rng.fork())),
        });
    }
    if !is_faultless && rng.u8(..3) == 0 {
        actors
            .push(Actor { name: "damage".to_owned(), future: Box::pin(damage(client.clone(), rng.fork())) });
    }
    actors
}

/// Lets items become unreadable and readable again, at intervals.
async fn damage(client: Client, mut rng: Rng) {
    for _ in 0..rng.u8(1..10) {
        if rng.bool() {
            client.pause(rng.u64(1..2_000)).await;
        } else {
            delay(&client, &mut rng).await;
        }
        client.report(Message::DamageDue);
    }
}

/// Lets events happen at Stripe that we have no part in, at intervals.
async fn external_events(client: Client, mut rng: Rng) {
    for _ in 0..rng.u8(1..12) {
        delay(&client, &mut rng).await;
        client.report(Message::ExternalEventDue);
    }
}

/// Pauses for seconds, for hours, or for days.
async fn delay(client: &Client, rng: &mut Rng) {
    let ms = match rng.u8(..16) {
        0..=7 => rng.u64(1..5_000),
        8..=12 => rng.u64(5_000..600_000),
        13 | 14 => rng.u64(600_000..4 * HOUR_MS),
        _ => rng.u64(4 * HOUR_MS..30 * HOUR_MS),
    };
    client.pause(ms).await;
}

/// Starts at once, or after a while.
async fn initial_delay(client: &Client, rng: &mut Rng) {
    match rng.u8(..16) {
        0..=7 => {}
        8..=14 => client.pause(rng.u64(1..3_000)).await,
        _ => client.pause(rng.u64(1..24 * HOUR_MS)).await,
    }
}

/// Backs off before a request is repeated.
async fn retry_delay(client: &Client, tries: u32) {
    client.pause(200_u64 << tries.min(6)).await;
}
