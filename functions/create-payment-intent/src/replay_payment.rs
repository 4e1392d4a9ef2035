//! A payment that exists already is shown again.

use crate::refusals::Unfinished;
use crate::responses::Created;
use payments::Payment;
use payments_bookkeeping::Bookkeeping;

/// Returns an existing payment, with its client secret and current status from Stripe unless it is terminal.
pub(crate) async fn replay(books: Bookkeeping<'_>, payment: Payment) -> Result<Created, Unfinished> {
    let intent = match &payment.state.intent {
        Some(id) if !payment.state.is_terminal() => {
            books.services.stripe_session().await?.retrieve_intent(id).await?
        }
        _ => return Ok(Created::new(payment, None)),
    };
    Ok(Created::new(books.shown(payment, &intent)?, intent.client_secret))
}
