//! The local stack: all of creator payments on one machine, without keys, Docker or an AWS account.
//!
//! [`stack::Stack`] runs everything in one process. A gateway turns each request into the event of API Gateway and
//! invokes the project's functions. Routes, authorization, CORS, time limits and the table come from `template.yaml`,
//! so that the stack agrees with a deployment. Nothing that is deployed depends on this crate; docs/LOCAL.md describes
//! its use.

mod alias_urls;
mod api;
pub mod api_client;
mod clock;
pub mod console;
pub mod data_dir;
pub mod dynamodb;
mod endpoints;
mod events;
pub mod export;
pub mod function;
pub mod functions;
mod gateway;
mod health;
pub mod host;
mod keys;
mod lambda_endpoint;
mod ledger;
pub mod listeners;
pub mod origins;
mod page_policy;
mod pages;
mod random;
pub mod reconcile;
pub mod sample_event;
mod secrets_manager;
pub mod seed;
pub mod stack;
mod stand_in;
pub mod statement;
mod stream;
pub mod template;
pub mod token;

pub use endpoints::Endpoints;
