//! A payment: the terms that never change, and the state that facts are joined into.

use crate::{
    Admission, Allowed, Closure, Context, CreatorId, Entry, Fact, Fingerprint, HoldChange, IntentId,
    IntentParameters, Message, Money, Move, MoveKind, PaymentId, Phase, State, Timestamp, TransferFact,
    UserId, WaveName, entries,
};
use serde::{Deserialize, Serialize};

/// A payment from a sender to a creator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// What was agreed when it was created.
    pub terms: PaymentTerms,
    /// What has been learned since.
    pub state: State,
}

/// What was agreed when a payment was created; it never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTerms {
    /// Who pays.
    pub sender: UserId,
    /// Who receives.
    pub creator: CreatorId,
    /// What the sender chose, all of which reaches the creator.
    pub chosen: Money,
    /// What the sender says with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<Message>,
    /// Whether the creator is not told who sent it.
    pub anonymous: bool,
    /// What it is for in the app.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub context: Option<Context>,
    /// Of the request's body, to tell a retry from another request under the same key.
    pub fingerprint: Fingerprint,
    /// The decision that allowed it; absent from rows older than decisions were kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub allowed: Option<Allowed>,
    /// What is asked of Stripe, in every attempt.
    pub parameters: IntentParameters,
    /// When it was created.
    pub created_at: Timestamp,
}

impl PaymentTerms {
    /// The payment's id.
    #[must_use]
    pub fn id(&self) -> &PaymentId {
        &self.parameters.payment_id
    }

    /// The wave that it counts with: the one that opened receiving to its creator, if a wave did.
    #[must_use]
    pub fn wave(&self) -> Option<&WaveName> {
        match &self.allowed.as_ref()?.by {
            Admission::Wave(name) => Some(name),
            Admission::Operator | Admission::Percentage => None,
        }
    }

    /// The processing fee in minor units.
    #[must_use]
    pub fn fee(&self) -> i64 {
        self.parameters.total.amount() - self.chosen.amount()
    }
}

/// A payment's status as callers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Recorded; Stripe has not answered yet.
    Created,
    /// Waits for a card; also after a declined one.
    RequiresPaymentMethod,
    /// Waits for the sender, for 3-D Secure.
    RequiresAction,
    /// With the card network.
    Processing,
    /// Paid.
    Succeeded,
    /// Closed unpaid.
    Canceled,
}

/// What joining facts changes. It is written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The payment with the facts joined.
    pub after: Payment,
    /// Entries that the state now implies and did not before.
    pub new_entries: Vec<Entry>,
    /// The intent that is known since this change.
    pub attached: Option<IntentId>,
    /// Paid and closed are both known since this change: someone must look.
    pub contradiction: bool,
    /// What it does to the sender's hold.
    pub hold: Option<HoldChange>,
    /// So many charges failed since this change that somebody tries cards.
    pub card_testing: bool,
}

impl Payment {
    /// A new payment, before Stripe knows of it.
    #[must_use]
    pub fn new(terms: PaymentTerms) -> Self {
        Self { terms, state: State::default() }
    }

    /// The payment's id.
    #[must_use]
    pub fn id(&self) -> &PaymentId {
        self.terms.id()
    }

    /// Joins facts: what changes, or `None` when they tell nothing new.
    #[must_use]
    pub fn learn(&self, facts: &[Fact]) -> Option<Change> {
        let state = self.state.clone().learn_all(facts);
        if state == self.state {
            return None;
        }
        let after = Self { terms: self.terms.clone(), state };
        let known = entries(self);
        Some(Change {
            new_entries: entries(&after).into_iter().filter(|entry| !known.contains(entry)).collect(),
            attached: after.state.intent.clone().filter(|_| self.state.intent.is_none()),
            contradiction: after.state.is_contradictory() && !self.state.is_contradictory(),
            hold: HoldChange::between(&self.state.disputes.holding(), &after.state.disputes.holding()),
            card_testing: after.is_card_testing() && !self.is_card_testing(),
            after,
        })
    }

    /// The movement of the creator's share to decide on now: none while one is outstanding, or when nothing is owed.
    #[must_use]
    pub fn next_move(&self, now: Timestamp) -> Option<Move> {
        self.state.transfers.next_move(self.state.owed(), self.terms.chosen.amount(), now)
    }

