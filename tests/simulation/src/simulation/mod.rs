//! One schedule: who goes on, what arrives, what is lost, who crashes, when time passes. All of it is drawn from one
//! seed, and nothing else is random.

mod lives;
mod news;
mod reading;
mod requests;

use crate::actors::cast;
use crate::clock::{EPOCH_MS, VirtualClock};
use crate::faults::Faults;
use crate::gateway::Invocation;
use crate::invariants::Invariants;
use crate::network::{HopId, Network, Stage, Wire};
use crate::outside::Outside;
use crate::stage::stage;
use crate::tasks::{Role, Tasks};
use crate::trace::Trace;
use crate::wiring::app;
use crate::world::World;
use fastrand::Rng;
use payments_services::Services;
pub use reading::Reads;
use reading::Stream;
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
/// In one of so many steps the stream is read, and whenever nothing is on its way.
const ONE_READS_OF: u8 = 16;
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
    pub(crate) app: Arc<Services>,
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
    /// What the table's stream tells, where anybody reads it.
    stream: Option<Stream>,
    pub(crate) trace: Trace,
    pub(crate) step: usize,
    /// How often items were written.
    pub(crate) written: usize,
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
        let mut simulation = Self::staged(world, Invariants::default(), plan, keeps_lines);
        simulation.stream = Some(Stream::of(&simulation.app, &mut simulation.world));
        simulation = Self { faults, delivers, rng, settling: false, ..simulation };
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
            stream: None,
            trace: Trace::new(keeps_lines),
            step: 0,
            written: 0,
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
        self.world.books.set_faults(stripe_stand_in::Faults::default());
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
        // Lambda waits a moment for more.
        let reads = movable.is_empty() || self.rng.u8(..ONE_READS_OF) == 0;
        let readable = if reads { self.readable() } else { Vec::new() };
        let choices = movable.len() + readable.len() + usize::from(due);
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
        match (movable.get(choice), readable.get(choice.wrapping_sub(movable.len()))) {
            (Some(hop), _) => self.carry(*hop)?,
            (None, Some(shard)) => self.read(*shard),
            (None, None) => self.start_deliveries(),
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

    pub(crate) fn check_writes(&mut self) -> Result<(), String> {
        self.tell_writes();
        let changed = self.world.table.take_changed();
        if changed.is_empty() {
            return Ok(());
        }
        self.written += changed.len();
        self.invariants.written(&self.world, changed.iter(), self.step)
    }
}
