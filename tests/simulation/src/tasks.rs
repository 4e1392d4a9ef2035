//! Tasks: clients, deliveries, and functions at work. Each is a future that runs until it waits for an answer or for
//! time; the scheduler chooses which of them continues.

use crate::network::{HopId, Network};
use futures_util::future::BoxFuture;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// The id of a task within one simulation.
pub(crate) type TaskId = u32;

/// The kind of a task.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// An actor, who may stop at any time.
    Client,
    /// Stripe, delivering an event.
    Delivery,
    /// A function handling a request.
    Handler { hop: HopId, deadline_ms: i64 },
    /// A function handling a batch of the table's stream.
    Reader { deadline_ms: i64 },
}

impl Role {
    /// The end of the function's timeout.
    pub(crate) fn deadline_ms(self) -> Option<i64> {
        match self {
            Self::Handler { deadline_ms, .. } | Self::Reader { deadline_ms } => Some(deadline_ms),
            Self::Client | Self::Delivery => None,
        }
    }
}

pub(crate) struct Task {
    pub(crate) name: String,
    pub(crate) role: Role,
    future: BoxFuture<'static, ()>,
    woken: Arc<Woken>,
}

/// The tasks that have not ended.
#[derive(Default)]
pub(crate) struct Tasks {
    all: BTreeMap<TaskId, Task>,
    started: TaskId,
    scheduler: Arc<Mutex<Option<Waker>>>,
}

struct Woken {
    flag: AtomicBool,
    scheduler: Arc<Mutex<Option<Waker>>>,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.flag.store(true, Ordering::Relaxed);
        let scheduler = self.scheduler.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(scheduler) = scheduler {
            scheduler.wake();
        }
    }
}

impl Tasks {
    pub(crate) fn start(&mut self, name: String, role: Role, future: BoxFuture<'static, ()>) -> TaskId {
        self.started += 1;
        let woken = Woken { flag: AtomicBool::new(true), scheduler: self.scheduler.clone() };
        self.all.insert(self.started, Task { name, role, future, woken: Arc::new(woken) });
        self.started
    }

    pub(crate) fn get(&self, id: TaskId) -> Option<&Task> {
        self.all.get(&id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (TaskId, &Task)> {
        self.all.iter().map(|(id, task)| (*id, task))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Ends a task where it stands, as a killed process ends.
    pub(crate) fn end(&mut self, id: TaskId) -> Option<Task> {
        self.all.remove(&id)
    }

    /// Runs the tasks that were woken, in order, until all wait.
    pub(crate) fn run(&mut self, network: &Network) {
        while let Some(id) = self.woken() {
            let Some(task) = self.all.get_mut(&id) else { return };
            task.woken.flag.store(false, Ordering::Relaxed);
            network.run_as(id);
            let waker = Waker::from(task.woken.clone());
            if let Poll::Ready(()) = task.future.as_mut().poll(&mut Context::from_waker(&waker)) {
                self.all.remove(&id);
            }
        }
    }

    fn woken(&self) -> Option<TaskId> {
        self.all.iter().find(|(_, task)| task.woken.flag.load(Ordering::Relaxed)).map(|(id, _)| *id)
    }

    /// Waits until a task is woken, which lets time pass to the next timer.
    pub(crate) async fn wake(&self) {
        std::future::poll_fn(|context| {
            *self.scheduler.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.waker().clone());
            if self.woken().is_some() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}
