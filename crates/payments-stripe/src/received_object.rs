//! What an event, a reply or a list shows: of which payment, and what the domain observes.

use crate::{
    ChargeView, DisputeView, EventObject, IntentView, RefundView, ReversalView, StripeEvent,
    TransactionSource, TransactionView, TransferView, Unobserved,
};
use payments::{AccountId, IntentId, Observation, PaymentId, Stamp};

/// One of Stripe's objects, seen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The payment that the object itself names.
    pub payment: Option<PaymentId>,
    /// The intent that it belongs to. Disputes, and refunds not made by us, name their payment only by it.
    pub intent: Option<IntentId>,
    /// What is observed of it.
    pub observation: Result<Observation, Unobserved>,
}

impl StripeEvent {
    /// The connected account that the event tells news of. What the news is, the account itself says: events come in any
    /// order, so it is retrieved.
    #[must_use]
    pub fn account_news(&self) -> Option<&AccountId> {
        let is_about_account =
            self.event_type.starts_with("account.") || self.event_type == "capability.updated";
        self.account.as_ref().filter(|_| is_about_account)
    }

    /// What the event shows of a payment. None for a kind that we do not use, and for what happens on a connected
    /// account: its charges are its owner's business, ours are the platform's own.
    #[must_use]
    pub fn sighting(&self) -> Option<Sighting> {
        if self.account.is_some() {
            return None;
        }
        let stamp = Stamp::of_event(self.created_s, self.id.clone());
        match &self.object {
            EventObject::PaymentIntent(intent) => Some(intent.sighting(stamp)),
            EventObject::Charge(charge) => Some(charge.sighting()),
            EventObject::Refund(refund) => Some(refund.sighting()),
            EventObject::Dispute(dispute) => Some(dispute.sighting(stamp)),
            EventObject::Transfer(transfer) => Some(transfer.sighting()),
            EventObject::Other => None,
        }
    }
}

impl TransactionView {
    /// What the transaction shows of what made it, as it is at the time of `stamp`. None where that is no object of a
    /// kind that we use.
    #[must_use]
    pub fn sighting(&self, stamp: Stamp) -> Option<Sighting> {
        match self.source.as_ref()? {
            TransactionSource::Charge(charge) => Some(Sighting {
                observation: charge.observed_in(&self.balance).map(Observation::Charge),
                ..charge.sighting()
            }),
            TransactionSource::Refund(refund) => Some(refund.sighting()),
            TransactionSource::Dispute(dispute) => Some(dispute.sighting(stamp)),
            TransactionSource::Transfer(transfer) => Some(transfer.sighting()),
            TransactionSource::Reversal(reversal) => reversal.sighting(),
            TransactionSource::Id(_) | TransactionSource::Other => None,
        }
    }
}

impl IntentView {
    /// What the intent shows, at the time of `stamp`.
    #[must_use]
    pub fn sighting(&self, stamp: Stamp) -> Sighting {
        Sighting {
            payment: self.payment_id(),
            intent: Some(self.id.clone()),
            observation: self.observed(stamp).map(Observation::Intent).map_err(Unobserved::from),
        }
    }
}

impl ChargeView {
    /// What the charge shows.
    #[must_use]
    pub fn sighting(&self) -> Sighting {
        Sighting {
            payment: self.payment_id(),
            intent: self.payment_intent.clone(),
            observation: self.observed().map(Observation::Charge),
        }
    }
}

impl RefundView {
    /// What the refund shows.
    #[must_use]
    pub fn sighting(&self) -> Sighting {
        Sighting {
            payment: self.payment_id(),
            intent: self.payment_intent.clone(),
            observation: self.observed().map(Observation::Refund).map_err(Unobserved::from),
        }
    }
}

impl DisputeView {
    /// What the dispute shows, at the time of `stamp`.
    #[must_use]
    pub fn sighting(&self, stamp: Stamp) -> Sighting {
        Sighting {
            payment: None,
            intent: self.payment_intent.clone(),
            observation: self.observed(stamp).map(Observation::Dispute),
        }
    }
}

impl TransferView {
    /// What the transfer shows, with the reversals that it shows.
    #[must_use]
    pub fn sighting(&self) -> Sighting {
        Sighting {
            payment: self.payment_id(),
            intent: None,
            observation: Ok(Observation::Transfer(self.observed())),
        }
    }
}

impl ReversalView {
    /// Where to look for what the reversal shows: a reversal is told by its transfer.
    #[must_use]
    pub fn sighting(&self) -> Option<Sighting> {
        let transfer = self.transfer.clone()?;
        let observation = Err(Unobserved::ToldByTransfer(transfer));
        Some(Sighting { payment: self.payment_id(), intent: None, observation })
    }
}
