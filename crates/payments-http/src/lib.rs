//! What every HTTP function shares: who calls, what is asked, how it is answered, and how it runs in Lambda. It knows
//! no route of any function.

mod body;
mod boundary;
mod caller;
mod default_answers;
mod problem;
mod request;
mod response;
mod run;

pub use body::{BODY_MAX_BYTES, json_body, json_body_within, raw_body};
pub use boundary::boundary;
pub use caller::Caller;
pub use problem::{Problem, ReasonView};
pub use request::{
    header, idempotency_key, if_match, page_limit, path_id, query_names, query_parameter, route_key,
    source_address,
};
pub use response::{json, no_content, with_etag};
pub use run::{run, run_on_schedule_too};

pub use lambda_http::{Body, Request, Response, http::StatusCode};