    /// The movement that is tried again after a refusal, once it is time for it.
    #[must_use]
    pub fn next_try(&self, now: Timestamp) -> Option<Move> {
        self.next_move(now).filter(|_| self.state.transfers.may_try_again(now))
    }

    /// Facts, what disputes take of the creator's share by them, and the movement of it that they call for: decided in the
    /// same write. After a refusal the next movement waits until something else is owed, or until reconciliation tries
    /// again. What somebody else took back waits for reconciliation, too, before it is given again: the refund that it
    /// belongs to may only be on its way.
    #[must_use]
    pub fn with_next_move(&self, mut facts: Vec<Fact>, now: Timestamp) -> Vec<Fact> {
        let mut after = self.clone();
        after.state = after.state.learn_all(&facts);
        let further = after.further_shares();
        if !further.is_empty() {
            after.state = after.state.learn_all(&further);
            facts.extend(further);
        }
        let refused = after.state.transfers.is_refused() && after.state.owed() == self.state.owed();
        let ours =
            self.state.transfers.outstanding().is_some() || after.state.to_return() < self.state.to_return();
        let at_once = |next: &Move| !refused && (ours || next.kind != MoveKind::Transfer);
        let decided = after.next_move(now).filter(at_once);
        facts.extend(decided.map(|decided| Fact::Transfer(TransferFact::Moved(decided))));
        facts
    }

    /// What Stripe took for the charge, where it is known in the payment's currency, in minor units.
    #[must_use]
    pub fn actual_fee(&self) -> Option<i64> {
        let currency = self.terms.chosen.currency();
        let known =
            !self.state.fees.is_empty() && self.state.fees.values().all(|fee| fee.currency == currency);
        known.then(|| self.state.fees.values().map(|fee| fee.amount).sum())
    }

    /// The status as callers see it.
    #[must_use]
    pub fn status(&self) -> Status {
        let state = &self.state;
        if state.succeeded {
            return Status::Succeeded;
        }
        if state.is_terminal() {
            return Status::Canceled;
        }
        match (&state.phase, &state.intent) {
            (Some((_, Phase::RequiresPaymentMethod)), _) | (None, Some(_)) => Status::RequiresPaymentMethod,
            (Some((_, Phase::RequiresAction)), _) => Status::RequiresAction,
            (Some((_, Phase::Processing)), _) => Status::Processing,
            (None, None) => Status::Created,
        }
    }

    /// Why we closed it, unless it was paid all the same.
    #[must_use]
    pub fn closure(&self) -> Option<&Closure> {
        self.state.closed.as_ref().filter(|_| !self.state.succeeded)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        AccountId, ChargeOutcome, Currency, EventId, IntentObservation, IntentStatus, Mismatch, Stamp,
    };

    pub(crate) fn payment() -> Payment {
        let usd = Currency::parse("usd").expect("currency");
        let id = PaymentId::parse("pay_0123456789abcdef0123456789abcdef").expect("id");
        Payment::new(PaymentTerms {
            sender: UserId::parse("sam").expect("id"),
            creator: CreatorId::parse("ana").expect("id"),
            chosen: Money::new(1_000, usd).expect("money"),
            message: None,
            anonymous: false,
            context: None,
            fingerprint: Fingerprint::of(&"body"),
            allowed: None,
            parameters: IntentParameters {
                payment_id: id,
                total: Money::new(1_061, usd).expect("money"),
                destination: AccountId::parse("acct_ana").expect("id"),
                transfer_amount: 1_000,
                on_behalf_of: false,
                receipt_email: Some("sam@example.com".to_owned()),
            },
            created_at: Timestamp::from_seconds(1_000),
        })
    }

    pub(crate) fn intent(status: IntentStatus) -> IntentObservation {
        IntentObservation {
            id: IntentId::parse("pi_1").expect("id"),
            status,
            amount: 1_061,
            amount_received: if status == IntentStatus::Succeeded { 1_061 } else { 0 },
            currency: "usd".to_owned(),
            destination: AccountId::parse("acct_ana").ok(),
            transfer_amount: Some(1_000),
            charge: None,
            stamp: Stamp::of_event(1_001, EventId::parse("evt_1").expect("id")),
        }
    }

    fn after(payment: &Payment, seen: &IntentObservation) -> Payment {
        payment.learn(&seen.facts(payment).expect("same payment")).expect("news").after
    }

