//! Events, replies and lists become received objects: a snapshot, with the payment that it belongs to.

use crate::{
    ChargeObject, Claim, ClaimKind, DisputeObject, EventObject, FraudWarningObject, IntentObject,
    RefundObject, SnapshotError, StripeEvent, TransactionObject, TransactionSource, TransferObject, metadata,
};
use payments::{AccountId, PaymentId, Payout, ReversalId, Snapshot, Stamp, TransferId};

/// One of Stripe's objects, received once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedObject {
    pub claim: Claim,
    pub snapshot: Result<Snapshot, SnapshotError>,
}

impl StripeEvent {
    /// The connected account that the event says has changed. Events come in any order, so the account must
    /// be retrieved.
    #[must_use]
    pub fn changed_account(&self) -> Option<&AccountId> {
        let is_about_account =
            self.event_type.starts_with("account.") || self.event_type == "capability.updated";
        self.account.as_ref().filter(|_| is_about_account)
    }

    /// The payout that arrived or failed, with its account.
    #[must_use]
    pub fn payout(&self) -> Option<(&AccountId, Payout)> {
        match (&self.account, &self.object) {
            (Some(account), EventObject::Payout(payout)) => Some((account, payout.payout())),
            _ => None,
        }
    }

    /// The snapshot in the event. None for a type that is not used, and for events on a connected account:
    /// the account's own charges are not the platform's.
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
            EventObject::FraudWarning(warning) => Some(warning.received_object()),
            EventObject::Transfer(transfer) => Some(transfer.received_object()),
            EventObject::Payout(_) | EventObject::Other => None,
        }
    }
}

/// The snapshot in a balance transaction, or the reversal that caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceivedTransaction {
    Object(Box<ReceivedObject>),
    /// What a reversal means only its transfer says, which is retrieved unless the reversal is known already.
    Reversal(ReceivedReversal),
}

/// A reversal in a balance transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedReversal {
    pub id: ReversalId,
    pub transfer: TransferId,
    /// The payment that the reversal itself names, if the platform requested it.
    pub payment: Option<PaymentId>,
}

impl TransactionObject {
    /// The snapshot of the transaction's source, stamped with `stamp`. None when the source is of a type that
    /// is not used.
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
                return Some(ReceivedTransaction::Reversal(ReceivedReversal {
                    id: reversal.id.clone(),
                    transfer: reversal.transfer.clone()?,
                    payment: metadata::payment_id(&reversal.metadata),
                }));
            }
            TransactionSource::Other => return None,
        };
        Some(ReceivedTransaction::Object(Box::new(received)))
    }
}

impl IntentObject {
    /// Whose the intent is.
    #[must_use]
    pub fn claim(&self) -> Claim {
        Claim::new(&self.metadata, Some(self.id.clone()))
    }

    /// The snapshot of the intent, stamped with `stamp`.
    #[must_use]
    pub fn received_object(&self, stamp: Stamp) -> ReceivedObject {
        ReceivedObject { claim: self.claim(), snapshot: self.snapshot(stamp).map(Snapshot::Intent) }
    }
}

impl ChargeObject {
    /// The snapshot of the charge, with the payment that it belongs to.
    #[must_use]
    pub fn received_object(&self) -> ReceivedObject {
        ReceivedObject {
            claim: Claim::new(&self.metadata, self.payment_intent.clone()),
            snapshot: self.snapshot().map(Snapshot::Charge),
        }
    }
}

impl RefundObject {
    /// The snapshot of the refund, with the payment that it belongs to.
    #[must_use]
    pub fn received_object(&self) -> ReceivedObject {
        ReceivedObject {
            claim: Claim {
                kind: ClaimKind::Refund,
                ..Claim::new(&self.metadata, self.payment_intent.clone())
            },
            snapshot: self.snapshot().map(Snapshot::Refund),
        }
    }
}

impl DisputeObject {
    /// The snapshot of the dispute, stamped with `stamp`.
    #[must_use]
    pub fn received_object(&self, stamp: Stamp) -> ReceivedObject {
        ReceivedObject {
            claim: Claim {
                kind: ClaimKind::Dispute,
                intent: self.payment_intent.clone(),
                ..Claim::default()
            },
            snapshot: self.snapshot(stamp).map(Snapshot::Dispute),
        }
    }
}

impl FraudWarningObject {
    /// The snapshot of the warning, with the intent whose payment it belongs to.
    #[must_use]
    pub fn received_object(&self) -> ReceivedObject {
        ReceivedObject {
            claim: Claim {
                kind: ClaimKind::FraudWarning,
                intent: self.payment_intent.clone(),
                ..Claim::default()
            },
            snapshot: Ok(Snapshot::FraudWarning(self.snapshot())),
        }
    }
}

impl TransferObject {
    /// Whose the transfer is.
    #[must_use]
    pub fn claim(&self) -> Claim {
        Claim { payment: self.payment_id(), ..Claim::new(&self.metadata, None) }
    }

    /// The snapshot of the transfer, with the reversals that it lists.
    #[must_use]
    pub fn received_object(&self) -> ReceivedObject {
        ReceivedObject { claim: self.claim(), snapshot: Ok(Snapshot::Transfer(self.snapshot())) }
    }
}
