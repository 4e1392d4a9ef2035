//! The state in which the actions start: one payment that each of them changes.

use super::Action;
use crate::actors::{POST_PAYMENTS, POST_REFUND, PUT_ELIGIBILITY};
use crate::backends::Backends;
use crate::client::secret_call;
use crate::currency::USD;
use crate::fixture::backends_with_creators;
use crate::gateway::{Invocation, RECONCILE};
use crate::invariants::Invariants;
use crate::plan::Plan;
use crate::simulation::Simulation;
use http::Method;
use serde_json::{Value, json};
use std::sync::OnceLock;
use stripe_stand_in::Platform;

/// A payment, and the events about it that are delivered.
#[derive(Clone)]
pub(super) struct Fixture {
    pub(super) backends: Backends,
    pub(super) invariants: Invariants,
    payment: String,
    events: [String; 2],
    now_ms: i64,
}

/// The creation crashed before Stripe's answer arrived: the row has no intent, and the intent is paid.
pub(super) fn intent_unknown_to_us() -> Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| create(false)).clone()
}

/// Paid and settled here; a part is refunded at Stripe with a reversal, whose events are not delivered yet.
pub(super) fn paid_and_refunded_at_stripe() -> Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| create(true)).clone()
}

fn create(is_paid: bool) -> Fixture {
    crate::runtime().block_on(tokio::task::unconstrained(async {
        let mut simulation = Simulation::without_actors(
            backends_with_creators(Platform::AccountsV2, USD),
            Invariants::default(),
            Plan::WITH_WEBHOOKS,
            false,
        );
        let created = simulation.create_and_crash(creation()).await.expect("an intent");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (intent, payment) = (text(&created["id"]), text(&created["metadata"]["payment_id"]));
        let path = format!("/v1/payment_intents/{intent}/confirm");
        let paid =
            simulation.act_at_stripe(&secret_call(Method::POST, &path, "", "payment_method=pm_card_visa"));
        let mut kinds = ["payment_intent.succeeded", "charge.succeeded"];
        if is_paid {
            let events = simulation.event_bodies();
            for kind in kinds {
                simulation.deliver_event(&body_of(&events, kind)).await.expect("it is applied");
            }
            let charge = text(&paid["latest_charge"]);
            let body = format!("charge={charge}&amount=400&reverse_transfer=true");
            simulation.act_at_stripe(&secret_call(Method::POST, "/v1/refunds", "", &body));
            kinds = ["refund.created", "transfer.reversed"];
        }
        let events = simulation.event_bodies();
        let now_ms = simulation.now_ms();
        let Simulation { backends, invariants, .. } = simulation;
        Fixture { backends, invariants, payment, events: kinds.map(|kind| body_of(&events, kind)), now_ms }
    }))
}

fn body_of(events: &[String], kind: &str) -> String {
    let is_it = |body: &&String| serde_json::from_str::<Value>(body).is_ok_and(|event| event["type"] == kind);
    events.iter().find(is_it).unwrap_or_else(|| panic!("there is no {kind}")).clone()
}

fn creation() -> Invocation {
    let body = json!({"creator_id": "ana", "amount": 1_000, "currency": "usd"});
    Invocation::of_user("sam", POST_PAYMENTS, &body).with_header("idempotency-key", "key-0")
}

impl Fixture {
    /// The request of an action.
    pub(super) fn invocation(&self, action: Action) -> Invocation {
        match action {
            Action::Delivery => self.delivery(0),
            Action::OtherDelivery => self.delivery(1),
            Action::Create => creation(),
            Action::DisableCreator => {
                let body = json!({"receiving": "disabled", "reason": "simulated"});
                Invocation::of_operator("op", PUT_ELIGIBILITY, &body).with_parameter("creator_id", "ana")
            }
            Action::Refund => Invocation::of_operator("op", POST_REFUND, &json!({}))
                .with_parameter("payment_id", self.payment.clone())
                .with_header("idempotency-key", "refund-0"),
            Action::Reconcile => Invocation::of_operator("op", RECONCILE, &Value::Null),
        }
    }

    fn delivery(&self, number: usize) -> Invocation {
        Invocation::of_stripe(self.events[number].clone(), self.now_ms)
    }
}
