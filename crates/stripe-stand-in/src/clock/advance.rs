//! Scheduled changes: decisions of banks, settlement and payouts.
//!
//! Callers pass the time in. A change is made by the first call at or after its time, and is dated by its own time, as
//! if it had been made then.

use crate::objects::charges::Charge;
use crate::objects::refunds::Refund;
use crate::objects::scheduled::Change;
use crate::operations::{
    balance_transactions, disputes, early_fraud_warnings, payment_attempts, payouts, refunds,
};
use crate::state::platform_payouts::PlatformPayouts;
use crate::state::request::Request;
use crate::state::sandbox::Sandbox;

impl Sandbox {
    /// Makes every change that is due by `now_ms`, in the order of their times. Calls and deliveries do it first; a
    /// caller of [`Sandbox::money`] does it itself.
    pub fn advance(&mut self, now_ms: i64) {
        while let Some((at_ms, id)) = self.schedule.0.first().filter(|(at_ms, _)| *at_ms <= now_ms).cloned() {
            self.schedule.0.remove(&(at_ms, id.clone()));
            let Some(scheduled) = self.records.scheduled.get_mut(&id) else {
                continue;
            };
            scheduled.done = true;
            let change = scheduled.change.clone();
            self.change_with_drift(|sandbox| make(&mut sandbox.internal_request(at_ms), change));
        }
        self.move_platform_balance(now_ms);
    }

    /// What happens to the platform's balance by itself: what it has at the start, refunds that waited for it, and its payouts.
    fn move_platform_balance(&mut self, now_ms: i64) {
        if self.records.balance_transactions.rows().is_empty() {
            balance_transactions::top_up(&mut self.internal_request(now_ms));
        }
        if self.records.refunds.rows().values().any(Refund::waits_for_balance) {
            self.change_with_drift(|sandbox| refunds::pay_waiting(&mut sandbox.internal_request(now_ms)));
        }
        if self.settings.payouts == PlatformPayouts::Daily {
            payouts::pay_out_daily(&mut self.internal_request(now_ms));
        }
    }

    /// When the next change is due, in Unix milliseconds.
    #[must_use]
    pub fn next_change_ms(&self) -> Option<i64> {
        self.schedule.0.first().map(|(at_ms, _)| *at_ms)
    }
}

fn make(request: &mut Request<'_>, change: Change) {
    match change {
        Change::SettleCharge { charge } => payment_attempts::settle_async_capture(request, &charge),
        Change::OpenDispute { charge, reason, inquiry } => {
            let left = |charge: &Charge| charge.amount - charge.amount_refunded;
            let amount = request.sandbox.records.charges.get(&charge).map_or(0, left);
            disputes::open(request, &charge, amount, &reason, inquiry);
        }
        Change::WarnOfFraud { charge } => {
            early_fraud_warnings::warn(request, &charge, "made_with_stolen_card");
        }
        Change::DecideDispute { dispute, verdict } => disputes::decide(request, &dispute, verdict),
        Change::CompleteRefund { refund } => refunds::complete(request, &refund),
        Change::FailRefund { refund } => refunds::fail(request, &refund),
        Change::CompletePayout { payout } => payouts::complete(request, &payout),
    }
}
