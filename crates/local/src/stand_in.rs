//! The Stripe stand-in on its port, sending its webhooks to the API.

use std::path::Path;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::random;
use crate::stripe::{Endpoint, OpenError, Settings, StandIn};

const FILE: &str = "stripe.journal";

/// Serves the stand-in at `base_url`, kept in `directory` or nowhere, and delivers its events to `webhooks`.
pub(crate) fn serve(
    tasks: &mut JoinSet<()>,
    listener: TcpListener,
    base_url: &str,
    directory: Option<&Path>,
    webhooks: Endpoint,
) -> Result<(), OpenError> {
    // Of its own each time: a table that outlived the stand-in's books must not meet its ids again.
    let seed = u64::from_le_bytes(random::bytes().map_err(OpenError::Journal)?);
    let settings = Settings { base_url: base_url.to_owned(), seed, ..Settings::default() };
    let stand_in = StandIn::open(directory.map(|directory| directory.join(FILE)), settings, vec![webhooks])?;
    let router = stand_in.router();
    tasks.spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the stand-in stopped");
        }
    });
    tasks.spawn(async move { stand_in.deliver_webhooks().await });
    Ok(())
}
