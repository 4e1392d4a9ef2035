//! How every schedule begins: creators in different states, made through the API as an operator would.

use crate::actors::CREATORS;
use crate::clock::{EPOCH_MS, VirtualClock};
use crate::gateway::{Invocation, handle};
use crate::network::{Network, Reply, Stage, Wire};
use crate::outside::Outside;
use crate::wiring::app;
use crate::world::World;
use serde_json::json;
use std::sync::{Arc, OnceLock};

/// The creators, made once and copied for each schedule.
pub(crate) fn stage() -> World {
    static STAGE: OnceLock<World> = OnceLock::new();
    STAGE.get_or_init(|| std::thread::spawn(set).join().expect("the stage is set")).clone()
}

fn set() -> World {
    let runtime = crate::runtime();
    runtime.block_on(async {
        let mut world = World::new();
        for creator in CREATORS {
            let mut body = json!({"receiving": "enabled", "reason": "simulated"});
            if creator != "cy" {
                body["stripe_account_id"] = world.open_account(creator).into();
            }
            if creator == "bo" {
                body["receiving"] = "by_rollout".into();
            }
            let change =
                Invocation::of_operator("op", "PUT /v1/admin/creators/{creator_id}/eligibility", &body);
            call(&mut world, change.with_parameter("creator_id", creator)).await;
        }
        let body = json!({"percentage": 100, "reason": "simulated"});
        call(&mut world, Invocation::of_operator("op", "PUT /v1/admin/rollout", &body)).await;
        world.forget_the_beginning();
        world
    })
}

/// Calls a function over a network without faults.
async fn call(world: &mut World, invocation: Invocation) {
    let (network, clock) = (Network::default(), VirtualClock::start());
    let outside = Outside::new(network.clone(), clock.clone());
    let app = Arc::new(app(&network, &clock));
    let mut handling = Box::pin(handle(app, Arc::new(invocation)));
    let reply = loop {
        if let std::task::Poll::Ready(reply) = futures_util::poll!(handling.as_mut()) {
            break reply;
        }
        for hop in outside.network.movable() {
            let wire = network.look(hop, |hop| hop.wire.clone()).expect("a request");
            let reply = match &*wire {
                Wire::Stripe(call) => world.stripe(call, EPOCH_MS),
                Wire::Table(operation, request) => {
                    let answer = world.operate(operation, request, EPOCH_MS);
                    Reply::json(answer.status, &answer.body)
                }
                Wire::Function(_) => unreachable!("functions do not call each other"),
            };
            network.put(hop, Stage::Arrived(reply));
        }
    };
    assert_eq!(reply.status(), 200, "{}", reply.body());
}
