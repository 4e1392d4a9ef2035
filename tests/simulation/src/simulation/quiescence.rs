//! The end of a schedule, without faults: accounts have enough balance, and reconciliation runs until it is finished.
//! Then the ledger agrees with Stripe, and every event delivered again changes nothing.

use super::Simulation;
use crate::actors::onboarding;
use crate::backends::describe;
use crate::client::secret_call;
use crate::gateway::{Invocation, RECONCILE, STATEMENT, handle};
use crate::network::{Reply, Request, Stage};
use futures_util::poll;
use http::Method;
use payments::{ACCOUNT_ATTEMPTS_END_S, Timestamp};
use serde_json::Value;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use stripe_stand_in::{Call, Delivered, PlatformPayouts};

const HOUR: Duration = Duration::from_secs(3_600);
/// As long as another attempt to open an account may be under way.
const AFTER_A_REFUSAL: Duration = Duration::from_secs(ACCOUNT_ATTEMPTS_END_S.unsigned_abs());
/// More slices than a reconciliation of one schedule takes.
const SLICES_MAX: usize = 10;
/// The longest pause between two attempts of a request.
const PAUSE_MAX: Duration = Duration::from_secs(60);
/// More than a schedule pays out, in cents.
const TOP_UP: i64 = 5_000_000;
/// In cents: more than all accounts are given.
const PLATFORM_TOP_UP: i64 = 500_000_000;

impl Simulation {
    /// Reconciles, compares with Stripe, and delivers all events again.
    pub(crate) async fn quiesce(&mut self) -> Result<(), String> {
        self.fill_balances();
        self.reopen_accounts().await?;
        self.redrive_parked().await?;
        self.go_on_beside_damage().await?;
        let report = self.pass_days().await?;
        if report["differences_found"] != 0 {
            return Err(format!("the drift report is not empty: {report}"));
        }
        // What the last run sent itself, the next one compares, and books its conversion.
        let report = self.reconcile().await?;
        let now_ms = self.now_ms();
        self.invariants.at_the_end(&mut self.backends, now_ms)?;
        self.statement_agrees(&report).await?;
        self.counts_agree().await?;
        self.lists_agree().await?;
        self.replay().await
    }

    /// Lets the time pass in which everything open is finished; returns the report of the last reconciliation.
    pub(super) async fn pass_days(&mut self) -> Result<Value, String> {
        if self.plan.webhooks {
            // Every open item is refreshed within a day; the next day finishes what that began.
            self.advance_time(25 * HOUR).await?;
            self.reconcile().await?;
            self.advance_time(25 * HOUR).await?;
        } else {
            // The newest open items are not due at once.
            self.advance_time(2 * HOUR).await?;
            if self.invariants.payments().any(|payment| payment.state.transfers.is_refused()) {
                // The pause after a refusal of an instruction is a day at most.
                self.reconcile().await?;
                self.advance_time(25 * HOUR).await?;
            }
        }
        self.reconcile().await
    }

    /// Opening balance and every movement give Stripe's balance, and each movement is booked.
    async fn statement_agrees(&mut self, report: &Value) -> Result<(), String> {
        let reply = self.call(Invocation::of_operator("op", STATEMENT, &Value::Null)).await?;
        let statement = reply.body();
        let balance = self.backends.platform_balance(self.now_ms());
        let currencies = statement["currencies"].as_array().map_or(&[][..], Vec::as_slice);
        let [ours] = currencies else {
            let is_still = currencies.is_empty() && balance == 0;
            return if is_still { Ok(()) } else { Err(format!("{balance} is not in {statement}")) };
        };
        let compared = &report["balance"]["balances"][0];
        let holds = statement["balance"] == report["balance"]
            && report["balance"].is_object()
            && (compared["ours"] == balance && compared["stripe"] == balance)
            && (ours["closing"] == balance && ours["difference"] == 0);
        if holds { Ok(()) } else { Err(format!("the statement does not end with {balance}: {statement}")) }
    }

    /// Gives each account a balance, so that every reversal is possible, and restores it, so that every transfer is.
    fn fill_balances(&mut self) {
        let now_ms = self.now_ms();
        self.fill_platform_balance();
        let accounts: Vec<String> =
            self.backends.stripe.money().balances.keys().map(|(account, _)| (*account).to_owned()).collect();
        for account in accounts {
            self.act_at_stripe(&secret_call(
                Method::POST,
                &format!("/stand_in/accounts/{account}/restore"),
                "",
                "",
            ));
            let (amount, currency) = (self.plan.currency.of_cents(TOP_UP), self.plan.currency.balance);
            let body = format!("amount={amount}&currency={currency}&destination={account}");
            self.backends.call_stripe(&secret_call(Method::POST, "/v1/transfers", "", &body), now_ms);
        }
    }

    /// Ends the payouts, so that what waits for the platform's balance can be sent.
    fn fill_platform_balance(&mut self) {
        self.backends.stripe.set_payouts(PlatformPayouts::Manual);
        let (amount, currency) = (self.plan.currency.of_cents(PLATFORM_TOP_UP), self.plan.currency.balance);
        let body = format!("type=topup&amount={amount}&currency={currency}");
        self.act_at_stripe(&secret_call(Method::POST, "/stand_in/balance_transactions", "", &body));
    }

    /// Creators whose account was disconnected open another one: Stripe's lists do not show disconnected accounts.
    async fn reopen_accounts(&mut self) -> Result<(), String> {
        for creator in self.invariants.creators_without_account() {
            let mut answers = Vec::new();
            // The key of an interrupted opening gives the first account again; the next attempt sees that it is gone. After a
            // refusal of a moment ago, no attempt may be under way any more.
            while answers.last() != Some(&200) {
                match answers.last() {
                    _ if answers.len() > 3 => {
                        return Err(format!("{creator} cannot open another account: {answers:?}"));
                    }
                    Some(503) => self.advance_time(AFTER_A_REFUSAL).await?,
                    Some(_) | None => {}
                }
                answers.push(self.call(onboarding(&creator)).await?.status());
            }
        }
        Ok(())
    }

