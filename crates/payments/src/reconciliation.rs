//! Reconciliation: what to compare with Stripe, the progress, and the differences that remain. It is stored after each
//! slice of work, so that it can stop anywhere and resume.
//!
//! No rule of a payment is here, and no other room imports this one. Next: `passes.rs` is what a run reads, `stages.rs`
//! in which order, `slice_shares.rs` for how long, `remaining_differences.rs` what it reports, `cancel_open_intents.rs` what
//! it cancels, `transaction_class.rs` what a balance transaction is for, `pass_sums.rs` how transactions are summed,
//! `statement.rs` the statement of the balance.

use crate::ids::PaymentId;
use crate::money::Currency;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

mod account_sweep;
mod applied_events;
mod balance_comparison;
mod booked_amounts;
mod booked_transaction;
mod cancel_open_intents;
mod carried_difference;
mod carry_differences;
mod converted_transaction;
mod counts;
mod created_range;
mod difference;
mod findings;
mod movements;
mod newest_transactions;
mod pass_sums;
mod passes;
mod platform_entry;
mod remaining_differences;
mod request_budget;
mod run_stages;
mod run_sums;
mod short_balance;
mod slice_shares;
mod stage_progress;
mod stages;
mod statement;
mod transaction_amounts;
mod transaction_class;
mod withdrawn_payment;

pub use applied_events::AppliedEvents;
pub use balance_comparison::{BalanceComparison, ComparedBalance};
pub use booked_amounts::BookedAmounts;
pub use booked_transaction::BalanceTransactionKind;
pub use cancel_open_intents::{CancelOpen, OpenIntentReview};
pub use carried_difference::CarriedDifference;
pub use counts::Counts;
pub use created_range::{CreatedRange, OpenRange, PageEnd};
pub use difference::{Difference, DifferenceKind};
pub use findings::{DIFFERENCES_LISTED, Findings};
pub use movements::{Movement, Movements, StatementDay, StatementHour};
pub use newest_transactions::NewestTransactions;
pub use pass_sums::{BegunHours, PassSums, SummedTransaction};
pub use platform_entry::{PlatformAccount, PlatformEntry, PlatformPosting};
pub use request_budget::RequestBudget;
pub use short_balance::PlatformBalance;
pub use stage_progress::{NextPage, StageProgress};
pub use stages::Stage;
pub use statement::{CurrencyStatement, DayStatement, StatementBooks, StatementOpening, unbooked};
pub use transaction_amounts::TransactionAmounts;
pub use transaction_class::{TransactionClass, UnknownTransactionClass};

/// One reconciliation: its window, its progress and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Counts reconciliations, from 1.
    pub number: u64,
    /// Where the first pass begins: Stripe's objects created from here on have not had it.
    pub from: Timestamp,
    /// When the window was closed. Events are read up to here, and the passes by their age at this time.
    pub to: Timestamp,
    /// Undelivered events created from here on are read.
    pub events_from: Timestamp,
    /// Where the late pass begins.
    pub late_from: Timestamp,
    /// Where early fraud warnings begin that earlier runs were not allowed to read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub warnings_from: Option<Timestamp>,
    /// Whether an operator requested it: objects are read up to now, and every ledger is compared.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub in_full: bool,
    /// The hours, by their first second, that were not booked as Stripe shows them: they are read and summed again.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub unbooked_hours: BTreeSet<i64>,
    pub started_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finished_at: Option<Timestamp>,
    /// Whether all connected accounts are read: Stripe lists them by when they were created, not changed.
    pub includes_accounts: bool,
    /// How far the stages have come that have begun.
    #[serde(default)]
    pub stages: BTreeMap<Stage, StageProgress>,
    pub findings: Findings,
    /// What earlier runs met and the report still lists.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub carried: Vec<CarriedDifference>,
    /// The sums of the hours in which the passes begin, before that.
    #[serde(default)]
    pub begun: BegunHours,
    /// The sums of the balance transactions that are listed.
    #[serde(default)]
    pub sums: PassSums,
    /// The newest transactions that are summed, if there are any in the window.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub newest: Option<NewestTransactions>,
    /// Our balance beside Stripe's, unless money moved during each try.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub balance: Option<BalanceComparison>,
    /// The available part of Stripe's balance, less what this run has sent since it was read.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub available: BTreeMap<Currency, i64>,
    /// Payments that awaited something from it when this run or an earlier one refreshed them. Most are not due in each run.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub awaiting: BTreeSet<PaymentId>,
    /// What they still await.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub awaited: BTreeMap<Currency, i64>,
}
