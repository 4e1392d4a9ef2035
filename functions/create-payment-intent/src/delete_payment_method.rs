//! `DELETE /v1/payment-methods/{payment_method_id}`: the caller forgets a card. Stripe never charges it again.

use payments::{IdempotencyKey, PaymentMethodId};
use payments_http::{Body, Caller, Problem, Request, Response, no_content, path_id};
use payments_services::Services;
use payments_stripe::StripeError;

pub(crate) async fn delete(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let card = path_id(request, "payment_method_id", PaymentMethodId::parse)?;
    let known = services.store.sender_customer(&caller.user).await?.value;
    let Some(customer) = known.as_ref().and_then(|known| known.customer()) else {
        return Err(Problem::not_found());
    };
    let stripe = services.stripe_session().await?;
    // Stripe detaches any card that an id names: it must be the caller's.
    stripe.retrieve_saved_card(customer, &card).await.map_err(not_found)?;
    match stripe.detach_saved_card(&card, &detach_key(&card)).await {
        // Another request may have detached it since, which Stripe refuses: then it is the caller's no more.
        Err(StripeError::Refused(refusal)) => match stripe.retrieve_saved_card(customer, &card).await {
            Err(StripeError::Refused(_)) => Ok(no_content()),
            Ok(_) => Err(StripeError::Refused(refusal).into()),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
        Ok(()) => Ok(no_content()),
    }
}

/// Each request has a key of its own, which only its attempts share: Stripe replays a stored 500 for as long as it keeps a key,
/// so with one key for the card it would stay until then. A card is detached once, whoever asks.
fn detach_key(card: &PaymentMethodId) -> IdempotencyKey {
    // A card's id can be as long as a key, 255 characters, so it is shortened.
    let card: String = card.as_str().chars().take(200).collect();
    IdempotencyKey::parse(&format!("{card}/detach/{:016x}", fastrand::u64(..))).expect("visible and short")
}

/// A refusal says that the card is another's, or nobody's any more.
fn not_found(error: StripeError) -> Problem {
    match error {
        StripeError::Refused(refusal) => Problem::not_found().because(refusal),
        other @ (StripeError::SetUp(_)
        | StripeError::UnusableKey(_)
        | StripeError::KeyReused
        | StripeError::InProgress
        | StripeError::Unavailable { .. }
        | StripeError::Unreadable(_)) => other.into(),
    }
}
