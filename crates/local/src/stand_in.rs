//! The Stripe stand-in on its port, sending its webhooks to the API.

use std::path::Path;
use std::sync::Arc;

use axum::middleware;
use stripe_stand_in::{Endpoint, Payload, Settings, StandIn};
use tokio::task::JoinSet;

use crate::alias_urls::{AliasUrls, name_by_alias};
use crate::host::{HostNames, require_known_host};
use crate::listeners::Listeners;
use crate::random;
use crate::stack::StackError;

pub(crate) const FILE: &str = "stripe.journal";

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
    port: Listeners,
    names: &Arc<HostNames>,
    settings: Settings,
    directory: Option<&Path>,
    endpoints: Vec<Endpoint>,
    rate_limit_per_s: Option<u32>,
) -> Result<StandIn, StackError> {
    // A new seed at each start, so that ids differ from those in a table that survived the stand-in's journal.
    let seed = u64::from_le_bytes(random::bytes().map_err(StackError::Keys)?);
    let settings = Settings { seed, ..settings };
    let stand_in = StandIn::open(directory.map(|directory| directory.join(FILE)), settings, endpoints)?;
    stand_in.set_rate_limit(rate_limit_per_s);
    let guard = middleware::from_fn_with_state(Arc::clone(names), require_known_host);
    let urls = middleware::from_fn_with_state(AliasUrls::new(names, &port.url()), name_by_alias);
    port.serve(tasks, stand_in.router().layer(urls).layer(guard));
    let deliverer = stand_in.clone();
    tasks.spawn(async move { deliverer.deliver_webhooks().await });
    Ok(stand_in)
}
