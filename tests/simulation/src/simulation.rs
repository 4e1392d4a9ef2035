//! One schedule. The scheduler decides which task runs, what arrives, what is lost, what crashes and when time passes.
//! Everything is drawn from one seed. The submodules hold what happens to a request, to a task and at the end.

mod account_events;
mod beside_damage;
mod counts;
mod damage;
mod lists;
mod messages;
mod quiescence;
mod refusals;
mod requests;
mod stream_readers;
mod task_lifecycle;

use crate::actors::draw_actors;
use crate::backends::Backends;
use crate::client::Client;
use crate::clock::{EPOCH_MS, VirtualClock};
use crate::faults::Faults;
use crate::fixture::backends_with_creators;
use crate::gateway::Invocation;
use crate::instruction_requests::{InstructionLog, InstructionRequests};
use crate::invariants::Invariants;
use crate::network::{HopId, Network, Request, Stage};
use crate::occurrences::Occurrences;
use crate::plan::Plan;
use crate::table::Key;
use crate::tasks::{Role, Tasks};
use crate::trace::Trace;
use crate::wiring::services;
pub(crate) use beside_damage::open_parked;
use fastrand::Rng;
use payments_services::Services;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use stream_readers::Stream;
pub use stream_readers::StreamReads;
use stripe_stand_in::{Platform, PlatformPayouts};

/// The step in which faults end; after it the open work is finished.
const FAULTY_STEPS: usize = 1_200;
/// A schedule that takes more steps never ends.
const STEPS_MAX: usize = 20_000;
/// How much time passes at once while requests are in flight; sometimes so much that idempotency keys lapse.
const STALLS_MS: [u64; 12] =
    [20, 20, 500, 500, 3_000, 3_000, 9_000, 9_000, 40_000, 40_000, 7_200_000, 90_000_000];
/// From here on a stall lasts for hours.
const HOUR_MS: u64 = 3_600_000;
/// The longest latency of a request or an answer without a fault.
const LATENCY_MAX_MS: u64 = 12;
/// In one of so many steps the stream is read, and whenever nothing is in flight.
const ONE_READS_OF: u8 = 16;
/// Longer than any task sleeps.
const FOREVER: Duration = Duration::from_secs(30 * 86_400);
/// A request in flight for longer than this is lost, as a connection would be.
const IN_FLIGHT_MAX: Duration = Duration::from_secs(60);

/// A running schedule.
pub(crate) struct Simulation {
    pub(crate) plan: Plan,
    pub(crate) network: Network,
    clock: VirtualClock,
    client: Client,
    pub(crate) services: Arc<Services>,
    pub(crate) backends: Backends,
    pub(crate) tasks: Tasks,
    /// The step in which each task began; kept for ended tasks, since their requests outlive them.
    began: Vec<usize>,
    pub(crate) rng: Rng,
    faults: Faults,
    /// Whether Stripe delivers events at present.
    delivers: bool,
    faults_ended: bool,
    /// Whether there are no faults from the start.
    is_faultless: bool,
    instruction_log: InstructionLog,
    pub(crate) invariants: Invariants,
    pub(crate) occurrences: Occurrences,
    /// Items to which a later release added something.
    of_later_release: BTreeSet<Key>,
    /// When the newest delivered event of each account was made.
    newest_account_events: BTreeMap<String, String>,
    stream: Option<Stream>,
    pub(crate) trace: Trace,
    pub(crate) step: usize,
    pub(crate) written: usize,
    pub(crate) paid: usize,
}

