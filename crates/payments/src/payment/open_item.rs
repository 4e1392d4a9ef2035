//! What is unfinished about a payment.

use crate::payment::Payment;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// An amount is to be retransferred once the platform's balance covers it.
    AwaitsBalance,
    /// A refund is requested but not created, or not finished at Stripe.
    UnfinishedRefund,
    OpenDispute,
    /// Stripe contradicts the payment. Nothing is retrieved for it: it is reported each time.
    Difference,
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
        } else if self.awaits_intent() {
            items.push((OpenItem::NoIntent, created));
        }
        if state.succeeded && (state.fees.is_empty() || state.original_transfer().is_none()) {
            items.push((OpenItem::MissingChargeDetails, created));
        }
        let last = state.transfers.last_instruction.as_ref();
        if state.to_recover() != 0 || state.transfers.outstanding().is_some() {
            items.push((OpenItem::UnbalancedShare, last.map_or(created, |last| last.decided_at)));
        }
        if self.awaits_platform_balance() {
            items.push((OpenItem::AwaitsBalance, last.map_or(created, |last| last.decided_at)));
        }
        for (_, request) in state.refunds.open_requests() {
            items.push((OpenItem::UnfinishedRefund, request.requested_at));
        }
        for refund in state.refunds.at_stripe.values().filter(|refund| refund.status.is_unfinished()) {
            let request = refund.split.request.as_ref().and_then(|id| state.refunds.requested.get(id));
            let since = request.map_or(created, |requested| requested.request.requested_at);
            items.push((OpenItem::UnfinishedRefund, since));
        }
        for (_, summary) in state.disputes.open() {
            items.push((OpenItem::OpenDispute, Timestamp::from_seconds(summary.stamp.at_s)));
        }
        if self.has_differing_objects() {
            items.push((OpenItem::Difference, created));
        }
        items
    }

    /// Whether Stripe contradicts the payment in a way that no further fact resolves.
    fn has_differing_objects(&self) -> bool {
        let state = &self.state;
        !state.conflicts.is_empty() || self.is_below_zero() || self.unsettled_transfers().next().is_some()
    }
}
