//! Who does what, drawn from the seed.

mod creator;
mod delivery;
mod operator;
mod reconciler;
mod refunder;
mod sender;

pub(crate) use creator::onboarding;
pub(crate) use delivery::{WEBHOOKS, deliver, redeliver};
pub(crate) use operator::{PUT_ELIGIBILITY, WAVES};
pub(crate) use refunder::POST_REFUND;
pub(crate) use sender::POST_PAYMENTS;

use crate::outside::{Outside, Told};
use fastrand::Rng;
use futures_util::future::BoxFuture;

/// Creators: enabled with an account, left to the rollout with an account, enabled without an account.
pub(crate) const CREATORS: [&str; 3] = ["ana", "bo", "cy"];
/// Who has an account or may come to have one: of the creators, and one about whom nobody decided anything yet.
const LIVING: [&str; 5] = ["ana", "bo", "cy", NEW_CREATOR, NEW_CREATOR];
/// Nobody pays her, so that her account can be taken away.
pub(crate) const NEW_CREATOR: &str = "dee";

const HOUR_MS: u64 = 3_600_000;

/// Somebody, and what they will do.
pub(crate) struct Actor {
    pub(crate) name: String,
    pub(crate) script: BoxFuture<'static, ()>,
}

/// Everyone of one schedule.
pub(crate) fn cast(rng: &mut Rng, outside: &Outside) -> Vec<Actor> {
    let mut actors = Vec::new();
    for number in 0..rng.usize(1..=3) {
        let order = sender::Order::draw(rng, number);
        // The same order from two devices at once, now and then.
        let devices = if rng.u8(..3) == 0 { 2 } else { 1 };
        for device in 0..devices {
            actors.push(Actor {
                name: format!("{} device {device}, key {}", order.sender, order.key),
                script: Box::pin(sender::pay(outside.clone(), order.clone(), rng.fork())),
            });
        }
    }
    for number in 0..rng.usize(..=2) {
        actors.push(Actor {
            name: format!("operator {number}"),
            script: Box::pin(operator::operate(outside.clone(), rng.fork())),
        });
    }
    for number in 0..rng.usize(..=3) {
        actors.push(Actor {
            name: format!("refunder {number}"),
            script: Box::pin(refunder::refund(outside.clone(), rng.fork())),
        });
    }
    for number in 0..rng.usize(..=2) {
        actors.push(Actor {
            name: format!("reconciler {number}"),
            script: Box::pin(reconciler::reconcile(outside.clone(), rng.fork())),
        });
    }
    for _ in 0..rng.usize(..=2) {
        let creator = LIVING[rng.usize(..LIVING.len())];
        // From two devices at once, now and then.
        for device in 0..if rng.u8(..3) == 0 { 2 } else { 1 } {
            actors.push(Actor {
                name: format!("creator {creator}, device {device}"),
                script: Box::pin(creator::live(outside.clone(), creator, rng.fork())),
            });
        }
    }
    if rng.u8(..4) > 0 {
        actors.push(Actor { name: "fate".to_owned(), script: Box::pin(fate(outside.clone(), rng.fork())) });
    }
    actors
}

/// Things happen that we have no part in, at some distance.
async fn fate(outside: Outside, mut rng: Rng) {
    for _ in 0..rng.u8(1..12) {
        later(&outside, &mut rng).await;
        outside.tell(Told::Fate);
    }
}

/// Lets some time pass: seconds mostly, or hours, or days.
async fn later(outside: &Outside, rng: &mut Rng) {
    let ms = match rng.u8(..16) {
        0..=7 => rng.u64(1..5_000),
        8..=12 => rng.u64(5_000..600_000),
        13 | 14 => rng.u64(600_000..4 * HOUR_MS),
        _ => rng.u64(4 * HOUR_MS..30 * HOUR_MS),
    };
    outside.pause(ms).await;
}

/// Comes at once, or some time later.
async fn arrive(outside: &Outside, rng: &mut Rng) {
    match rng.u8(..16) {
        0..=7 => {}
        8..=14 => outside.pause(rng.u64(1..3_000)).await,
        _ => outside.pause(rng.u64(1..24 * HOUR_MS)).await,
    }
}

/// Waits before a request is repeated.
async fn wait_again(outside: &Outside, tries: u32) {
    outside.pause(200_u64 << tries.min(6)).await;
}
