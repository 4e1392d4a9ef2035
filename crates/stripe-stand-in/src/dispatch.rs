//! Which operation a call means: authentication, idempotency, routes, expansion; and what is no API of Stripe's: the
//! pages of 3-D Secure and onboarding, the controls, and faults.

pub(crate) mod bank;
pub(crate) mod controls;
pub(crate) mod expand;
pub(crate) mod handle;
pub(crate) mod onboarding;
pub(crate) mod pages;
pub(crate) mod routes;
pub(crate) mod three_d_secure;
pub(crate) mod unreliable;
