//! `POST /v1/feedback`: the caller's rating of one payment, or of payments in general.

use payments::{CreatorId, Feedback, FeedbackText, Opinion, PaymentId, Rating, Timestamp, UserId};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, json, json_body};
use payments_services::Services;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedbackBody {
    rating: u8,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    payment_id: Option<String>,
}

/// The wave that the feedback is filed under is left out, because waves are internal to operators.
#[derive(Serialize)]
struct FeedbackView<'a> {
    feedback_id: &'a str,
    rating: u8,
    text: Option<&'a str>,
    payment_id: Option<&'a str>,
    given_at: Timestamp,
}

pub(crate) async fn post(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let body: FeedbackBody = json_body(request)?;
    let rating = Rating::new(body.rating).map_err(|error| Problem::invalid_field("rating", error))?;
    let text = FeedbackText::parse_optional(body.text.as_deref());
    let opinion = Opinion { rating, text: text.map_err(|error| Problem::invalid_field("text", error))? };
    let now = services.clock.now();
    let feedback = match body.payment_id.as_deref() {
        Some(id) => about_payment(services, caller.user, id, opinion, now).await?,
        None => in_general(services, caller.user, opinion, now).await?,
    };
    let given = services.store.give_feedback(&feedback).await?.value;
    let view = FeedbackView {
        feedback_id: given.id.as_str(),
        rating: given.opinion.rating.get(),
        text: given.opinion.text.as_ref().map(FeedbackText::as_str),
        payment_id: given.payment_id.as_ref().map(PaymentId::as_str),
        given_at: given.given_at,
    };
    json(StatusCode::CREATED, &view)
}

/// Answers 404 for a payment of someone else, as for one that does not exist.
async fn about_payment(
    services: &Services,
    by: UserId,
    id: &str,
    opinion: Opinion,
    now: Timestamp,
) -> Result<Feedback, Problem> {
    let id = PaymentId::parse(id).map_err(|_| Problem::not_found().field("payment_id"))?;
    let payment = services.store.payment(&id).await?;
    payment
        .and_then(|payment| Feedback::about_payment(by, &payment.value, opinion, now))
        .ok_or_else(|| Problem::not_found().field("payment_id"))
}

async fn in_general(
    services: &Services,
    by: UserId,
    opinion: Opinion,
    now: Timestamp,
) -> Result<Feedback, Problem> {
    // The caller is also a creator: both kinds of id have the same form.
    let creator = CreatorId::parse(by.as_str()).map_err(Problem::internal)?;
    let (receiver, rollout) = services.store.receiver_and_rollout(&creator).await?;
    Ok(Feedback::in_general(by, &receiver, &rollout, opinion, now))
}
