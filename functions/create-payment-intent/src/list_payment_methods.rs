//! `GET /v1/payment-methods`: the cards that the caller keeps, newest first. Nothing of them is stored: Stripe's list is
//! the answer.

use payments::{PaymentMethodId, RefusalCause, SavedCard};
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, json, page_limit, query_parameter,
};
use payments_services::Services;
use payments_store::{Page, cursor_at, position_in};
use payments_stripe::StripeError;
use serde::Serialize;

#[derive(Serialize)]
struct SavedCardView {
    payment_method_id: PaymentMethodId,
    brand: String,
    last4: String,
    exp_month: u8,
    exp_year: u16,
}

impl From<SavedCard> for SavedCardView {
    fn from(card: SavedCard) -> Self {
        let SavedCard { id, brand, last4, exp_month, exp_year } = card;
        Self { payment_method_id: id, brand, last4, exp_month, exp_year }
    }
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let limit = page_limit(request)?;
    let list = format!("SAVED_CARDS#{}", caller.user);
    let after = query_parameter(request, "cursor").map(|cursor| position_in(cursor, &list)).transpose()?;
    // The position is the id of the last card of the page before.
    let after = after.as_deref().map(PaymentMethodId::parse).transpose().map_err(|_| other_cursor())?;
    let none = || Page::<SavedCardView> { items: Vec::new(), next_cursor: None, unreadable: 0 };
    let known = services.store.sender_customer(&caller.user).await?.value;
    let Some(customer) = known.as_ref().and_then(|known| known.customer()) else {
        return json(StatusCode::OK, &none());
    };
    let listed = services.stripe_session().await?.list_saved_cards(customer, limit, after.as_ref()).await;
    let page = match listed {
        Ok(page) => page,
        // The Customer was deleted at Stripe, and the cards with it.
        Err(StripeError::Refused(refusal))
            if refusal.status == 404 || refusal.cause == RefusalCause::Customer =>
        {
            return json(StatusCode::OK, &none());
        }
        Err(StripeError::Refused(refusal)) if after.is_some() => return Err(other_cursor().because(refusal)),
        Err(error) => return Err(error.into()),
    };
    let unreadable = u32::try_from(page.unreadable.len()).unwrap_or(u32::MAX);
    let items = page.data.into_iter().map(SavedCardView::from).collect();
    let next_cursor = page.next.map(|last| cursor_at(&list, &last));
    json(StatusCode::OK, &Page { items, next_cursor, unreadable })
}

fn other_cursor() -> Problem {
    Problem::invalid_field("cursor", "not a cursor of this list")
}
