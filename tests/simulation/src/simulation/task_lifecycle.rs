//! How tasks begin, and how they end before they are done.

use super::Simulation;
use crate::actors::deliver;
use crate::client::Message;
use crate::faults::crashed;
use crate::gateway::{Invocation, handle, time_limit_ms};
use crate::network::{HopId, Stage};
use crate::tasks::{Role, TaskId};
use futures_util::future::BoxFuture;
use std::sync::Arc;

impl Simulation {
    /// Starts a function on a request.
    pub(super) fn invoke(&mut self, hop: HopId, invocation: Arc<Invocation>) {
        self.network.set_stage(hop, Stage::Working);
        let (network, client, services) = (self.network.clone(), self.client.clone(), self.services.clone());
        let name = format!("{} for #{hop}", invocation.route);
        let deadline_ms = self.now_ms() + time_limit_ms(invocation.route);
        let work = async move {
            let reply = handle(services, invocation.clone()).await;
            client.report(Message::Answered { invocation, status: reply.status(), body: reply.body() });
            network.set_stage(hop, Stage::Answered(reply));
        };
        self.start(name, Role::Handler { hop, deadline_ms }, Box::pin(work));
    }

    pub(super) fn start(&mut self, name: String, role: Role, work: BoxFuture<'static, ()>) -> TaskId {
        let id = self.tasks.start(name, role, work);
        self.began.push(self.step);
        let name = self.tasks.get(id).map(|task| task.name.clone()).unwrap_or_default();
        self.log(format_args!("task {id} begins: {name}"));
        id
    }

    /// Starts the deliveries that are due, some of them twice.
    pub(super) fn start_deliveries(&mut self) {
        for attempt in self.backends.stripe.due_deliveries(self.now_ms(), 100) {
            let times = if self.faults.duplicates(&mut self.rng) { 2 } else { 1 };
            if times == 2 {
                self.note_doubled_account_event(&attempt.body);
            }
            for _ in 0..times {
                let name = format!("delivery of {}", attempt.event_id);
                let delivery = deliver(self.client.clone(), attempt.clone());
                self.start(name, Role::Delivery, Box::pin(delivery));
            }
        }
    }

    /// Ends the functions whose timeout passes within the next `in_ms` milliseconds, as Lambda does.
    pub(super) fn end_overdue_tasks(&mut self, in_ms: i64) {
        let now_ms = self.now_ms().saturating_add(in_ms);
        let overdue = |role: Role| role.deadline_ms().is_some_and(|deadline_ms| deadline_ms <= now_ms);
        let late: Vec<TaskId> =
            self.tasks.iter().filter(|(_, task)| overdue(task.role)).map(|(id, _)| id).collect();
        for id in late {
            self.end(id, "out of time");
        }
    }

    pub(super) fn crash(&mut self) {
        self.end_one(|role| role.deadline_ms().is_some(), "crashes");
    }

    pub(super) fn walk_away(&mut self) {
        self.end_one(|role| role == Role::Client, "walks away");
    }

    fn end_one(&mut self, which: impl Fn(Role) -> bool, how: &str) {
        let ids: Vec<TaskId> =
            self.tasks.iter().filter(|(_, task)| which(task.role)).map(|(id, _)| id).collect();
        if !ids.is_empty() {
            let id = ids[self.rng.usize(..ids.len())];
            self.end(id, how);
        }
    }

    /// Ends a task where it stands. What it sent may still arrive.
    pub(crate) fn end(&mut self, id: TaskId, how: &str) {
        let Some(task) = self.tasks.end(id) else { return };
        self.trace.mark(&id);
        self.log(format_args!("task {id} {how}: {}", task.name));
        match task.role {
            Role::Handler { hop, .. } => self.network.set_stage(hop, Stage::Answered(crashed())),
            Role::Reader { .. } => self.reader_interrupted(),
            Role::Client | Role::Delivery => {}
        }
    }
}
