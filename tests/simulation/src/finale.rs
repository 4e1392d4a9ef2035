//! The end of a schedule: no faults, everybody has their money ready, and reconciliation runs until it is finished.
//! Then our books are Stripe's, and nothing that was ever told tells anything new.

use crate::actors::{WEBHOOKS, onboarding};
use crate::gateway::{Invocation, RECONCILE, handle};
use crate::invariants::When;
use crate::network::{Reply, Stage, Wire};
use crate::outside::secret_call;
use crate::simulation::Simulation;
use crate::wiring::SIGNING_SECRET;
use futures_util::poll;
use http::Method;
use payments::{Secret, Timestamp};
use serde_json::Value;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use stripe_stand_in::{Call, Delivered};

const HOUR: Duration = Duration::from_secs(3_600);
/// A reconciliation of so little is finished in fewer slices.
const SLICES_MAX: usize = 10;
/// The longest pause between two tries of a request.
const PAUSE_MAX: Duration = Duration::from_secs(60);
/// More than a schedule pays out.
const TOP_UP: i64 = 5_000_000;

impl Simulation {
    /// Reconciles, compares, and replays all events.
    pub(crate) async fn finale(&mut self) -> Result<(), String> {
        self.fill_balances();
        self.creators_return().await?;
        if self.plan.webhooks {
            // Everything is looked after within a day; what a look begins is finished by the next.
            self.pass(25 * HOUR).await?;
            self.reconcile().await?;
            self.pass(25 * HOUR).await?;
        } else {
            // What was begun last is not looked after at once.
            self.pass(2 * HOUR).await?;
        }
        let report = self.reconcile().await?;
        if report["differences_found"] != 0 {
            return Err(format!("the drift report is not empty: {report}"));
        }
        let now_ms = self.now_ms();
        self.invariants.end(&mut self.world, now_ms)?;
        self.counts_agree().await?;
        self.replay().await
    }

    /// Creators have been paid by others too, so that what they owe can be taken; and may be paid, so that what they are
    /// owed can be given.
    fn fill_balances(&mut self) {
        let now_ms = self.now_ms();
        let accounts: Vec<String> =
            self.world.books.money().balances.keys().map(|(account, _)| (*account).to_owned()).collect();
        for account in accounts {
            self.by_hand(&secret_call(
                Method::POST,
                &format!("/stand_in/accounts/{account}/restore"),
                "",
                "",
            ));
            let body = format!("amount={TOP_UP}&currency=usd&destination={account}");
            self.world.stripe(&secret_call(Method::POST, "/v1/transfers", "", &body), now_ms);
        }
    }

    /// Whoever's account was taken away comes back and sets up another one: of that Stripe's lists tell nothing.
    async fn creators_return(&mut self) -> Result<(), String> {
        for creator in self.invariants.left_alone() {
            let mut answers = Vec::new();
            // An opening that was broken off is answered as it was, under its key, and seen to be gone by the next try.
            while answers.last() != Some(&200) {
                if answers.len() > 2 {
                    return Err(format!("{creator} cannot come back: {answers:?}"));
                }
                answers.push(self.call(onboarding(&creator)).await?.status());
            }
        }
        Ok(())
    }

    async fn pass(&mut self, time: Duration) -> Result<(), String> {
        tokio::time::advance(time).await;
        self.deliver().await
    }

    /// Goes on with the one that may be under way, and until one has ended that was begun now.
    async fn reconcile(&mut self) -> Result<Value, String> {
        let now = Timestamp::from_millis(self.now_ms()).to_string();
        for _ in 0..SLICES_MAX {
            let reply = self.call(Invocation::of_operator("op", RECONCILE, &Value::Null)).await?;
            let report = reply.body();
            match (reply.status(), report["finished"] == true) {
                (200, true) if report["started_at"].as_str() >= Some(now.as_str()) => {
                    self.deliver().await?;
                    return Ok(report);
                }
                (200, _) => {}
                (status, _) => return Err(format!("a reconciliation is answered {status}: {report}")),
            }
        }
        Err("a reconciliation does not end".to_owned())
    }

    /// Stripe delivers what is due.
    async fn deliver(&mut self) -> Result<(), String> {
        while self.plan.webhooks {
            let attempts = self.world.books.due_deliveries(self.now_ms(), 100);
            if attempts.is_empty() {
                break;
            }
            for attempt in attempts {
                self.webhook(&attempt.body).await?;
                self.world.books.delivered(&attempt, Delivered::Yes, self.now_ms());
            }
        }
        Ok(())
    }

    pub(crate) async fn webhook(&mut self, body: &str) -> Result<(), String> {
        let now_s = self.now_ms().div_euclid(1000);
        let signature = payments_stripe::sign(&Secret::new(SIGNING_SECRET), now_s, body.as_bytes());
        let invocation = Invocation { route: WEBHOOKS, body: body.to_owned(), ..Invocation::default() };
        let reply = self.call(invocation.with_header("stripe-signature", signature)).await?;
        match reply.status() {
            200..=299 => Ok(()),
            status => Err(format!("an event is answered {status}: {body}")),
        }
    }

