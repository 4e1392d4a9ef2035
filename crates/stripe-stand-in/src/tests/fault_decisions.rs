//! Decisions about faults, without a sandbox.

use crate::state::chaos::{CallFault, Chaos, DeliveryPlan, Faults, Ppm};
use serde_json::json;

const MANY: usize = 4_000;

fn half() -> Ppm {
    Ppm::new(500_000).unwrap()
}

fn calls(faults: Faults) -> Vec<Option<CallFault>> {
    let mut chaos = Chaos::new(faults);
    (0..MANY).map(|_| chaos.next_call()).collect()
}

fn deliveries(faults: Faults) -> Vec<DeliveryPlan> {
    let mut chaos = Chaos::new(faults);
    (0..MANY).map(|_| chaos.next_delivery()).collect()
}

/// Half, give or take eight standard deviations.
fn is_about_half(count: usize, of: usize) -> bool {
    let off = (2 * count).abs_diff(of);
    off * off <= 256 * of
}

#[test]
fn without_faults_every_call_and_delivery_passes_at_once() {
    assert!(calls(Faults::default()).iter().all(Option::is_none));
    let at_once = DeliveryPlan::Deliver { after_ms: 0, duplicate_after_ms: None };
    assert!(deliveries(Faults::default()).iter().all(|plan| *plan == at_once));
    let mut chaos = Chaos::default();
    assert!((0..MANY).all(|_| !chaos.next_change_drifts()));
}

#[test]
fn the_same_seed_gives_the_same_faults_and_another_seed_others() {
    let faults =
        |seed| Faults { respond_429: half(), lose: half(), delay_ms: 1_000, seed, ..Faults::default() };
    assert_eq!(calls(faults(7)), calls(faults(7)));
    assert_eq!(deliveries(faults(7)), deliveries(faults(7)));
    for seed in [0, 8, u64::MAX] {
        assert_ne!(calls(faults(7)), calls(faults(seed)), "{seed}");
        assert_ne!(deliveries(faults(7)), deliveries(faults(seed)), "{seed}");
    }
}

#[test]
fn a_fault_of_one_kind_does_not_shift_those_of_another() {
    let faults =
        Faults { respond_500: half(), duplicate: half(), drift: half(), seed: 3, ..Faults::default() };
    let (alone, expected) = (calls(faults), deliveries(faults));
    let mut chaos = Chaos::new(faults);
    let mut mixed = (Vec::new(), Vec::new());
    for _ in 0..MANY {
        mixed.0.push(chaos.next_call());
        chaos.next_change_drifts();
        mixed.1.push(chaos.next_delivery());
    }
    assert_eq!(mixed, (alone.clone(), expected));
    // A higher rate keeps the faults of the lower one.
    let more = calls(Faults { respond_500: Ppm::new(700_000).unwrap(), ..faults });
    assert!(alone.iter().zip(&more).all(|(before, after)| before.is_none() || before == after));
    assert_ne!(alone, more);
}

#[test]
fn calls_changes_and_deliveries_fail_independently() {
    let faults = Faults { respond_429: half(), lose: half(), drift: half(), ..Faults::default() };
    let mut chaos = Chaos::new(faults);
    let calls: Vec<bool> = calls(faults).iter().map(Option::is_some).collect();
    let lost: Vec<bool> = deliveries(faults).iter().map(|plan| *plan == DeliveryPlan::Lose).collect();
    let drifting: Vec<bool> = (0..MANY).map(|_| chaos.next_change_drifts()).collect();
    for (one, other) in [(&calls, &lost), (&lost, &drifting), (&drifting, &calls)] {
        let together = one.iter().zip(other).filter(|(one, other)| one == other).count();
        assert!(is_about_half(together, MANY), "{together}");
    }
}

#[test]
fn faults_occur_at_their_rates_and_half_of_all_429_are_lock_timeouts() {
    let count = |faults, fault| calls(faults).iter().filter(|plan| **plan == Some(fault)).count();
    let limited = Faults { respond_429: Ppm::ALWAYS, ..Faults::default() };
    let locks = count(limited, CallFault::LockTimeout);
    assert!(is_about_half(locks, MANY), "{locks}");
    assert_eq!(count(limited, CallFault::RateLimit), MANY - locks);
    let failing = count(Faults { respond_500: half(), ..Faults::default() }, CallFault::ServerError);
    assert!(is_about_half(failing, MANY), "{failing}");
    let saved = count(Faults { save_500: half(), ..Faults::default() }, CallFault::SavedServerError);
    assert!(is_about_half(saved, MANY), "{saved}");
    let silent = count(Faults { lose_response: half(), ..Faults::default() }, CallFault::LoseResponse);
    assert!(is_about_half(silent, MANY), "{silent}");
    let lost = deliveries(Faults { lose: half(), ..Faults::default() });
    let lost = lost.iter().filter(|plan| **plan == DeliveryPlan::Lose).count();
    assert!(is_about_half(lost, MANY), "{lost}");
    let mut chaos = Chaos::new(Faults { drift: half(), ..Faults::default() });
    let drifting = (0..MANY).filter(|_| chaos.next_change_drifts()).count();
    assert!(is_about_half(drifting, MANY), "{drifting}");
}

#[test]
fn delays_fill_their_range_and_reordered_events_come_after_those_of_the_next_second() {
    let range = |faults| {
        let times = deliveries(faults).into_iter().map(|plan| match plan {
            DeliveryPlan::Deliver { after_ms, duplicate_after_ms } => (after_ms, duplicate_after_ms.unwrap()),
            DeliveryPlan::Lose => panic!("lost"),
        });
        let times: Vec<i64> = times.flat_map(|(first, second)| [first, second]).collect();
        (*times.iter().min().unwrap(), *times.iter().max().unwrap())
    };
    let delayed = Faults { delay_ms: 10, duplicate: Ppm::ALWAYS, ..Faults::default() };
    assert_eq!(range(delayed), (0, 10));
    assert_eq!(range(Faults { reorder: Ppm::ALWAYS, ..delayed }), (1_010, 1_020));
    let most = Faults { delay_ms: u32::MAX, reorder: Ppm::ALWAYS, ..delayed };
    assert!(range(most).0 >= 1_000 + i64::from(u32::MAX));
}

#[test]
fn faults_are_parsed_strictly_and_absent_fields_are_off() {
    let parse = |value| serde_json::from_value::<Faults>(value);
    assert_eq!(parse(json!({})).unwrap(), Faults::default());
    let some = Faults { lose: Ppm::ALWAYS, seed: u64::MAX, ..Faults::default() };
    assert_eq!(parse(json!({"lose": 1_000_000, "seed": u64::MAX})).unwrap(), some);
    assert_eq!(parse(json!(some)).unwrap(), some);
    for wrong in [
        json!({"lose": 1_000_001}),
        json!({"lose": -1}),
        json!({"lose": 0.5}),
        json!({"lose": "1"}),
        json!({"lose": null}),
        json!({"delay_ms": u64::from(u32::MAX) + 1}),
        json!({"seed": -1}),
        json!({"loose": 1}),
    ] {
        assert!(parse(wrong.clone()).is_err(), "{wrong}");
    }
}
