//! What every HTTP function shares: reading the caller and the request, writing the response, and running in Lambda.
//!
//! The crate contains no route and no rule about payments. Routes are in `functions/*`, rules in `payments`; read
//! `boundary` first, then `problem`.

mod body;
mod boundary;
mod caller;
mod default_answers;
mod page_size;
mod problem;
mod request;
mod response;
mod run;

pub use body::{BODY_MAX_BYTES, json_body, json_body_within, raw_body};
pub use boundary::boundary;
pub use caller::Caller;
pub use page_size::page_limit;
pub use problem::{Problem, ReasonView};
pub use request::{
    header, idempotency_key, if_match, path_id, query_names, query_parameter, route_key, source_address,
};
pub use response::{json, no_content, with_etag};
pub use run::{run, run_on_schedule_too};

pub use lambda_http::{Body, Request, Response, http::StatusCode};
