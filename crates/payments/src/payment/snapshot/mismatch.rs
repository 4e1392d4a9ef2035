//! The error of an object that differs from the payment that it names.

use crate::payment::{Conflict, Fact};
use std::fmt;

/// An object of Stripe's that claims to be of a payment differs from the payment's row. It is never applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Stripe's {field} differs from the payment's: {theirs}, not {ours}")]
pub struct Mismatch {
    pub field: &'static str,
    /// What the payment's row has, or demands.
    pub ours: String,
    /// What Stripe shows.
    pub theirs: String,
}

impl Mismatch {
    pub(crate) fn unless(
        holds: bool,
        field: &'static str,
        ours: &dyn fmt::Display,
        theirs: &dyn fmt::Display,
    ) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self::of(field, ours, theirs)) }
    }

    pub(crate) fn of(field: &'static str, ours: &dyn fmt::Display, theirs: &dyn fmt::Display) -> Self {
        Self { field, ours: ours.to_string(), theirs: theirs.to_string() }
    }

    /// The fact that Stripe's `object` differs.
    pub(super) fn conflict(&self, object: &impl fmt::Display) -> Fact {
        Fact::Conflict(Conflict::new(object, self.field, &self.ours, &self.theirs))
    }
}

/// What may be absent.
pub(crate) struct Shown<'a, T>(pub(crate) Option<&'a T>);

impl<T: fmt::Display> fmt::Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("none"),
        }
    }
}
