//! The Stripe stand-in on its port, sending its webhooks to the API.

use std::path::Path;

use axum::middleware;
use stripe_stand_in::{Endpoint, OpenError, Settings, StandIn};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::host::require_local_host;
use crate::random;

const FILE: &str = "stripe.journal";

/// Serves the stand-in at `base_url`, with its data in `directory` or in memory, and delivers its events to `webhooks`.
pub(crate) fn serve(
    tasks: &mut JoinSet<()>,
    listener: TcpListener,
    base_url: &str,
    directory: Option<&Path>,
    webhooks: Endpoint,
    rate_limit_per_s: Option<u32>,
) -> Result<StandIn, OpenError> {
    // A new seed at each start, so that ids differ from those in a table that survived the stand-in's journal.
    let seed = u64::from_le_bytes(random::bytes().map_err(OpenError::Journal)?);
    let settings = Settings { base_url: base_url.to_owned(), seed, ..Settings::default() };
    let stand_in = StandIn::open(directory.map(|directory| directory.join(FILE)), settings, vec![webhooks])?;
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
