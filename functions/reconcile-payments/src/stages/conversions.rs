//! Books both amounts of a balance transaction in another currency than the payment's.

use crate::ReconciliationError;
use payments::{BalanceTransactionKind, Currency, Payment};
use payments_bookkeeping::Bookkeeping;
use payments_store::Stored;
use payments_stripe::TransactionObject;

/// Joins the conversion by `transaction`, if it is one.
pub(super) async fn converted(
    books: Bookkeeping<'_>,
    payment: Stored<Payment>,
    transaction: &TransactionObject,
    kind: &BalanceTransactionKind,
) -> Result<Stored<Payment>, ReconciliationError> {
    let balance = &transaction.balance;
    let Ok(currency) = Currency::parse(&balance.currency) else { return Ok(payment) };
    if currency == payment.value.terms.chosen.currency() {
        return Ok(payment);
    }
    let conversion = |payment: &Payment| {
        Ok(payment.conversion(&balance.id, kind, balance.amount, currency).into_iter().collect())
    };
    Ok(books.apply_facts(payment, conversion).await?.payment)
}
