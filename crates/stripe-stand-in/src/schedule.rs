//! What happens later by itself: banks, settlement and payouts take their time.
//!
//! Time is whatever the callers pass in. A change is made once somebody looks at the books at or after its
//! time, and is dated by its own time: nobody can tell that it was not made then.

use crate::books::{Books, Request};
use crate::objects::charges::Charge;
use crate::objects::disputes::{self, Verdict};
use crate::objects::{payouts, refunds};
use crate::payment;
use crate::records::Records;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A change that is due at its time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    /// The balance transaction and transfer of a charge captured asynchronously.
    SettleCharge { charge: String },
    /// The cardholder's bank disputes what is not refunded of a charge, or inquires about it.
    OpenDispute { charge: String, reason: String, inquiry: bool },
    /// The bank has read the evidence.
    DecideDispute { dispute: String, verdict: Verdict },
    /// A pending refund reached the cardholder.
    CompleteRefund { refund: String },
    /// The cardholder's bank sent a refund back.
    FailRefund { refund: String },
    /// A payout reached the bank.
    CompletePayout { payout: String },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Scheduled {
    at_ms: i64,
    change: Change,
    done: bool,
}

impl Scheduled {
    pub(crate) fn is_done(&self) -> bool {
        self.done
    }
}

/// Changes not made yet: (when, which). Derived from the schedule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda(BTreeSet<(i64, String)>);

impl Agenda {
    pub(crate) fn of(records: &Records) -> Self {
        let open = records.scheduled.rows().iter().filter(|(_, scheduled)| !scheduled.done);
        Self(open.map(|(id, scheduled)| (scheduled.at_ms, id.clone())).collect())
    }
}

/// Makes `change` happen `after_ms` from now.
pub(crate) fn schedule(request: &mut Request<'_>, after_ms: i64, change: Change) {
    let at_ms = request.now_ms.saturating_add(after_ms);
    let id = request.mint("due_", 12);
    request.books.agenda.0.insert((at_ms, id.clone()));
    request.books.records.scheduled.put(&id, Scheduled { at_ms, change, done: false });
}

impl Books {
    /// Makes every change that is due by `now_ms`, in the order of their times. Calls and deliveries begin
    /// with it; who only reads the books by [`Books::money`] does it first.
    pub fn advance(&mut self, now_ms: i64) {
        while let Some((at_ms, id)) = self.agenda.0.first().filter(|(at_ms, _)| *at_ms <= now_ms).cloned() {
            self.agenda.0.remove(&(at_ms, id.clone()));
            let Some(scheduled) = self.records.scheduled.get_mut(&id) else {
                continue;
            };
            scheduled.done = true;
            let change = scheduled.change.clone();
            self.perhaps_untold(|books| make(&mut books.uncalled(at_ms), change));
        }
    }

    /// When the next change is due, in Unix milliseconds.
    #[must_use]
    pub fn next_change_ms(&self) -> Option<i64> {
        self.agenda.0.first().map(|(at_ms, _)| *at_ms)
    }
}

fn make(request: &mut Request<'_>, change: Change) {
    match change {
        Change::SettleCharge { charge } => payment::settle_later(request, &charge),
        Change::OpenDispute { charge, reason, inquiry } => {
            let left = |charge: &Charge| charge.amount - charge.amount_refunded;
            let amount = request.books.records.charges.get(&charge).map_or(0, left);
            disputes::open(request, &charge, amount, &reason, inquiry);
        }
        Change::DecideDispute { dispute, verdict } => disputes::decide(request, &dispute, verdict),
        Change::CompleteRefund { refund } => refunds::complete(request, &refund),
        Change::FailRefund { refund } => refunds::fail(request, &refund),
        Change::CompletePayout { payout } => payouts::complete(request, &payout),
    }
}
