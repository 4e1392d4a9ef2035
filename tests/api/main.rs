//! The API as its callers see it, through real API Gateway events and real signatures.

mod bad_input;
mod contract;
mod eligibility;
mod idempotency;
mod main_job;
mod restart;
mod visibility;
mod webhooks;
