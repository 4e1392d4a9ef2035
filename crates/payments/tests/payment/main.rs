//! A payment's money is right in every order of facts: its ledger, refunds, disputes and transfers.
//!
//! `fixture.rs` makes payments and snapshots; `permutations.rs` follows every order of the histories in `histories.rs`.

mod booked_amounts;
mod conflict;
mod conversion;
mod dashboard_refunds;
mod dispute;
mod dispute_deadline;
mod drift;
mod fact;
mod fixture;
mod fraud_warning;
mod histories;
mod ledger;
mod open_item;
mod permutations;
mod platform_balance;
mod redirect;
mod refund;
mod retransfer_reversals;
mod snapshot;
mod transfer;
