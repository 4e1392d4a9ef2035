//! The Stripe stand-in on its port, sending its webhooks to the API.

use std::path::Path;

use axum::middleware;
use stripe_stand_in::{Endpoint, OpenError, Payload, Settings, StandIn};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::host::require_local_host;
use crate::random;

const FILE: &str = "stripe.journal";

/// The signing secret of the event destination, which at Stripe has one of its own.
pub(crate) const EVENT_DESTINATION_SECRET: &str = "whsec_local_thin";

/// Where the stand-in sends its events: snapshots and thin events arrive at the same route, under different secrets.
pub(crate) fn endpoints(url: &str, secrets: Vec<String>) -> Vec<Endpoint> {
    let thin = vec![EVENT_DESTINATION_SECRET.to_owned()];
    vec![
        Endpoint { url: url.to_owned(), secrets, payload: Payload::Snapshot },
        Endpoint { url: url.to_owned(), secrets: thin, payload: Payload::Thin },
    ]
}

/// Serves the stand-in, with its data in `directory` or in memory, and delivers its events.
pub(crate) fn serve(
    tasks: &mut JoinSet<()>,
    listener: TcpListener,
    settings: Settings,
    directory: Option<&Path>,
    endpoints: Vec<Endpoint>,
    rate_limit_per_s: Option<u32>,
) -> Result<StandIn, OpenError> {
    // A new seed at each start, so that ids differ from those in a table that survived the stand-in's journal.
    let seed = u64::from_le_bytes(random::bytes().map_err(OpenError::Journal)?);
    let settings = Settings { seed, ..settings };
    let stand_in = StandIn::open(directory.map(|directory| directory.join(FILE)), settings, endpoints)?;
    stand_in.set_rate_limit(rate_limit_per_s);
    let router = stand_in.router().layer(middleware::from_fn(require_local_host));
    tasks.spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the stand-in stopped");
        }
    });
    let deliverer = stand_in.clone();
    tasks.spawn(async move { deliverer.deliver_webhooks().await });
    Ok(stand_in)
}
