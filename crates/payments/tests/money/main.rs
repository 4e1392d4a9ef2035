//! Money is right in every order: the facts, the books, and the movements of the creator's share.

mod books;
mod disputes;
mod drift;
mod due;
mod facts;
mod histories;
mod moves;
mod observations;
mod orders;
mod refunds;
mod sights;
