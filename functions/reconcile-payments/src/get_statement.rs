//! `GET /v1/admin/statement`: the statement of the platform's balance, as JSON or CSV.

use crate::statement_csv::csv_of;
use futures_util::future::BoxFuture;
use payments::{
    BalanceComparison, Currency, CurrencyStatement, DayStatement, Movement, Reconciliation, StatementBooks,
    Timestamp, TransactionClass, unbooked,
};
use payments_http::{Body, Problem, Request, Response, StatusCode, accepts_csv, json, query_parameter};
use payments_services::Services;
use payments_store::{Reconciliation as Note, StoreError};
use serde::Serialize;
use std::collections::BTreeMap;

const DAY_S: i64 = 86_400;
/// The most days of one statement: each day's entries are read.
const DAYS_MAX: i64 = 92;
/// The days of a statement without `from`.
const DAYS_DEFAULT: i64 = 30;

/// The statement as operators see it.
#[derive(Serialize)]
struct StatementView<'a> {
    from: &'a str,
    to: &'a str,
    /// The first day that is summed; none before the first reconciliation has compared the balance.
    since: Option<&'a str>,
    currencies: Vec<CurrencyView<'a>>,
    /// Our balance beside Stripe's, as last compared.
    balance: Option<&'a BalanceComparison>,
}

#[derive(Serialize)]
struct CurrencyView<'a> {
    currency: Currency,
    opening: i64,
    movements: Vec<MovementView>,
    closing: i64,
    /// What Stripe shows and is not booked here, or the reverse: zero, normally.
    difference: i64,
    days: Vec<DayView<'a>>,
}

#[derive(Serialize)]
struct DayView<'a> {
    day: &'a str,
    opening: i64,
    movements: Vec<MovementView>,
    closing: i64,
    difference: i64,
}

#[derive(Serialize)]
struct MovementView {
    class: TransactionClass,
    #[serde(flatten)]
    sums: Movement,
}

/// The days of a statement, both included.
struct Days {
    from: String,
    to: String,
}

pub(crate) fn get<'a>(
    services: &'a Services,
    request: &'a Request,
) -> BoxFuture<'a, Result<Response<Body>, Problem>> {
    Box::pin(async move {
        let days = Days::of(request, services)?;
        let books = books(services, &days).await?;
        let statement = books.as_ref().map(|books| books.statement(&days.from, &days.to)).unwrap_or_default();
        if accepts_csv(request) {
            return Ok(csv_of(&statement).into_response());
        }
        let balance = last_comparison(services).await?;
        let view = StatementView {
            from: &days.from,
            to: &days.to,
            since: books.as_ref().map(|books| books.opening.since.as_str()),
            currencies: statement.iter().map(CurrencyView::from).collect(),
            balance: balance.as_ref(),
        };
        json(StatusCode::OK, &view)
    })
}

/// The sums of all days, and what is booked now on the statement's days as the platform's own. `None` before the opening
/// balances are known.
async fn books(services: &Services, days: &Days) -> Result<Option<StatementBooks>, StoreError> {
    let store = &services.store;
    let Some(opening) = store.statement_opening().await? else { return Ok(None) };
    let sums = store.statement_days(&opening.since).await?;
    let mut books = StatementBooks::new(opening, sums);
    let shown: Vec<String> = books.days.keys().filter(|day| days.include(day)).cloned().collect();
    for day in shown {
        books.with_platform_entries(&day, &store.platform_entries(&day).await?);
    }
    Ok(Some(books))
}

/// The comparison of the run in progress, or else of the last one.
async fn last_comparison(services: &Services) -> Result<Option<BalanceComparison>, StoreError> {
    let read = |note| services.store.replaceable_reconciliation::<Reconciliation>(note);
    let (current, last) = tokio::join!(read(Note::Current), read(Note::Last));
    let of_run = |run: Option<Reconciliation>| run.and_then(|run| run.balance);
    Ok(of_run(current?.value).or(of_run(last?.value)))
}

impl Days {
    fn of(request: &Request, services: &Services) -> Result<Self, Problem> {
        let parse = |name| match query_parameter(request, name) {
            None => Ok(None),
            Some(text) => match Timestamp::of_day(text) {
                Some(day) => Ok(Some(day)),
                None => Err(Problem::invalid_field(name, "must be a day, YYYY-MM-DD")),
            },
        };
        let (from, to) = (parse("from")?, parse("to")?);
        let to = to.unwrap_or_else(|| services.clock.now().start_of_day());
        let from = from.unwrap_or_else(|| to.plus_seconds(-(DAYS_DEFAULT - 1) * DAY_S));
        if !(0..DAYS_MAX).contains(&((to.seconds() - from.seconds()) / DAY_S)) || from > to {
            let rule = format!("must be at most {DAYS_MAX} days up to `to`");
            return Err(Problem::invalid_field("from", rule).limit(DAYS_MAX));
        }
        Ok(Self { from: from.date(), to: to.date() })
    }

    fn include(&self, day: &str) -> bool {
        day >= self.from.as_str() && day <= self.to.as_str()
    }
}

impl<'a> From<&'a CurrencyStatement> for CurrencyView<'a> {
    fn from(statement: &'a CurrencyStatement) -> Self {
        Self {
            currency: statement.currency,
            opening: statement.opening,
            movements: views(&statement.movements),
            closing: statement.closing,
            difference: unbooked(&statement.movements),
            days: statement.days.iter().map(DayView::from).collect(),
        }
    }
}

impl<'a> From<&'a DayStatement> for DayView<'a> {
    fn from(statement: &'a DayStatement) -> Self {
        Self {
            day: &statement.day,
            opening: statement.opening,
            movements: views(&statement.movements),
            closing: statement.closing,
            difference: unbooked(&statement.movements),
        }
    }
}

fn views(movements: &BTreeMap<TransactionClass, Movement>) -> Vec<MovementView> {
    movements.iter().map(|(class, sums)| MovementView { class: *class, sums: *sums }).collect()
}
