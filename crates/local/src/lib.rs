//! x

pub mod stripe;
