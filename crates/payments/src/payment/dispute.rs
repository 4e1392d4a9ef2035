//! Disputes: funds that the sender's bank withdraws, and may reinstate.
//!
//! Only a dispute's balance transactions affect money. Its status is for display: an inquiry can become a chargeback, and
//! a won dispute can be withdrawn again.

use crate::ids::{DisputeId, TransactionId};
use crate::money::Currency;
use crate::payment::join_max::join_max;
use crate::payment::{DisputeStatus, Stamp};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A fact about the payment's disputes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DisputeFact {
    /// Funds were withdrawn or reinstated.
    Funds(TransactionId, DisputeFunds),
    /// A dispute takes more of the creator's share because a refund beside it failed: a number, counted by dispute, and an
    /// amount in minor units.
    ShareAdjustment(DisputeId, u32, i64),
    /// The dispute's status at a time. For display only: it decides no money.
    Summary(DisputeId, DisputeSummary),
}

/// One of a dispute's balance transactions, and how it is divided. The division is decided when the transaction is first
/// seen. Amounts are in minor units: positive for withdrawn funds, negative for reinstated ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DisputeFunds {
    pub dispute: DisputeId,
    /// The part of the charge, in the charge's currency.
    pub charged: i64,
    /// The creator's part of `charged`.
    pub creator: i64,
    /// Stripe's fee for the dispute, in `fee_currency`; negative when Stripe returns it.
    pub fee: i64,
    /// The currency of the platform's balance.
    pub fee_currency: Currency,
    /// The transaction's amount as sent, in `fee_currency`, where that is not the charge's currency.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub raw_amount: Option<i64>,
}

/// A dispute's status and amount at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DisputeSummary {
    pub stamp: Stamp,
    pub status: DisputeStatus,
    /// The disputed amount, in minor units of the charge's currency.
    pub amount: i64,
    /// Until when evidence can be submitted; none once the dispute has ended, and where the bank takes none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub due_by: Option<Timestamp>,
}

/// The disputes of a payment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Disputes {
    /// Every balance transaction of every dispute.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub funds: BTreeMap<TransactionId, DisputeFunds>,
    /// What each dispute takes in addition of the creator's share, by number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub share_adjustments: BTreeMap<DisputeId, BTreeMap<u32, i64>>,
    /// The latest summary of each dispute; for display only.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub summaries: BTreeMap<DisputeId, DisputeSummary>,
}

impl Disputes {
    pub(crate) fn join(&mut self, fact: &DisputeFact) {
        match fact {
            DisputeFact::Funds(id, funds) => join_max(&mut self.funds, id, funds.clone()),
            DisputeFact::ShareAdjustment(id, number, amount) => {
                join_max(self.share_adjustments.entry(id.clone()).or_default(), number, *amount);
            }
            DisputeFact::Summary(id, summary) => join_max(&mut self.summaries, id, summary.clone()),
        }
    }

    /// The creator's part of what is withdrawn and not reinstated, in minor units.
    #[must_use]
    pub fn creator_amount(&self) -> i64 {
        let adjustments = self.share_adjustments.keys().map(|dispute| self.share_adjustment_of(dispute));
        self.funds.values().map(|funds| funds.creator).chain(adjustments).sum()
    }

    fn share_adjustment_of(&self, dispute: &DisputeId) -> i64 {
        self.share_adjustments.get(dispute).map_or(0, |numbered| numbered.values().sum())
    }

    /// The part of the charge that is withdrawn and not reinstated, in minor units.
    #[must_use]
    pub fn charged_amount(&self) -> i64 {
        self.funds.values().map(|funds| funds.charged).sum()
    }

    /// What one dispute withdrew and did not reinstate: the part of the charge, and the creator's part of that.
    #[must_use]
    pub fn net_withdrawn(&self, dispute: &DisputeId) -> (i64, i64) {
        let of_dispute = self.funds.values().filter(|funds| funds.dispute == *dispute);
        of_dispute.fold((0, self.share_adjustment_of(dispute)), |(charged, creator), funds| {
            (charged + funds.charged, creator + funds.creator)
        })
    }

    /// The disputes that have not ended.
    pub fn open(&self) -> impl Iterator<Item = (&DisputeId, &DisputeSummary)> {
        self.summaries.iter().filter(|(_, summary)| !summary.status.is_closed())
    }
}
