//! What every HTTP function shares: who calls, what is asked, how it is answered, configuration, secrets
//! and telemetry. It knows Lambda and AWS's configuration, and no route of any function.

mod aws;
mod body;
mod boundary;
mod caller;
mod clock;
mod config;
mod problem;
mod request;
mod response;
mod secrets;
mod telemetry;

pub use aws::sdk_config;
pub use body::{BODY_MAX_BYTES, json_body, json_body_within, raw_body};
pub use boundary::{boundary, serve, serve_on_schedule_too};
pub use caller::Caller;
pub use clock::{Clock, SystemClock};
pub use config::{Config, ConfigError, environment};
pub use problem::{Problem, ReasonView, causes};
pub use request::{
    header, idempotency_key, if_match, page_limit, path_parameter, query_names, query_parameter, route_key,
    source_address,
};
pub use response::{json, no_content, with_etag};
pub use secrets::{SecretName, SecretSource, Secrets, SecretsError, secret_values};
pub use telemetry::{Metric, count, logger, start_logging};

pub use lambda_http::{Body, Request, Response, http::StatusCode};
