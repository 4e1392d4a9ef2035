//! The state in which every schedule starts: creators with and without an account, made through the API as an
//! operator would.

use crate::actors::{CREATORS, PUT_ELIGIBILITY, PUT_ROLLOUT};
use crate::backends::Backends;
use crate::clock::{EPOCH_MS, VirtualClock};
use crate::gateway::{Invocation, handle};
use crate::network::{Network, Stage};
use crate::wiring::services;
use serde_json::json;
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use stripe_stand_in::Platform;

/// The creators of a platform that opens accounts by v2, made once and copied for each schedule.
pub(crate) fn backends_with_creators() -> Backends {
    static BACKENDS: OnceLock<Backends> = OnceLock::new();
    BACKENDS.get_or_init(|| created(Platform::AccountsV2)).clone()
}

/// The same of a platform that opens accounts by v1.
pub(crate) fn backends_of_v1() -> Backends {
    static BACKENDS: OnceLock<Backends> = OnceLock::new();
    BACKENDS.get_or_init(|| created(Platform::AccountsV1)).clone()
}

fn created(platform: Platform) -> Backends {
    std::thread::spawn(move || create(platform)).join().expect("the creators")
}

fn create(platform: Platform) -> Backends {
    crate::runtime().block_on(async {
        let mut backends = Backends::new(platform);
        for creator in CREATORS {
            let mut body = json!({"receiving": "enabled", "reason": "simulated"});
            if creator != "cy" {
                body["stripe_account_id"] = backends.open_account(creator).into();
            }
            if creator == "bo" {
                body["receiving"] = "by_rollout".into();
            }
            let change = Invocation::of_operator("op", PUT_ELIGIBILITY, &body);
            call(&mut backends, change.with_parameter("creator_id", creator)).await;
        }
        let body = json!({"percentage": 100, "reason": "simulated"});
        call(&mut backends, Invocation::of_operator("op", PUT_ROLLOUT, &body)).await;
        backends.discard_history();
        backends
    })
}

/// Calls a function over a network without faults.
async fn call(backends: &mut Backends, invocation: Invocation) {
    let (network, clock) = (Network::default(), VirtualClock::start());
    let services = Arc::new(services(&network, &clock, backends.platform));
    let mut handling = Box::pin(handle(services, Arc::new(invocation)));
    let reply = loop {
        if let Poll::Ready(reply) = futures_util::poll!(handling.as_mut()) {
            break reply;
        }
        for hop in network.deliverable() {
            let request = network.with_hop(hop, |hop| hop.request.clone()).expect("a request");
            network.set_stage(hop, Stage::Arrived(backends.answer(&request, EPOCH_MS)));
        }
    };
    assert_eq!(reply.status(), 200, "{}", reply.body());
}
