//! The ledger of one payment as the table has it. A deployment has no such route: it shows every account's postings.

use payments::PaymentId;
use payments_http::Problem;
use payments_store::Store;
use serde_json::{Value, json};

/// The stored entries of a payment; the postings of each sum to zero per currency.
pub(crate) async fn ledger(store: &Store, payment_id: &str) -> Result<Value, Problem> {
    let payment = PaymentId::parse(payment_id).map_err(|_| Problem::not_found())?;
    let ledger = store.ledger(&payment).await.map_err(Problem::unavailable)?;
    let (_, entries) = ledger.ok_or_else(Problem::not_found)?;
    Ok(json!({"payment_id": payment, "entries": entries}))
}
