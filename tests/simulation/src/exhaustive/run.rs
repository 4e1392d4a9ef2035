//! One run: a path of choices is followed, and from its end on always the first.

use super::{Deed, scene::Scene};
use crate::network::{HopId, Stage, Wire};
use crate::simulation::{Plan, Simulation};
use crate::tasks::{Role, TaskId};
use crate::world::describe;
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// A run of three deeds is over long before.
const STEPS_MAX: usize = 2_000;
/// Longer than a pause before a request is made again.
const PAUSE: Duration = Duration::from_secs(2);

/// How a run went.
pub(super) struct Ended {
    /// The choices that were taken.
    pub(super) path: Vec<usize>,
    /// How many there were, each time.
    pub(super) choices: Vec<usize>,
    /// Whether it came to its end, and not to where another run had been.
    pub(super) at_the_end: bool,
}

/// What can happen next.
#[derive(Clone, Copy)]
enum Choice {
    /// A request has its effect and is answered.
    Answer(HopId),
    /// A function ends where it stands, and what it was about to ask is never asked.
    Crash(TaskId),
    /// Who pauses goes on.
    Wake,
}

/// What each function was answered so far: with the table and the books, all that there is to a situation.
type Answers = BTreeMap<TaskId, DefaultHasher>;

pub(super) fn run(
    scene: &Scene,
    deeds: [Deed; 3],
    path: &[usize],
    seen: &mut HashSet<u64>,
    keeps_lines: bool,
) -> Result<Ended, (String, Vec<String>)> {
    fastrand::seed(1);
    crate::runtime().block_on(tokio::task::unconstrained(async {
        let (world, invariants) = (scene.world.clone(), scene.invariants.clone());
        let mut simulation = Simulation::staged(world, invariants, Plan { webhooks: true }, keeps_lines);
        for deed in deeds {
            simulation.begin(format!("{deed:?}"), scene.invocation(deed));
        }
        let played = play(&mut simulation, path, seen).await;
        played.map_err(|wrong| (wrong, simulation.trace.into_lines()))
    }))
}

async fn play(simulation: &mut Simulation, path: &[usize], seen: &mut HashSet<u64>) -> Result<Ended, String> {
    let (mut taken, mut counts) = (Vec::new(), Vec::new());
    let mut answers = Answers::new();
    let mut has_crashed = false;
    while simulation.step < STEPS_MAX {
        simulation.step += 1;
        simulation.go_on()?;
        if let Some(hop) = simulation.movable(|wire| matches!(wire, Wire::Function(_))).first() {
            simulation.carry(*hop)?;
            continue;
        }
        let choices = choices(simulation, has_crashed);
        if choices.is_empty() {
            if simulation.tasks.is_empty() {
                simulation.finale().await?;
                return Ok(Ended { path: taken, choices: counts, at_the_end: true });
            }
            simulation.idle().await?;
            continue;
        }
        let place = taken.len();
        if place >= path.len() && !seen.insert(situation(simulation, &answers, has_crashed)) {
            return Ok(Ended { path: taken, choices: counts, at_the_end: false });
        }
        let choice = path.get(place).copied().unwrap_or_default();
        taken.push(choice);
        counts.push(choices.len());
        match choices[choice] {
            Choice::Answer(hop) => answer(simulation, hop, &mut answers)?,
            Choice::Crash(task) => {
                has_crashed = true;
                simulation.end(task, "crashes");
                simulation.lose_forgotten();
            }
            Choice::Wake => tokio::time::advance(PAUSE).await,
        }
        simulation.check_writes()?;
    }
    Err("it does not end".to_owned())
}

fn choices(simulation: &Simulation, has_crashed: bool) -> Vec<Choice> {
    let hops = simulation.movable(|wire| !matches!(wire, Wire::Function(_)));
    let askers: Vec<TaskId> =
        hops.iter().filter_map(|hop| simulation.network.look(*hop, |hop| hop.from)).collect();
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
    simulation.carry(hop)?;
    let answered = simulation.network.look(hop, |hop| match &hop.stage {
        Stage::Answered(reply) => {
            Some((hop.from, describe(&hop.wire), reply.status(), reply.body().to_string()))
        }
        _ => None,
    });
    if let Some((from, what, status, body)) = answered.flatten() {
        (what, status, body).hash(answers.entry(from).or_default());
    }
    simulation.carry(hop)
}

fn situation(simulation: &Simulation, answers: &Answers, has_crashed: bool) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (key, row) in simulation.world.table.rows() {
        (key, serde_json::to_string(row).unwrap_or_default()).hash(&mut hasher);
    }
    format!("{:?}", simulation.world.books.money()).hash(&mut hasher);
    for (task, answered) in answers {
        (task, answered.finish()).hash(&mut hasher);
    }
    let working: Vec<TaskId> = simulation.tasks.iter().map(|(id, _)| id).collect();
    (working, has_crashed, simulation.now_ms()).hash(&mut hasher);
    hasher.finish()
}
