//! `GET /v1/admin/payments/{payment_id}/evidence`: what is known about a payment that its card's bank disputes or may dispute.
//! An operator chooses what of it to submit in Stripe's dashboard.

use futures_util::future::BoxFuture;
use payments::{
    Currency, DisputeId, DisputeStatus, DisputeSummary, FraudResponse, FraudType, FraudWarningId, Payment,
    PaymentId, Refund, RefundStatus, Status, Timestamp, UserId,
};
use payments_http::{Body, Problem, Request, Response, StatusCode, json, path_payment};
use payments_services::Services;
use payments_store::Stored;
use serde::Serialize;

/// How many payments of the sender to the creator are shown.
const HISTORY_MAX: u8 = 50;

#[derive(Serialize)]
struct EvidenceView<'a> {
    payment_id: &'a str,
    status: Status,
    stripe_payment_intent_id: Option<&'a str>,
    stripe_charge_id: Option<&'a str>,
    sender_id: &'a str,
    creator_id: &'a str,
    anonymous: bool,
    /// What the sender saw before they paid.
    quote: QuoteView,
    created_at: Timestamp,
    /// When this service knew that the payment is paid.
    settled_at: Option<Timestamp>,
    message: Option<&'a str>,
    context: Option<&'a str>,
    /// On Stripe's receipt.
    description: &'a str,
    /// On the card's statement, behind the prefix of the account.
    statement_descriptor_suffix: Option<&'a str>,
    /// Where Stripe sent the receipt.
    receipt_email: Option<&'a str>,
    refunds: Vec<RefundView<'a>>,
    disputes: Vec<DisputeView<'a>>,
    fraud_warnings: Vec<WarningView<'a>>,
    history: HistoryView<'a>,
}

/// In minor units.
#[derive(Serialize)]
struct QuoteView {
    amount: i64,
    processing_fee: i64,
    total: i64,
    currency: Currency,
}

#[derive(Serialize)]
struct RefundView<'a> {
    stripe_refund_id: &'a str,
    status: RefundStatus,
    /// What the sender got back of the charge, in minor units.
    amount: i64,
    /// Null for a refund that was made in Stripe's dashboard, and for one that an early fraud warning asked for.
    requested_by: Option<&'a UserId>,
    /// Null for a refund that was made in Stripe's dashboard.
    requested_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct DisputeView<'a> {
    stripe_dispute_id: &'a DisputeId,
    status: DisputeStatus,
    /// The disputed part of the charge, in minor units.
    amount: i64,
    due_by: Option<Timestamp>,
}

#[derive(Serialize)]
struct WarningView<'a> {
    stripe_warning_id: &'a FraudWarningId,
    fraud_type: FraudType,
    warned_at: Timestamp,
    response: Option<FraudResponse>,
}

/// The other settled payments of the sender to the creator: that earlier ones were never disputed speaks for this one.
#[derive(Serialize)]
struct HistoryView<'a> {
    /// Newest first, at most 50.
    payments: Vec<EarlierView<'a>>,
    /// How many of them are not disputed.
    undisputed: usize,
}

#[derive(Serialize)]
struct EarlierView<'a> {
    payment_id: &'a PaymentId,
    created_at: Timestamp,
    amount: i64,
    currency: Currency,
    refunded_amount: i64,
    disputed: bool,
    warned: bool,
}

pub(crate) fn get<'a>(
    services: &'a Services,
    request: &'a Request,
) -> BoxFuture<'a, Result<Response<Body>, Problem>> {
    Box::pin(async move {
        let id = path_payment(request)?;
        let payment = services.store.payment(&id).await?.ok_or_else(Problem::not_found)?.value;
        let terms = &payment.terms;
        let history = services.store.settled_payments(&terms.sender, &terms.creator, HISTORY_MAX).await?;
        json(StatusCode::OK, &view(&payment, &history))
    })
}

fn view<'a>(payment: &'a Payment, history: &'a [Stored<Payment>]) -> EvidenceView<'a> {
    let (terms, state) = (&*payment.terms, &payment.state);
    let parameters = &terms.parameters;
    EvidenceView {
        payment_id: payment.id().as_str(),
        status: payment.status(),
        stripe_payment_intent_id: state.intent.as_ref().map(payments::IntentId::as_str),
        stripe_charge_id: state.paid_charges.first().map(payments::ChargeId::as_str),
        sender_id: terms.sender.as_str(),
        creator_id: terms.creator.as_str(),
        anonymous: terms.anonymous,
        quote: QuoteView {
            amount: terms.chosen.amount(),
            processing_fee: terms.fee(),
            total: parameters.total.amount(),
            currency: terms.chosen.currency(),
        },
        created_at: terms.created_at,
        settled_at: state.settled_at,
        message: terms.message.as_ref().map(payments::Message::as_str),
        context: terms.context.as_ref().map(payments::Context::as_str),
        description: parameters.labels.description.as_str(),
        statement_descriptor_suffix: parameters
            .labels
            .statement_descriptor_suffix
            .as_ref()
            .map(payments::StatementDescriptorSuffix::as_str),
        receipt_email: parameters.receipt_email.as_deref().filter(|_| !state.receipt_refused),
        refunds: refunds(payment),
        disputes: state.disputes.summaries.iter().map(dispute).collect(),
        fraud_warnings: fraud_warnings(payment),
        history: HistoryView::of(payment, history),
    }
}

fn refunds(payment: &Payment) -> Vec<RefundView<'_>> {
    let refunds = &payment.state.refunds;
    let mut views = Vec::new();
    for (id, Refund { split, status }) in &refunds.at_stripe {
        let asked = split.request.as_ref().and_then(|request| refunds.requested.get(request));
        views.push(RefundView {
            stripe_refund_id: id.as_str(),
            status: *status,
            amount: split.creator + split.platform,
            requested_by: asked.and_then(|asked| asked.request.requested_by.as_ref()),
            requested_at: asked.map(|asked| asked.request.requested_at),
        });
    }
    views
}

fn dispute<'a>((id, summary): (&'a DisputeId, &DisputeSummary)) -> DisputeView<'a> {
    let DisputeSummary { status, amount, due_by, .. } = *summary;
    DisputeView { stripe_dispute_id: id, status, amount, due_by }
}

fn fraud_warnings(payment: &Payment) -> Vec<WarningView<'_>> {
    let warnings = &payment.state.fraud_warnings;
    let view = |(id, warning): (_, &payments::FraudWarning)| WarningView {
        stripe_warning_id: id,
        fraud_type: warning.fraud_type,
        warned_at: warning.warned_at,
        response: warnings.responses.get(id).copied(),
    };
    warnings.received.iter().map(view).collect()
}

impl<'a> HistoryView<'a> {
    fn of(payment: &Payment, history: &'a [Stored<Payment>]) -> Self {
        let others = history.iter().map(|stored| &stored.value).filter(|other| other.id() != payment.id());
        let payments: Vec<EarlierView> = others.map(EarlierView::of).collect();
        let undisputed = payments.iter().filter(|earlier| !earlier.disputed).count();
        Self { payments, undisputed }
    }
}

impl<'a> EarlierView<'a> {
    fn of(payment: &'a Payment) -> Self {
        let (terms, state) = (&payment.terms, &payment.state);
        Self {
            payment_id: payment.id(),
            created_at: terms.created_at,
            amount: terms.chosen.amount(),
            currency: terms.chosen.currency(),
            refunded_amount: state.refunds.creator_amount(),
            disputed: state.disputes.is_disputed(),
            warned: !state.fraud_warnings.received.is_empty(),
        }
    }
}
