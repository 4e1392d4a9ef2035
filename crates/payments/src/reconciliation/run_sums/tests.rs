use super::*;
use crate::ids::TransactionId;
use crate::money::Currency;
use crate::reconciliation::{TransactionAmounts, TransactionClass};
use proptest::prelude::*;
use std::collections::BTreeMap;

const START_S: i64 = 100 * 86_400;

fn transaction(created_s: i64) -> SummedTransaction {
    let usd = Currency::parse("usd").expect("a currency");
    SummedTransaction {
        id: TransactionId::parse(&format!("txn_{created_s}")).expect("id"),
        created: Timestamp::from_seconds(created_s),
        class: TransactionClass::Charge,
        amounts: Some(TransactionAmounts::new(created_s - START_S, 0, usd)),
        booked: vec![(usd, created_s - START_S)],
    }
}

/// Lists what a run lists, stores its sums, and returns the run. Each range is listed in two parts, the later one first; after
/// each, hours that are whole are stored if there are many.
fn swept(mut run: Reconciliation, created: &[i64], stored: &mut BTreeMap<i64, Movements>) -> Reconciliation {
    let to = run.to;
    let halves = |CreatedRange { from_s, until_s }| {
        let middle_s = i64::midpoint(from_s, until_s);
        [CreatedRange { from_s, until_s: middle_s }, CreatedRange { from_s: middle_s, until_s }]
    };
    let mut open: Vec<_> =
        run.transaction_ranges().into_iter().flat_map(halves).map(OpenRange::new).collect();
    while let Some(range) = open.pop() {
        for created_s in created.iter().filter(|it| range.created.contains(**it) && **it <= to.seconds()) {
            run.sum(&transaction(*created_s));
        }
        run.list_on(Stage::Transactions, open.clone(), to);
        for hour in run.whole_hours() {
            run.forget_hour(hour.begins_at);
            stored.insert(hour.begins_at.seconds(), hour.movements);
        }
    }
    stored.extend(run.summed_hours().into_iter().map(|hour| (hour.begins_at.seconds(), hour.movements)));
    run
}

/// The sums of all transactions before a second, by the hour.
fn expected(created: &[i64], until_s: i64) -> BTreeMap<i64, Movements> {
    let mut hours = BTreeMap::new();
    for created_s in created.iter().filter(|it| **it < until_s) {
        transaction(*created_s).add_to(hours.entry(hour(*created_s)).or_default());
    }
    hours
}

fn not_empty(hours: &BTreeMap<i64, Movements>) -> BTreeMap<i64, Movements> {
    let some = hours.iter().filter(|(_, movements)| **movements != Movements::default());
    some.map(|(at, movements)| (*at, movements.clone())).collect()
}

proptest! {
    #[test]
    fn every_hour_is_summed_whole_however_runs_follow_each_other(
        mut created in prop::collection::vec(START_S..START_S + 6 * 86_400, 1..120),
        pauses in prop::collection::vec(
            (prop_oneof![4 => 1_i64..20_000, 1 => 150_000_i64..400_000], any::<bool>(), any::<bool>()), 1..20,
        ),
    ) {
        created.sort_unstable();
        created.dedup();
        let (mut now_s, mut stored) = (START_S + 7, BTreeMap::new());
        let mut last = swept(Reconciliation::after(None, Timestamp::from_seconds(now_s)), &created, &mut stored);
        for (pause_s, in_full, left_out) in pauses {
            now_s += pause_s;
            let mut run = Reconciliation::after(Some(&last), Timestamp::from_seconds(now_s));
            if in_full {
                run.read_in_full();
            }
            run = swept(run, &created, &mut stored);
            run.findings.left_out = left_out;
            let until_s = if in_full { now_s + 1 } else { run.listed_again_from().seconds() };
            prop_assert_eq!(not_empty(&stored), expected(&created, until_s));
            last = run;
        }
    }
}

#[test]
fn a_transaction_that_becomes_visible_late_is_summed_when_its_hour_is_a_day_old() {
    let at = Timestamp::from_seconds;
    let (mut stored, late) = (BTreeMap::new(), START_S + 5_000);
    let mut run = swept(Reconciliation::after(None, at(START_S)), &[], &mut stored);
    for now_s in (1..120).map(|n| START_S + n * 1_000) {
        let visible: &[i64] = if now_s > START_S + 10_000 { &[late] } else { &[] };
        run = swept(Reconciliation::after(Some(&run), at(now_s)), visible, &mut stored);
        let is_summed = not_empty(&stored) == expected(&[late], i64::MAX);
        // The hour ends at 7,200 s.
        assert_eq!(is_summed, now_s >= START_S + 86_400 + 7_200, "{now_s}");
    }
}

