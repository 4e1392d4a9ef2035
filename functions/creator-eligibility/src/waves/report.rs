//! `GET /v1/admin/waves/{name}/report`: what a wave came to.

use crate::{audit::unread, change::wave};
use payments::{Currency, Feedback, PaymentId, Timestamp, WaveCounters, WaveName};
use payments_function::App;
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, json, page_limit, query_parameter,
};
use payments_store::{Page, Stored, WaveCount};
use serde::Serialize;

#[derive(Serialize)]
struct ReportView<'a> {
    name: &'a WaveName,
    /// Creators on its list.
    invited: i64,
    /// Those of them whose account takes transfers.
    onboarded: i64,
    /// Creators with a settled payment.
    first_payment: i64,
    volume: Vec<VolumeView>,
    #[serde(flatten)]
    rates: RatesView,
    /// What its rule is held against.
    since_resumed: RatesView,
    feedback: FeedbackView<'a>,
}

/// Minor units.
#[derive(Serialize)]
struct VolumeView {
    currency: Currency,
    amount: i64,
}

/// Rates are in parts per million; null where there is nothing to take them of.
#[derive(Serialize)]
struct RatesView {
    payments: i64,
    disputed_payments: i64,
    dispute_rate_ppm: Option<u32>,
    charges: i64,
    failed_charges: i64,
    failure_rate_ppm: Option<u32>,
}

#[derive(Serialize)]
struct FeedbackView<'a> {
    count: i64,
    /// In hundredths.
    average_hundredths: Option<i64>,
    /// The latest, by the time of what they are about.
    items: Vec<OpinionView<'a>>,
    next_cursor: Option<&'a str>,
}

/// Who gave it is nobody's business here.
#[derive(Serialize)]
struct OpinionView<'a> {
    rating: u8,
    text: Option<&'a str>,
    payment_id: Option<&'a PaymentId>,
    given_at: Timestamp,
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(request)?;
    let name = wave(request)?;
    let (limit, cursor) = (page_limit(request)?, query_parameter(request, "cursor"));
    let (wave, counted, feedback) = tokio::join!(
        app.store.rollout_and_wave(&name),
        app.store.wave_counters(&name),
        app.store.feedback(Some(&name), limit, cursor),
    );
    wave.map_err(Problem::unavailable)?.1.ok_or_else(Problem::not_found)?;
    let counted = counted.map_err(Problem::unavailable)?;
    let feedback = feedback.map_err(unread)?;
    json(StatusCode::OK, &view(&name, &counted, &feedback))
}

fn view<'a>(name: &'a WaveName, counted: &WaveCount, feedback: &'a Page<Stored<Feedback>>) -> ReportView<'a> {
    let WaveCounters { invited, onboarded, first_payments, feedbacks, .. } = counted.total;
    let volume = counted.total.volume.iter();
    ReportView {
        name,
        invited,
        onboarded,
        first_payment: first_payments,
        volume: volume
            .map(|(currency, amount)| VolumeView { currency: *currency, amount: *amount })
            .collect(),
        rates: RatesView::of(&counted.total),
        since_resumed: RatesView::of(&counted.since_resumed()),
        feedback: FeedbackView {
            count: feedbacks,
            average_hundredths: counted.total.rating_hundredths(),
            items: feedback.items.iter().map(|stored| OpinionView::of(&stored.value)).collect(),
            next_cursor: feedback.next_cursor.as_deref(),
        },
    }
}

impl RatesView {
    fn of(counters: &WaveCounters) -> Self {
        Self {
            payments: counters.payments,
            disputed_payments: counters.disputed_payments,
            dispute_rate_ppm: counters.dispute_rate_ppm(),
            charges: counters.charges,
            failed_charges: counters.failed_charges,
            failure_rate_ppm: counters.failure_rate_ppm(),
        }
    }
}

impl<'a> OpinionView<'a> {
    fn of(feedback: &'a Feedback) -> Self {
        Self {
            rating: feedback.opinion.rating.get(),
            text: feedback.opinion.text.as_ref().map(payments::FeedbackText::as_str),
            payment_id: feedback.payment_id.as_ref(),
            given_at: feedback.given_at,
        }
    }
}
