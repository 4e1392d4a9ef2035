//! Refunds: requests to us, and refunds at Stripe, whether we or an operator in the dashboard created them.

use crate::ids::{RefundId, RefundRequestId, UserId};
use crate::payment::join_max::join_max;
use crate::payment::{Fingerprint, RefundStatus};
use crate::text_limits::Reason;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A fact about the payment's refunds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundFact {
    /// A refund request that we accepted. Its amount is reserved until Stripe refuses it.
    Requested(RefundRequestId, RequestedRefund),
    /// A refund exists at Stripe.
    AtStripe(RefundId, RefundSplit, RefundStatus),
    /// The refunds made in Stripe's dashboard take more of the creator's share together than one by one, or less again: a
    /// number, and an amount in minor units.
    ShareAdjustment(u32, i64),
}

/// A request for a refund, with everything that each attempt sends to Stripe.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RefundRequest {
    /// The creator's part, in minor units.
    pub creator: i64,
    /// The part of the processing fee, in minor units, that the platform bears. Zero when the sender bears the fee.
    pub platform: i64,
    /// None if the deployment itself requests it, because of an early fraud warning.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requested_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Reason>,
    /// Of the request's body: tells a retry from another request under the same key.
    pub fingerprint: Fingerprint,
    pub requested_at: Timestamp,
}

/// How a refund is divided between the creator and the platform. Decided when the refund is first seen, and kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RefundSplit {
    /// The creator's part, in minor units.
    pub creator: i64,
    /// The platform's part, in minor units: the rest.
    pub platform: i64,
    /// The request that it fulfils; none for a refund that we did not create.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request: Option<RefundRequestId>,
}

/// A refund at Stripe, with our division of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub split: RefundSplit,
    pub status: RefundStatus,
}

/// A refund request and whether Stripe refused it. A refusal is final.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequestedRefund {
    pub request: RefundRequest,
    /// The code of Stripe's definite refusal, such as `charge_disputed`. It ends the reservation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refused: Option<String>,
}

/// The refunds of a payment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Refunds {
    /// Requested from us.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub requested: BTreeMap<RefundRequestId, RequestedRefund>,
    /// At Stripe: ours, and those made in the dashboard.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub at_stripe: BTreeMap<RefundId, Refund>,
    /// What dashboard refunds take of the creator's share beside their splits, by number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub share_adjustments: BTreeMap<u32, i64>,
}

impl Refunds {
    pub(crate) fn join(&mut self, fact: &RefundFact) {
        match fact {
            RefundFact::Requested(id, requested) => join_max(&mut self.requested, id, requested.clone()),
            RefundFact::AtStripe(id, split, status) => {
                let refund = Refund { split: split.clone(), status: *status };
                match self.at_stripe.get_mut(id) {
                    Some(present) => {
                        present.status = present.status.max(*status);
                        present.split = present.split.clone().max(refund.split);
                    }
                    None => drop(self.at_stripe.insert(id.clone(), refund)),
                }
            }
            RefundFact::ShareAdjustment(number, amount) => {
                join_max(&mut self.share_adjustments, number, *amount);
            }
        }
    }

    /// The creator's part of all refunds that have not failed, in minor units.
    #[must_use]
    pub fn creator_amount(&self) -> i64 {
        self.not_failed().map(|refund| refund.split.creator).sum::<i64>() + self.adjusted()
    }

    /// The platform's part of all refunds that have not failed, in minor units.
    #[must_use]
    pub fn platform_amount(&self) -> i64 {
        self.not_failed().map(|refund| refund.split.platform).sum::<i64>() - self.adjusted()
    }

    /// What the refunds made in Stripe's dashboard that have not failed return of the charge, and the creator's part of
    /// that, in minor units.
    pub(crate) fn in_dashboard(&self) -> (i64, i64) {
        let splits = self.not_failed().map(|refund| &refund.split).filter(|split| split.request.is_none());
        splits.fold((0, 0), |(returned, creator), split| {
            (returned + split.creator + split.platform, creator + split.creator)
        })
    }

    /// The sum of the adjustments of dashboard refunds, in minor units.
    pub(crate) fn adjusted(&self) -> i64 {
        self.share_adjustments.values().sum()
    }

    fn not_failed(&self) -> impl Iterator<Item = &Refund> {
        self.at_stripe.values().filter(|refund| !refund.status.has_failed())
    }

    /// The refund at Stripe that fulfils a request.
    #[must_use]
    pub fn refund_for(&self, request: &RefundRequestId) -> Option<(&RefundId, &Refund)> {
        self.at_stripe.iter().find(|(_, refund)| refund.split.request.as_ref() == Some(request))
    }

    /// Requests that Stripe has not refused and that no known refund fulfils.
    pub fn open_requests(&self) -> impl Iterator<Item = (&RefundRequestId, &RefundRequest)> {
        self.requested
            .iter()
            .filter(|(id, requested)| requested.refused.is_none() && self.refund_for(id).is_none())
            .map(|(id, requested)| (id, &requested.request))
    }

    /// How much of the chosen amount is refunded or reserved for a refund, in minor units.
    #[must_use]
    pub fn creator_committed(&self) -> i64 {
        self.creator_amount() + self.open_requests().map(|(_, request)| request.creator).sum::<i64>()
    }

    /// How much of the fee is refunded or reserved for a refund, in minor units.
    #[must_use]
    pub fn platform_committed(&self) -> i64 {
        self.platform_amount() + self.open_requests().map(|(_, request)| request.platform).sum::<i64>()
    }
}
