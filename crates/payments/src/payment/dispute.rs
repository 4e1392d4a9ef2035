//! Disputes: what the sender's bank took back through Stripe, and gave again.
//!
//! Money hangs on a dispute's balance transactions alone. Its status is for display: inquiries become chargebacks,
//! and some come back.

use crate::ids::{DisputeId, TransactionId};
use crate::money::Currency;
use crate::payment::{join::join_max, stamp::Stamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What can be learned about disputes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DisputeFact {
    /// Money was withdrawn or reinstated.
    Funds(TransactionId, DisputeFunds),
    /// What a dispute takes of the creator's share in addition, since there is room for it: a number that counts up by
    /// dispute, and minor units.
    ShareAdjustment(DisputeId, u32, i64),
    /// Where the dispute stood at a time. For display; decides no money.
    Status(DisputeId, DisputeSummary),
}

/// One of a dispute's balance transactions, and how we divided it when we first saw it. Amounts are in minor units:
/// positive withdrawn from the platform, negative reinstated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DisputeFunds {
    /// Of which dispute.
    pub dispute: DisputeId,
    /// Of the charge, in its currency.
    pub charged: i64,
    /// The creator's share of it.
    pub creator: i64,
    /// What Stripe took for the dispute, or gave back of it, in `fee_currency`.
    pub fee: i64,
    /// The currency of the platform's balance.
    pub fee_currency: Currency,
}

/// A dispute as it was seen at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DisputeSummary {
    /// When, and by what.
    pub stamp: Stamp,
    /// Its status.
    pub status: DisputeStatus,
    /// The disputed amount, in minor units of the charge's currency.
    pub amount: i64,
}

/// A dispute's status (<https://docs.stripe.com/api/disputes/object#dispute_object-status>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// An inquiry waits for an answer.
    WarningNeedsResponse,
    /// An inquiry was answered.
    WarningUnderReview,
    /// An inquiry came to nothing.
    WarningClosed,
    /// A chargeback waits for evidence.
    NeedsResponse,
    /// The evidence is being looked at.
    UnderReview,
    /// Prevented before it began.
    Prevented,
    /// The platform won.
    Won,
    /// The sender won.
    Lost,
    /// A status that we do not know.
    Other,
}

impl DisputeStatus {
    /// Reads Stripe's word.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "warning_needs_response" => Self::WarningNeedsResponse,
            "warning_under_review" => Self::WarningUnderReview,
            "warning_closed" => Self::WarningClosed,
            "needs_response" => Self::NeedsResponse,
            "under_review" => Self::UnderReview,
            "prevented" => Self::Prevented,
            "won" => Self::Won,
            "lost" => Self::Lost,
            _ => Self::Other,
        }
    }

    /// Stripe's word; `other` for one that we do not know.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WarningNeedsResponse => "warning_needs_response",
            Self::WarningUnderReview => "warning_under_review",
            Self::WarningClosed => "warning_closed",
            Self::NeedsResponse => "needs_response",
            Self::UnderReview => "under_review",
            Self::Prevented => "prevented",
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Other => "other",
        }
    }

    /// Whether it has ended.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::WarningClosed | Self::Prevented | Self::Won | Self::Lost)
    }
}

/// What is known of disputes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Disputes {
    /// Every balance transaction of every dispute.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub funds: BTreeMap<TransactionId, DisputeFunds>,
    /// What each takes of the creator's share in addition, numbered.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub share_adjustments: BTreeMap<DisputeId, BTreeMap<u32, i64>>,
    /// The latest summary of each dispute; for display only.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub summaries: BTreeMap<DisputeId, DisputeSummary>,
}

impl Disputes {
    pub(crate) fn join(&mut self, fact: &DisputeFact) {
        match fact {
            DisputeFact::Funds(id, money) => join_max(&mut self.funds, id, money.clone()),
            DisputeFact::ShareAdjustment(id, number, amount) => {
                join_max(self.share_adjustments.entry(id.clone()).or_default(), number, *amount);
            }
            DisputeFact::Status(id, summary) => join_max(&mut self.summaries, id, summary.clone()),
        }
    }

    /// The creator's share of what is withdrawn and not reinstated, in minor units.
    #[must_use]
    pub fn creator_amount(&self) -> i64 {
        let further = self.share_adjustments.keys().map(|dispute| self.share_adjustment_of(dispute));
        self.funds.values().map(|money| money.creator).chain(further).sum()
    }

    fn share_adjustment_of(&self, dispute: &DisputeId) -> i64 {
        self.share_adjustments.get(dispute).map_or(0, |further| further.values().sum())
    }

    /// What is withdrawn of the charge and not reinstated, in minor units.
    #[must_use]
    pub fn charged_amount(&self) -> i64 {
        self.funds.values().map(|money| money.charged).sum()
    }

    /// What is withdrawn in one dispute and not reinstated: of the charge, and the creator's share of it.
    #[must_use]
    pub fn standing(&self, dispute: &DisputeId) -> (i64, i64) {
        let of = |money: &&DisputeFunds| money.dispute == *dispute;
        self.funds
            .values()
            .filter(of)
            .fold((0, self.share_adjustment_of(dispute)), |(charged, creator), money| {
                (charged + money.charged, creator + money.creator)
            })
    }

    /// The disputes whose withdrawn money is not reinstated: they hold the sender.
    #[must_use]
    pub fn holding_sender(&self) -> BTreeSet<DisputeId> {
        let disputes = self.funds.values().map(|money| &money.dispute);
        disputes.filter(|dispute| self.standing(dispute).0 > 0).cloned().collect()
    }

    /// The disputes that have not ended.
    pub fn open(&self) -> impl Iterator<Item = (&DisputeId, &DisputeSummary)> {
        self.summaries.iter().filter(|(_, summary)| !summary.status.is_closed())
    }
}
