//! The state in which every schedule starts: creators with and without an account, made through the API as an
//! operator would.

use crate::actors::{CREATORS, PUT_ELIGIBILITY, PUT_ROLLOUT};
use crate::backends::Backends;
use crate::clock::{EPOCH_MS, VirtualClock};
use crate::currency::Currency;
use crate::gateway::{Invocation, handle};
use crate::network::{Network, Stage};
use crate::wiring::services;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use stripe_stand_in::Platform;

/// The creators of a platform, made once for each kind and currency, and copied for each schedule.
pub(crate) fn backends_with_creators(platform: Platform, currency: Currency) -> Backends {
    static BACKENDS: Mutex<BTreeMap<(String, &str, &str), Backends>> = Mutex::new(BTreeMap::new());
    let mut all = BACKENDS.lock().unwrap_or_else(PoisonError::into_inner);
    let created = || std::thread::spawn(move || create(platform, currency)).join().expect("the creators");
    all.entry((platform.to_string(), currency.code, currency.balance)).or_insert_with(created).clone()
}

fn create(platform: Platform, currency: Currency) -> Backends {
    crate::runtime().block_on(async {
        let mut backends = Backends::new(platform, currency);
        for creator in CREATORS {
            let mut body = json!({"receiving": "enabled", "reason": "simulated"});
            if creator != "cy" {
                body["stripe_account_id"] = backends.open_account(creator, currency).into();
            }
            if creator == "bo" {
                body["receiving"] = "by_rollout".into();
            }
            let change = Invocation::of_operator("op", PUT_ELIGIBILITY, &body);
            call(&mut backends, currency, change.with_parameter("creator_id", creator)).await;
        }
        let body = json!({"percentage": 100, "reason": "simulated"});
        call(&mut backends, currency, Invocation::of_operator("op", PUT_ROLLOUT, &body)).await;
        backends.discard_history();
        backends
    })
}

/// Calls a function over a network without faults.
async fn call(backends: &mut Backends, currency: Currency, invocation: Invocation) {
    let (network, clock) = (Network::default(), VirtualClock::start());
    let services = Arc::new(services(&network, &clock, backends.platform, currency));
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
