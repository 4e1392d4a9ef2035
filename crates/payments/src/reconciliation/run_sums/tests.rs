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
