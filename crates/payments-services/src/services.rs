//! The services of a function, and how they are built from its environment.

use crate::STRIPE_TIME_LIMITS;
use crate::waits::{Peer, waiting_for};
use crate::{Clock, Config, ConfigError, Secrets, SystemClock, environment, sdk_config};
use payments::{AuditId, AuditedBy, Reason, UserId};
use payments_store::Store;
use payments_stripe::{ApiBase, ApiBaseError, HyperTransport, Stripe, Transport, TransportFuture};
use std::sync::Arc;

/// Everything that a function uses to do its work; built once at start, without I/O.
pub struct Services {
    pub config: Config,
    pub secrets: Secrets,
    pub store: Store,
    pub stripe: Stripe,
    pub clock: Arc<dyn Clock>,
}

/// The services cannot be built, because the environment's configuration is wrong.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    ApiBase(#[from] ApiBaseError),
}

/// The client of Stripe that a configuration asks for.
///
/// # Errors
/// [`ApiBaseError`] when `STRIPE_API_BASE` is not the address of an API.
pub fn stripe_client(config: &Config) -> Result<Stripe, ApiBaseError> {
    let base = ApiBase::parse(&config.stripe_api_base)?;
    let stripe = Stripe::new(MeasuredTransport(HyperTransport::new()), base, config.deployment.clone());
    let stripe = stripe.with_limits(STRIPE_TIME_LIMITS);
    Ok(match config.stripe_rate {
        Some(rate) => stripe.with_rate(rate),
        None => stripe,
    })
}

/// Counts how long a request waits for Stripe.
struct MeasuredTransport(HyperTransport);

impl Transport for MeasuredTransport {
    fn send(&self, request: http::Request<bytes::Bytes>) -> TransportFuture<'_> {
        Box::pin(waiting_for(Peer::Stripe, self.0.send(request)))
    }
}

impl Services {
    /// Builds the services from the process's environment.
    ///
    /// # Errors
    /// [`WiringError`] when a variable is missing or wrong.
    pub fn from_environment() -> Result<Self, WiringError> {
        let config = Config::from_lookup(environment)?;
        let aws = sdk_config(environment);
        let clock = Arc::new(SystemClock);
        Ok(Self {
            store: Store::new(&aws, config.dynamodb_endpoint.as_deref(), &config.table_name),
            stripe: stripe_client(&config)?,
            secrets: Secrets::from_environment(&aws, clock.clone()),
            clock,
            config,
        })
    }

    /// Records who makes a change now, and why, for the change's audit entry.
    pub fn audited(&self, by: UserId, reason: Reason) -> AuditedBy {
        AuditedBy { by, at: self.clock.now(), id: AuditId(fastrand::u64(..)), reason }
    }
}
