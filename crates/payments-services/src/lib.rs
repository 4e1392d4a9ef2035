//! What every function works with, built once at start and without I/O: configuration, secrets, the table, Stripe, the
//! clock, logs and metrics. It knows neither HTTP nor Lambda; what an error is answered with is `payments-http`'s.

mod aws;
mod causes;
mod clock;
mod config;
mod secrets;
mod services;
mod telemetry;

pub use aws::sdk_config;
pub use causes::causes;
pub use clock::{Clock, SystemClock};
pub use config::{Config, ConfigError, environment};
pub use secrets::{SecretName, SecretSource, Secrets, SecretsError, secret_values};
pub use services::{STRIPE_TIME_LIMITS, Services, SessionError, WiringError};
pub use telemetry::{Metric, count, logger, start_logging};
