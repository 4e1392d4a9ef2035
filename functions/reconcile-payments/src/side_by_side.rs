//! Lists the ranges of a stage side by side, and applies what a page has, payment by payment.

use crate::ReconciliationError;
use crate::run_progress::RunProgress;
use futures_util::StreamExt;
use futures_util::future::{BoxFuture, try_join_all};
use futures_util::stream::FuturesUnordered;
use payments::{EventId, Findings, OpenRange, PaymentId, Stage, SummedTransaction, Timestamp};
use payments_bookkeeping::{Bookkeeping, ReadAhead};
use payments_services::Services;
use payments_stripe::{Claim, Page};
use std::collections::BTreeMap;

/// How many pages are worked on at once. At a second for a page of Stripe's, it takes nearly as many to make the requests of
/// `ReconciliationStripeRate`.
const PAGES_AT_ONCE: usize = 16;
/// How many payments of a page are worked on at once.
const PAYMENTS_AT_ONCE: usize = 10;

/// What became of a page.
#[derive(Default)]
pub(crate) struct WorkedPage {
    pub(crate) findings: Findings,
    /// What is left of its range.
    pub(crate) rest: Vec<OpenRange>,
    /// The events that need not be applied again, with their seconds of creation.
    pub(crate) applied: Vec<(i64, EventId)>,
    pub(crate) summed: Vec<SummedTransaction>,
    /// The stage starts again, because what a page ended with is not there any more.
    pub(crate) is_gone: bool,
}

impl WorkedPage {
    /// A page that does not exist.
    pub(crate) fn gone() -> Self {
        Self { is_gone: true, ..Self::default() }
    }

    pub(crate) fn of<T>(range: &OpenRange, page: &Page<T>, findings: Findings) -> Self {
        let rest = page.end().map(|end| range.rest(&end)).unwrap_or_default();
        Self { findings, rest, ..Self::default() }
    }
}

/// Works on a stage's ranges until they are listed or the time is over. After an error, what is under way is finished.
pub(crate) async fn list<'p>(
    progress: &mut RunProgress<'_>,
    stage: Stage,
    until: Timestamp,
    page: impl Fn(OpenRange) -> BoxFuture<'p, Result<WorkedPage, ReconciliationError>>,
) -> Result<(), ReconciliationError> {
    let mut waiting = progress.run.open_ranges(stage);
    if waiting.is_empty() {
        let now = progress.now();
        progress.run.list_on(stage, waiting, now);
        return progress.page_is_done().await;
    }
    let (mut under_way, mut working) = (BTreeMap::new(), FuturesUnordered::new());
    let (mut started, mut failed) = (0_u64, None);
    loop {
        while failed.is_none() && working.len() < PAGES_AT_ONCE && progress.now() < until {
            // The last one first: so few ranges are open at a time.
            let Some(range) = waiting.pop() else { break };
            started += 1;
            let (number, work) = (started, page(range.clone()));
            under_way.insert(number, range);
            working.push(async move { (number, work.await) });
        }
        let Some((number, worked)) = working.next().await else { break };
        let range = under_way.remove(&number);
        match worked {
            Ok(worked) if worked.is_gone => {
                progress.run.list_again(stage);
                waiting = progress.run.open_ranges(stage);
                (under_way, working) = (BTreeMap::new(), FuturesUnordered::new());
            }
            Ok(worked) => {
                worked.summed.iter().for_each(|transaction| progress.run.sum(transaction));
                progress.findings().add(worked.findings);
                worked.applied.into_iter().for_each(|(at_s, event)| progress.applied.add(at_s, event));
                waiting.extend(worked.rest);
            }
            Err(error) => {
                waiting.extend(range);
                failed = failed.or(Some(error));
            }
        }
        let open = waiting.iter().chain(under_way.values()).cloned().collect();
        let now = progress.now();
        progress.run.list_on(stage, open, now);
        progress.page_is_done().await?;
    }
    failed.map_or(Ok(()), Err)
}

/// Objects that belong to one payment, in the order of their page, with what was read of it; or those of no payment here.
pub(crate) struct OfPayment<T> {
    pub(crate) objects: Vec<T>,
    pub(crate) read: ReadAhead,
}

/// Reads the payments of a page in batches, and applies its objects: those of one payment one after another, and payments
/// side by side.
pub(crate) async fn by_payment<'s, T: Send>(
    services: &'s Services,
    objects: Vec<(Claim, T)>,
    apply: impl Fn(OfPayment<T>) -> BoxFuture<'s, Result<WorkedPage, ReconciliationError>>,
) -> Result<WorkedPage, ReconciliationError> {
    let read = Bookkeeping::now(services).read_ahead(objects.iter().map(|(claim, _)| claim)).await?;
    let mut by_payment: BTreeMap<Option<PaymentId>, Vec<(Claim, T)>> = BTreeMap::new();
    for (claim, object) in objects {
        let payment = read.payment_of(&claim, &services.config.deployment);
        let id = payment.map(|stored| stored.value.id().clone());
        by_payment.entry(id).or_default().push((claim, object));
    }
    let mut worked = WorkedPage::default();
    let mut groups = by_payment.into_values();
    loop {
        let some: Vec<_> = groups.by_ref().take(PAYMENTS_AT_ONCE).collect();
        if some.is_empty() {
            return Ok(worked);
        }
        let applying = some.into_iter().map(|group| {
            let read = read.part(group.iter().map(|(claim, _)| claim));
            apply(OfPayment { objects: group.into_iter().map(|(_, object)| object).collect(), read })
        });
        for part in try_join_all(applying).await? {
            worked.findings.add(part.findings);
            worked.applied.extend(part.applied);
            worked.summed.extend(part.summed);
        }
    }
}
