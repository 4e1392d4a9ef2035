//! What a payment's news is to others.

use crate::event::{Event, EventPayload};
use crate::ids::{CreatorId, DisputeId, PaymentId, RefundId, UserId, WaveName};
use crate::money::Currency;
use crate::payment::{DisputeFunds, DisputeStatus, Disputes, Payment, Refunds, Status};
use crate::timestamp::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// A payment is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentSettled {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Who receives.
    pub creator_id: CreatorId,
    /// Who paid; null when they asked to stay unnamed.
    pub sender_id: Option<UserId>,
    /// What was chosen and reaches the creator, in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
    /// Whether the sender asked to stay unnamed.
    pub anonymous: bool,
    /// Whether a message can be read with the payment.
    pub has_message: bool,
    /// The wave that the creator receives through; null without one.
    pub wave: Option<WaveName>,
}

/// A payment ended unpaid. Its creator never heard of it, so this is for its sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentCanceled {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Who would have received.
    pub creator_id: CreatorId,
    /// Who would have paid; null when they asked to stay unnamed.
    pub sender_id: Option<UserId>,
    /// What was chosen, in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
}

/// A refund, made or come to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentRefunded {
    /// Which payment.
    pub payment_id: PaymentId,
    /// From whom it comes back.
    pub creator_id: CreatorId,
    /// Stripe's refund.
    pub stripe_refund_id: RefundId,
    /// Of the chosen amount, in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
    /// Of the chosen amount, what all refunds of the payment come to now, in minor units.
    pub refunded_amount: i64,
}

/// A dispute, opened or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisputeDetail {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Who received it.
    pub creator_id: CreatorId,
    /// Stripe's dispute.
    pub stripe_dispute_id: DisputeId,
    /// Where it stands; null while only its money was seen.
    pub status: Option<DisputeStatus>,
    /// What is disputed of the charged amount, in minor units; null while only its money was seen.
    pub amount: Option<i64>,
    /// The currency.
    pub currency: Currency,
}

/// Money of a dispute, withdrawn or reinstated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisputeFundsDetail {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Who received it.
    pub creator_id: CreatorId,
    /// Stripe's dispute.
    pub stripe_dispute_id: DisputeId,
    /// Of the charged amount, in minor units.
    pub amount: i64,
    /// The creator's share of it, in minor units.
    pub creator_amount: i64,
    /// The currency.
    pub currency: Currency,
}

impl Event {
    /// What happened to a payment from one version of it to a later one; from nothing, all that it tells. News only
    /// adds to a payment, so nothing is missed where versions between the two were never seen.
    #[must_use]
    pub fn of_payment(before: Option<&Payment>, after: &Payment, at: Timestamp) -> Vec<Self> {
        let mut news = News { payment: after, at, events: Vec::new() };
        news.of_intent(before.map(Payment::status));
        let (refunds, disputes) = (Refunds::default(), Disputes::default());
        news.of_refunds(before.map_or(&refunds, |before| &before.state.refunds));
        news.of_disputes(before.map_or(&disputes, |before| &before.state.disputes));
        news.events
    }
}

/// Events of one payment as they come to light.
struct News<'a> {
    payment: &'a Payment,
    at: Timestamp,
    events: Vec<Event>,
}

