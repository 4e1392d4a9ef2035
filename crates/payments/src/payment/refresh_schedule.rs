//! When a payment is next refreshed: pauses that grow with an open item's age.

use crate::payment::{ABANDONED_AFTER_S, OPEN_INTENT_LIFETIME_S, OpenItem, Payment};
use crate::timestamp::Timestamp;

/// The longest pause between two refreshes of an unfinished payment.
const MAX_PAUSE_S: i64 = 24 * 3_600;

impl OpenItem {
    /// The pause in seconds before the next refresh of an item of this age: half of the age, but at least the first pause
    /// and at most a day. What waits for the platform's balance, which can come at any time, is refreshed steadily.
    pub(crate) fn pause_s(self, age_s: i64) -> i64 {
        match self {
            Self::AwaitsBalance => self.first_pause_s(),
            Self::NoIntent
            | Self::OpenIntent
            | Self::MissingChargeDetails
            | Self::UnbalancedShare
            | Self::UnfinishedRefund
            | Self::OpenDispute
            | Self::Difference => (age_s / 2).clamp(self.first_pause_s(), MAX_PAUSE_S),
        }
    }

    fn first_pause_s(self) -> i64 {
        match self {
            Self::NoIntent | Self::OpenIntent | Self::Difference => ABANDONED_AFTER_S,
            // Reconciliation's first pass over the charge brings them, a hundred in a request.
            Self::MissingChargeDetails => 30 * 60,
            Self::AwaitsBalance => 15 * 60,
            Self::UnbalancedShare | Self::UnfinishedRefund => 5 * 60,
            Self::OpenDispute => 24 * 3_600,
        }
    }
}

impl Payment {
    /// When the payment is next to be refreshed; `None` when it has no open item. The pauses grow with the item's age, up to
    /// a day. A refresh is also due when a dispute's deadline comes near and when an open intent's lifetime ends, because the
    /// alarm and the cancellation follow from a refresh.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        let due = |(item, since): (OpenItem, Timestamp)| {
            let refreshed_at = self.state.refreshed_at.filter(|refreshed_at| *refreshed_at >= since);
            match refreshed_at {
                None => since.plus_seconds(item.first_pause_s()),
                Some(at) => at.plus_seconds(item.pause_s(at.seconds() - since.seconds())),
            }
        };
        let is_to_come = |time: &Timestamp| self.state.refreshed_at.is_none_or(|at| at < *time);
        let alarms = self.state.disputes.alarms();
        let lifetime_ends = self.terms.created_at.plus_seconds(OPEN_INTENT_LIFETIME_S);
        let times = alarms.chain(self.has_open_intent().then_some(lifetime_ends)).filter(is_to_come);
        self.open_items().into_iter().map(due).chain(times).min()
    }
}
