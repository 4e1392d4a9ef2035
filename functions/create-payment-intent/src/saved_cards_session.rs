//! The customer session with which the sender's app shows saved cards. It is asked for beside the work on the payment,
//! which never fails for it, and its secret is neither stored nor logged.

use crate::refusals::Unfinished;
use crate::responses::{Created, ShownCards};
use crate::sender_customer::SAVED_CARDS_TIME_LIMIT;
use payments::{CustomerId, Payment, PaymentId, SavedCards, Secret, StripeCall};
use payments_bookkeeping::{Bookkeeping, BookkeepingError};
use payments_services::causes;
use std::future::Future;
use tokio::time::timeout;

/// The cards to show beside a payment.
pub(crate) struct CardsToShow {
    payment: PaymentId,
    /// `None` for a payment that ended, or was made without one.
    customer: Option<CustomerId>,
    shown: SavedCards,
}

impl CardsToShow {
    /// What a request asks for, by what is known of its payment before the work on it.
    pub(crate) fn of(payment: &Payment, shown: Option<SavedCards>) -> Option<Self> {
        let customer = payment.customer().filter(|_| !payment.state.is_terminal()).cloned();
        shown.map(|shown| Self { payment: payment.id().clone(), customer, shown })
    }

    /// Completes the work on a payment, with a session beside it.
    pub(crate) async fn beside(
        self,
        books: Bookkeeping<'_>,
        work: impl Future<Output = Result<Created, Unfinished>>,
    ) -> Result<Created, Unfinished> {
        let Self { payment, customer, shown } = self;
        let (created, secret) = tokio::join!(work, open(books, &payment, customer.as_ref(), shown));
        let created = created?;
        let secret = match created.payment.customer() {
            // Replaced while the intent was created.
            new @ Some(_) if new != customer.as_ref() && !created.payment.state.is_terminal() => {
                open(books, &payment, new, shown).await
            }
            Some(_) | None => secret,
        };
        let cards = created.payment.customer().cloned().map(|customer| ShownCards { customer, secret });
        Ok(Created { cards, ..created })
    }
}

async fn open(
    books: Bookkeeping<'_>,
    payment: &PaymentId,
    customer: Option<&CustomerId>,
    shown: SavedCards,
) -> Option<Secret> {
    let customer = customer?;
    // Each session has its own key: Stripe would replay the secret of an expired one.
    let key = StripeCall::OpenCustomerSession(fastrand::u64(..)).key(payment);
    let session = async {
        let stripe = books.services.stripe_session().await?;
        Ok::<_, BookkeepingError>(stripe.create_customer_session(customer, shown, &key).await?)
    };
    let cause = match timeout(SAVED_CARDS_TIME_LIMIT, session).await {
        Ok(Ok(secret)) => return secret,
        Ok(Err(error)) => causes(&error),
        Err(elapsed) => elapsed.to_string(),
    };
    tracing::warn!(%payment, cause, "saved cards are not shown");
    None
}