impl News<'_> {
    fn tell(&mut self, what: EventPayload, parts: &[&str]) {
        let key = parts.iter().fold(self.payment.id().to_string(), |key, part| format!("{key}/{part}"));
        self.events.push(Event::new(self.at, what, key));
    }

    fn of_intent(&mut self, before: Option<Status>) {
        let now = self.payment.status();
        if before == Some(now) {
            return;
        }
        match now {
            Status::Succeeded => self.tell(EventPayload::PaymentSettled(settled(self.payment)), &[]),
            Status::Canceled => self.tell(EventPayload::PaymentCanceled(canceled(self.payment)), &[]),
            Status::Created | Status::RequiresPaymentMethod | Status::RequiresAction | Status::Processing => {
            }
        }
    }

    /// A refund that is first seen when it has failed is told as made and as failed, as it is booked.
    fn of_refunds(&mut self, before: &Refunds) {
        for (id, now) in &self.payment.state.refunds.at_stripe {
            let then = before.at_stripe.get(id);
            let refund = || refunded(self.payment, id, now.split.creator);
            let (made, failed) =
                (EventPayload::PaymentRefunded(refund()), EventPayload::RefundFailed(refund()));
            if then.is_none() {
                self.tell(made, &[id.as_str()]);
            }
            if now.status.has_failed() && !then.is_some_and(|then| then.status.has_failed()) {
                self.tell(failed, &[id.as_str()]);
            }
        }
    }

    fn of_disputes(&mut self, before: &Disputes) {
        let now = &self.payment.state.disputes;
        for dispute in known(now).difference(&known(before)) {
            let opened = EventPayload::DisputeOpened(dispute_detail(self.payment, dispute));
            self.tell(opened, &[dispute.as_str()]);
        }
        for (transaction, money) in &now.funds {
            if !before.funds.contains_key(transaction) {
                self.tell(
                    dispute_funds(self.payment, money),
                    &[money.dispute.as_str(), transaction.as_str()],
                );
            }
        }
        for (dispute, summary) in &now.summaries {
            let reported = before.summaries.get(dispute).is_some_and(|then| then.status == summary.status);
            if summary.status.is_closed() && !reported {
                let closed = EventPayload::DisputeClosed(dispute_detail(self.payment, dispute));
                self.tell(closed, &[dispute.as_str(), summary.status.as_str()]);
            }
        }
    }
}

/// The disputes of which anything is known: their money can be seen before they are.
fn known(disputes: &Disputes) -> BTreeSet<&DisputeId> {
    disputes.summaries.keys().chain(disputes.funds.values().map(|money| &money.dispute)).collect()
}

/// Who paid, unless they asked to stay unnamed.
fn named_sender(payment: &Payment) -> Option<UserId> {
    (!payment.terms.anonymous).then(|| payment.terms.sender.clone())
}

fn settled(payment: &Payment) -> PaymentSettled {
    let terms = &payment.terms;
    PaymentSettled {
        payment_id: payment.id().clone(),
        creator_id: terms.creator.clone(),
        sender_id: named_sender(payment),
        amount: terms.chosen.amount(),
        currency: terms.chosen.currency(),
        anonymous: terms.anonymous,
        has_message: terms.message.is_some(),
        wave: terms.wave().cloned(),
    }
}

fn canceled(payment: &Payment) -> PaymentCanceled {
    let terms = &payment.terms;
    PaymentCanceled {
        payment_id: payment.id().clone(),
        creator_id: terms.creator.clone(),
        sender_id: named_sender(payment),
        amount: terms.chosen.amount(),
        currency: terms.chosen.currency(),
    }
}

fn refunded(payment: &Payment, refund: &RefundId, amount: i64) -> PaymentRefunded {
    PaymentRefunded {
        payment_id: payment.id().clone(),
        creator_id: payment.terms.creator.clone(),
        stripe_refund_id: refund.clone(),
        amount,
        currency: payment.terms.chosen.currency(),
        refunded_amount: payment.state.refunds.creator_amount(),
    }
}

fn dispute_detail(payment: &Payment, dispute: &DisputeId) -> DisputeDetail {
    let summary = payment.state.disputes.summaries.get(dispute);
    DisputeDetail {
        payment_id: payment.id().clone(),
        creator_id: payment.terms.creator.clone(),
        stripe_dispute_id: dispute.clone(),
        status: summary.map(|summary| summary.status),
        amount: summary.map(|summary| summary.amount),
        currency: payment.terms.chosen.currency(),
    }
}

fn dispute_funds(payment: &Payment, money: &DisputeFunds) -> EventPayload {
    let moved = DisputeFundsDetail {
        payment_id: payment.id().clone(),
        creator_id: payment.terms.creator.clone(),
        stripe_dispute_id: money.dispute.clone(),
        amount: money.charged.abs(),
        creator_amount: money.creator.abs(),
        currency: payment.terms.chosen.currency(),
    };
    if money.charged >= 0 {
        EventPayload::DisputeWithdrawn(moved)
    } else {
        EventPayload::DisputeReinstated(moved)
    }
}
