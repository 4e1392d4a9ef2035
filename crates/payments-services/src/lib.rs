//! The services that every function uses: configuration, secrets, the table, Stripe, the clock, logs and metrics.
//!
//! They are built once at start, without I/O. The crate contains neither HTTP nor Lambda code: `payments-http` turns
//! errors into responses. Read `services` first.

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
