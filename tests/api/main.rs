//! The API as its callers see it, through real API Gateway events and real signatures.

mod bad_input;
mod complaints;
mod contract;
mod crashes;
mod eligibility;
mod hop_budget;
mod idempotency;
mod main_job;
mod restart;
mod unfinished;
mod visibility;
mod webhooks;
