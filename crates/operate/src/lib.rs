//! What an operator runs for a deployed stage, on their own machine: `setup` makes the stage's webhook endpoints at Stripe, `check`
//! says what is wrong and how to mend it. Nothing of it is deployed.
//!
//! [`read_facts`](facts::read_facts) asks AWS and Stripe; [`check`](check::check) and [`plan`](setup::plan) decide from what
//! they answered, without I/O. AWS is asked through its own CLI, whose sign-in operators have already.

pub mod aws;
pub mod check;
pub mod endpoints;
pub mod facts;
pub mod finding;
pub mod record;
pub mod setup;
pub mod stack;
pub mod stripe;
