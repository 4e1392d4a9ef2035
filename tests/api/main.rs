//! The API as its callers see it, through real API Gateway events and real signatures.

mod bad_input;
mod card_testing;
mod complaints;
mod contract;
mod crashes;
mod disputes;
mod eligibility;
mod feedback;
mod hop_budget;
mod idempotency;
mod kill_switch;
mod main_job;
mod onboarding;
mod onboarding_crashes;
mod quarantine;
mod reconciliation;
mod refund_crashes;
mod refunds;
mod restart;
mod samples;
mod sender_limits;
mod settings;
mod unfinished;
mod visibility;
mod waves;
mod webhooks;
