//! `GET /v1/admin/feedback`: what users say, about all payments or those of one wave, as JSON or CSV.

use payments::{CreatorId, Feedback, FeedbackId, FeedbackText, PaymentId, Timestamp, WaveName};
use payments_http::{
    Body, Caller, CsvCell, CsvColumn, CsvTable, Problem, Request, Response, StatusCode, accepts_csv, json,
    page_limit, query_parameter,
};
use payments_services::Services;
use payments_store::{Page, StoreError, Stored};
use serde::Serialize;

/// What `wave` is for feedback that is filed under none; no wave's name begins like this.
const NO_WAVE: &str = "-";

/// The author is left out: operators read opinions, not who gave them.
#[derive(Serialize)]
struct FeedbackView<'a> {
    feedback_id: &'a FeedbackId,
    /// The creation of the payment, or the day, that it is about: the list is in this order.
    about: Timestamp,
    given_at: Timestamp,
    wave: Option<&'a WaveName>,
    creator_id: Option<&'a CreatorId>,
    payment_id: Option<&'a PaymentId>,
    rating: u8,
    text: Option<&'a str>,
}

/// Which feedback is listed.
enum Filed {
    Anywhere,
    Under(Option<WaveName>),
}

pub(crate) async fn list(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    let filed = Filed::of(request)?;
    let page = read(services, &filed, page_limit(request)?, query_parameter(request, "cursor")).await?;
    let Page { items, next_cursor, unreadable } = &page;
    let items: Vec<FeedbackView> = items.iter().map(|stored| FeedbackView::of(&stored.value)).collect();
    if accepts_csv(request) {
        let table = CsvTable::of(&columns(), &items);
        return Ok(table.into_page(request, next_cursor.as_deref(), *unreadable));
    }
    json(StatusCode::OK, &Page { items, next_cursor: next_cursor.clone(), unreadable: *unreadable })
}

impl Filed {
    fn of(request: &Request) -> Result<Self, Problem> {
        match query_parameter(request, "wave") {
            None => Ok(Self::Anywhere),
            Some(NO_WAVE) => Ok(Self::Under(None)),
            Some(name) => match WaveName::parse(name) {
                Ok(wave) => Ok(Self::Under(Some(wave))),
                Err(error) => Err(Problem::invalid_field("wave", error)),
            },
        }
    }
}

async fn read(
    services: &Services,
    filed: &Filed,
    limit: u8,
    cursor: Option<&str>,
) -> Result<Page<Stored<Feedback>>, StoreError> {
    match filed {
        Filed::Anywhere => services.store.all_feedback(limit, cursor).await,
        Filed::Under(wave) => services.store.feedback(wave.as_ref(), limit, cursor).await,
    }
}

impl<'a> FeedbackView<'a> {
    fn of(feedback: &'a Feedback) -> Self {
        Self {
            feedback_id: &feedback.id,
            about: feedback.about,
            given_at: feedback.given_at,
            wave: feedback.wave.as_ref(),
            creator_id: feedback.creator.as_ref(),
            payment_id: feedback.payment_id.as_ref(),
            rating: feedback.opinion.rating.get(),
            text: feedback.opinion.text.as_ref().map(FeedbackText::as_str),
        }
    }
}

fn columns<'a>() -> [CsvColumn<FeedbackView<'a>>; 8] {
    [
        ("feedback_id", |given| CsvCell::plain(given.feedback_id)),
        ("about", |given| CsvCell::plain(given.about)),
        ("given_at", |given| CsvCell::plain(given.given_at)),
        ("wave", |given| CsvCell::optional_text(given.wave.map(WaveName::as_str))),
        ("creator_id", |given| CsvCell::optional_text(given.creator_id.map(CreatorId::as_str))),
        ("payment_id", |given| CsvCell::optional_text(given.payment_id.map(PaymentId::as_str))),
        ("rating", |given| CsvCell::plain(given.rating)),
        ("text", |given| CsvCell::optional_text(given.text)),
    ]
}
