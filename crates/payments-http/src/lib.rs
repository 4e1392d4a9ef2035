//! What every HTTP function shares: reading the caller and the request, writing the response, and running in Lambda.
//!
//! The crate answers no route and contains no rule about payments; `query_parameters` alone names routes, with the parameters that
//! each accepts. Routes are in `functions/*`, rules in `payments`; read `boundary` first, then `problem`.

mod boundary;
mod caller;
mod client_address;
mod csv;
mod default_problems;
mod etag;
mod idempotency_key;
mod json_body;
mod page_size;
mod problem;
mod problem_code;
mod query_parameters;
mod request;
mod response;
mod run;
mod single_header;
mod strict_json;

pub use boundary::boundary;
pub use caller::{Caller, is_email};
pub use client_address::client_address;
pub use csv::{CsvCell, CsvColumn, CsvTable, accepts_csv};
pub use etag::{if_match, require_version, with_etag};
pub use idempotency_key::idempotency_key;
pub use json_body::{BODY_MAX_BYTES, json_body, json_body_within, raw_body};
pub use page_size::page_limit;
pub use problem::{Problem, ReasonView};
pub use problem_code::ProblemCode;
pub use query_parameters::{query_flag, query_parameter, query_parameters, query_time};
pub use request::{path_id, path_payment, route_key};
pub use response::{json, no_content};
pub use run::{run, run_on_schedule_too};

pub use lambda_http::{Body, Request, Response, http::StatusCode};
