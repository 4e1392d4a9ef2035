//! Who does what, drawn from the seed.

mod delivery;
mod operator;
mod sender;

pub(crate) use delivery::{WEBHOOKS, deliver};
pub(crate) use sender::POST_PAYMENTS;

use crate::outside::Outside;
use fastrand::Rng;
use futures_util::future::BoxFuture;

/// Creators: enabled with an account, left to the rollout with an account, enabled without an account.
pub(crate) const CREATORS: [&str; 3] = ["ana", "bo", "cy"];

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
    actors
}

/// Comes at once, or some time later.
async fn arrive(outside: &Outside, rng: &mut Rng) {
    if rng.bool() {
        outside.pause(rng.u64(1..3_000)).await;
    }
}

/// Waits before a request is repeated.
async fn wait_again(outside: &Outside, tries: u32) {
    outside.pause(200_u64 << tries.min(6)).await;
}
