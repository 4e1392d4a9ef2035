//! `GET /v1/admin/drift`: the drift report.

use futures_util::future::BoxFuture;
use payments::{
    BalanceComparison, CancelOpen, Counts, Difference, PlatformBalance, Reconciliation, Stage, Timestamp,
};
use payments_http::{Body, Problem, Response, StatusCode, json};
use payments_services::Services;
use payments_store::Reconciliation as Note;
use serde::Serialize;

/// A reconciliation run as operators see it.
#[derive(Serialize)]
pub(crate) struct RunView<'a> {
    number: u64,
    finished: bool,
    stage: Stage,
    from: Timestamp,
    to: Timestamp,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    counts: &'a Counts,
    /// Our balance beside Stripe's; none while money moved during each comparison.
    balance: Option<&'a BalanceComparison>,
    /// What is available of Stripe's balance, beside what waits for it.
    platform_balances: Vec<PlatformBalance>,
    /// All differences, including those that are not listed.
    differences_found: u64,
    /// Only the first ones.
    differences: &'a [Difference],
}

impl<'a> RunView<'a> {
    pub(crate) fn of(run: &'a Reconciliation) -> Self {
        Self {
            number: run.number,
            finished: run.is_finished(),
            stage: run.stage(),
            from: run.from,
            to: run.to,
            started_at: run.started_at,
            finished_at: run.finished_at,
            counts: &run.findings.counts,
            balance: run.balance.as_ref(),
            platform_balances: run.platform_balances().collect(),
            differences_found: run.findings.differences_found,
            differences: &run.findings.differences,
        }
    }
}

#[derive(Serialize)]
struct DriftView<'a> {
    last: Option<RunView<'a>>,
    current: Option<RunView<'a>>,
    /// Absent until an operator first requests it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_open: Option<CancelOpenView>,
}

#[derive(Serialize)]
struct CancelOpenView {
    until: Timestamp,
    canceled: u64,
    finished_at: Option<Timestamp>,
}

pub(crate) fn get<'a>(services: &'a Services) -> BoxFuture<'a, Result<Response<Body>, Problem>> {
    Box::pin(async move {
        let read = |note| services.store.replaceable_reconciliation::<Reconciliation>(note);
        let canceling = services.store.replaceable_reconciliation::<CancelOpen>(Note::CancelOpen);
        let (last, current, canceling) = tokio::join!(read(Note::Last), read(Note::Current), canceling);
        // One that this release cannot read is shown as none: the next run replaces it, and lists it as a difference.
        let (last, current, canceling) = (last?.value, current?.value, canceling?.value);
        let view =
            DriftView {
                last: last.as_ref().map(RunView::of),
                current: current.as_ref().filter(|run| !run.is_finished()).map(RunView::of),
                cancel_open: canceling.map(|CancelOpen { until, canceled, finished_at, .. }| {
                    CancelOpenView { until, canceled, finished_at }
                }),
            };
        json(StatusCode::OK, &view)
    })
}
