//! `GET /v1/payments/{payment_id}`: for its sender, for operators, and for its creator once it succeeded.

use payments::{
    Card, Currency, DisputeStatus, Payment, RefundProgress, RefundSummary, Status, Timestamp, UserId,
};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, json, path_payment};
use payments_services::Services;
use serde::Serialize;

/// A payment as one of its readers sees it.
#[derive(Serialize)]
pub(crate) struct PaymentView<'a> {
    pub(crate) payment_id: &'a str,
    pub(crate) creator_id: &'a str,
    /// Withheld from the creator when the payment is anonymous.
    pub(crate) sender_id: Option<&'a str>,
    pub(crate) status: Status,
    pub(crate) amount: i64,
    pub(crate) processing_fee: i64,
    pub(crate) total: i64,
    pub(crate) currency: Currency,
    pub(crate) refunded_amount: i64,
    pub(crate) disputed_amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    fee: Option<FeeView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    disputes: Vec<DisputeView>,
    /// The open dispute with the earliest deadline, otherwise the latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    dispute: Option<UrgentDisputeView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refunds: Vec<RefundView<'a>>,
    /// Withheld from the creator.
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<&'a Card>,
    /// Of the last decline; withheld from the creator.
    #[serde(skip_serializing_if = "Option::is_none")]
    decline_code: Option<&'a str>,
    /// The amount still to recover from the creator's account; withheld from the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) owed: Option<i64>,
    /// Stripe's code of the refusal for which it is still owed, such as `balance_insufficient`; withheld from the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    owed_reason: Option<&'a str>,
    pub(crate) message: Option<&'a str>,
    pub(crate) anonymous: bool,
    pub(crate) context: Option<&'a str>,
    pub(crate) created_at: Timestamp,
    /// When this service booked the settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) settled_at: Option<Timestamp>,
}

/// A refund as all who see the payment see it.
#[derive(Serialize)]
struct RefundView<'a> {
    refund_id: &'a str,
    status: RefundProgress,
    /// The refunded part of the chosen amount.
    amount: i64,
    /// Absent for a refund that was not made through this API.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
}

/// In minor units: the processing fee that the sender paid, and Stripe's own fee once it is known. Where the charge was
/// converted, both are in the currency of the platform's balance.
#[derive(Serialize)]
struct FeeView {
    currency: Currency,
    estimated: i64,
    actual: Option<i64>,
    variance: Option<i64>,
}

#[derive(Serialize)]
struct DisputeView {
    status: DisputeStatus,
    amount: i64,
}

/// A dispute, and until when its evidence can be submitted.
#[derive(Serialize)]
struct UrgentDisputeView {
    status: DisputeStatus,
    due_by: Option<Timestamp>,
}

pub(crate) async fn get(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::of(services, request)?;
    let id = path_payment(request)?;
    let stored = services.store.payment(&id).await?;
    let payment = stored.ok_or_else(Problem::not_found)?.value;
    let view = view_for(&caller.user, caller.operator, &payment).ok_or_else(Problem::not_found)?;
    json(StatusCode::OK, &view)
}

/// Shows a payment to a user, or `None` if it is not theirs to see.
pub(crate) fn view_for<'a>(user: &UserId, operator: bool, payment: &'a Payment) -> Option<PaymentView<'a>> {
    let terms = &payment.terms;
    let status = payment.status();
    let settled = status == Status::Succeeded;
    let is_sender = terms.sender == *user;
    let is_creator_of_settled = settled && terms.creator.is_user(user);
    if !is_sender && !is_creator_of_settled && !operator {
        return None;
    }
    let (refunds, disputes) = (&payment.state.refunds, &payment.state.disputes);
    Some(PaymentView {
        payment_id: payment.id().as_str(),
        creator_id: terms.creator.as_str(),
        sender_id: (is_sender || operator || !terms.anonymous).then(|| terms.sender.as_str()),
        status,
        amount: terms.chosen.amount(),
        processing_fee: terms.fee(),
        total: terms.parameters.total.amount(),
        currency: terms.chosen.currency(),
        refunded_amount: refunds.creator_amount(),
        disputed_amount: disputes.charged_amount(),
        fee: settled.then(|| FeeView::of(payment)),
        disputes: disputes
            .summaries
            .values()
            .map(|summary| DisputeView { status: summary.status, amount: summary.amount })
            .collect(),
        dispute: disputes
            .most_urgent()
            .map(|summary| UrgentDisputeView { status: summary.status, due_by: summary.due_by }),
        refunds: payment.refund_summaries().into_iter().map(RefundView::of).collect(),
        card: payment.state.card.as_ref().filter(|_| is_sender || operator),
        decline_code: match (operator, is_sender) {
            (true, _) => payment.last_decline(),
            (false, true) => payment.last_decline_for_sender(),
            (false, false) => None,
        },
        owed: (!is_sender || operator).then(|| payment.state.to_recover()),
        owed_reason: payment.owed_reason().filter(|_| !is_sender || operator),
        message: terms.message.as_ref().map(payments::Message::as_str),
        anonymous: terms.anonymous,
        context: terms.context.as_ref().map(payments::Context::as_str),
        created_at: terms.created_at,
        settled_at: payment.state.settled_at,
    })
}

