//! What an event, a reply or a list shows: of which payment, and what the domain observes.

use crate::{
    ChargeObject, DisputeObject, EventObject, IntentObject, RefundObject, SnapshotError, StripeEvent,
    TransactionObject, TransactionSource, TransferObject,
};
use payments::{AccountId, IntentId, PaymentId, Snapshot, Stamp, TransferId};

/// One of Stripe's objects, seen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedObject {
    /// The payment that the object itself names.
    pub payment: Option<PaymentId>,
    /// The intent that it belongs to. Disputes, and refunds not made by us, name their payment only by it.
    pub intent: Option<IntentId>,
    /// What is observed of it.
    pub snapshot: Result<Snapshot, SnapshotError>,
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
    pub fn received_object(&self) -> Option<ReceivedObject> {
        if self.account.is_some() {
            return None;
        }
        let stamp = Stamp::of_event(self.created_s, self.id.clone());
        match &self.object {
            EventObject::PaymentIntent(intent) => Some(intent.received_object(stamp)),
            EventObject::Charge(charge) => Some(charge.received_object()),
            EventObject::Refund(refund) => Some(refund.received_object()),
            EventObject::Dispute(dispute) => Some(dispute.received_object(stamp)),
            EventObject::Transfer(transfer) => Some(transfer.received_object()),
            EventObject::Other => None,
        }
    }
}

/// What a balance transaction shows of what made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceivedTransaction {
    /// The object itself.
    Object(Box<ReceivedObject>),
    /// A reversal: its transfer is to be retrieved, which tells of it.
    OfTransfer(TransferId),
}

impl TransactionObject {
    /// What the transaction shows of what made it, as it is at the time of `stamp`. None where that is no object of a
    /// kind that we use.
    #[must_use]
    pub fn received(&self, stamp: Stamp) -> Option<ReceivedTransaction> {
        let received = match self.source.as_ref()? {
            TransactionSource::Charge(charge) => ReceivedObject {
                snapshot: charge.snapshot_with(&self.balance).map(Snapshot::Charge),
                ..charge.received_object()
            },
            TransactionSource::Refund(refund) => refund.received_object(),
            TransactionSource::Dispute(dispute) => dispute.received_object(stamp),
            TransactionSource::Transfer(transfer) => transfer.received_object(),
            TransactionSource::Reversal(reversal) => {
                return reversal.transfer.clone().map(ReceivedTransaction::OfTransfer);
            }
            TransactionSource::Id(_) | TransactionSource::Other => return None,
        };
        Some(ReceivedTransaction::Object(Box::new(received)))
    }
}

impl IntentObject {
    /// What the intent shows, at the time of `stamp`.
    #[must_use]
    pub fn received_object(&self, stamp: Stamp) -> ReceivedObject {
        ReceivedObject {
            payment: self.payment_id(),
            intent: Some(self.id.clone()),
            snapshot: self.snapshot(stamp).map(Snapshot::Intent).map_err(SnapshotError::from),
        }
    }
}

impl ChargeObject {
    /// What the charge shows.
    #[must_use]
    pub fn received_object(&self) -> ReceivedObject {
        ReceivedObject {
            payment: self.payment_id(),
            intent: self.payment_intent.clone(),
            snapshot: self.snapshot().map(Snapshot::Charge),
        }
    }
}

impl RefundObject {
    /// What the refund shows.
    #[must_use]
    pub fn received_object(&self) -> ReceivedObject {
        ReceivedObject {
            payment: self.payment_id(),
            intent: self.payment_intent.clone(),
            snapshot: self.snapshot().map(Snapshot::Refund).map_err(SnapshotError::from),
        }
    }
}

impl DisputeObject {
    /// What the dispute shows, at the time of `stamp`.
    #[must_use]
    pub fn received_object(&self, stamp: Stamp) -> ReceivedObject {
        ReceivedObject {
            payment: None,
            intent: self.payment_intent.clone(),
            snapshot: self.snapshot(stamp).map(Snapshot::Dispute),
        }
    }
}

impl TransferObject {
    /// What the transfer shows, with the reversals that it shows.
    #[must_use]
    pub fn received_object(&self) -> ReceivedObject {
        ReceivedObject {
            payment: self.payment_id(),
            intent: None,
            snapshot: Ok(Snapshot::Transfer(self.snapshot())),
        }
    }
}
