//! The `balance` stage stores the sums of the transactions that were listed, and compares our balance, which is the opening
//! balance and everything booked since, with Stripe's.
//!
//! Stripe's balance is only ever the present one. What is not summed yet is therefore read between two readings of the
//! balance: when these are equal, nothing moved in between.

use crate::ReconciliationError;
use crate::differences::balance_differs;
use crate::note_unreadable::note_unreadable;
use crate::run_progress::RunProgress;
use payments::{
    BalanceComparison, Currency, Movement, NextPage, Reconciliation, Stage, StatementBooks, StatementDay,
    StatementOpening, Timestamp, TransactionId,
};
use payments_services::Services;
use payments_stripe::{Session, StripeError, TransactionObject, Window};
use std::collections::{BTreeMap, BTreeSet};

/// How often the balance is read again when money moves meanwhile.
const TRIES: u32 = 3;
/// How many pages of transactions that are not summed are read: ten minutes of some eight payments a second. Where there are
/// more, money moves between any two readings.
const PAGES_MAX: u32 = 100;
/// How long after its creation a transaction may appear in the list.
const VISIBLE_LATE_S: i64 = 60;

type Balances = BTreeMap<Currency, i64>;

pub(crate) async fn work(
    progress: &mut RunProgress<'_>,
    until: Timestamp,
) -> Result<(), ReconciliationError> {
    let services = progress.services;
    for hour in progress.run.summed_hours() {
        if let Err(error) = services.store.save_statement_hour(&hour).await {
            note_unreadable(progress.findings(), error)?;
        }
    }
    let stripe = services.stripe_session().await?;
    let run = &mut progress.run;
    let mut unsummed = Unsummed::of(run);
    for _ in 0..TRIES {
        let before = stripe.retrieve_balance().await?;
        run.available = before.available.clone();
        let is_in_time = || services.clock.now() < until;
        if !unsummed.list_on(&stripe, is_in_time).await? {
            break;
        }
        if before == stripe.retrieve_balance().await? {
            let moved = &unsummed.moved;
            if let Err(error) = Box::pin(compare(services, &stripe, run, &before.total, moved)).await {
                note_unreadable(&mut run.findings, error)?;
            }
            break;
        }
    }
    progress.advance(Stage::Balance, NextPage::None).await
}

/// The transactions that are not summed, as far as they are listed.
struct Unsummed {
    /// From when on they are listed: what was listed before is complete.
    from_s: i64,
    /// Those that are counted here or summed.
    counted: BTreeSet<TransactionId>,
    moved: Balances,
}

impl Unsummed {
    fn of(run: &Reconciliation) -> Self {
        let counted = run.newest.iter().flat_map(|newest| newest.ids()).cloned().collect();
        Self { from_s: run.unsummed_from_s(), counted, moved: Balances::new() }
    }

    /// Lists those that came since the last call. Returns false when they are too many.
    async fn list_on(
        &mut self,
        stripe: &Session,
        is_in_time: impl Fn() -> bool,
    ) -> Result<bool, StripeError> {
        let (window, mut cursor) = (Window { from_s: self.from_s, until_s: None }, None::<String>);
        for _ in 0..PAGES_MAX {
            let page = stripe.list_transactions(window, cursor.as_deref()).await?;
            for transaction in page.data.iter().filter(|it| it.is_of_payments_balance()) {
                self.count(transaction);
            }
            cursor = page.next;
            if cursor.is_none() || !is_in_time() {
                return Ok(cursor.is_none());
            }
        }
        Ok(false)
    }

    fn count(&mut self, transaction: &TransactionObject) {
        self.from_s = self.from_s.max(transaction.created - VISIBLE_LATE_S);
        if self.counted.insert(transaction.balance.id.clone())
            && let Some(amounts) = transaction.amounts()
        {
            *self.moved.entry(amounts.currency).or_default() += amounts.net;
        }
    }
}

async fn compare(
    services: &Services,
    stripe: &Session,
    run: &mut Reconciliation,
    theirs: &Balances,
    since: &Balances,
) -> Result<(), ReconciliationError> {
    let stored = services.store.statement_opening().await?;
    let first = stored.as_ref().map_or("", |opening| opening.since.as_str());
    let days = services.store.statement_days(first).await?;
    let opening = match stored {
        Some(opening) => opening,
        None => {
            let opening = opening(stripe, run, &days, theirs, since).await?;
            services.store.save_statement_opening(&opening).await?;
            opening
        }
    };
    let ours = sum(StatementBooks::new(opening, days).closing(|movement| movement.booked), since);
    let comparison = BalanceComparison::new(&ours, theirs, services.clock.now());
    comparison.deviations().for_each(|balance| run.findings.note(balance_differs(balance)));
    run.balance = Some(comparison);
    Ok(())
}

/// The opening balances: zero when nothing moved before the first day, otherwise what leads to Stripe's balance.
async fn opening(
    stripe: &Session,
    run: &Reconciliation,
    days: &BTreeMap<String, StatementDay>,
    theirs: &Balances,
    since: &Balances,
) -> Result<StatementOpening, ReconciliationError> {
    let first_read = run.summed_from().date();
    let first = days.keys().next().filter(|day| **day < first_read).cloned().unwrap_or(first_read);
    let begins_s = Timestamp::of_day(&first).unwrap_or(run.summed_from()).seconds();
    let earlier = stripe.list_transactions(Window { from_s: 0, until_s: Some(begins_s) }, None).await?;
    let none = StatementOpening { since: first.clone(), balances: Balances::new(), computed_back_at: None };
    if earlier.data.iter().all(|it: &TransactionObject| !it.is_of_payments_balance())
        && earlier.next.is_none()
    {
        return Ok(none);
    }
    let moved =
        sum(StatementBooks::new(none, days.clone()).closing(|movement: &Movement| movement.net), since);
    Ok(StatementOpening::computed_back(first, theirs, &moved, run.to))
}

fn sum(mut balances: Balances, more: &Balances) -> Balances {
    for (currency, amount) in more {
        *balances.entry(*currency).or_default() += amount;
    }
    balances
}
