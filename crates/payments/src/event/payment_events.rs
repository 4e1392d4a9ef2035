//! The events of a payment, its refunds and its disputes.

use crate::event::{
    DisputeDetail, DisputeFundsDetail, Event, EventPayload, EventPayment, FraudWarningDetail,
    PaymentCanceled, PaymentRefunded, PaymentSettled,
};
use crate::ids::{DisputeId, RefundId, UserId};
use crate::payment::{DisputeFunds, Disputes, FraudWarnings, Payment, Refunds, Status};
use crate::timestamp::Timestamp;
use std::collections::BTreeSet;

impl Event {
    /// The events of a payment between two of its versions; all its events without an earlier version. Facts are only
    /// added to a payment, so no event is missed when versions between the two are skipped.
    #[must_use]
    pub fn of_payment(before: Option<&Payment>, after: &Payment, at: Timestamp) -> Vec<Self> {
        let mut events = PaymentEvents { payment: after, at, events: Vec::new() };
        events.add_status(before.map(Payment::status));
        let (refunds, disputes, warnings) =
            (Refunds::default(), Disputes::default(), FraudWarnings::default());
        events.add_refunds(before.map_or(&refunds, |before| &before.state.refunds));
        events.add_disputes(before.map_or(&disputes, |before| &before.state.disputes));
        events.add_fraud_warnings(before.map_or(&warnings, |before| &before.state.fraud_warnings));
        events.events
    }
}

/// Collects the events of one payment.
struct PaymentEvents<'a> {
    payment: &'a Payment,
    at: Timestamp,
    events: Vec<Event>,
}

impl PaymentEvents<'_> {
    fn add(&mut self, payload: EventPayload, parts: &[&str]) {
        let key = parts.iter().fold(self.payment.id().to_string(), |key, part| format!("{key}/{part}"));
        self.events.push(Event::new(self.at, payload, key));
    }

    fn add_status(&mut self, before: Option<Status>) {
        let now = self.payment.status();
        if before == Some(now) {
            return;
        }
        match now {
            Status::Succeeded => self.add(EventPayload::PaymentSettled(settled(self.payment)), &[]),
            Status::Canceled => self.add(EventPayload::PaymentCanceled(canceled(self.payment)), &[]),
            Status::Created | Status::RequiresPaymentMethod | Status::RequiresAction | Status::Processing => {
            }
        }
    }

    /// A refund that is already failed when it first appears gives both events, as the ledger books both.
    fn add_refunds(&mut self, before: &Refunds) {
        for (id, now) in &self.payment.state.refunds.at_stripe {
            let earlier = before.at_stripe.get(id);
            let detail = refunded(self.payment, id, now.split.creator);
            if earlier.is_none() {
                self.add(EventPayload::PaymentRefunded(detail.clone()), &[id.as_str()]);
            }
            if now.status.has_failed() && !earlier.is_some_and(|earlier| earlier.status.has_failed()) {
                self.add(EventPayload::RefundFailed(detail), &[id.as_str()]);
            }
        }
    }

    fn add_disputes(&mut self, before: &Disputes) {
        let now = &self.payment.state.disputes;
        for dispute in dispute_ids(now).difference(&dispute_ids(before)) {
            let opened = EventPayload::DisputeOpened(dispute_detail(self.payment, dispute));
            self.add(opened, &[dispute.as_str()]);
        }
        for (transaction, funds) in &now.funds {
            if !before.funds.contains_key(transaction) {
                self.add(dispute_funds(self.payment, funds), &[funds.dispute.as_str(), transaction.as_str()]);
            }
        }
        for (dispute, summary) in &now.summaries {
            let earlier = before.summaries.get(dispute).map(|summary| summary.status);
            if summary.status.is_closed() && earlier != Some(summary.status) {
                let closed = EventPayload::DisputeClosed(dispute_detail(self.payment, dispute));
                self.add(closed, &[dispute.as_str(), &summary.status.to_string()]);
            }
        }
    }

    fn add_fraud_warnings(&mut self, before: &FraudWarnings) {
        let now = &self.payment.state.fraud_warnings;
        for (id, warning) in now.received.iter().filter(|(id, _)| !before.received.contains_key(*id)) {
            let received = FraudWarningDetail {
                payment: event_payment(self.payment),
                stripe_warning_id: id.clone(),
                fraud_type: warning.fraud_type,
                warned_at: warning.warned_at,
                response: now.responses.get(id).copied(),
            };
            self.add(EventPayload::FraudWarningReceived(received), &[id.as_str()]);
        }
    }
}

/// Every dispute that has a status or a balance transaction; either can come first.
fn dispute_ids(disputes: &Disputes) -> BTreeSet<&DisputeId> {
    disputes.summaries.keys().chain(disputes.funds.values().map(|funds| &funds.dispute)).collect()
}

/// The sender, unless anonymous.
fn named_sender(payment: &Payment) -> Option<UserId> {
    (!payment.terms.anonymous).then(|| payment.terms.sender.clone())
}

fn event_payment(payment: &Payment) -> EventPayment {
    let terms = &payment.terms;
    EventPayment {
        payment_id: payment.id().clone(),
        creator_id: terms.creator.clone(),
        context: terms.context.clone(),
        currency: terms.chosen.currency(),
    }
}

fn settled(payment: &Payment) -> PaymentSettled {
    let terms = &payment.terms;
    PaymentSettled {
        payment: event_payment(payment),
        sender_id: named_sender(payment),
        amount: terms.chosen.amount(),
        anonymous: terms.anonymous,
        has_message: terms.message.is_some(),
        wave: terms.wave().cloned(),
    }
}

fn canceled(payment: &Payment) -> PaymentCanceled {
    PaymentCanceled {
        payment: event_payment(payment),
        sender_id: named_sender(payment),
        amount: payment.terms.chosen.amount(),
    }
}

fn refunded(payment: &Payment, refund: &RefundId, amount: i64) -> PaymentRefunded {
    PaymentRefunded {
        payment: event_payment(payment),
        stripe_refund_id: refund.clone(),
        amount,
        refunded_amount: payment.state.refunds.creator_amount(),
    }
}

fn dispute_detail(payment: &Payment, dispute: &DisputeId) -> DisputeDetail {
    let summary = payment.state.disputes.summaries.get(dispute);
    DisputeDetail {
        payment: event_payment(payment),
        stripe_dispute_id: dispute.clone(),
        status: summary.map(|summary| summary.status),
        amount: summary.map(|summary| summary.amount),
        due_by: summary.and_then(|summary| summary.due_by),
    }
}

fn dispute_funds(payment: &Payment, funds: &DisputeFunds) -> EventPayload {
    let detail = DisputeFundsDetail {
        payment: event_payment(payment),
        stripe_dispute_id: funds.dispute.clone(),
        amount: funds.charged.abs(),
        creator_amount: funds.creator.abs(),
    };
    if funds.charged >= 0 {
        EventPayload::DisputeWithdrawn(detail)
    } else {
        EventPayload::DisputeReinstated(detail)
    }
}