    #[test]
    fn the_status_follows_the_intent() {
        let payment = payment();
        assert_eq!(payment.status(), Status::Created);
        for (intent_status, status) in [
            (IntentStatus::RequiresPaymentMethod, Status::RequiresPaymentMethod),
            (IntentStatus::RequiresConfirmation, Status::RequiresPaymentMethod),
            (IntentStatus::RequiresAction, Status::RequiresAction),
            (IntentStatus::Processing, Status::Processing),
            (IntentStatus::RequiresCapture, Status::Processing),
            (IntentStatus::Succeeded, Status::Succeeded),
            (IntentStatus::Canceled, Status::Canceled),
        ] {
            assert_eq!(after(&payment, &intent(intent_status)).status(), status);
        }
        let attached = payment.learn(&[Fact::Intent(intent(IntentStatus::Processing).id)]);
        assert_eq!(attached.expect("news").after.status(), Status::RequiresPaymentMethod);
    }

    #[test]
    fn an_intent_that_differs_from_the_row_is_a_mismatch() {
        let attached = after(&payment(), &intent(IntentStatus::RequiresPaymentMethod));
        let differs = |alter: fn(&mut IntentObservation)| {
            let mut seen = intent(IntentStatus::Succeeded);
            alter(&mut seen);
            let Mismatch { field, ours, theirs } = seen.facts(&attached).expect_err("differs");
            format!("{field} {ours} {theirs}")
        };
        assert_eq!(differs(|i| i.id = IntentId::parse("pi_2").expect("id")), "id pi_1 pi_2");
        assert_eq!(differs(|i| i.amount = 1_060), "amount 1061 1060");
        assert_eq!(differs(|i| i.amount_received = 1_060), "amount_received 1061 1060");
        assert_eq!(differs(|i| i.currency = "eur".into()), "currency usd eur");
        assert_eq!(
            differs(|i| i.destination = AccountId::parse("acct_2").ok()),
            "destination acct_ana acct_2"
        );
        assert_eq!(differs(|i| i.destination = None), "destination acct_ana none");
        assert_eq!(differs(|i| i.transfer_amount = None), "transfer amount 1000 none");
        assert_eq!(differs(|i| i.transfer_amount = Some(1_061)), "transfer amount 1000 1061");
        assert!(intent(IntentStatus::Succeeded).facts(&attached).is_ok());
    }

    #[test]
    fn a_change_names_what_is_new_once() {
        let payment = payment();
        let paid = intent(IntentStatus::Succeeded);
        let facts = paid.facts(&payment).expect("same payment");
        let change = payment.learn(&facts).expect("news");
        assert_eq!(change.attached, Some(paid.id));
        assert_eq!(change.new_entries.len(), 1);
        assert!(!change.contradiction);
        assert_eq!(change.after.learn(&facts), None);
        let canceled = change.after.learn(&[Fact::Canceled]).expect("news");
        assert!(canceled.contradiction && canceled.new_entries.is_empty());
        assert_eq!((canceled.attached, canceled.after.status()), (None, Status::Succeeded));
        let closed = [Fact::Closed(Closure::Abandoned)];
        assert!(!canceled.after.learn(&closed).expect("news").contradiction);
    }

    #[test]
    fn a_failed_charge_is_remembered_and_leaves_the_payment_payable() {
        let payment = payment();
        let mut declined = intent(IntentStatus::RequiresPaymentMethod);
        declined.charge = Some((crate::ChargeId::parse("ch_1").expect("id"), ChargeOutcome::Failed));
        let after = after(&payment, &declined);
        assert_eq!(after.status(), Status::RequiresPaymentMethod);
        assert_eq!(after.state.failed_charges.len(), 1);
    }

    #[test]
    fn debug_leaves_the_receipt_address_out() {
        let told = format!("{:?}", payment());
        assert!(told.contains("acct_ana") && !told.contains("example.com"));
    }

    #[test]
    fn a_payment_survives_being_stored() {
        let stored = serde_json::to_string(&after(&payment(), &intent(IntentStatus::Succeeded)));
        let read: Payment = serde_json::from_str(&stored.expect("serializes")).expect("reads");
        assert_eq!(read, after(&payment(), &intent(IntentStatus::Succeeded)));
    }
}
