//! Books both amounts of a balance transaction in another currency than the payment's.

use crate::ReconciliationError;
use futures_util::future::BoxFuture;
use payments::{BalanceTransactionKind, Payment, TransactionAmounts};
use payments_bookkeeping::Bookkeeping;
use payments_store::Stored;
use payments_stripe::TransactionObject;

/// Joins the conversion by `transaction`, if it is one.
pub(super) fn converted<'a>(
    books: Bookkeeping<'a>,
    payment: Stored<Payment>,
    transaction: &'a TransactionObject,
    kind: &'a BalanceTransactionKind,
) -> BoxFuture<'a, Result<Stored<Payment>, ReconciliationError>> {
    Box::pin(async move {
        let (id, amounts) = (&transaction.balance.id, transaction.amounts());
        let conversion = |payment: &Payment| {
            let TransactionAmounts { amount, currency, .. } = amounts?;
            payment.conversion(id, kind, amount, currency)
        };
        if conversion(&payment.value).is_none() {
            return Ok(payment);
        }
        Ok(books.apply_facts(payment, |payment| Ok(conversion(payment).into_iter().collect())).await?.payment)
    })
}