impl<'a> RefundView<'a> {
    fn of(summary: RefundSummary<'a>) -> Self {
        let RefundSummary { id, progress, creator, requested_at, .. } = summary;
        Self { refund_id: id, status: progress, amount: creator, created_at: requested_at }
    }
}

impl FeeView {
    fn of(payment: &Payment) -> Self {
        match payment.balance_fee() {
            None => Self {
                currency: payment.terms.chosen.currency(),
                estimated: payment.terms.fee(),
                actual: None,
                variance: None,
            },
            Some(fee) => Self {
                currency: fee.currency,
                estimated: fee.estimated,
                actual: Some(fee.actual),
                variance: Some(fee.variance()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use payments::{
        AccountId, CreatorId, DeclineCode, Fact, Fingerprint, IntentParameters, Message, Money, PaymentId,
        PaymentTerms, Stamp,
    };

    fn payment(anonymous: bool, facts: &[Fact]) -> Payment {
        let money = |amount| Money::new(amount, Currency::parse("usd").unwrap()).unwrap();
        let payment = Payment::new(PaymentTerms {
            sender: UserId::parse("sam").unwrap(),
            creator: CreatorId::parse("ana").unwrap(),
            chosen: money(1_000),
            message: Message::parse("hi").ok(),
            anonymous,
            context: None,
            fingerprint: Fingerprint::of(&"body"),
            allowed: None,
            parameters: IntentParameters {
                payment_id: PaymentId::parse("pay_0123456789abcdef0123456789abcdef").unwrap(),
                total: money(1_061),
                destination: AccountId::parse("acct_1").unwrap(),
                transfer_amount: 1_000,
                on_behalf_of: false,
                labels: payments::Labels::new(
                    &CreatorId::parse("ana").unwrap(),
                    None,
                    false,
                    &payments::StatementDescriptorTemplate::default(),
                ),
                customer: None,
                receipt_email: None,
            },
            created_at: Timestamp::from_seconds(1),
        });
        payment.join(facts).map_or(payment, |change| change.after)
    }

    fn sender_shown(user: &str, payment: &Payment) -> Option<Option<String>> {
        let user = UserId::parse(user).unwrap();
        view_for(&user, false, payment).map(|view| view.sender_id.map(str::to_owned))
    }

    #[test]
    fn a_sender_sees_their_payment_at_any_time() {
        assert_eq!(sender_shown("sam", &payment(true, &[])), Some(Some("sam".into())));
    }

    #[test]
    fn a_creator_sees_a_payment_only_once_it_has_settled() {
        assert_eq!(sender_shown("ana", &payment(false, &[])), None);
        assert_eq!(sender_shown("ana", &payment(false, &[Fact::Canceled])), None);
        assert_eq!(sender_shown("ana", &payment(false, &[Fact::Succeeded])), Some(Some("sam".into())));
    }

    #[test]
    fn an_anonymous_sender_is_withheld_from_the_creator() {
        assert_eq!(sender_shown("ana", &payment(true, &[Fact::Succeeded])), Some(None));
    }

    #[test]
    fn an_operator_sees_every_payment_and_who_sent_it() {
        let operator = UserId::parse("olga").unwrap();
        let payment = payment(true, &[]);
        let shown = view_for(&operator, true, &payment).and_then(|view| view.sender_id);
        assert_eq!(shown, Some("sam"));
    }

    #[test]
    fn the_card_and_declines_are_for_the_sender_and_operators() {
        let stamp = Stamp::of_creation(1);
        let declined = Fact::Declined(stamp, DeclineCode::of("stolen_card").unwrap());
        let open = payment(false, std::slice::from_ref(&declined));
        let decline_code = |user: &str, operator, payment: &Payment| {
            let view = view_for(&UserId::parse(user).unwrap(), operator, payment).unwrap();
            view.decline_code.map(str::to_owned)
        };
        assert_eq!(decline_code("sam", false, &open).as_deref(), Some("generic_decline"));
        assert_eq!(decline_code("olga", true, &open).as_deref(), Some("stolen_card"));
        let card = Fact::Card(Card::of("visa", "4242").unwrap());
        let paid = payment(false, &[declined, card, Fact::Succeeded]);
        let has_card = |user: &str, operator| {
            let user = UserId::parse(user).unwrap();
            view_for(&user, operator, &paid).is_some_and(|view| view.card.is_some())
        };
        assert!(has_card("sam", false) && has_card("olga", true) && !has_card("ana", false));
        for (user, operator) in [("sam", false), ("olga", true), ("ana", false)] {
            assert_eq!(decline_code(user, operator, &paid), None);
        }
    }

    #[test]
    fn nobody_else_sees_it() {
        assert_eq!(sender_shown("eve", &payment(false, &[Fact::Succeeded])), None);
    }
}
