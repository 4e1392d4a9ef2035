//! Totals and counters made anew, from every payment and creator in the table: slice by slice, while payments go on.

use payments::{CountGenerations, CountRebuild, Timestamp};
use payments_function::App;
use payments_http::{Body, Problem, Response, StatusCode, json};
use payments_store::{Saved, Stored};
use serde::Serialize;

/// How many items of the table one page goes through, entries and all.
const PAGE: u16 = 500;

#[derive(Serialize)]
struct RebuildView {
    generation: u64,
    finished: bool,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    /// Payments and creators.
    items: u64,
    unreadable: u64,
}

/// Goes on with the rebuild that is under way, or begins one, for about `seconds`.
pub(crate) async fn rebuild(app: &App, seconds: i64) -> Result<Response<Body>, Problem> {
    let until = app.clock.now().plus_seconds(seconds);
    let mut stored = app.store.generations().await.map_err(Problem::unavailable)?;
    if stored.value.rebuild.is_none() {
        stored = save(app, stored.value.with_rebuild(app.clock.now()), stored.version).await?;
    }
    let generations = work(app, stored, until).await?;
    let current = generations.rebuild.as_ref().or(generations.last.as_ref());
    json(StatusCode::OK, &current.map(view))
}

/// Goes on with the rebuild that is under way, if one is.
pub(crate) async fn go_on(app: &App, seconds: i64) -> Result<(), Problem> {
    let until = app.clock.now().plus_seconds(seconds);
    let stored = app.store.generations().await.map_err(Problem::unavailable)?;
    work(app, stored, until).await.map(drop)
}

/// Page after page. Who writes the progress first goes on; whoever else was at it stops there: a page that is counted
/// twice counts once.
async fn work(
    app: &App,
    mut stored: Stored<CountGenerations>,
    until: Timestamp,
) -> Result<CountGenerations, Problem> {
    while let Some(rebuild) = stored.value.rebuild.as_ref().filter(|_| app.clock.now() < until) {
        let page = app.store.counted_page(rebuild.cursor.as_deref(), PAGE, &app.config.policy).await;
        let page = page.map_err(Problem::unavailable)?;
        let (generation, items) = (rebuild.generation, u64::try_from(page.items.len()).unwrap_or(u64::MAX));
        if page.unreadable > 0 {
            tracing::error!(
                generation,
                unreadable = page.unreadable,
                "items cannot be read and are not counted"
            );
        }
        app.store.count(generation, page.items).await.map_err(Problem::unavailable)?;
        let now = app.clock.now();
        let after = stored.value.clone().advanced(items, page.unreadable, page.next_cursor, now);
        stored = save(app, after, stored.version).await?;
    }
    Ok(stored.value)
}

async fn save(app: &App, value: CountGenerations, version: u64) -> Result<Stored<CountGenerations>, Problem> {
    match app.store.save_generations(&value, version).await.map_err(Problem::unavailable)? {
        Saved::Done { version } => Ok(Stored { value, version }),
        Saved::Raced => Err(under_way()),
    }
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

fn under_way() -> Problem {
    let detail = "The totals are being counted anew by another request. Repeat it to see how far that is.";
    Problem::new(StatusCode::CONFLICT, "request_in_progress", "Still in progress", detail).retry_after_s(5)
}
