//! Tests the store against a real DynamoDB API, which is embedded or at `DYNAMODB_ENDPOINT`, and against scripted
//! answers for faults that neither produces on demand.

mod accounts;
mod applying_facts;
mod audit;
mod counting;
mod due;
mod faults;
mod feedback;
mod fixtures;
mod item_sizes;
mod ledgers;
mod many_payments;
mod parking;
mod payment_lists;
mod payments;
mod races;
mod receivers;
mod reconciling;
mod rollout;
mod script;
mod senders;
mod setting;
mod settled_payments;
mod statement;
mod table;
mod usage;
mod waves;
