//! One schedule: who goes on, what arrives, what is lost, who crashes, when time passes. All of it is drawn from one
//! seed, and nothing else is random.

use crate::actors::{cast, deliver, redeliver};
use crate::clock::{EPOCH_MS, VirtualClock};
use crate::faults::{Arrival, Faults, Return, crashed};
use crate::gateway::{Invocation, handle, time_limit_ms};
use crate::happenings::{Happening, happen};
use crate::invariants::{Invariants, When};
use crate::network::{HopId, Network, Reply, Stage, Wire};
use crate::outside::{Outside, Told};
use crate::stage::stage;
use crate::tasks::{Role, TaskId, Tasks};
use crate::trace::Trace;
use crate::wiring::app;
use crate::world::{World, describe};
use fastrand::Rng;
use local::stripe::{Call, Faults as StripeFaults, Ppm};
use payments_function::App;
use std::sync::Arc;
use std::time::Duration;

/// After so many steps faults end, and what is left is settled.
const TROUBLED_STEPS: usize = 1_200;
/// A schedule that has not ended by then never does.
const STEPS_MAX: usize = 20_000;
/// How much time passes at once, while requests are on their way; now and then so much that idempotency keys lapse.
const STALLS_MS: [u64; 12] =
    [20, 20, 500, 500, 3_000, 3_000, 9_000, 9_000, 40_000, 40_000, 7_200_000, 90_000_000];
/// From here on it is hours.
const HOURS_MS: u64 = 3_600_000;
/// What a request or an answer takes at the most when nothing holds it up.
const LATENCY_MAX_MS: u64 = 12;
/// Longer than anything waits for time to pass.
const FOREVER: Duration = Duration::from_secs(30 * 86_400);
/// What is on its way for longer than this is lost: connections do not last.
const ON_ITS_WAY_MAX: Duration = Duration::from_secs(60);

/// What kind of schedule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Whether Stripe's deliveries ever reach anybody.
    pub(crate) webhooks: bool,
}

/// A schedule under way.
pub(crate) struct Simulation {
    pub(crate) plan: Plan,
    pub(crate) network: Network,
    clock: VirtualClock,
    outside: Outside,
    pub(crate) app: Arc<App>,
    pub(crate) world: World,
    pub(crate) tasks: Tasks,
    /// When each task began, the ended ones' too: requests outlive them.
    began: Vec<usize>,
    pub(crate) rng: Rng,
    faults: Faults,
    /// Whether Stripe's deliveries reach anybody yet.
    delivers: bool,
    settling: bool,
    pub(crate) invariants: Invariants,
    pub(crate) trace: Trace,
    pub(crate) step: usize,
    /// Payments paid, for the report.
    pub(crate) settled: usize,
}

impl Simulation {
    /// Sets the stage; to be called within a runtime whose clock stands still.
    pub(crate) fn new(seed: u64, plan: Plan, keeps_lines: bool) -> Self {
        // Pauses, copies and ids in the code under test are drawn from this thread's generator.
        fastrand::seed(seed);
        let mut rng = Rng::with_seed(seed);
        let faults = Faults::mix(&mut rng);
        let mut world = stage();
        world.books.set_faults(faults.of_stripe(&mut rng));
        let delivers = plan.webhooks && rng.u8(..4) > 0;
        let staged = Self::staged(world, Invariants::default(), plan, keeps_lines);
        let mut simulation = Self { faults, delivers, rng, settling: false, ..staged };
        simulation.say(format_args!("seed {seed}, deliveries {delivers}, {faults:?}"));
        for actor in cast(&mut simulation.rng, &simulation.outside) {
            simulation.start(actor.name, Role::Client, actor.script);
        }
        simulation
    }

    /// Nobody does anything yet, and there are no faults.
    pub(crate) fn staged(world: World, mut invariants: Invariants, plan: Plan, keeps_lines: bool) -> Self {
        invariants.begin(&world.table);
        let (network, clock) = (Network::default(), VirtualClock::start());
        Self {
            plan,
            app: Arc::new(app(&network, &clock)),
            outside: Outside::new(network.clone(), clock.clone()),
            network,
            clock,
            world,
            tasks: Tasks::default(),
            began: vec![0],
            faults: Faults::default(),
            delivers: false,
            settling: true,
            invariants,
            trace: Trace::new(keeps_lines),
            step: 0,
            settled: 0,
            rng: Rng::with_seed(0),
        }
    }

    /// Somebody asks this of a function, once.
    pub(crate) fn begin(&mut self, name: String, invocation: Invocation) {
        let outside = self.outside.clone();
        let asking = async move {
            outside.call(invocation).await;
        };
        self.start(name, Role::Client, Box::pin(asking));
    }

    /// Everybody goes on until they wait for something.
    pub(crate) fn go_on(&mut self) -> Result<(), String> {
        self.tasks.run(&self.network);
        self.listen()
    }

    /// The requests of a kind with which something can be done.
    pub(crate) fn movable(&self, is_kind: impl Fn(&Wire) -> bool) -> Vec<HopId> {
        let is_kind = |hop: &HopId| self.network.look(*hop, |hop| is_kind(&hop.wire)).unwrap_or_default();
        self.network.movable().into_iter().filter(is_kind).collect()
    }

    /// What nobody waits for any more never arrives.
    pub(crate) fn lose_forgotten(&mut self) {
        for hop in self.network.movable() {
            if self.network.look(hop, |hop| hop.forgotten) == Some(true) {
                self.network.put(hop, Stage::Silent);
            }
        }
    }

