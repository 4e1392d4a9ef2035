//! What every HTTP function shares: reading the caller and the request, writing the response, and running in Lambda.
//!
//! The crate answers no route and contains no rule about payments; `query` alone names routes, with the parameters that
//! each accepts. Routes are in `functions/*`, rules in `payments`; read `boundary` first, then `problem`.

mod body;
mod boundary;
mod caller;
mod default_answers;
mod page_size;
mod problem;
mod query;
mod request;
mod response;
mod run;

pub use body::{BODY_MAX_BYTES, json_body, json_body_within, raw_body};
pub use boundary::boundary;
pub use caller::Caller;
pub use page_size::page_limit;
pub use problem::{Problem, ReasonView};
pub use query::{query_flag, query_parameter, query_parameters};
pub use request::{idempotency_key, if_match, path_id, route_key, source_address};
pub use response::{csv, json, no_content, with_etag};
pub use run::{run, run_on_schedule_too};

pub use lambda_http::{Body, Request, Response, http::StatusCode};
