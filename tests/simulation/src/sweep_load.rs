//! How long the sweep takes for many payments: the real function over the simulated table and the stand-in, on a virtual
//! clock on which each request takes the time that the model assumes. `model` predicts it from what was requested.

mod latencies;
mod model;

pub use model::{Assumptions, Demand, MODELLED, table};

use crate::backends::Backends;
use crate::client::secret_call;
use crate::clock::VirtualClock;
use crate::currency::USD;
use crate::fixture::backends_with_creators;
use crate::gateway::{Invocation, SCHEDULE, handle};
use crate::network::{Network, Reply};
use crate::wiring::services;
use http::Method;
use latencies::Latencies;
use payments::SenderLimits;
use payments_services::Services;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use stripe_stand_in::{Delivered, Platform};

/// The pause between two payments: 200 of them in a second.
const BETWEEN_PAYMENTS: Duration = Duration::from_millis(5);
/// Longer than the first pass waits.
const UNTIL_FIRST_PASS: Duration = Duration::from_secs(900);
const DAY: Duration = Duration::from_secs(86_400);
/// More scheduled slices than a pass takes.
const SLICES_MAX: usize = 50;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweepLoadReport {
    pub payments: u64,
    /// Virtual time of the first pass and of the late one.
    pub passes_ms: [u64; 2],
    /// Requests of both passes.
    pub demand: Demand,
}

/// Sweeps payments that all succeeded; `told` by webhooks, or known from the sweep alone.
///
/// # Errors
/// Whatever a reconciliation reports.
pub fn sweep_load(payments: u32, told: bool) -> Result<SweepLoadReport, String> {
    crate::runtime().block_on(async {
        let mut load = Load::new();
        // The first run reaches back a month, and reads the accounts.
        load.scheduled().await?;
        load.pay(payments).await?;
        if told {
            load.deliver().await?;
        }
        load.latencies.count();
        tokio::time::advance(UNTIL_FIRST_PASS).await;
        let first = load.timed_run().await?;
        tokio::time::advance(DAY).await;
        let late = load.timed_run().await?;
        let demand = load.latencies.count();
        Ok(SweepLoadReport { payments: payments.into(), passes_ms: [first, late], demand })
    })
}

struct Load {
    latencies: Latencies,
    clock: VirtualClock,
    services: Arc<Services>,
    /// Of the sweep: at its own rate.
    sweeper: Arc<Services>,
}

impl Load {
    fn new() -> Self {
        let backends: Backends = backends_with_creators(Platform::AccountsV2, USD);
        let (network, clock) = (Network::default(), VirtualClock::start());
        let [services, sweeper] = [None, Some(MODELLED.stripe_a_second)].map(|rate| {
            let mut services = services(&network, &clock, Platform::AccountsV2, USD);
            services.config.policy.senders = SenderLimits::default();
            services.stripe = match rate {
                Some(rate) => services.stripe.with_rate(rate),
                None => services.stripe,
            };
            Arc::new(services)
        });
        let latencies = Latencies::new(network, backends, clock.clone());
        Self { latencies, clock, services, sweeper }
    }

    async fn pay(&mut self, payments: u32) -> Result<(), String> {
        for number in 0..payments {
            let body = json!({"creator_id": "ana", "amount": 1_000, "currency": "usd"});
            let request = Invocation::of_user(&format!("sender-{number}"), "POST /v1/payments", &body);
            let created = self.at_once(request.with_header("idempotency-key", "k")).await?;
            let intent = created["stripe_payment_intent_id"].as_str().unwrap_or_default();
            let path = format!("/v1/payment_intents/{intent}/confirm");
            let confirm = secret_call(Method::POST, &path, "", "payment_method=pm_card_visa");
            succeeded(&self.latencies.backends.call_stripe(&confirm, self.clock.now_ms()))?;
            tokio::time::advance(BETWEEN_PAYMENTS).await;
        }
        Ok(())
    }

    async fn deliver(&mut self) -> Result<(), String> {
        loop {
            let now_ms = self.clock.now_ms();
            let attempts = self.latencies.backends.stripe.due_deliveries(now_ms, 100);
            if attempts.is_empty() {
                return Ok(());
            }
            for attempt in attempts {
                self.at_once(Invocation::of_stripe(attempt.body.clone(), now_ms)).await?;
                self.latencies.backends.stripe.delivered(&attempt, Delivered::Yes, now_ms);
            }
        }
    }

    async fn timed_run(&mut self) -> Result<u64, String> {
        let began_ms = self.clock.now_ms();
        self.scheduled().await?;
        Ok(u64::try_from(self.clock.now_ms() - began_ms).unwrap_or_default())
    }

    /// Scheduled slices until a run is finished.
    async fn scheduled(&mut self) -> Result<(), String> {
        for _ in 0..SLICES_MAX {
            let scheduled = Invocation { route: SCHEDULE, ..Invocation::default() };
            let handling = Box::pin(handle(self.sweeper.clone(), Arc::new(scheduled)));
            let reply = self.latencies.drive(handling).await;
            if reply.status() != 200 {
                return Err(format!("a slice is answered {}: {}", reply.status(), reply.body()));
            }
            let drift = Invocation::of_operator("op", "GET /v1/admin/drift", &Value::Null);
            let drift = self.at_once(drift).await?;
            if drift["current"].is_null() {
                return match drift["last"]["differences_found"] == 0 {
                    true => Ok(()),
                    false => Err(drift.to_string()),
                };
            }
        }
        Err("a run does not end".to_owned())
    }

    /// Calls a function while requests take no time, and are not counted.
    async fn at_once(&mut self, invocation: Invocation) -> Result<Value, String> {
        let handling = Box::pin(handle(self.services.clone(), Arc::new(invocation)));
        succeeded(&self.latencies.at_once(handling).await)
    }
}

fn succeeded(reply: &Reply) -> Result<Value, String> {
    match reply.status() {
        200..=299 => Ok(reply.body()),
        status => Err(format!("{status}: {}", reply.body())),
    }
}
