//! What is not finished about a payment, and when reconciliation refreshes it: the rules of the due index.

use crate::payment::{Payment, open_intent::ABANDONED_AFTER_S, transfer::Transfers};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest pause between two refreshes of an unfinished payment.
const MAX_PAUSE_S: i64 = 24 * 3_600;

/// Something about a payment that is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenItem {
    /// Stripe's answer to the creation is not known.
    NoIntent,
    /// The intent may still be paid, even if we closed the payment.
    OpenIntent,
    /// Stripe's fee or the charge's transfer is not known.
    MissingChargeDetails,
    /// An amount is to be recovered or retransferred, or an instruction's outcome is not known.
    UnbalancedShare,
    /// A refund is requested but not created, or not finished at Stripe.
    UnfinishedRefund,
    OpenDispute,
}

impl OpenItem {
    /// The pause in seconds before the next refresh of an item of this age: half of the age, but at least the first pause
    /// and at most a day.
    pub(crate) fn pause_s(self, age_s: i64) -> i64 {
        (age_s / 2).clamp(self.first_pause_s(), MAX_PAUSE_S)
    }

    fn first_pause_s(self) -> i64 {
        match self {
            Self::NoIntent | Self::OpenIntent => ABANDONED_AFTER_S,
            Self::MissingChargeDetails => 15 * 60,
            Self::UnbalancedShare | Self::UnfinishedRefund => 5 * 60,
            Self::OpenDispute => 24 * 3_600,
        }
    }
}

impl Payment {
    /// What is not finished, and since when.
    #[must_use]
    pub fn open_items(&self) -> Vec<(OpenItem, Timestamp)> {
        let state = &self.state;
        let created = self.terms.created_at;
        let mut items = Vec::new();
        if self.has_open_intent() {
            items.push((OpenItem::OpenIntent, created));
        } else if state.intent.is_none() && !state.is_terminal() {
            items.push((OpenItem::NoIntent, created));
        }
        if state.succeeded && (state.fees.is_empty() || state.transfers.original.is_none()) {
            items.push((OpenItem::MissingChargeDetails, created));
        }
        let last = state.transfers.last_instruction.as_ref();
        if state.to_recover() != 0 || state.transfers.outstanding().is_some() {
            items.push((OpenItem::UnbalancedShare, last.map_or(created, |last| last.decided_at)));
        }
        for (_, request) in state.refunds.open_requests() {
            items.push((OpenItem::UnfinishedRefund, request.requested_at));
        }
        if state.refunds.at_stripe.values().any(|refund| refund.status.is_unfinished()) {
            items.push((OpenItem::UnfinishedRefund, created));
        }
        for (_, summary) in state.disputes.open() {
            items.push((OpenItem::OpenDispute, Timestamp::from_seconds(summary.stamp.at_s)));
        }
        items
    }

    /// When the payment is next to be refreshed; `None` when it has no open item. The pauses grow with the item's age, up to
    /// a day.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        let due = |(item, since): (OpenItem, Timestamp)| {
            let refreshed_at = self.state.refreshed_at.filter(|refreshed_at| *refreshed_at >= since);
            match refreshed_at {
                None => since.plus_seconds(item.first_pause_s()),
                Some(at) => at.plus_seconds(item.pause_s(at.seconds() - since.seconds())),
            }
        };
        self.open_items().into_iter().map(due).min()
    }
}

impl Transfers {
    /// Whether the pause after a refusal has ended. Pauses grow with the time since the first refusal of the series.
    pub(crate) fn may_retry(&self, now: Timestamp) -> bool {
        self.last_refused().is_none_or(|last| {
            let since = last.refused_since.unwrap_or(last.decided_at);
            let refused_for_s = last.decided_at.seconds() - since.seconds();
            now >= last.decided_at.plus_seconds(OpenItem::UnbalancedShare.pause_s(refused_for_s))
        })
    }
}
