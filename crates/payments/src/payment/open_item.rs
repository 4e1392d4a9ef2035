//! What still needs attention, and when: the rules of the due index.

use crate::payment::{Payment, open_intent::ROW_WITHOUT_INTENT_S, transfer::Transfers};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest pause between two looks at what stays unfinished.
const LONGEST_PAUSE_S: i64 = 24 * 3_600;

/// Something that is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenItem {
    /// Stripe's answer to the creation never came.
    NoIntent,
    /// The intent is open, or we closed the payment and the intent is not canceled.
    OpenIntent,
    /// Stripe's fee, or the charge's transfer, is not known.
    MissingFee,
    /// Something is to be taken back from the creator, or given again, or a movement's outcome is unknown.
    ShareToRecover,
    /// A refund was asked of us and is not made, or is not finished at Stripe.
    UnfinishedRefund,
    /// A dispute has not ended.
    OpenDispute,
}

impl OpenItem {
    /// The pause, in seconds, after it was seen to be so for this long: half of that, from the first pause on, and once a day
    /// at the least.
    pub(crate) fn pause_s(self, age_s: i64) -> i64 {
        (age_s / 2).clamp(self.first_pause_s(), LONGEST_PAUSE_S)
    }

    /// For how long it is left alone at first.
    fn first_pause_s(self) -> i64 {
        match self {
            Self::NoIntent | Self::OpenIntent => ROW_WITHOUT_INTENT_S,
            Self::MissingFee => 15 * 60,
            Self::ShareToRecover | Self::UnfinishedRefund => 5 * 60,
            Self::OpenDispute => 24 * 3_600,
        }
    }
}

impl Payment {
    /// What is not finished, each since when.
    #[must_use]
    pub fn open_items(&self) -> Vec<(OpenItem, Timestamp)> {
        let state = &self.state;
        let created = self.terms.created_at;
        let mut needs = Vec::new();
        if self.has_open_intent() {
            needs.push((OpenItem::OpenIntent, created));
        } else if state.intent.is_none() && !state.is_terminal() {
            needs.push((OpenItem::NoIntent, created));
        }
        if state.succeeded && (state.fees.is_empty() || state.transfers.own.is_none()) {
            needs.push((OpenItem::MissingFee, created));
        }
        let decided = state.transfers.last_instruction.as_ref();
        if state.to_recover() != 0 || state.transfers.outstanding().is_some() {
            needs.push((OpenItem::ShareToRecover, decided.map_or(created, |decided| decided.decided_at)));
        }
        for (_, request) in state.refunds.unanswered() {
            needs.push((OpenItem::UnfinishedRefund, request.requested_at));
        }
        if state.refunds.at_stripe.values().any(|refund| refund.status.is_unfinished()) {
            needs.push((OpenItem::UnfinishedRefund, created));
        }
        for (_, sight) in state.disputes.open() {
            needs.push((OpenItem::OpenDispute, Timestamp::from_seconds(sight.stamp.at_s)));
        }
        needs
    }

    /// When it next needs to be looked after; none when nothing is unfinished. What stays unfinished is looked after
    /// at growing pauses: half of its age, and once a day at the least.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        let due = |(need, since): (OpenItem, Timestamp)| match self
            .state
            .refreshed_at
            .filter(|attended| *attended >= since)
        {
            None => since.plus_seconds(need.first_pause_s()),
            Some(attended) => attended.plus_seconds(need.pause_s(attended.seconds() - since.seconds())),
        };
        self.open_items().into_iter().map(due).min()
    }
}

impl Transfers {
    /// Whether it is time for another movement: after refusals at growing pauses, as what is owed is looked at.
    pub(crate) fn may_retry(&self, now: Timestamp) -> bool {
        self.last_refused().is_none_or(|last| {
            let since = last.refused_since.unwrap_or(last.decided_at);
            let refused_for_s = last.decided_at.seconds() - since.seconds();
            now >= last.decided_at.plus_seconds(OpenItem::ShareToRecover.pause_s(refused_for_s))
        })
    }
}