    /// Plays to the end.
    pub(crate) async fn play(&mut self) -> Result<(), String> {
        loop {
            self.go_on()?;
            self.step += 1;
            if self.step == TROUBLED_STEPS {
                self.settle();
            }
            if self.step == STEPS_MAX {
                return Err("it does not end".to_owned());
            }
            if !self.next().await? {
                break;
            }
            self.check_writes()?;
        }
        self.settled =
            self.invariants.intents.iter().filter(|(_, intent)| intent.status == "succeeded").count();
        self.finale().await
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub(crate) fn say(&mut self, line: std::fmt::Arguments<'_>) {
        self.trace.line(self.clock.now_ms() - EPOCH_MS, line);
    }

    /// Faults end; what was begun is carried through.
    fn settle(&mut self) {
        self.say(format_args!("from here on without faults"));
        self.faults = Faults::default();
        self.delivers = self.plan.webhooks;
        self.world.books.set_faults(local::stripe::Faults::default());
        self.settling = true;
    }

    /// One step of the schedule; false when everything has ended.
    async fn next(&mut self) -> Result<bool, String> {
        self.kill_the_overdue(0);
        if self.faults.crashes(&mut self.rng) {
            self.crash();
            return Ok(true);
        }
        if self.faults.walks_away(&mut self.rng) {
            self.walk_away();
            return Ok(true);
        }
        let movable = self.network.movable();
        let due =
            self.delivers && self.world.books.next_delivery_ms().is_some_and(|at_ms| at_ms <= self.now_ms());
        let choices = movable.len() + usize::from(due);
        if choices == 0 {
            return self.idle().await;
        }
        if self.faults.stalls(&mut self.rng) {
            let ms = STALLS_MS[self.rng.usize(..STALLS_MS.len())];
            self.say(format_args!("{ms} ms pass"));
            if ms >= HOURS_MS {
                // No function lives to see it.
                self.kill_the_overdue(i64::try_from(ms).unwrap_or(i64::MAX));
            }
            tokio::time::advance(Duration::from_millis(ms)).await;
            return Ok(true);
        }
        let choice = self.rng.usize(..choices);
        self.trace.mark(&choice);
        if self.rng.bool() {
            tokio::time::advance(Duration::from_millis(self.rng.u64(1..=LATENCY_MAX_MS))).await;
        }
        match movable.get(choice) {
            Some(hop) => self.carry(*hop)?,
            None => self.start_deliveries(),
        }
        Ok(true)
    }

    /// Nothing is on its way: time passes to whatever is next.
    pub(crate) async fn idle(&mut self) -> Result<bool, String> {
        let next_delivery = self.world.books.next_delivery_ms().filter(|_| self.delivers);
        let until_delivery = next_delivery.map(|at_ms| at_ms.saturating_sub(self.now_ms()).max(1));
        if self.tasks.is_empty() && until_delivery.is_none() {
            if self.settling {
                return Ok(false);
            }
            self.settle();
            return Ok(true);
        }
        let longest =
            until_delivery.and_then(|ms| u64::try_from(ms).ok()).map_or(FOREVER, Duration::from_millis);
        let woken = tokio::time::timeout(longest, self.tasks.wake()).await;
        if woken.is_err() && until_delivery.is_none() {
            let names: Vec<&str> = self.tasks.iter().map(|(_, task)| task.name.as_str()).collect();
            return Err(format!("nothing wakes {names:?}"));
        }
        Ok(true)
    }

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

    /// A function begins to work on a request.
    fn invoke(&mut self, hop: HopId, invocation: Arc<Invocation>) {
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

    fn start(&mut self, name: String, role: Role, work: futures_util::future::BoxFuture<'static, ()>) {
        let id = self.tasks.start(name, role, work);
        self.began.push(self.step);
        let name = self.tasks.get(id).map(|task| task.name.clone()).unwrap_or_default();
        self.say(format_args!("task {id} begins: {name}"));
    }

    /// Stripe sends what is due, some of it twice.
    fn start_deliveries(&mut self) {
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
    fn kill_the_overdue(&mut self, in_ms: i64) {
        let now_ms = self.now_ms().saturating_add(in_ms);
        let overdue = |role| matches!(role, Role::Handler { deadline_ms, .. } if deadline_ms <= now_ms);
        let late: Vec<TaskId> =
            self.tasks.iter().filter(|(_, task)| overdue(task.role)).map(|(id, _)| id).collect();
        for id in late {
            self.end(id, "out of time");
        }
    }

    fn crash(&mut self) {
        self.end_one(|role| matches!(role, Role::Handler { .. }), "crashes");
    }

    fn walk_away(&mut self) {
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
        if let Role::Handler { hop, .. } = task.role {
            self.network.put(hop, Stage::Answered(crashed()));
        }
    }

    /// Hears what the actors and functions tell.
    fn listen(&mut self) -> Result<(), String> {
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
            Some(Happening::Done(what)) => self.say(format_args!("{what}")),
            Some(Happening::Call(call)) => {
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

    pub(crate) fn check_writes(&mut self) -> Result<(), String> {
        let changed = self.world.table.take_changed();
        if changed.is_empty() {
            return Ok(());
        }
        self.invariants.written(&self.world, changed.iter(), self.step)
    }
}
