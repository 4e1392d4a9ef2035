//! What happens without an API call, on demand: disputes that no test card makes (of a part, withdrawn and reinstated
//! in several goes), refunds that a bank sends back, and accounts with a chosen id.

use crate::objects::accounts::readiness::Readiness;
use crate::objects::disputes::Verdict;
use crate::objects::refunds::Status;
use crate::operations::disputes::{decide, open, reinstate, withdraw};
use crate::operations::{accounts, refunds};
use crate::state::sandbox::Sandbox;

impl Sandbox {
    /// Disputes `amount` of a paid charge, or all of it, as the cardholder's bank would: told by
    /// `charge.dispute.created`, and withdrawn with Stripe's fee unless it is an inquiry. Gives the dispute's
    /// id; `None` without such a charge, or when the amount is not of it.
    pub fn open_dispute(
        &mut self,
        charge: &str,
        amount: Option<i64>,
        inquiry: bool,
        now_ms: i64,
    ) -> Option<String> {
        self.advance(now_ms);
        let amount = amount.or_else(|| Some(self.records.charges.get(charge)?.amount))?;
        open(&mut self.uncalled(now_ms), charge, amount, "fraudulent", inquiry)
    }

    /// Withdraws more for an open chargeback, in one more balance transaction; false unless `amount` is
    /// positive and within what is left of the charge.
    pub fn withdraw_for_dispute(&mut self, dispute: &str, amount: i64, now_ms: i64) -> bool {
        self.advance(now_ms);
        let left = self.records.disputes.get(dispute).and_then(|open| {
            let charge = self.records.charges.get(&open.charge)?;
            let chargeback = !open.status.is_inquiry() && !open.status.is_closed();
            chargeback.then(|| charge.amount - open.withdrawn(&self.records))
        });
        let fits = left.is_some_and(|left| (1..=left).contains(&amount));
        if fits {
            withdraw(&mut self.uncalled(now_ms), dispute, amount);
        }
        fits
    }

    /// Gives back a part of what a dispute withdrew, without deciding it; false unless `amount` is positive and
    /// so much is withdrawn.
    pub fn reinstate_for_dispute(&mut self, dispute: &str, amount: i64, now_ms: i64) -> bool {
        self.advance(now_ms);
        let withdrawn = self.records.disputes.get(dispute).map(|dispute| dispute.withdrawn(&self.records));
        let fits = withdrawn.is_some_and(|withdrawn| (1..=withdrawn).contains(&amount));
        if fits {
            reinstate(&mut self.uncalled(now_ms), dispute, amount);
        }
        fits
    }

    /// Decides a dispute as its bank would; false when there is none that is open.
    pub fn decide_dispute(&mut self, dispute: &str, verdict: Verdict, now_ms: i64) -> bool {
        self.advance(now_ms);
        let open = self.records.disputes.get(dispute).is_some_and(|dispute| !dispute.status.is_closed());
        if open {
            decide(&mut self.uncalled(now_ms), dispute, verdict);
        }
        open
    }

    /// Sends a refund back, as the cardholder's bank can at any time; false when it failed already, or there is
    /// none.
    pub fn fail_refund(&mut self, refund: &str, now_ms: i64) -> bool {
        self.advance(now_ms);
        let alive = self.records.refunds.get(refund).is_some_and(|it| it.status != Status::Failed);
        if alive {
            refunds::fail(&mut self.uncalled(now_ms), refund);
        }
        alive
    }

    /// Adds a connected account with a chosen id, which no API call can do: for demo data.
    /// An account that is there already is left as it is.
    pub fn seed_account(&mut self, id: &str, country: &str, readiness: Readiness, now_ms: i64) {
        accounts::seed(self, id, country, readiness, now_ms);
    }
}
