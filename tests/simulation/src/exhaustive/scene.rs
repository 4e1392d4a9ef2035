//! Where the deeds begin: one payment, in a state in which they get in each other's way.

use super::Deed;
use crate::actors::{POST_PAYMENTS, POST_REFUND, PUT_ELIGIBILITY, WEBHOOKS};
use crate::gateway::{Invocation, RECONCILE};
use crate::invariants::Invariants;
use crate::outside::secret_call;
use crate::simulation::{Plan, Simulation};
use crate::wiring::SIGNING_SECRET;
use crate::world::World;
use http::Method;
use payments::Secret;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// One payment, what is known of it, and the events that are delivered.
#[derive(Clone)]
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) invariants: Invariants,
    payment: String,
    events: [String; 2],
    now_s: i64,
}

/// The row is there, the intent too and paid, and the creation was ended before it heard of it.
pub(super) fn known_at_stripe_alone() -> Scene {
    static SCENE: OnceLock<Scene> = OnceLock::new();
    SCENE.get_or_init(|| set(false)).clone()
}

/// Paid and settled; a part was refunded by hand, with a reversal, and nobody told us yet.
pub(super) fn settled_and_refunded() -> Scene {
    static SCENE: OnceLock<Scene> = OnceLock::new();
    SCENE.get_or_init(|| set(true)).clone()
}

fn set(settled: bool) -> Scene {
    crate::runtime().block_on(tokio::task::unconstrained(async {
        let mut simulation =
            Simulation::staged(crate::stage::stage(), Invariants::default(), Plan { webhooks: true }, false);
        let created = simulation.create_and_crash(creation()).await.expect("an intent");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (intent, payment) = (text(&created["id"]), text(&created["metadata"]["payment_id"]));
        let path = format!("/v1/payment_intents/{intent}/confirm");
        let paid = simulation.by_hand(&secret_call(Method::POST, &path, "", "payment_method=pm_card_visa"));
        let mut kinds = ["payment_intent.succeeded", "charge.succeeded"];
        if settled {
            let known = simulation.take_events();
            for kind in kinds {
                simulation.webhook(&body_of(&known, kind)).await.expect("it is applied");
            }
            let charge = text(&paid["latest_charge"]);
            let body = format!("charge={charge}&amount=400&reverse_transfer=true");
            simulation.by_hand(&secret_call(Method::POST, "/v1/refunds", "", &body));
            kinds = ["refund.created", "transfer.reversed"];
        }
        let told = simulation.take_events();
        let now_s = simulation.now_ms().div_euclid(1000);
        let Simulation { world, invariants, .. } = simulation;
        Scene { world, invariants, payment, events: kinds.map(|kind| body_of(&told, kind)), now_s }
    }))
}

fn body_of(events: &[String], kind: &str) -> String {
    let is_it = |body: &&String| serde_json::from_str::<Value>(body).is_ok_and(|event| event["type"] == kind);
    events.iter().find(is_it).unwrap_or_else(|| panic!("no {kind} was told")).clone()
}

fn creation() -> Invocation {
    let body = json!({"creator_id": "ana", "amount": 1_000, "currency": "usd"});
    Invocation::of_user("sam", POST_PAYMENTS, &body).with_header("idempotency-key", "key-0")
}

impl Scene {
    /// The request that does a deed.
    pub(super) fn invocation(&self, deed: Deed) -> Invocation {
        match deed {
            Deed::Delivery => self.delivery(0),
            Deed::OtherDelivery => self.delivery(1),
            Deed::Create => creation(),
            Deed::Toggle => {
                let body = json!({"receiving": "disabled", "reason": "simulated"});
                Invocation::of_operator("op", PUT_ELIGIBILITY, &body).with_parameter("creator_id", "ana")
            }
            Deed::Refund => Invocation::of_operator("op", POST_REFUND, &json!({}))
                .with_parameter("payment_id", self.payment.clone())
                .with_header("idempotency-key", "refund-0"),
            Deed::Sweep => Invocation::of_operator("op", RECONCILE, &Value::Null),
        }
    }

    fn delivery(&self, number: usize) -> Invocation {
        let body = self.events[number].clone();
        let signature = payments_stripe::sign(&Secret::new(SIGNING_SECRET), self.now_s, body.as_bytes());
        Invocation { route: WEBHOOKS, body, ..Invocation::default() }
            .with_header("stripe-signature", signature)
    }
}