#[test]
fn hours_that_are_whole_are_stored_when_there_are_many_and_hours_not_booked_are_summed_again() {
    let mut run = Reconciliation::after(None, Timestamp::from_seconds(START_S));
    for n in 1..=60 {
        run.sum(&transaction(START_S - n * HOUR_S));
    }
    run.list_on(Stage::Transactions, vec![OpenRange::new(of_hour(START_S - 2 * HOUR_S))], run.to);
    let whole = run.whole_hours();
    whole.iter().for_each(|hour| run.forget_hour(hour.begins_at));
    assert_eq!((whole.len(), run.sums.first.len()), (58, 2));
    let mut next = Reconciliation::after(Some(&run), Timestamp::from_seconds(START_S + 300));
    next.sum_again([START_S - 5 * 86_400, START_S].map(Timestamp::from_seconds));
    let again = of_hour(START_S - 5 * 86_400);
    assert!(next.transaction_ranges().contains(&again));
    assert!(next.summed_hours().iter().any(|hour| hour.begins_at.seconds() == again.from_s));
}

/// A run that follows `last`.
fn next(last: &Reconciliation, to_s: i64) -> Reconciliation {
    Reconciliation::after(Some(last), Timestamp::from_seconds(to_s))
}

#[test]
fn an_hour_that_a_pass_lists_is_not_listed_again() {
    let first = Reconciliation::after(None, Timestamp::from_seconds(START_S));
    let mut after_a_pause = next(&first, START_S + 5 * HOUR_S);
    let passes = after_a_pause.transaction_ranges();
    after_a_pause.sum_again([START_S + HOUR_S, START_S - HOUR_S].map(Timestamp::from_seconds));
    assert_eq!(after_a_pause.transaction_ranges(), passes);
}

#[test]
fn a_transaction_of_the_second_with_which_the_next_pass_begins_is_summed_once() {
    let (mut stored, created) = (BTreeMap::new(), [START_S + 2_400]);
    let first = swept(Reconciliation::after(None, Timestamp::from_seconds(START_S)), &created, &mut stored);
    let mut in_full = next(&first, START_S + 3_000);
    in_full.read_in_full();
    let in_full = swept(in_full, &created, &mut stored);
    assert_eq!(in_full.listed_again_from().seconds(), created[0]);
    swept(next(&in_full, START_S + 3_300), &created, &mut stored);
    assert_eq!(not_empty(&stored), expected(&created, i64::MAX));
}

#[test]
fn an_hour_that_is_stored_early_has_what_the_run_before_summed_of_it() {
    let before = START_S - 700;
    let mut stored = BTreeMap::new();
    let first = swept(Reconciliation::after(None, Timestamp::from_seconds(START_S)), &[before], &mut stored);
    let mut run = next(&first, START_S + 60 * HOUR_S);
    let later: Vec<i64> = (0..60).map(|n| START_S - 300 + n * HOUR_S).collect();
    later.iter().for_each(|created_s| run.sum(&transaction(*created_s)));
    run.list_on(Stage::Transactions, Vec::new(), run.to);
    let taken = run.whole_hours();
    assert_eq!(taken[0].begins_at.seconds(), hour(before));
    assert_eq!(taken[0].movements, expected(&[before, later[0]], i64::MAX)[&hour(before)]);
    assert_eq!(taken[1].movements, expected(&later, i64::MAX)[&hour(later[1])]);
}

#[test]
fn hours_up_to_now_are_stored_as_empty_so_that_those_of_an_operators_run_do_not_stay() {
    let first = Reconciliation::after(None, Timestamp::from_seconds(START_S));
    let run = next(&first, START_S + 300);
    let hours: Vec<_> = run.summed_hours().iter().map(|hour| hour.begins_at.seconds() - START_S).collect();
    assert_eq!(hours, [-HOUR_S, 0]);
}

#[test]
fn transactions_may_be_unsummed_from_the_end_of_the_pass_and_from_the_newest_of_an_operators_run() {
    let mut run = Reconciliation::after(None, Timestamp::from_seconds(START_S));
    assert_eq!(run.unsummed_from_s(), START_S - 600);
    run.read_in_full();
    assert_eq!(run.unsummed_from_s(), run.summed_from().seconds(), "nothing is listed yet");
    run.sum(&transaction(START_S - 5));
    assert_eq!(run.unsummed_from_s(), START_S - 5);
}

#[test]
fn an_hour_keeps_its_sums_through_the_runs_within_it_and_takes_none_from_the_hour_before() {
    let (mut stored, created) = (BTreeMap::new(), [100, 700, 3_700].map(|at| START_S + at));
    let mut run = swept(Reconciliation::after(None, Timestamp::from_seconds(START_S)), &created, &mut stored);
    for (to_s, in_full) in [
        (900, false),
        (1_200, false),
        (1_500, false),
        (1_800, true),
        (2_100, false),
        (4_500, false),
        (4_800, false),
    ] {
        run = next(&run, START_S + to_s);
        if in_full {
            run.read_in_full();
        }
        run = swept(run, &created, &mut stored);
        let until_s = if in_full { to_s + 1 } else { to_s - 600 };
        assert_eq!(not_empty(&stored), expected(&created, START_S + until_s), "{to_s}");
    }
}
