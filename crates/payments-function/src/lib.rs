//! What every function is wired from, and how it runs in Lambda.

use lambda_http::Error;
use payments::{AuditId, AuditedBy, Reason, Secret, UserId};
use payments_http::{
    Body, Clock, Config, Problem, Request, Response, Secrets, SystemClock, environment, sdk_config, serve,
    serve_on_schedule_too, start_logging,
};
use payments_store::Store;
use payments_stripe::{ApiBase, HyperTransport, Session, Stripe, TimeLimits};
use std::{future::Future, sync::Arc, time::Duration};

/// Two attempts and a pause. With three calls to the table, of 5 s at the most each, a create stays within its
/// function's 29 s.
pub const STRIPE_TIME_LIMITS: TimeLimits =
    TimeLimits { attempt: Duration::from_secs(6), overall: Duration::from_secs(13) };

/// What a function works with; built once, at start, without I/O.
pub struct App {
    /// Configuration.
    pub config: Config,
    /// The secrets that the function may read.
    pub secrets: Secrets,
    /// The table.
    pub store: Store,
    /// Stripe.
    pub stripe: Stripe,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl App {
    /// Wires a function as its environment says.
    ///
    /// # Errors
    /// When a variable is missing or wrong.
    pub fn from_environment() -> Result<Self, Error> {
        let config = Config::from_lookup(environment)?;
        let aws = sdk_config(environment);
        let clock = Arc::new(SystemClock);
        Ok(Self {
            store: Store::new(&aws, config.dynamodb_endpoint.as_deref(), &config.table_name),
            stripe: Stripe::new(HyperTransport::new(), ApiBase::parse(&config.stripe_api_base)?)
                .with_limits(STRIPE_TIME_LIMITS),
            secrets: Secrets::from_environment(&aws, clock.clone()),
            clock,
            config,
        })
    }

    /// Who makes a change now and why, for its audit entry.
    pub fn audited(&self, by: UserId, reason: Reason) -> AuditedBy {
        AuditedBy { by, at: self.clock.now(), id: AuditId(fastrand::u64(..)), reason }
    }

    /// Stripe, with our key.
    ///
    /// # Errors
    /// 503, when the key cannot be had, or is of the other mode: with a live key and `LIVEMODE=false`, cards
    /// would be charged and every event of it ignored.
    pub async fn stripe_session(&self) -> Result<Session, Problem> {
        let key = self.secrets.stripe_secret_key().await.map_err(Problem::unavailable)?;
        match is_live(&key) {
            Some(live) if live != self.config.livemode => Err(Problem::unavailable(KeyOfOtherMode)),
            _ => self.stripe.authorized(&key).map_err(Problem::unavailable),
        }
    }
}

/// The key is of test mode and `LIVEMODE` is true, or the other way round.
#[derive(Debug, thiserror::Error)]
#[error("the Stripe key is not of the mode that LIVEMODE names")]
struct KeyOfOtherMode;

/// Whether a secret or restricted key moves real money (<https://docs.stripe.com/keys>); `None` when it does
/// not say.
fn is_live(key: &Secret) -> Option<bool> {
    let says = |prefixes: [&[u8]; 2]| prefixes.iter().any(|prefix| key.expose().starts_with(prefix));
    if says([b"sk_live_", b"rk_live_"]) {
        Some(true)
    } else if says([b"sk_test_", b"rk_test_"]) {
        Some(false)
    } else {
        None
    }
}

/// Runs a function in Lambda until its environment ends.
///
/// # Errors
/// When its environment is wrong, or the Lambda runtime cannot be reached.
pub async fn run<F, Fut>(handle: F) -> Result<(), Error>
where
    F: Fn(Arc<App>, Request) -> Fut,
    Fut: Future<Output = Response<Body>> + Send,
{
    start_logging();
    let app = Arc::new(App::from_environment()?);
    serve(|request| handle(app.clone(), request)).await
}

/// Runs a function in Lambda that works by itself on a schedule, too.
///
/// # Errors
/// When its environment is wrong, or the Lambda runtime cannot be reached.
pub async fn run_on_schedule_too<F, Fut, G, Work>(handle: F, on_schedule: G) -> Result<(), Error>
where
    F: Fn(Arc<App>, Request) -> Fut,
    Fut: Future<Output = Response<Body>> + Send,
    G: Fn(Arc<App>) -> Work,
    Work: Future<Output = Result<(), Problem>>,
{
    start_logging();
    let app = Arc::new(App::from_environment()?);
    serve_on_schedule_too(|request| handle(app.clone(), request), || on_schedule(app.clone())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_whether_it_moves_real_money() {
        let live = |key: &str| is_live(&Secret::new(key));
        assert_eq!((live("sk_live_1"), live("rk_live_1")), (Some(true), Some(true)));
        assert_eq!((live("sk_test_1"), live("rk_test_1")), (Some(false), Some(false)));
        assert_eq!(live("placeholder"), None);
    }
}
