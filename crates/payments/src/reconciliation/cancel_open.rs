//! The cancellation of the intents that were open when an operator asked for it: whom it concerns, and how far it has
//! come. It is kept between the slices that it is worked off in.

use crate::payment::{OPEN_INTENT_LIFETIME_S, Payment};
use crate::receiving::Rollout;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// After so long, whatever was in flight when it was asked for has its intent, and the due index knows of it: twice a
/// function's time limit.
const SETTLED_AFTER_S: i64 = 60;

/// How far a cancellation has come. It passes through everything that is due until a pass that began late enough has
/// left nothing open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelOpen {
    /// What earlier versions of the rollout allowed is canceled.
    pub before: u64,
    /// When it was asked for.
    pub until: Timestamp,
    /// When the pass under way began.
    pub pass_began_at: Timestamp,
    /// The place that the pass has come to; none at its beginning.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cursor: Option<String>,
    /// How many intents were canceled.
    pub canceled: u64,
    /// How many the pass under way could not cancel.
    pub left: u64,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
}

impl CancelOpen {
    /// What is to be worked off now: the known one goes on, unless an operator has asked anew. `None` when nothing was
    /// asked for, or all is done.
    #[must_use]
    pub fn due(rollout: &Rollout, known: Option<Self>, now: Timestamp) -> Option<Self> {
        let (before, until) = (rollout.cancel_open_before?, rollout.cancel_open_until?);
        let new =
            Self { before, until, pass_began_at: now, cursor: None, canceled: 0, left: 0, finished_at: None };
        let mut known = known.filter(|known| known.before == before).unwrap_or(new);
        if known.finished_at.is_some() {
            return None;
        }
        if known.is_between_passes() {
            (known.pass_began_at, known.left) = (now, 0);
        }
        Some(known)
    }

    /// Goes on behind `cursor`, or ends the pass when there is no more. The last pass is the first that began when all
    /// had settled and left nothing; after a day, every intent from then is canceled for its age anyway.
    pub fn advance(&mut self, cursor: Option<String>, now: Timestamp) {
        self.cursor = cursor;
        if self.cursor.is_some() {
            return;
        }
        let is_settled = self.pass_began_at >= self.until.plus_seconds(SETTLED_AFTER_S);
        let is_too_old = now >= self.until.plus_seconds(OPEN_INTENT_LIFETIME_S);
        if (is_settled && self.left == 0) || is_too_old {
            self.finished_at = Some(now);
        }
    }

    /// Whether the next page begins a pass, or there is none.
    #[must_use]
    pub fn is_between_passes(&self) -> bool {
        self.cursor.is_none()
    }
}

impl Payment {
    /// Whether an operator asked to cancel the intents that were open, and this payment is one of theirs: allowed by a
    /// version of the rollout before the one that says so. For rows from before decisions were kept, the time tells.
    fn is_asked_back_by(&self, rollout: &Rollout) -> bool {
        match &self.terms.allowed {
            Some(allowed) => rollout.cancel_open_before.is_some_and(|first| allowed.rollout_version < first),
            None => rollout.cancel_open_until.is_some_and(|until| self.terms.created_at <= until),
        }
    }

    /// Whether its intent is open and an operator asked to cancel it.
    #[must_use]
    pub fn is_canceled_by(&self, rollout: &Rollout) -> bool {
        self.has_open_intent() && self.is_asked_back_by(rollout)
    }

    /// Whether its intent would be canceled, were it known: Stripe's answer is still to come.
    #[must_use]
    pub fn awaits_cancellation_by(&self, rollout: &Rollout) -> bool {
        let is_unknown = self.state.intent.is_none() && !self.state.is_terminal();
        is_unknown && self.is_asked_back_by(rollout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receiving::RolloutChange;

    const ASKED_S: i64 = 1_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(ASKED_S + seconds)
    }

    fn asked(before: &Rollout, when: Timestamp) -> Rollout {
        before.changed(RolloutChange { cancel_open_at: Some(when), ..RolloutChange::default() })
    }

    fn begun(at_s: i64) -> CancelOpen {
        CancelOpen::due(&asked(&Rollout::default(), at(0)), None, at(at_s)).expect("asked for")
    }

    #[test]
    fn nothing_is_due_until_it_is_asked_for_and_when_it_is_done() {
        assert_eq!(CancelOpen::due(&Rollout::default(), None, at(0)), None);
        let rollout = asked(&Rollout::default(), at(0));
        let mut sweep = begun(1);
        sweep.advance(Some("3:".to_owned()), at(2));
        assert_eq!(CancelOpen::due(&rollout, Some(sweep.clone()), at(3)), Some(sweep.clone()));
        sweep.finished_at = Some(at(4));
        assert_eq!(CancelOpen::due(&rollout, Some(sweep), at(5)), None);
    }

    #[test]
    fn asked_for_anew_it_begins_anew() {
        let again = asked(&asked(&Rollout::default(), at(0)), at(9));
        let done = CancelOpen { finished_at: Some(at(5)), cursor: Some("3:".to_owned()), ..begun(1) };
        let next = CancelOpen::due(&again, Some(done), at(10)).expect("asked for again");
        assert_eq!((next.before, next.until, next.pass_began_at, next.cursor), (2, at(9), at(10), None));
    }

    #[test]
    fn it_ends_with_a_pass_that_began_once_all_had_settled_and_left_nothing() {
        let rollout = asked(&Rollout::default(), at(0));
        let pass = |known, began_s, left| {
            let mut sweep = CancelOpen::due(&rollout, known, at(began_s)).expect("not done");
            sweep.left += left;
            sweep.advance(Some("3:".to_owned()), at(began_s + 5));
            sweep.advance(None, at(began_s + 10));
            sweep
        };
        let early = pass(None, 59, 0);
        assert_eq!(early.finished_at, None, "somebody was in flight");
        let failed = pass(Some(early), 70, 1);
        assert_eq!(failed.finished_at, None, "one could not be canceled");
        let done = pass(Some(failed), 90, 0);
        assert_eq!((done.pass_began_at, done.finished_at), (at(90), Some(at(100))));
        assert_eq!(pass(None, 60, 0).finished_at, Some(at(70)));
    }

    #[test]
    fn after_a_day_it_ends_whatever_is_left() {
        let mut sweep = CancelOpen { left: 1, ..begun(60) };
        sweep.advance(None, at(86_399));
        assert_eq!(sweep.finished_at, None);
        sweep.left = 1;
        sweep.advance(None, at(86_400));
        assert_eq!(sweep.finished_at, Some(at(86_400)));
    }
}
