//! What is told: by functions and actors, by Stripe, and by what people do there.

use super::Simulation;
use crate::actors::redeliver;
use crate::happenings::{EventPayload, happen};
use crate::invariants::When;
use crate::network::Reply;
use crate::outside::Told;
use crate::tasks::Role;
use stripe_stand_in::{Call, Faults as StripeFaults, Ppm};

impl Simulation {
    /// Hears what the actors and functions tell.
    pub(super) fn listen(&mut self) -> Result<(), String> {
        for told in self.outside.take_told() {
            match told {
                Told::Delivered(attempt, outcome) => {
                    let now_ms = self.now_ms();
                    self.world.books.delivered(&attempt, outcome, now_ms);
                }
                Told::Answered { invocation, status, body } => {
                    self.trace.mark(&status);
                    self.say(format_args!("{} answers {status} {}", invocation.route, body["code"]));
                    self.invariants.answered(&self.world.table, &invocation, status, &body)?;
                }
                Told::Read { shard, batch, answer } => self.was_read(shard, batch, &answer),
                Told::Finished => {}
                Told::Fate => self.happen()?,
                Told::Wrong(wrong) => return Err(wrong),
            }
        }
        Ok(())
    }

    /// Something happens at Stripe, or an event that was told before is delivered again.
    fn happen(&mut self) -> Result<(), String> {
        let now_ms = self.now_ms();
        if self.rng.u8(..8) == 0 && self.delivers {
            let events = self.world.list("/v1/events", now_ms);
            if !events.is_empty() {
                let body = events[self.rng.usize(..events.len())].to_string();
                let again = redeliver(self.outside.clone(), body);
                self.start("an event again".to_owned(), Role::Delivery, Box::pin(again));
            }
            return Ok(());
        }
        match happen(&mut self.world, &mut self.rng, now_ms) {
            None => {}
            Some(EventPayload::Done(what)) => self.say(format_args!("{what}")),
            Some(EventPayload::Call(call)) => {
                let reply = self.by_somebody(&call, now_ms);
                self.trace.mark(&reply.status());
                let body = String::from_utf8_lossy(&call.body).into_owned();
                self.say(format_args!("by hand: {} {body}: {}", call.path, reply.status()));
                let when = When { began: self.step, now_s: now_ms.div_euclid(1000) };
                self.invariants.called(&self.world.table, &call, &reply, when)?;
            }
        }
        Ok(())
    }

    /// What somebody does on Stripe's pages. Of accounts nobody may be told, so that only a look at them finds it.
    fn by_somebody(&mut self, call: &Call, now_ms: i64) -> Reply {
        let silently =
            call.path.starts_with("/stand_in/accounts/") && !self.settling && self.rng.u8(..3) == 0;
        if !silently {
            return self.world.stripe(call, now_ms);
        }
        let faults = self.world.books.faults();
        let silent = StripeFaults { drift: Ppm::new(1_000_000).unwrap_or_default(), ..faults };
        self.world.books.set_faults(silent);
        let reply = self.world.stripe(call, now_ms);
        self.world.books.set_faults(StripeFaults { seed: self.rng.u64(..), ..faults });
        reply
    }
}
