//! `GET /v1/admin/waves/{name}/report`: a wave's results so far, in counts, rates and feedback.

use crate::operator_request::wave;
use payments::{
    Currency, Feedback, PaymentId, Rates, Rollout, Timestamp, WaveCounters, WaveDetails, WaveName,
};
use payments_http::{
    Body, Caller, Problem, Request, Response, StatusCode, json, page_limit, query_parameter,
};
use payments_services::Services;
use payments_store::{Page, Stored};
use serde::Serialize;

#[derive(Serialize)]
struct ReportView<'a> {
    name: &'a WaveName,
    /// Creators on the wave's list.
    invited: i64,
    /// Invited creators whose account can receive transfers.
    onboarded: i64,
    /// Creators with at least one payment that succeeded.
    first_payment: i64,
    volume: Vec<VolumeView>,
    #[serde(flatten)]
    rates: RatesView,
    /// The rates that the halt rule is compared with: only payments that were allowed since the last resume.
    since_resumed: RatesView,
    feedback: FeedbackView<'a>,
}

/// The amount is in minor units.
#[derive(Serialize)]
struct VolumeView {
    currency: Currency,
    amount: i64,
}

/// Rates are in parts per million, and null where the denominator is zero.
#[derive(Serialize)]
struct RatesView {
    payments: i64,
    disputed_payments: i64,
    dispute_rate_ppm: Option<u32>,
    /// Payments that a card's issuer warned of as fraud.
    warned_payments: i64,
    charges: i64,
    failed_charges: i64,
    failure_rate_ppm: Option<u32>,
}

#[derive(Serialize)]
struct FeedbackView<'a> {
    count: i64,
    average_hundredths: Option<i64>,
    /// The latest first, by the time of the payment or day that they are about.
    items: Vec<OpinionView<'a>>,
    next_cursor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<u32>,
}

/// The author is left out: operators read opinions, not who gave them.
#[derive(Serialize)]
struct OpinionView<'a> {
    rating: u8,
    text: Option<&'a str>,
    payment_id: Option<&'a PaymentId>,
    given_at: Timestamp,
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    Caller::operator(services, request)?;
    let name = wave(request)?;
    let (limit, cursor) = (page_limit(request)?, query_parameter(request, "cursor"));
    let (wave, counted, feedback) = tokio::join!(
        services.store.rollout_and_wave(&name),
        services.store.wave_counters(&name),
        services.store.feedback(Some(&name), limit, cursor),
    );
    let (rollout, details) = wave?;
    let resumes = resumes(&rollout, &details.ok_or_else(Problem::not_found)?);
    let counted = counted?;
    let feedback = feedback?;
    json(StatusCode::OK, &view(&name, &counted, resumes, &feedback))
}

/// Returns how often the wave was resumed, by its current rule or by its last one if it is rolled back.
fn resumes(rollout: &Rollout, details: &WaveDetails) -> u32 {
    let last = || details.rolled_back.as_ref().map(|ended| &ended.rule);
    rollout.wave(&details.name).or_else(last).map_or(0, |rule| rule.resumes)
}

fn view<'a>(
    name: &'a WaveName,
    counted: &WaveCounters,
    resumes: u32,
    feedback: &'a Page<Stored<Feedback>>,
) -> ReportView<'a> {
    let WaveCounters { invited, onboarded, first_payments, feedbacks, .. } = *counted;
    let volume = counted.volume.iter();
    ReportView {
        name,
        invited,
        onboarded,
        first_payment: first_payments,
        volume: volume
            .map(|(currency, amount)| VolumeView { currency: *currency, amount: *amount })
            .collect(),
        rates: RatesView::of(counted.rates()),
        since_resumed: RatesView::of(counted.cohort(resumes)),
        feedback: FeedbackView {
            count: feedbacks,
            average_hundredths: counted.rating_hundredths(),
            items: feedback.items.iter().map(|stored| OpinionView::of(&stored.value)).collect(),
            next_cursor: feedback.next_cursor.as_deref(),
            unreadable: Some(feedback.unreadable).filter(|unreadable| *unreadable > 0),
        },
    }
}

impl RatesView {
    fn of(rates: Rates) -> Self {
        Self {
            payments: rates.payments,
            disputed_payments: rates.disputed_payments,
            dispute_rate_ppm: rates.dispute_rate_ppm(),
            warned_payments: rates.warned_payments,
            charges: rates.charges,
            failed_charges: rates.failed_charges,
            failure_rate_ppm: rates.failure_rate_ppm(),
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
