//! Refunds: what was asked of us, and what Stripe made of it.

use crate::ids::{RefundId, RefundRequestId, UserId};
use crate::note::Reason;
use crate::payment::{fingerprint::Fingerprint, join::join_max};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What can be learned about refunds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundFact {
    /// A refund was asked of us and allowed, or what became of it: its amount is reserved until Stripe refuses.
    Requested(RefundRequestId, RequestedRefund),
    /// A refund is at Stripe.
    AtStripe(RefundId, RefundSplit, RefundStatus),
}

/// A refund that was asked of us, with everything that is sent to Stripe in every attempt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RefundRequest {
    /// Of the chosen amount, in minor units; comes back from the creator.
    pub creator: i64,
    /// Of the processing fee, in minor units; borne by the platform. Zero when the sender bears the fee.
    pub platform: i64,
    /// Who asked.
    pub requested_by: UserId,
    /// Why, in their words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Reason>,
    /// Of the request's body, to tell a retry from another request under the same key.
    pub fingerprint: Fingerprint,
    /// When.
    pub requested_at: Timestamp,
}

/// How a refund is divided. Decided once, in the write that first sees it, and kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RefundSplit {
    /// Of the chosen amount, in minor units; comes back from the creator.
    pub creator: i64,
    /// The rest, in minor units; borne by the platform.
    pub platform: i64,
    /// The request that it answers; none when it was not made by us.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request: Option<RefundRequestId>,
}

/// A refund's status at Stripe (<https://docs.stripe.com/api/refunds/object#refund_object-status>), by rank: a
/// refund can fail after it succeeded, and never the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// Waits for the customer.
    RequiresAction,
    /// With the sender's bank.
    Succeeded,
    /// Called off; the money is back.
    Canceled,
    /// The sender's bank gave it back.
    Failed,
}

impl RefundStatus {
    /// Whether the money came back to the platform.
    #[must_use]
    pub fn has_failed(self) -> bool {
        matches!(self, Self::Canceled | Self::Failed)
    }

    /// Whether it still waits for its end.
    #[must_use]
    pub fn is_unfinished(self) -> bool {
        matches!(self, Self::Pending | Self::RequiresAction)
    }
}

/// A refund at Stripe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// How it is divided.
    pub split: RefundSplit,
    /// Its status, by rank.
    pub status: RefundStatus,
}

/// A request and, since it can be refused and never un-refused, whether it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequestedRefund {
    /// What was asked.
    pub request: RefundRequest,
    /// The code of Stripe's definite refusal, such as `charge_disputed`: the reservation ends.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refused: Option<String>,
}

/// What is known of refunds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Refunds {
    /// Asked of us.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub requested: BTreeMap<RefundRequestId, RequestedRefund>,
    /// At Stripe, whoever made them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub at_stripe: BTreeMap<RefundId, Refund>,
}

impl Refunds {
    pub(crate) fn join(&mut self, fact: &RefundFact) {
        match fact {
            RefundFact::Requested(id, requested) => join_max(&mut self.requested, id, requested.clone()),
            RefundFact::AtStripe(id, split, status) => {
                let seen = Refund { split: split.clone(), status: *status };
                match self.at_stripe.get_mut(id) {
                    Some(known) => {
                        known.status = known.status.max(*status);
                        known.split = known.split.clone().max(seen.split);
                    }
                    None => drop(self.at_stripe.insert(id.clone(), seen)),
                }
            }
        }
    }

    /// What comes back from the creator by refunds that stand, in minor units.
    #[must_use]
    pub fn creator_amount(&self) -> i64 {
        self.standing().map(|refund| refund.split.creator).sum()
    }

    /// What the platform gave back of the fee by refunds that stand, in minor units.
    #[must_use]
    pub fn platform_amount(&self) -> i64 {
        self.standing().map(|refund| refund.split.platform).sum()
    }

    fn standing(&self) -> impl Iterator<Item = &Refund> {
        self.at_stripe.values().filter(|refund| !refund.status.has_failed())
    }

    /// The refund at Stripe that answers a request.
    #[must_use]
    pub fn made(&self, request: &RefundRequestId) -> Option<(&RefundId, &Refund)> {
        self.at_stripe.iter().find(|(_, refund)| refund.split.request.as_ref() == Some(request))
    }

    /// Requests that are not refused, and that no refund at Stripe is known to answer.
    pub fn unanswered(&self) -> impl Iterator<Item = (&RefundRequestId, &RefundRequest)> {
        let open = |id: &RefundRequestId, asked: &RequestedRefund| {
            asked.refused.is_none() && self.made(id).is_none()
        };
        self.requested
            .iter()
            .filter(move |(id, asked)| open(id, asked))
            .map(|(id, asked)| (id, &asked.request))
    }

    /// Of the chosen amount, in minor units: refunded, or reserved for a refund.
    #[must_use]
    pub fn creator_committed(&self) -> i64 {
        self.creator_amount() + self.unanswered().map(|(_, request)| request.creator).sum::<i64>()
    }

    /// Of the fee, in minor units: refunded, or reserved for a refund.
    #[must_use]
    pub fn platform_committed(&self) -> i64 {
        self.platform_amount() + self.unanswered().map(|(_, request)| request.platform).sum::<i64>()
    }
}
