//! A star: one creator who receives thousands of payments within seconds, counted from the table's stream while it is
//! repeated, cut differently, handled side by side and broken off anywhere.
//!
//! The store and the reader of the stream are the real ones, over the simulated table and a virtual clock. What is
//! measured is how often each item is written within a virtual second; what is checked, that the totals agree to the
//! cent.

mod fans;
mod stream;
mod wire;

use fans::Fans;
use payments::{CreatorId, Currency, Policy, Totals, WaveName};
use payments_store::Store;
use publish_payment_events::App;
use std::sync::Arc;
use stream::Stream;
use tokio::runtime::Builder;
use wire::Line;

/// How long it may take to read the stream to its end after the last payment, in virtual seconds.
const PATIENCE_S: u64 = 600;

/// What a star came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarReport {
    /// How many payments settled.
    pub settled: i64,
    /// The most writes of one item within one virtual second.
    pub most_writes_a_second: usize,
    /// Which item that was.
    pub most_written: String,
    /// Batches handed to the function, the repeated and the broken ones, too.
    pub batches: usize,
    /// Batches that were broken off on the way.
    pub crashes: usize,
}

/// One creator receives so many payments within so many virtual seconds.
///
/// # Errors
/// What does not agree in the end.
pub fn star(payments: u32, seconds: u64, seed: u64) -> Result<StarReport, String> {
    fastrand::seed(seed);
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.map_err(|error| error.to_string())?.block_on(play(payments, seconds))
}

async fn play(payments: u32, seconds: u64) -> Result<StarReport, String> {
    let line = Line::new();
    let store = line.store();
    let app = Arc::new(App {
        store: store.clone(),
        bus: None,
        policy: Policy::default(),
        clock: Arc::new(line.clock()),
    });
    let fans = Fans::of(star_id(), wave());
    let mut stream = Stream::new(line.clone(), app);
    let paying = fans.pay(&store, payments, seconds);
    let expected = tokio::select! {
        expected = paying => expected,
        () = stream.read() => return Err("the stream ended".to_owned()),
    };
    let drained = tokio::time::timeout(std::time::Duration::from_secs(PATIENCE_S), stream.drain()).await;
    drained.map_err(|_| "the stream is not read to its end".to_owned())?;
    agree(&store, &expected).await?;
    line.marks_agree()?;
    let (most_written, most_writes_a_second) = line.most_written();
    Ok(StarReport {
        settled: expected.totals.count,
        most_writes_a_second,
        most_written,
        batches: stream.batches,
        crashes: stream.crashes,
    })
}

async fn agree(store: &Store, expected: &fans::Expected) -> Result<(), String> {
    let totals = store.creator_totals(&star_id()).await.map_err(|error| error.to_string())?;
    let usd = Currency::parse("usd").expect("a currency");
    let counted: Totals = totals.get(&usd).copied().unwrap_or_default();
    if totals.len() != 1 || counted != expected.totals {
        return Err(format!("the totals are {totals:?} and not {:?}", expected.totals));
    }
    let counters = store.wave_counters(&wave()).await.map_err(|error| error.to_string())?;
    if counters != expected.counters {
        return Err(format!("the wave came to {counters:?} and not {:?}", expected.counters));
    }
    Ok(())
}

fn star_id() -> CreatorId {
    CreatorId::parse("star").expect("an id")
}

fn wave() -> WaveName {
    WaveName::parse("everyone").expect("a name")
}
