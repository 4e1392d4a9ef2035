//! What becomes of a request and of its answer.

use super::{ON_ITS_WAY_MAX, Simulation};
use crate::faults::{Arrival, Return};
use crate::invariants::When;
use crate::network::{HopId, Reply, Stage, Wire};
use crate::tasks::TaskId;
use crate::world::describe;
use std::sync::Arc;

impl Simulation {
    /// A request arrives, or its answer does, or not.
    pub(crate) fn carry(&mut self, id: HopId) -> Result<(), String> {
        let seen = self.network.look(id, |hop| {
            let answer = match &hop.stage {
                Stage::Answered(reply) => Some(reply.clone()),
                _ => None,
            };
            (hop.wire.clone(), hop.from, hop.forgotten, answer, hop.sent_at)
        });
        let Some((wire, from, forgotten, answer, sent_at)) = seen else { return Ok(()) };
        let is_old = tokio::time::Instant::now() - sent_at > ON_ITS_WAY_MAX;
        if is_old && answer.is_none() {
            self.say(format_args!("#{id} by {from} was on its way for too long"));
            self.network.put(id, Stage::Silent);
            return Ok(());
        }
        match answer {
            None => self.arrive(id, &wire, from, forgotten),
            Some(reply) => {
                self.come_back(id, &wire, reply);
                Ok(())
            }
        }
    }

    /// It arrives as the faults will: whole, partly, late, refused or not at all.
    fn arrive(&mut self, id: HopId, wire: &Arc<Wire>, from: TaskId, forgotten: bool) -> Result<(), String> {
        let has_twin = self.network.has_twin(id);
        let fate = match forgotten && self.rng.bool() {
            true => Arrival::Silence,
            false => self.faults.arrival(&mut self.rng, wire, has_twin),
        };
        let late = if forgotten { "late, " } else { "" };
        let effect = match fate {
            Arrival::Effect => None,
            Arrival::Partial => Some(false),
            Arrival::Refused(reply) => {
                self.say(format_args!(
                    "#{id} by {from}: {late}{}: refused, {}",
                    describe(wire),
                    reply.status()
                ));
                self.network.put(id, Stage::Answered(reply));
                return Ok(());
            }
            Arrival::Silence => {
                self.say(format_args!("#{id} by {from}: {late}{}: lost", describe(wire)));
                self.network.put(id, Stage::Silent);
                return Ok(());
            }
        };
        let now_ms = self.now_ms();
        let reply = match &**wire {
            Wire::Stripe(call) => {
                let reply = self.world.stripe(call, now_ms);
                let began = self.began[usize::try_from(from).unwrap_or_default()];
                let when = When { began, now_s: now_ms.div_euclid(1000) };
                self.invariants.called(&self.world.table, call, &reply, when)?;
                reply
            }
            Wire::Table(operation, request) => {
                let answer = match effect {
                    None => self.world.operate(operation, request, now_ms),
                    Some(_) => self.world.operate_partly(request, now_ms),
                };
                Reply::json(answer.status, &answer.body)
            }
            Wire::Function(invocation) => {
                self.invoke(id, invocation.clone());
                return Ok(());
            }
        };
        self.trace.mark(&reply.status());
        self.say(format_args!("#{id} by {from}: {late}{}: {}", describe(wire), reply.status()));
        self.network.put(id, Stage::Answered(reply));
        Ok(())
    }

    /// Its answer comes back, or another one, or none.
    fn come_back(&mut self, id: HopId, wire: &Wire, reply: Reply) {
        match self.faults.on_return(&mut self.rng, wire) {
            Return::Whole => {
                self.say(format_args!("#{id} is answered {}", reply.status()));
                self.network.put(id, Stage::Arrived(reply));
            }
            Return::Instead(other) => {
                self.say(format_args!("#{id} is answered {} instead", other.status()));
                self.network.put(id, Stage::Arrived(other));
            }
            Return::Silence => {
                self.say(format_args!("#{id} is never answered"));
                self.network.put(id, Stage::Silent);
            }
        }
    }
}
