//! From a call to its operation: authentication, idempotency, routes and expansion. Also what is not part of Stripe's
//! API: the pages of 3-D Secure, onboarding and the dashboard, the controls of the stand-in, and faults. What an operation does is in
//! `operations`.

pub(crate) mod bank;
pub(crate) mod call_faults;
pub(crate) mod controls;
pub(crate) mod dashboard_page;
pub(crate) mod expand;
pub(crate) mod handle;
pub(crate) mod html;
pub(crate) mod onboarding_page;
pub(crate) mod permissions;
pub(crate) mod routes;
pub(crate) mod three_d_secure_page;
pub(crate) mod v2;
