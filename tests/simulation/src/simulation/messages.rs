//! What actors, functions and events at Stripe report to the scheduler.

use super::Simulation;
use crate::actors::redeliver;
use crate::client::Message;
use crate::external_events::{ExternalEvent, draw_event};
use crate::network::Reply;
use crate::tasks::Role;
use stripe_stand_in::{Call, Delivered, Faults as StripeFaults, Ppm};

impl Simulation {
    pub(super) fn process_messages(&mut self) -> Result<(), String> {
        for message in self.client.take_messages() {
            match message {
                Message::Delivered(attempt, outcome) => {
                    let now_ms = self.now_ms();
                    if outcome == Delivered::Yes {
                        self.note_account_event(&attempt.body);
                    }
                    self.backends.stripe.delivered(&attempt, outcome, now_ms);
                }
                Message::Answered { invocation, status, body } => {
                    self.trace.mark(&status);
                    self.log(format_args!("{} answers {status} {}", invocation.route, body["code"]));
                    self.invariants.after_answer(&self.backends.table, &invocation, status, &body)?;
                }
                Message::BatchHandled { shard, batch, answer } => self.batch_handled(shard, batch, &answer),
                Message::ExternalEventDue => self.external_event()?,
                Message::DamageDue => self.damage_due(),
                Message::Violation(violation) => return Err(violation),
            }
        }
        Ok(())
    }

    /// Something happens at Stripe, or Stripe delivers an earlier event again.
    fn external_event(&mut self) -> Result<(), String> {
        let now_ms = self.now_ms();
        if self.rng.u8(..8) == 0 && self.delivers {
            let events = self.backends.events(now_ms);
            if !events.is_empty() {
                let body = events[self.rng.usize(..events.len())].to_string();
                let redelivery = redeliver(self.client.clone(), body);
                self.start("a redelivery".to_owned(), Role::Delivery, Box::pin(redelivery));
            }
            return Ok(());
        }
        let set_up_can_break = !self.is_faultless && !self.faults_ended;
        let currency = self.plan.currency;
        match draw_event(&mut self.backends, &mut self.rng, currency, now_ms, set_up_can_break) {
            None => {}
            Some(ExternalEvent::Done(what)) => self.log(format_args!("{what}")),
            Some(ExternalEvent::Warning(what)) => {
                self.occurrences.count("early fraud warning");
                self.log(format_args!("{what}"));
            }
            Some(ExternalEvent::Call(call)) => {
                let reply = self.call_by_hand(&call, now_ms);
                self.trace.mark(&reply.status());
                let body = String::from_utf8_lossy(&call.body).into_owned();
                self.log(format_args!("by hand: {} {body}: {}", call.path, reply.status()));
                self.check_call(&call, &reply, self.step)?;
            }
        }
        Ok(())
    }

    /// A call from Stripe's own pages. Some changes of accounts make no event, so that only a retrieval finds them.
    fn call_by_hand(&mut self, call: &Call, now_ms: i64) -> Reply {
        let silently =
            call.path.starts_with("/stand_in/accounts/") && !self.faults_ended && self.rng.u8(..3) == 0;
        if !silently {
            return self.backends.call_stripe(call, now_ms);
        }
        self.occurrences.count("account changed without news");
        let faults = self.backends.stripe.faults();
        let silent = StripeFaults { drift: Ppm::new(1_000_000).unwrap_or_default(), ..faults };
        self.backends.stripe.set_faults(silent);
        let reply = self.backends.call_stripe(call, now_ms);
        self.backends.stripe.set_faults(StripeFaults { seed: self.rng.u64(..), ..faults });
        reply
    }
}
