//! What a bank does, on demand and without an API call: disputes that no test card makes (partial, or withdrawn and
//! reinstated in several steps), and refunds that it sends back. Also accounts with a chosen id.

use crate::objects::accounts::readiness::Readiness;
use crate::objects::disputes::Verdict;
use crate::objects::refunds::Status;
use crate::operations::disputes::{decide, open, reinstate, withdraw};
use crate::operations::{accounts, early_fraud_warnings, refunds};
use crate::state::sandbox::Sandbox;

impl Sandbox {
    /// Disputes `amount` of a paid charge, by default all of it, and withdraws it with Stripe's fee unless it is an
    /// inquiry. Returns the dispute's id; `None` without such a charge, or for an amount above the charge's.
    pub fn open_dispute(
        &mut self,
        charge: &str,
        amount: Option<i64>,
        inquiry: bool,
        now_ms: i64,
    ) -> Option<String> {
        self.advance(now_ms);
        let amount = amount.or_else(|| Some(self.records.charges.get(charge)?.amount))?;
        open(&mut self.internal_request(now_ms), charge, amount, "fraudulent", inquiry)
    }

    /// Withdraws a further amount for an open chargeback, in a balance transaction of its own; false unless `amount`
    /// is positive and at most the rest of the charge.
    pub fn withdraw_for_dispute(&mut self, dispute: &str, amount: i64, now_ms: i64) -> bool {
        self.advance(now_ms);
        let left = self.records.disputes.get(dispute).and_then(|open| {
            let charge = self.records.charges.get(&open.charge)?;
            let chargeback = !open.status.is_inquiry() && !open.status.is_closed();
            chargeback.then(|| charge.amount - open.withdrawn(&self.records))
        });
        let fits = left.is_some_and(|left| (1..=left).contains(&amount));
        if fits {
            withdraw(&mut self.internal_request(now_ms), dispute, amount);
        }
        fits
    }

    /// Reinstates part of a dispute's withdrawal without deciding the dispute; false unless `amount` is positive and at
    /// most the amount withdrawn.
    pub fn reinstate_for_dispute(&mut self, dispute: &str, amount: i64, now_ms: i64) -> bool {
        self.advance(now_ms);
        let withdrawn = self.records.disputes.get(dispute).map(|dispute| dispute.withdrawn(&self.records));
        let fits = withdrawn.is_some_and(|withdrawn| (1..=withdrawn).contains(&amount));
        if fits {
            reinstate(&mut self.internal_request(now_ms), dispute, amount);
        }
        fits
    }

    /// Decides a dispute as its bank would; false without an open dispute of this id.
    pub fn decide_dispute(&mut self, dispute: &str, verdict: Verdict, now_ms: i64) -> bool {
        self.advance(now_ms);
        let open = self.records.disputes.get(dispute).is_some_and(|dispute| !dispute.status.is_closed());
        if open {
            decide(&mut self.internal_request(now_ms), dispute, verdict);
        }
        open
    }

    /// Warns of fraud with a paid charge, as its card's issuer does; false without such a charge.
    pub fn warn_of_fraud(&mut self, charge: &str, now_ms: i64) -> bool {
        self.advance(now_ms);
        early_fraud_warnings::warn(&mut self.internal_request(now_ms), charge, "made_with_stolen_card")
            .is_some()
    }

    /// Fails a refund, as the cardholder's bank can at any time; false for a refund that is unknown or failed already.
    pub fn fail_refund(&mut self, refund: &str, now_ms: i64) -> bool {
        self.advance(now_ms);
        let can_fail = self.records.refunds.get(refund).is_some_and(|it| it.status != Status::Failed);
        if can_fail {
            refunds::fail(&mut self.internal_request(now_ms), refund);
        }
        can_fail
    }

    /// Adds a connected account with a chosen id, for demo data: no API call can do that. Leaves an existing account
    /// unchanged.
    pub fn seed_account(&mut self, id: &str, country: &str, readiness: Readiness, now_ms: i64) {
        accounts::seed(self, id, country, readiness, now_ms);
    }
}
