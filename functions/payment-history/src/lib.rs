//! What users read: a creator's profile and terms, earnings, lists of payments and single ones. Feedback is the only write.
//! Nothing here calls Stripe or knows a secret: IAM lets this function read the table and write `FEEDBACK#`.
//! Start at `routes`; each operation of the API is in the file of its name.

mod find_payments;
mod get_creator;
mod get_earnings;
mod get_payment;
mod give_feedback;
mod list_payments;
mod payment_page;
mod payment_query;
mod payments_csv;
mod routes;
mod table_access;

pub use routes::{ROUTES, handle};
pub use table_access::TABLE_ACCESS;
