//! One run: follows a path of choices, and takes the first choice from its end on.

use super::{Action, fixture::Fixture};
use crate::backends::describe;
use crate::network::{HopId, Request, Stage};
use crate::plan::Plan;
use crate::simulation::Simulation;
use crate::tasks::{Role, TaskId};
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// More steps than three actions take.
const STEPS_MAX: usize = 2_000;
/// Longer than a pause before a request is repeated.
const PAUSE: Duration = Duration::from_secs(2);

/// How a run went.
pub(super) struct Ended {
    /// The choices that were taken.
    pub(super) path: Vec<usize>,
    /// How many choices there were, each time.
    pub(super) choices: Vec<usize>,
    /// Whether the run came to its end, and not to a visited state.
    pub(super) completed: bool,
}

/// What can happen next.
#[derive(Clone, Copy)]
enum Choice {
    /// A request takes effect and is answered.
    Answer(HopId),
    /// A function ends where it stands, and its pending request is never sent.
    Crash(TaskId),
    /// A pausing function continues.
    Wake,
}

/// What each function was answered so far: with the table and Stripe, all that a state consists of.
type Answers = BTreeMap<TaskId, DefaultHasher>;

pub(super) fn run(
    fixture: &Fixture,
    actions: [Action; 3],
    path: &[usize],
    visited: &mut HashSet<u64>,
    keeps_lines: bool,
) -> Result<Ended, (String, Vec<String>)> {
    fastrand::seed(1);
    crate::runtime().block_on(tokio::task::unconstrained(async {
        let (backends, invariants) = (fixture.backends.clone(), fixture.invariants.clone());
        let mut simulation =
            Simulation::without_actors(backends, invariants, Plan::WITH_WEBHOOKS, keeps_lines);
        for action in actions {
            simulation.start_request(format!("{action:?}"), fixture.invocation(action));
        }
        let played = play(&mut simulation, path, visited).await;
        played.map_err(|violation| (violation, simulation.trace.into_lines()))
    }))
}

async fn play(
    simulation: &mut Simulation,
    path: &[usize],
    visited: &mut HashSet<u64>,
) -> Result<Ended, String> {
    let (mut taken, mut counts) = (Vec::new(), Vec::new());
    let mut answers = Answers::new();
    let mut has_crashed = false;
    while simulation.step < STEPS_MAX {
        simulation.step += 1;
        simulation.run_tasks()?;
        if let Some(hop) = simulation.deliverable(|request| matches!(request, Request::Function(_))).first() {
            simulation.advance_hop(*hop)?;
            continue;
        }
        let choices = choices(simulation, has_crashed);
        if choices.is_empty() {
            if simulation.tasks.is_empty() {
                simulation.quiesce().await?;
                return Ok(Ended { path: taken, choices: counts, completed: true });
            }
            simulation.idle().await?;
            continue;
        }
        let place = taken.len();
        if place >= path.len() && !visited.insert(state_hash(simulation, &answers, has_crashed)) {
            return Ok(Ended { path: taken, choices: counts, completed: false });
        }
        let choice = path.get(place).copied().unwrap_or_default();
        taken.push(choice);
        counts.push(choices.len());
        match choices[choice] {
            Choice::Answer(hop) => answer(simulation, hop, &mut answers)?,
            Choice::Crash(task) => {
                has_crashed = true;
                simulation.end(task, "crashes");
                simulation.lose_abandoned();
            }
            Choice::Wake => tokio::time::advance(PAUSE).await,
        }
        simulation.check_writes()?;
    }
    Err("it does not end".to_owned())
}

fn choices(simulation: &Simulation, has_crashed: bool) -> Vec<Choice> {
    let hops = simulation.deliverable(|request| !matches!(request, Request::Function(_)));
    let askers: Vec<TaskId> =
        hops.iter().filter_map(|hop| simulation.network.with_hop(*hop, |hop| hop.from)).collect();
    let working = simulation.tasks.iter().filter(|(_, task)| matches!(task.role, Role::Handler { .. }));
    let working: Vec<TaskId> = working.map(|(id, _)| id).collect();
    let pauses = working.iter().any(|task| !askers.contains(task));
    let mut choices: Vec<Choice> = hops.into_iter().map(Choice::Answer).collect();
    if pauses {
        choices.push(Choice::Wake);
    }
    if !has_crashed {
        choices.extend(working.into_iter().map(Choice::Crash));
    }
    choices
}

fn answer(simulation: &mut Simulation, hop: HopId, answers: &mut Answers) -> Result<(), String> {
    simulation.advance_hop(hop)?;
    let answered = simulation.network.with_hop(hop, |hop| match &hop.stage {
        Stage::Answered(reply) => {
            Some((hop.from, describe(&hop.request), reply.status(), reply.body().to_string()))
        }
        Stage::Sent | Stage::Working | Stage::Arrived(_) | Stage::Silent => None,
    });
    if let Some((from, what, status, body)) = answered.flatten() {
        (what, status, body).hash(answers.entry(from).or_default());
    }
    simulation.advance_hop(hop)
}

fn state_hash(simulation: &Simulation, answers: &Answers, has_crashed: bool) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (key, row) in simulation.backends.table.rows() {
        (key, serde_json::to_string(row).unwrap_or_default()).hash(&mut hasher);
    }
    format!("{:?}", simulation.backends.stripe.money()).hash(&mut hasher);
    for (task, answered) in answers {
        (task, answered.finish()).hash(&mut hasher);
    }
    let working: Vec<TaskId> = simulation.tasks.iter().map(|(id, _)| id).collect();
    (working, has_crashed, simulation.now_ms()).hash(&mut hasher);
    hasher.finish()
}
