//! The local stack: the whole of creator payments on a laptop, without keys, Docker or an AWS account.
//!
//! [`stack::Stack`] runs everything in one process. Requests reach the project's own functions through a
//! gateway that makes of each the event API Gateway would make, with routes, authorization, CORS, time limits
//! and the table taken from `template.yaml`, so that what works here works deployed.

mod api;
mod clock;
pub mod dynamodb;
mod endpoints;
mod events;
pub mod function;
pub mod functions;
mod gateway;
mod host;
mod keys;
mod pages;
mod random;
pub mod reconcile;
pub mod sample_event;
pub mod seed;
pub mod stack;
mod stand_in;
mod stream;
pub mod template;
pub mod token;

pub use endpoints::Endpoints;
