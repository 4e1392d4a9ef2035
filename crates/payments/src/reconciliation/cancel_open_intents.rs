//! The cancellation of open intents: its progress, and when it is done. An operator requests it for
//! everything that is open; a block, a disabled creator and a rolled-back wave request a review, which cancels what they
//! no longer allow. The progress is stored after each slice of work.

use crate::payment::OPEN_INTENT_LIFETIME_S;
use crate::receiving::{AuditId, Rollout};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How long a payment that was being created at the request can take to appear in the due index: twice the time limit
/// of a function.
const IN_FLIGHT_MAX_S: i64 = 60;

/// The last request to decide again about every open payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIntentReview {
    /// The audit entry of the change that requests it.
    pub id: AuditId,
    pub requested_at: Timestamp,
}

/// The progress of a cancellation. It passes through all due payments again and again, until a pass that began late
/// enough leaves nothing open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelOpen {
    /// Payments that an earlier version of the rollout allowed are canceled.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<u64>,
    /// Payments are decided about again because of this review.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub review: Option<AuditId>,
    /// When it was last requested.
    pub until: Timestamp,
    /// When the current pass began.
    pub pass_began_at: Timestamp,
    /// The current pass continues after this payment; `None` between passes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cursor: Option<String>,
    /// How many intents are canceled, in all passes.
    pub canceled: u64,
    /// How many intents the current pass could not cancel.
    pub left: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
}

impl CancelOpen {
    /// The cancellation to continue now: the stored one, or a new one when another was requested. `None` when none was
    /// requested, or the last one is finished.
    #[must_use]
    pub fn due(
        rollout: &Rollout,
        review: Option<OpenIntentReview>,
        stored: Option<Self>,
        now: Timestamp,
    ) -> Option<Self> {
        let before = rollout.cancel_open_before;
        let all_until = before.and(rollout.cancel_open_until);
        let until = all_until.max(review.map(|review| review.requested_at))?;
        let review = review.map(|review| review.id);
        let new = || Self {
            before,
            review,
            until,
            pass_began_at: now,
            cursor: None,
            canceled: 0,
            left: 0,
            finished_at: None,
        };
        let mut current = match stored.filter(|stored| stored.before == before) {
            Some(stored) if stored.review == review => stored,
            // The pass goes on, so that frequent reviews cannot keep it from ending.
            Some(stored) if stored.finished_at.is_none() => Self { review, until, ..stored },
            Some(_) | None => new(),
        };
        if current.finished_at.is_some() {
            return None;
        }
        if current.is_between_passes() {
            (current.pass_began_at, current.left) = (now, 0);
        }
        Some(current)
    }

    /// Continues after `cursor`, or ends the pass without one. The last pass is the first that began when no payment
    /// could still be in flight and that left nothing open. After a day, every intent from then is canceled for its age
    /// anyway.
    pub fn advance(&mut self, cursor: Option<String>, now: Timestamp) {
        self.cursor = cursor;
        if self.cursor.is_some() {
            return;
        }
        let saw_all = self.pass_began_at >= self.until.plus_seconds(IN_FLIGHT_MAX_S);
        let is_too_old = now >= self.until.plus_seconds(OPEN_INTENT_LIFETIME_S);
        if (saw_all && self.left == 0) || is_too_old {
            self.finished_at = Some(now);
        }
    }

    /// Whether the next page begins a new pass.
    #[must_use]
    pub fn is_between_passes(&self) -> bool {
        self.cursor.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receiving::RolloutChange;

    const REQUESTED_S: i64 = 1_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(REQUESTED_S + seconds)
    }

    fn requested(before: &Rollout, when: Timestamp) -> Rollout {
        before.changed(RolloutChange { cancel_open_at: Some(when), ..RolloutChange::default() })
    }

    fn started(at_s: i64) -> CancelOpen {
        CancelOpen::due(&requested(&Rollout::default(), at(0)), None, None, at(at_s)).expect("requested")
    }

    #[test]
    fn nothing_is_due_before_a_request_and_once_it_is_finished() {
        assert_eq!(CancelOpen::due(&Rollout::default(), None, None, at(0)), None);
        let rollout = requested(&Rollout::default(), at(0));
        let mut progress = started(1);
        progress.advance(Some("3:".to_owned()), at(2));
        assert_eq!(CancelOpen::due(&rollout, None, Some(progress.clone()), at(3)), Some(progress.clone()));
        progress.finished_at = Some(at(4));
        assert_eq!(CancelOpen::due(&rollout, None, Some(progress), at(5)), None);
    }

    #[test]
    fn a_new_request_starts_from_the_beginning() {
        let rollout = requested(&requested(&Rollout::default(), at(0)), at(9));
        let done = CancelOpen { finished_at: Some(at(5)), cursor: Some("3:".to_owned()), ..started(1) };
        let next = CancelOpen::due(&rollout, None, Some(done), at(10)).expect("requested again");
        assert_eq!(
            (next.before, next.until, next.pass_began_at, next.cursor),
            (Some(2), at(9), at(10), None)
        );
    }

    #[test]
    fn a_review_does_not_begin_the_pass_anew_and_puts_off_its_end() {
        let review = |id, at_s| Some(OpenIntentReview { id: AuditId(id), requested_at: at(at_s) });
        let rollout = Rollout::default();
        let mut first = CancelOpen::due(&rollout, review(1, 0), None, at(70)).expect("requested");
        first.advance(Some("3:".to_owned()), at(71));
        let mut next = CancelOpen::due(&rollout, review(2, 72), Some(first), at(73)).expect("goes on");
        assert_eq!((next.cursor.as_deref(), next.pass_began_at, next.until), (Some("3:"), at(70), at(72)));
        next.advance(None, at(74));
        assert_eq!(next.finished_at, None, "a payment may have been in flight at the second one");
        let mut last = CancelOpen::due(&rollout, review(2, 72), Some(next), at(132)).expect("another pass");
        last.advance(None, at(133));
        assert_eq!(CancelOpen::due(&rollout, review(2, 72), Some(last.clone()), at(134)), None);
        let again = CancelOpen::due(&rollout, review(3, 140), Some(last), at(141)).expect("requested again");
        assert_eq!((again.canceled, again.pass_began_at), (0, at(141)));
    }

    #[test]
    fn it_ends_with_a_pass_that_began_after_everything_in_flight_and_left_nothing() {
        let rollout = requested(&Rollout::default(), at(0));
        let pass = |stored, began_s, left| {
            let mut progress = CancelOpen::due(&rollout, None, stored, at(began_s)).expect("not done");
            progress.left += left;
            progress.advance(Some("3:".to_owned()), at(began_s + 5));
            progress.advance(None, at(began_s + 10));
            progress
        };
        let early = pass(None, 59, 0);
        assert_eq!(early.finished_at, None, "a payment may have been in flight");
        let failed = pass(Some(early), 70, 1);
        assert_eq!(failed.finished_at, None, "one could not be canceled");
        let done = pass(Some(failed), 90, 0);
        assert_eq!((done.pass_began_at, done.finished_at), (at(90), Some(at(100))));
        assert_eq!(pass(None, 60, 0).finished_at, Some(at(70)));
    }

    #[test]
    fn after_a_day_it_ends_whatever_is_left() {
        let mut progress = CancelOpen { left: 1, ..started(60) };
        progress.advance(None, at(86_399));
        assert_eq!(progress.finished_at, None);
        progress.left = 1;
        progress.advance(None, at(86_400));
        assert_eq!(progress.finished_at, Some(at(86_400)));
    }
}
