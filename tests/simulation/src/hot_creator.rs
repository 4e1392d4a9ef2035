//! One creator who receives thousands of payments within seconds, counted from the table's stream while its batches
//! are repeated, cut differently, handled side by side and interrupted.
//!
//! The store and the stream's reader are the real ones, over the simulated table and a virtual clock; nothing calls
//! Stripe. The simulation measures how often each item is written within a virtual second, and checks that the totals
//! agree to the cent. `payers` makes the payments, `stream` reads, `connection` reaches the table.

mod connection;
mod payers;
mod stream;

use connection::Connection;
use payers::Payers;
use payments::{CreatorId, Currency, Policy, Totals, WaveName};
use payments_store::Store;
use publish_payment_events::App;
use std::sync::Arc;
use std::time::Duration;
use stream::Stream;

/// How long reading the stream to its end may take after the last payment, in virtual time.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(600);

/// What was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HotCreatorReport {
    /// Payments that succeeded.
    pub paid: i64,
    /// The most writes of one item within one virtual second.
    pub most_writes_a_second: usize,
    /// The item that they were of.
    pub most_written: String,
    /// Batches handed to the function, repeated and interrupted ones included.
    pub batches: usize,
    pub crashes: usize,
}

/// One creator receives `payments` payments within `seconds` virtual seconds.
///
/// # Errors
/// The first count that is wrong at the end.
pub fn hot_creator(payments: u32, seconds: u64, seed: u64) -> Result<HotCreatorReport, String> {
    fastrand::seed(seed);
    crate::runtime().block_on(play(payments, seconds))
}

async fn play(payments: u32, seconds: u64) -> Result<HotCreatorReport, String> {
    let connection = Connection::new();
    let store = connection.store();
    let app = Arc::new(App {
        store: store.clone(),
        bus: None,
        failures: None,
        policy: Policy::default(),
        clock: Arc::new(connection.clock()),
    });
    let payers = Payers::of(creator_id(), wave());
    let mut stream = Stream::new(connection.clone(), app);
    let paying = payers.pay(&store, payments, seconds);
    let expected = tokio::select! {
        expected = paying => expected,
        () = stream.read() => return Err("the stream ended".to_owned()),
    };
    let drained = tokio::time::timeout(DRAIN_TIMEOUT, stream.drain()).await;
    drained.map_err(|_| "the stream is not read to its end".to_owned())?;
    counts_agree(&store, &expected).await?;
    connection.counted_versions_agree()?;
    let (most_written, most_writes_a_second) = connection.most_written();
    Ok(HotCreatorReport {
        paid: expected.totals.count,
        most_writes_a_second,
        most_written,
        batches: stream.batches,
        crashes: stream.crashes,
    })
}

async fn counts_agree(store: &Store, expected: &payers::Expected) -> Result<(), String> {
    let totals = store.creator_totals(&creator_id()).await.map_err(|error| error.to_string())?;
    let usd = Currency::parse("usd").expect("a currency");
    let counted: Totals = totals.get(&usd).copied().unwrap_or_default();
    if totals.len() != 1 || counted != expected.totals {
        return Err(format!("the totals are {totals:?} and not {:?}", expected.totals));
    }
    let counters = store.wave_counters(&wave()).await.map_err(|error| error.to_string())?;
    if counters != expected.counters {
        return Err(format!("the wave's counters are {counters:?} and not {:?}", expected.counters));
    }
    Ok(())
}

fn creator_id() -> CreatorId {
    CreatorId::parse("hot").expect("an id")
}

fn wave() -> WaveName {
    WaveName::parse("everyone").expect("a name")
}