impl Simulation {
    /// Creates the actors and the faults of a seed. Must run in a runtime whose clock is paused.
    pub(crate) fn new(seed: u64, plan: Plan, keeps_lines: bool) -> Self {
        // Backoff, rollout copies and ids in the code under test are drawn from this thread's generator.
        fastrand::seed(seed);
        let mut rng = Rng::with_seed(seed);
        let faults = Faults::mix(&mut rng);
        let is_v1 = rng.u8(..4) == 0;
        let platform = if is_v1 { Platform::AccountsV1 } else { Platform::AccountsV2 };
        let mut backends = backends_with_creators(platform, plan.currency);
        backends.stripe.set_faults(faults.of_stripe(&mut rng));
        if !faults.are_none() && rng.u8(..8) == 0 {
            backends.block_accounts();
        }
        let is_poor = rng.u8(..4) == 0;
        if is_poor {
            backends.stripe.set_payouts(PlatformPayouts::Daily);
        }
        let delivers = plan.webhooks && rng.u8(..4) > 0;
        let mut simulation = Self::without_actors(backends, Invariants::default(), plan, keeps_lines);
        simulation.stream =
            Some(Stream::of(&simulation.services, &simulation.clock, &mut simulation.backends));
        let is_faultless = faults.are_none();
        simulation = Self { faults, delivers, rng, faults_ended: false, is_faultless, ..simulation };
        simulation.log(format_args!("seed {seed}, v1 {is_v1}, deliveries {delivers}, {faults:?}"));
        if is_poor {
            simulation.occurrences.count("balance paid out daily");
        }
        if is_v1 {
            simulation.occurrences.count("platform of v1");
        }
        for actor in draw_actors(&mut simulation.rng, &simulation.client, plan.currency, is_faultless) {
            simulation.start(actor.name, Role::Client, actor.future);
        }
        simulation
    }

    /// A simulation without actors and faults.
    pub(crate) fn without_actors(
        backends: Backends,
        mut invariants: Invariants,
        plan: Plan,
        keeps_lines: bool,
    ) -> Self {
        invariants.begin(&backends.table);
        let (network, clock) = (Network::default(), VirtualClock::start());
        Self {
            plan,
            services: Arc::new(services(&network, &clock, backends.platform, plan.currency)),
            client: Client::new(network.clone(), clock.clone()),
            network,
            clock,
            backends,
            tasks: Tasks::default(),
            began: vec![0],
            faults: Faults::default(),
            delivers: false,
            faults_ended: true,
            is_faultless: false,
            instruction_log: InstructionLog::default(),
            invariants,
            occurrences: Occurrences::default(),
            of_later_release: BTreeSet::new(),
            newest_account_events: BTreeMap::new(),
            stream: None,
            trace: Trace::new(keeps_lines),
            step: 0,
            written: 0,
            paid: 0,
            rng: Rng::with_seed(0),
        }
    }

    /// Starts a client that makes one request.
    pub(crate) fn start_request(&mut self, name: String, invocation: Invocation) {
        let client = self.client.clone();
        let asking = async move {
            client.call(invocation).await;
        };
        self.start(name, Role::Client, Box::pin(asking));
    }

    /// Runs every task until it waits.
    pub(crate) fn run_tasks(&mut self) -> Result<(), String> {
        self.tasks.run(&self.network);
        self.process_messages()
    }

    /// The deliverable requests of a kind.
    pub(crate) fn deliverable(&self, is_kind: impl Fn(&Request) -> bool) -> Vec<HopId> {
        let is_kind =
            |hop: &HopId| self.network.with_hop(*hop, |hop| is_kind(&hop.request)).unwrap_or_default();
        self.network.deliverable().into_iter().filter(is_kind).collect()
    }

    /// Drops every request whose sender no longer waits.
    pub(crate) fn lose_abandoned(&mut self) {
        for hop in self.network.deliverable() {
            if self.network.with_hop(hop, |hop| hop.abandoned) == Some(true) {
                self.network.set_stage(hop, Stage::Silent);
            }
        }
    }