    async fn advance_time(&mut self, time: Duration) -> Result<(), String> {
        tokio::time::advance(time).await;
        self.deliver().await
    }

    /// Finishes the reconciliation that may be under way, and one that starts now.
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

    /// Stripe delivers the events that are due.
    async fn deliver(&mut self) -> Result<(), String> {
        while self.plan.webhooks {
            let attempts = self.backends.stripe.due_deliveries(self.now_ms(), 100);
            if attempts.is_empty() {
                break;
            }
            for attempt in attempts {
                self.deliver_event(&attempt.body).await?;
                self.backends.stripe.delivered(&attempt, Delivered::Yes, self.now_ms());
            }
        }
        Ok(())
    }

    pub(crate) async fn deliver_event(&mut self, body: &str) -> Result<(), String> {
        let reply = self.call(Invocation::of_stripe(body.to_owned(), self.now_ms())).await?;
        match reply.status() {
            200..=299 => Ok(()),
            status => Err(format!("an event is answered {status}: {body}")),
        }
    }

    /// A call from Stripe's own pages, which breaks no invariant.
    pub(crate) fn act_at_stripe(&mut self, call: &Call) -> Value {
        let reply = self.backends.call_stripe(call, self.now_ms());
        self.check_call(call, &reply, self.step).expect("no invariant is broken");
        reply.body()
    }

    /// The bodies of every event so far.
    pub(crate) fn event_bodies(&mut self) -> Vec<String> {
        let now_ms = self.now_ms();
        self.backends.events(now_ms).iter().map(Value::to_string).collect()
    }

    /// Lets a function crash after Stripe created an object for it, before the answer arrives. Returns the object.
    pub(crate) async fn create_and_crash(&mut self, invocation: Invocation) -> Result<Value, String> {
        self.start_request("a creation".to_owned(), invocation);
        for _ in 0..SLICES_MAX * 10 {
            self.run_tasks()?;
            let hops = self.network.deliverable();
            let hop = *hops.first().ok_or("it waits for nothing")?;
            let at_stripe =
                self.network.with_hop(hop, |hop| matches!(&*hop.request, Request::Stripe(_))) == Some(true);
            self.advance_hop(hop)?;
            self.check_writes()?;
            let answer = self.network.with_hop(hop, |hop| match &hop.stage {
                Stage::Answered(reply) if at_stripe => Some(reply.body()),
                Stage::Sent | Stage::Working | Stage::Answered(_) | Stage::Arrived(_) | Stage::Silent => None,
            });
            if let Some(made) = answer.flatten() {
                return Ok(made);
            }
        }
        Err("Stripe is not asked".to_owned())
    }

    /// Delivers every event again, in random order, some of them twice: the table does not change. Events of payouts are in no
    /// list of the platform's, so one that was lost comes only now.
    async fn replay(&mut self) -> Result<(), String> {
        let mut bodies = self.event_bodies();
        for _ in 0..bodies.len() / 3 {
            bodies.push(bodies[self.rng.usize(..bodies.len())].clone());
        }
        self.rng.shuffle(&mut bodies);
        for payout in bodies.iter().filter(|body| body.contains(r#""type":"payout."#)) {
            self.deliver_event(payout).await?;
        }
        let before = self.backends.table.rows().clone();
        let written = self.written;
        for body in bodies {
            self.deliver_event(&body).await?;
            if self.written != written && *self.backends.table.rows() != before {
                let now = self.backends.table.rows();
                let changed: Vec<_> = now.iter().filter(|(key, row)| before.get(*key) != Some(row)).collect();
                return Err(format!("an event changes {changed:?} when it comes again: {body}"));
            }
        }
        Ok(())
    }

    /// Calls a function over a network without faults while nothing else runs.
    pub(super) async fn call(&mut self, invocation: Invocation) -> Result<Reply, String> {
        let invocation = Arc::new(invocation);
        let handling = Box::pin(handle(self.services.clone(), invocation.clone()));
        let reply = self.without_faults(invocation.route, handling).await?;
        self.invariants.after_answer(&self.backends.table, &invocation, reply.status(), &reply.body())?;
        Ok(reply)
    }

    /// Runs a future over a network without faults while nothing else runs.
    pub(crate) async fn without_faults<T>(
        &mut self,
        name: &str,
        work: impl Future<Output = T>,
    ) -> Result<T, String> {
        let mut working = Box::pin(work);
        loop {
            let mut polled = poll!(working.as_mut());
            if polled.is_pending() && self.network.deliverable().is_empty() {
                // It pauses before it repeats a request.
                polled = tokio::time::timeout(PAUSE_MAX, self.network.wait_or(working.as_mut()))
                    .await
                    .map_err(|_| format!("{name} waits for nothing"))?;
            }
            if let Poll::Ready(done) = polled {
                return Ok(done);
            }
            for hop in self.network.deliverable() {
                let Some(request) = self.network.with_hop(hop, |hop| hop.request.clone()) else { continue };
                let reply = self.backends.answer(&request, self.now_ms());
                if let Request::Stripe(call) = &*request {
                    self.check_call(call, &reply, self.step)?;
                }
                self.log(format_args!("at the end: {}: {}", describe(&request), reply.status()));
                self.network.set_stage(hop, Stage::Arrived(reply));
                self.check_writes()?;
            }
        }
    }
}
