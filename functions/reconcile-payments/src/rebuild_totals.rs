//! Rebuilds totals and counters from every payment and receiver in the table, slice by slice, while payments continue.

use crate::{ReconciliationError, save_progress::save_progress};
use payments::{CountGenerations, CountRebuild, Timestamp};
use payments_http::{Body, Problem, Response, StatusCode, json};
use payments_services::Services;
use payments_store::{Reconciliation as Note, Stored};
use serde::Serialize;

/// How many items of the table one page reads, ledger entries included.
const PAGE: u16 = 500;

#[derive(Serialize)]
struct RebuildView {
    generation: u64,
    finished: bool,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    /// How many payments and receivers are counted.
    items: u64,
    unreadable: u64,
}

/// Continues the rebuild in progress, or starts one, for about `seconds`.
pub(crate) async fn rebuild(services: &Services, seconds: i64) -> Result<Response<Body>, Problem> {
    let until = services.clock.now().plus_seconds(seconds);
    let mut stored = services.store.generations().await?;
    if stored.value.rebuild.is_none() {
        let begun = stored.value.with_rebuild(services.clock.now());
        stored = save_progress(services, Note::Counts, begun, stored.version).await?;
    }
    let generations = work(services, stored, until).await?;
    let current = generations.rebuild.as_ref().or(generations.last.as_ref());
    json(StatusCode::OK, &current.map(view))
}

/// Continues the rebuild in progress, if there is one.
pub(crate) async fn go_on(services: &Services, seconds: i64) -> Result<(), ReconciliationError> {
    let until = services.clock.now().plus_seconds(seconds);
    let stored = services.store.generations().await?;
    work(services, stored, until).await.map(drop)
}

/// Counts page after page. If two requests run at once, the second to save its progress stops; a page that both counted
/// counts once.
async fn work(
    services: &Services,
    mut stored: Stored<CountGenerations>,
    until: Timestamp,
) -> Result<CountGenerations, ReconciliationError> {
    while let Some(rebuild) = stored.value.rebuild.as_ref().filter(|_| services.clock.now() < until) {
        let page =
            services.store.counted_page(rebuild.cursor.as_deref(), PAGE, &services.config.policy).await?;
        let (generation, items) = (rebuild.generation, number_of(page.items.len()));
        let left_out = number_of(services.store.count(generation, page.items).await?.items.len());
        let unreadable = page.unreadable + left_out;
        if unreadable > 0 {
            tracing::error!(generation, unreadable, "items cannot be read and are not counted");
        }
        let now = services.clock.now();
        let after = stored.value.clone().advanced(items - left_out, unreadable, page.next_cursor, now);
        stored = save_progress(services, Note::Counts, after, stored.version).await?;
    }
    Ok(stored.value)
}

fn number_of(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}

fn view(rebuild: &CountRebuild) -> RebuildView {
    RebuildView {
        generation: rebuild.generation,
        finished: rebuild.finished_at.is_some(),
        started_at: rebuild.started_at,
        finished_at: rebuild.finished_at,
        items: rebuild.items,
        unreadable: rebuild.unreadable,
    }
}
