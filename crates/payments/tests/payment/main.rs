//! Money is right in every order: the facts, the books, and the movements of the creator's share.

mod dispute;
mod drift;
mod fact;
mod fixture;
mod histories;
mod ledger;
mod open_item;
mod permutations;
mod refund;
mod snapshot;
mod transfer;
