//! One function keeps up with 200 payments a second: the model, and the real function on a virtual clock.

use simulation::{Demand, MODELLED, SweepLoadReport, sweep_load, sweep_table};

/// `cargo run --profile tools -p simulation --bin simulate -- --sweep 6667` sweeps twenty thousand objects.
const PAYMENTS: u32 = 300;
/// Requests of two runs themselves: pages that end a list or one of its ranges, few of which are full at this size; shards of
/// the due index, copies of the rollout, notes.
const OF_RUNS: Demand = Demand { pages: 180, batches: 40, own_reads: 60, writes: 20 };
/// What pages one after another take until enough ranges are listed side by side, and what runs take themselves.
const RAMP_MS: u64 = 30_000;

fn check(report: &SweepLoadReport, of_hundred: Demand) {
    let hundreds = u64::from(PAYMENTS) / 100;
    let at_most = |measured: u64, each: u64, of_runs: u64| measured <= each * hundreds + of_runs;
    let demand = report.demand;
    assert!(at_most(demand.pages, of_hundred.pages, OF_RUNS.pages), "{report:?}");
    assert!(at_most(demand.batches, of_hundred.batches, OF_RUNS.batches), "{report:?}");
    assert!(at_most(demand.own_reads, of_hundred.own_reads, OF_RUNS.own_reads), "{report:?}");
    assert!(at_most(demand.writes, of_hundred.writes, OF_RUNS.writes), "{report:?}");
    let took: u64 = report.passes_ms.iter().sum();
    assert!(took <= demand.takes_ms(&MODELLED) + RAMP_MS, "{report:?}");
}

#[test]
fn payments_that_were_told_cost_what_the_model_says() {
    let report = sweep_load(PAYMENTS, true).unwrap_or_else(|error| panic!("{error}"));
    println!("{report:?}");
    check(&report, Demand { pages: 6, batches: 6, own_reads: 100, writes: 100 });
}

#[test]
fn the_table_in_the_documentation_is_the_models_and_one_function_keeps_up_with_200_payments_a_second() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ARCHITECTURE.md"));
    assert!(text.expect("the document").contains(&sweep_table()), "the table is:\n{}", sweep_table());
    let told = Demand { pages: 6, batches: 6, own_reads: 100, writes: 100 };
    assert!(told.payments_a_second(100, &MODELLED) >= 200);
}