    /// Plays the schedule to its end.
    pub(crate) async fn play(&mut self) -> Result<(), String> {
        loop {
            self.run_tasks()?;
            self.step += 1;
            if self.step == FAULTY_STEPS {
                self.end_faults();
            }
            if self.step == STEPS_MAX {
                return Err("it does not end".to_owned());
            }
            if !self.next().await? {
                break;
            }
            self.check_writes()?;
        }
        self.paid = self.invariants.intents.iter().filter(|(_, intent)| intent.status == "succeeded").count();
        self.quiesce().await
    }

    /// The requests that executed transfer instructions, if the schedule has no faults.
    pub(crate) fn instruction_requests(&self) -> InstructionRequests {
        match self.is_faultless {
            true => self.instruction_log.sum(),
            false => InstructionRequests::default(),
        }
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub(crate) fn log(&mut self, line: std::fmt::Arguments<'_>) {
        self.trace.line(self.clock.now_ms() - EPOCH_MS, line);
    }

    /// Ends faults; what was begun is carried through.
    fn end_faults(&mut self) {
        self.log(format_args!("from here on without faults"));
        self.faults = Faults::default();
        self.delivers = self.plan.webhooks;
        self.backends.stripe.set_faults(stripe_stand_in::Faults::default());
        self.backends.mend_set_up();
        self.restore_all();
        self.faults_ended = true;
    }

    /// One step of the schedule; false when everything has ended.
    async fn next(&mut self) -> Result<bool, String> {
        self.end_overdue_tasks(0);
        if self.faults.crashes(&mut self.rng) {
            self.crash();
            return Ok(true);
        }
        if self.faults.walks_away(&mut self.rng) {
            self.walk_away();
            return Ok(true);
        }
        let deliverable = self.network.deliverable();
        let due = self.delivers
            && self.backends.stripe.next_delivery_ms().is_some_and(|at_ms| at_ms <= self.now_ms());
        // Lambda waits a moment for more records.
        let reads = deliverable.is_empty() || self.rng.u8(..ONE_READS_OF) == 0;
        let readable_shards = if reads { self.readable_shards() } else { Vec::new() };
        let choices = deliverable.len() + readable_shards.len() + usize::from(due);
        if choices == 0 {
            return self.idle().await;
        }
        if self.faults.stalls(&mut self.rng) {
            let ms = STALLS_MS[self.rng.usize(..STALLS_MS.len())];
            self.log(format_args!("{ms} ms pass"));
            if ms >= HOUR_MS {
                // No function lives that long.
                self.end_overdue_tasks(i64::try_from(ms).unwrap_or(i64::MAX));
            }
            tokio::time::advance(Duration::from_millis(ms)).await;
            return Ok(true);
        }
        let choice = self.rng.usize(..choices);
        self.trace.mark(&choice);
        if self.rng.bool() {
            tokio::time::advance(Duration::from_millis(self.rng.u64(1..=LATENCY_MAX_MS))).await;
        }
        match (deliverable.get(choice), readable_shards.get(choice.wrapping_sub(deliverable.len()))) {
            (Some(hop), _) => self.advance_hop(*hop)?,
            (None, Some(shard)) => self.start_reader(*shard),
            (None, None) => self.start_deliveries(),
        }
        Ok(true)
    }

    /// Nothing is in flight: lets time pass until the next task wakes or the next delivery is due.
    pub(crate) async fn idle(&mut self) -> Result<bool, String> {
        let next_delivery = self.backends.stripe.next_delivery_ms().filter(|_| self.delivers);
        let until_delivery = next_delivery.map(|at_ms| at_ms.saturating_sub(self.now_ms()).max(1));
        if self.tasks.is_empty() && until_delivery.is_none() {
            if self.faults_ended {
                return Ok(false);
            }
            self.end_faults();
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
        self.feed_stream();
        let changed = self.backends.table.take_changed();
        self.kept(&changed)?;
        if changed.is_empty() {
            return Ok(());
        }
        self.written += changed.len();
        self.invariants.after_writes(&self.backends, changed.iter(), self.step)
    }
}
