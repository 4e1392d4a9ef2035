//! Who may refund a payment and see its refunds.

use payments::{Payment, RefundBy};
use payments_http::{Caller, Problem, Request, path_payment};
use payments_services::Services;
use payments_store::Stored;

/// Returns the payment in the path to its sender and to operators; other callers get a 404.
pub(crate) async fn payment(
    services: &Services,
    request: &Request,
    caller: &Caller,
) -> Result<(Stored<Payment>, RefundBy), Problem> {
    let id = path_payment(request)?;
    let stored = services.store.payment(&id).await?;
    let stored = stored.ok_or_else(Problem::not_found)?;
    match (caller.operator, stored.value.terms.sender == caller.user) {
        (true, _) => Ok((stored, RefundBy::Operator)),
        (false, true) => Ok((stored, RefundBy::Sender)),
        (false, false) => Err(Problem::not_found()),
    }
}