    /// Something is done at Stripe by hand.
    pub(crate) fn by_hand(&mut self, call: &Call) -> Value {
        let now_ms = self.now_ms();
        let reply = self.world.stripe(call, now_ms);
        let when = When { began: self.step, now_s: now_ms.div_euclid(1000) };
        self.invariants.called(&self.world.table, call, &reply, when).expect("it is right so far");
        reply.body()
    }

    /// The bodies of what is to be delivered by now; it stays to be delivered.
    pub(crate) fn take_events(&mut self) -> Vec<String> {
        let now_ms = self.now_ms();
        let events = self.world.list("/v1/events", now_ms);
        events.iter().map(Value::to_string).collect()
    }

    /// A function is ended once Stripe has made what it asked for, before it hears of it. Gives what was made.
    pub(crate) async fn create_and_crash(&mut self, invocation: Invocation) -> Result<Value, String> {
        self.begin("a creation".to_owned(), invocation);
        for _ in 0..SLICES_MAX * 10 {
            self.go_on()?;
            let hops = self.network.movable();
            let hop = *hops.first().ok_or("it waits for nothing")?;
            let at_stripe = self.network.look(hop, |hop| matches!(&*hop.wire, Wire::Stripe(_))) == Some(true);
            self.carry(hop)?;
            self.check_writes()?;
            let answer = self.network.look(hop, |hop| match &hop.stage {
                Stage::Answered(reply) if at_stripe => Some(reply.body()),
                _ => None,
            });
            if let Some(made) = answer.flatten() {
                return Ok(made);
            }
        }
        Err("Stripe is not asked".to_owned())
    }

    /// Every event that there ever was, again, in some order, some of them twice: they change nothing.
    async fn replay(&mut self) -> Result<(), String> {
        let now_ms = self.now_ms();
        let events = self.world.list("/v1/events", now_ms);
        let mut bodies: Vec<String> = events.iter().map(Value::to_string).collect();
        for _ in 0..bodies.len() / 3 {
            bodies.push(bodies[self.rng.usize(..bodies.len())].clone());
        }
        self.rng.shuffle(&mut bodies);
        let before = self.world.table.rows().clone();
        let written = self.written;
        for body in bodies {
            self.webhook(&body).await?;
            if self.written != written && *self.world.table.rows() != before {
                let now = self.world.table.rows();
                let changed: Vec<_> = now.iter().filter(|(key, row)| before.get(*key) != Some(row)).collect();
                return Err(format!("an event changes {changed:?} when it comes again: {body}"));
            }
        }
        Ok(())
    }

    /// Calls a function over a network without faults, and lets nothing else happen.
    async fn call(&mut self, invocation: Invocation) -> Result<Reply, String> {
        let invocation = Arc::new(invocation);
        let handling = handle(self.app.clone(), invocation.clone());
        let reply = self.quietly(invocation.route, handling).await?;
        self.invariants.answered(&self.world.table, &invocation, reply.status(), &reply.body())?;
        Ok(reply)
    }

    /// Does something over a network without faults, and lets nothing else happen.
    pub(crate) async fn quietly<T>(
        &mut self,
        name: &str,
        work: impl Future<Output = T>,
    ) -> Result<T, String> {
        let mut working = Box::pin(work);
        loop {
            let mut polled = poll!(working.as_mut());
            if polled.is_pending() && self.network.movable().is_empty() {
                // A pause before a request is made again.
                polled = tokio::time::timeout(PAUSE_MAX, self.network.wait_or(working.as_mut()))
                    .await
                    .map_err(|_| format!("{name} waits for nothing"))?;
            }
            if let Poll::Ready(done) = polled {
                return Ok(done);
            }
            for hop in self.network.movable() {
                let Some(wire) = self.network.look(hop, |hop| hop.wire.clone()) else { continue };
                let now_ms = self.now_ms();
                let reply = match &*wire {
                    Wire::Stripe(call) => {
                        let reply = self.world.stripe(call, now_ms);
                        let when = When { began: self.step, now_s: now_ms.div_euclid(1000) };
                        self.invariants.called(&self.world.table, call, &reply, when)?;
                        reply
                    }
                    Wire::Table(operation, request) => {
                        let answer = self.world.operate(operation, request, now_ms);
                        Reply::json(answer.status, &answer.body)
                    }
                    Wire::Function(_) => return Err("functions do not call each other".to_owned()),
                };
                self.say(format_args!("at the end: {}: {}", crate::world::describe(&wire), reply.status()));
                self.network.put(hop, Stage::Arrived(reply));
                self.check_writes()?;
            }
        }
    }
}
