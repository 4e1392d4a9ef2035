//! The services that every function uses: configuration, secrets, the table, Stripe, the clock, logs and metrics.
//!
//! They are built once at start, without I/O. The crate contains neither HTTP nor Lambda code: `payments-http` turns
//! errors into responses. Read `services` first.

mod aws;
mod causes;
mod clock;
mod config;
mod duration_metrics;
mod log_ids;
mod logs;
mod metrics;
mod secret_source;
mod secrets;
mod self_check;
mod services;
mod stripe_session;
mod waits;

pub use aws::sdk_config;
pub use causes::causes;
pub use clock::{Clock, SystemClock};
pub use config::{CdnHeaders, Config, ConfigError, OperatorRule, environment};
pub use log_ids::{log_event, log_payment, request_span};
pub use logs::{LOGGED_CRATES, logger, start_logging};
pub use metrics::{Metric, count, count_of_stage, count_setup_fault, measure_ms};
pub use secret_source::{SecretName, SecretSource, SecretsError, secret_values};
pub use secrets::Secrets;
pub use self_check::{SelfCheckError, is_self_check, self_check_answer};
pub use services::{Services, WiringError, stripe_client};
pub use stripe_session::{STRIPE_TIME_LIMITS, SessionError};
pub use waits::{Waited, measuring_waits, waited};
