//! Who begins to work, and how they end before they are done.

use super::Simulation;
use crate::actors::deliver;
use crate::faults::crashed;
use crate::gateway::{Invocation, handle, time_limit_ms};
use crate::network::{HopId, Stage};
use crate::outside::Told;
use crate::tasks::{Role, TaskId};
use futures_util::future::BoxFuture;
use std::sync::Arc;

impl Simulation {
    /// A function begins to work on a request.
    pub(super) fn invoke(&mut self, hop: HopId, invocation: Arc<Invocation>) {
        self.network.put(hop, Stage::Working);
        let (network, outside, app) = (self.network.clone(), self.outside.clone(), self.app.clone());
        let name = format!("{} for #{hop}", invocation.route);
        let deadline_ms = self.now_ms() + time_limit_ms(invocation.route);
        let work = async move {
            let reply = handle(app, invocation.clone()).await;
            outside.tell(Told::Answered { invocation, status: reply.status(), body: reply.body() });
            network.put(hop, Stage::Answered(reply));
        };
        self.start(name, Role::Handler { hop, deadline_ms }, Box::pin(work));
    }

    pub(super) fn start(&mut self, name: String, role: Role, work: BoxFuture<'static, ()>) -> TaskId {
        let id = self.tasks.start(name, role, work);
        self.began.push(self.step);
        let name = self.tasks.get(id).map(|task| task.name.clone()).unwrap_or_default();
        self.say(format_args!("task {id} begins: {name}"));
        id
    }

    /// Stripe sends what is due, some of it twice.
    pub(super) fn start_deliveries(&mut self) {
        for attempt in self.world.books.due_deliveries(self.now_ms(), 100) {
            let times = if self.faults.duplicates(&mut self.rng) { 2 } else { 1 };
            for _ in 0..times {
                let name = format!("delivery of {}", attempt.event_id);
                let delivery = deliver(self.outside.clone(), attempt.clone());
                self.start(name, Role::Delivery, Box::pin(delivery));
            }
        }
    }

    /// Lambda ends what takes too long, or will have within so long.
    pub(super) fn kill_the_overdue(&mut self, in_ms: i64) {
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

    /// Ends a task where it stands. What it has sent may still arrive.
    pub(crate) fn end(&mut self, id: TaskId, how: &str) {
        let Some(task) = self.tasks.end(id) else { return };
        self.trace.mark(&id);
        self.say(format_args!("task {id} {how}: {}", task.name));
        match task.role {
            Role::Handler { hop, .. } => self.network.put(hop, Stage::Answered(crashed())),
            Role::Reader { .. } => self.broke_off(),
            Role::Client | Role::Delivery => {}
        }
    }
}
