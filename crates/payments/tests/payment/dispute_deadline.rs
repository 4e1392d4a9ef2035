//! An operator hears of a dispute's deadline in time, and a refresh comes when it is near.

use crate::fixture::*;
use crate::transfer::paid;
use payments::{DisputeId, DisputeSnapshot, DisputeStatus, Fact, Payment, Snapshot, Timestamp};

const HOUR_S: i64 = 3_600;
const TWO_DAYS_S: i64 = 48 * HOUR_S;

fn due_by() -> Timestamp {
    Timestamp::from_seconds(CREATED_S + 9 * 24 * HOUR_S)
}

fn disputed(status: DisputeStatus) -> Payment {
    let snapshot = DisputeSnapshot { due_by: Some(due_by()), ..dispute_snapshot(2_000, status, &[]) };
    after(&paid(), &Snapshot::Dispute(snapshot))
}

fn alarms(payment: &Payment, before_s: i64) -> usize {
    payment.state.disputes.due_soon(due_by().plus_seconds(-before_s)).count()
}

#[test]
fn a_dispute_that_waits_for_an_answer_is_alarmed_two_days_before_its_deadline() {
    for status in [DisputeStatus::NeedsResponse, DisputeStatus::WarningNeedsResponse] {
        let payment = disputed(status);
        assert_eq!(alarms(&payment, TWO_DAYS_S + 1), 0, "not yet");
        assert_eq!((alarms(&payment, TWO_DAYS_S), alarms(&payment, 1)), (1, 1));
        assert_eq!(alarms(&payment, 0), 0, "too late");
    }
    for status in [DisputeStatus::UnderReview, DisputeStatus::Won, DisputeStatus::Lost, DisputeStatus::Other]
    {
        assert_eq!(alarms(&disputed(status), HOUR_S), 0, "{status}");
    }
}

#[test]
fn a_refresh_is_due_when_the_deadline_comes_near() {
    let alarm = due_by().plus_seconds(-TWO_DAYS_S);
    let refreshed = |before_s: i64| {
        let at = Fact::Refreshed(alarm.plus_seconds(-before_s));
        with_facts(&disputed(DisputeStatus::NeedsResponse), &[at]).due_at().expect("an open dispute")
    };
    assert_eq!(refreshed(HOUR_S), alarm);
    assert!(refreshed(0) > alarm && refreshed(-HOUR_S) > alarm, "refreshed since");
}

#[test]
fn the_most_urgent_dispute_is_the_open_one_with_the_earliest_deadline() {
    let of = |id: &str, at_s: i64, status: DisputeStatus, due_by: Option<Timestamp>| {
        let id = DisputeId::parse(id).expect("id");
        Snapshot::Dispute(DisputeSnapshot { id, due_by, ..dispute_snapshot(at_s, status, &[]) })
    };
    let urgent = |snapshots: &[Snapshot]| {
        after_all(&paid(), snapshots)
            .state
            .disputes
            .most_urgent()
            .map(|dispute| (dispute.status, dispute.due_by))
    };
    let later = Some(due_by().plus_seconds(HOUR_S));
    let won = of("dp_1", 3_000, DisputeStatus::Won, None);
    let lost = of("dp_2", 4_000, DisputeStatus::Lost, None);
    let without = of("dp_3", 2_500, DisputeStatus::UnderReview, None);
    let late = of("dp_4", 2_000, DisputeStatus::UnderReview, later);
    let early = of("dp_5", 1_500, DisputeStatus::NeedsResponse, Some(due_by()));
    assert_eq!(urgent(&[]), None);
    assert_eq!(urgent(&[lost.clone(), won.clone()]), Some((DisputeStatus::Lost, None)));
    assert_eq!(
        urgent(&[won.clone(), without.clone(), lost.clone()]),
        Some((DisputeStatus::UnderReview, None))
    );
    assert_eq!(urgent(&[without.clone(), late.clone()]), Some((DisputeStatus::UnderReview, later)));
    let expected = Some((DisputeStatus::NeedsResponse, Some(due_by())));
    assert_eq!(urgent(&[early, late, without, won, lost]), expected);
}
