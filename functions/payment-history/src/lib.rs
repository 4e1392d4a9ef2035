//! What users read: a creator's profile and terms, earnings and single payments. Feedback is the only write.
//! Nothing here calls Stripe or knows a secret: IAM lets this function read the table and write `FEEDBACK#`.
//! Start at `handler`; each endpoint is in the file of its name.

mod earnings;
mod feedback;
mod handler;
mod payment;
mod profile;

pub use handler::{ROUTES, handle};
