//! A deployed stage: Stripe by its stand-in over HTTP, AWS by a script in place of its CLI.

mod check;
mod command;
mod deployed;
mod setup;
