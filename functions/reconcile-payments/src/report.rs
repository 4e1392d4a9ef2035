//! The drift report, and the constructors of its differences.

use payments::{
    AccountId, BalanceComparison, CancelOpen, ComparedBalance, Counts, Difference, DifferenceKind, PaymentId,
    Reconciliation, Stage, Timestamp,
};
use payments_http::{Body, Problem, Response, StatusCode, json};
use payments_services::Services;
use payments_store::{ItemKey, Reconciliation as Note};
use payments_stripe::{TransactionObject, UnreadableObject};
use serde::Serialize;

/// A reconciliation run as operators see it.
#[derive(Serialize)]
pub(crate) struct RunView<'a> {
    number: u64,
    finished: bool,
    stage: Stage,
    from: Timestamp,
    to: Timestamp,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    counts: &'a Counts,
    /// Our balance beside Stripe's; none while money moved during each comparison.
    balance: Option<&'a BalanceComparison>,
    /// All differences, including those that are not listed.
    differences_found: u64,
    /// Only the first ones.
    differences: &'a [Difference],
}

impl<'a> RunView<'a> {
    pub(crate) fn of(run: &'a Reconciliation) -> Self {
        Self {
            number: run.number,
            finished: run.is_finished(),
            stage: run.stage,
            from: run.from,
            to: run.to,
            started_at: run.started_at,
            finished_at: run.finished_at,
            counts: &run.counts,
            balance: run.balance.as_ref(),
            differences_found: run.differences_found,
            differences: &run.differences,
        }
    }
}

#[derive(Serialize)]
struct DriftView<'a> {
    last: Option<RunView<'a>>,
    current: Option<RunView<'a>>,
    /// Absent until an operator first requests it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_open: Option<CancelOpenView>,
}

#[derive(Serialize)]
struct CancelOpenView {
    until: Timestamp,
    canceled: u64,
    finished_at: Option<Timestamp>,
}

pub(crate) async fn get(services: &Services) -> Result<Response<Body>, Problem> {
    let read = |note| services.store.replaceable_reconciliation::<Reconciliation>(note);
    let canceling = services.store.replaceable_reconciliation::<CancelOpen>(Note::CancelOpen);
    let (last, current, canceling) = tokio::join!(read(Note::Last), read(Note::Current), canceling);
    // One that this release cannot read is shown as none: the next run replaces it, and lists it as a difference.
    let (last, current, canceling) = (last?.value, current?.value, canceling?.value);
    let view = DriftView {
        last: last.as_ref().map(RunView::of),
        current: current.as_ref().filter(|run| !run.is_finished()).map(RunView::of),
        cancel_open: canceling.map(|CancelOpen { until, canceled, finished_at, .. }| CancelOpenView {
            until,
            canceled,
            finished_at,
        }),
    };
    json(StatusCode::OK, &view)
}

pub(crate) fn unappliable(object: String, reason: String, payment_id: Option<PaymentId>) -> Difference {
    let kind = DifferenceKind::Unappliable;
    Difference { kind, payment_id, object: Some(object), detail: Some(reason), amount: None }
}

pub(crate) fn unreadable(object: &UnreadableObject) -> Difference {
    unappliable(object.id.clone(), object.why.to_string(), None)
}

pub(crate) fn unreadable_item(key: &ItemKey, cause: String) -> Difference {
    let (kind, object) = (DifferenceKind::UnreadableItem, Some(key.to_string()));
    Difference { kind, payment_id: None, object, detail: Some(cause), amount: None }
}

pub(crate) fn unclaimed(account: &AccountId) -> Difference {
    let detail = Some("the creator whom it names has another account, or its request had ended".to_owned());
    let (kind, object) = (DifferenceKind::UnclaimedAccount, Some(account.to_string()));
    Difference { kind, payment_id: None, object, detail, amount: None }
}

pub(crate) fn odd_copy(copy: u8) -> Difference {
    let (kind, object) = (DifferenceKind::RolloutCopy, Some(format!("ROLLOUT#{copy}")));
    let detail = Some("this copy of the rollout is not as most of them are".to_owned());
    Difference { kind, payment_id: None, object, detail, amount: None }
}

pub(crate) fn unbooked(object: String, amount: i64, payment: PaymentId) -> Difference {
    let kind = DifferenceKind::Unbooked;
    Difference { kind, payment_id: Some(payment), object: Some(object), detail: None, amount: Some(amount) }
}

pub(crate) fn unreachable(payment: PaymentId, cause: String) -> Difference {
    let kind = DifferenceKind::Unreachable;
    Difference { kind, payment_id: Some(payment), object: None, detail: Some(cause), amount: None }
}

pub(crate) fn wrong_ledger(payment: PaymentId) -> Difference {
    let detail = Some("the stored entries are not those that the payment's state implies".to_owned());
    Difference { kind: DifferenceKind::Ledger, payment_id: Some(payment), object: None, detail, amount: None }
}

pub(crate) fn unknown_transaction(transaction: &TransactionObject) -> Difference {
    let (kind, amount) = (DifferenceKind::UnknownTransaction, Some(transaction.balance.amount));
    let object = Some(transaction.balance.id.to_string());
    let currency = &transaction.balance.currency;
    let detail = Some(format!("a transaction of the type {} in {currency} is not known", transaction.kind));
    Difference { kind, payment_id: None, object, detail, amount }
}

pub(crate) fn differing(
    object: String,
    payment_id: Option<PaymentId>,
    net: i64,
    detail: String,
) -> Difference {
    let kind = DifferenceKind::AmountsDiffer;
    Difference { kind, payment_id, object: Some(object), detail: Some(detail), amount: Some(net) }
}

pub(crate) fn balance_differs(balance: &ComparedBalance) -> Difference {
    let ComparedBalance { currency, ours, stripe } = balance;
    let code = currency.code();
    let detail = Some(format!("our balance is {ours} {code}, and Stripe's is {stripe} {code}"));
    let (kind, amount) = (DifferenceKind::BalanceDiffers, Some(stripe.saturating_sub(*ours)));
    Difference { kind, payment_id: None, object: None, detail, amount }
}
