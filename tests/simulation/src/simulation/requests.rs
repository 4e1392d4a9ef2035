//! A request arrives or not, and so does its answer.

use super::{IN_FLIGHT_MAX, Simulation};
use crate::backends::describe;
use crate::faults::{Arrival, Return};
use crate::invariants::When;
use crate::network::{HopId, Reply, Request, Stage};
use crate::tasks::TaskId;
use std::sync::Arc;
use stripe_stand_in::Call;

impl Simulation {
    /// Lets a request arrive, or its answer, unless a fault keeps it back.
    pub(crate) fn advance_hop(&mut self, id: HopId) -> Result<(), String> {
        let hop = self.network.with_hop(id, |hop| {
            let answer = match &hop.stage {
                Stage::Answered(reply) => Some(reply.clone()),
                Stage::Sent | Stage::Working | Stage::Arrived(_) | Stage::Silent => None,
            };
            (hop.request.clone(), hop.from, hop.abandoned, answer, hop.sent_at)
        });
        let Some((request, from, abandoned, answer, sent_at)) = hop else { return Ok(()) };
        let is_old = tokio::time::Instant::now() - sent_at > IN_FLIGHT_MAX;
        if is_old && answer.is_none() {
            self.log(format_args!("#{id} by {from} was in flight for too long"));
            self.network.set_stage(id, Stage::Silent);
            return Ok(());
        }
        match answer {
            None => self.request_arrives(id, &request, from, abandoned),
            Some(reply) => {
                self.answer_arrives(id, &request, reply);
                Ok(())
            }
        }
    }

    fn request_arrives(
        &mut self,
        id: HopId,
        request: &Arc<Request>,
        from: TaskId,
        abandoned: bool,
    ) -> Result<(), String> {
        let has_twin = self.network.has_twin(id);
        let arrival = match abandoned && self.rng.bool() {
            true => Arrival::Silence,
            false => self.faults.arrival(&mut self.rng, request, has_twin),
        };
        let late = if abandoned { "late, " } else { "" };
        let now_ms = self.now_ms();
        let (how, reply) = match (arrival, &**request) {
            (Arrival::Silence, _) => {
                self.log(format_args!("#{id} by {from}: {late}{}: lost", describe(request)));
                self.network.set_stage(id, Stage::Silent);
                return Ok(());
            }
            (Arrival::Refused(reply), _) => ("refused, ", reply),
            (Arrival::Effect | Arrival::Partial, Request::Function(invocation)) => {
                self.invoke(id, invocation.clone());
                return Ok(());
            }
            (Arrival::Partial, Request::Table(_, batch)) => {
                ("", self.backends.answer_half_a_batch(batch, now_ms))
            }
            (Arrival::Effect | Arrival::Partial, request) => ("", self.backends.answer(request, now_ms)),
        };
        if how.is_empty() {
            if let Request::Stripe(call) = &**request {
                let began = self.began[usize::try_from(from).unwrap_or_default()];
                self.check_call(call, &reply, began)?;
            }
            self.trace.mark(&reply.status());
        }
        self.log(format_args!("#{id} by {from}: {late}{}: {how}{}", describe(request), reply.status()));
        self.network.set_stage(id, Stage::Answered(reply));
        Ok(())
    }

    fn answer_arrives(&mut self, id: HopId, request: &Request, reply: Reply) {
        match self.faults.on_return(&mut self.rng, request) {
            Return::Whole => {
                self.log(format_args!("#{id} is answered {}", reply.status()));
                self.network.set_stage(id, Stage::Arrived(reply));
            }
            Return::Instead(other) => {
                self.log(format_args!("#{id} is answered {} instead", other.status()));
                self.network.set_stage(id, Stage::Arrived(other));
            }
            Return::Silence => {
                self.log(format_args!("#{id} is never answered"));
                self.network.set_stage(id, Stage::Silent);
            }
        }
    }

    /// Holds the invariants to a call that Stripe answered; `began` is the step in which its task began.
    pub(crate) fn check_call(&mut self, call: &Call, reply: &Reply, began: usize) -> Result<(), String> {
        self.instruction_log.note(call);
        self.note_refusal(call, reply);
        let when = When { began, now_s: self.now_ms().div_euclid(1000) };
        self.invariants.after_stripe_call(&self.backends.table, call, reply, when)
    }
}
