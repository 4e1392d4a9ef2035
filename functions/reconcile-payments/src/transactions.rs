//! Movements of the platform's balance in the window: every charge, refund, dispute, transfer and reversal has one, so
//! whatever moved money is seen here, whenever its object was made. Stripe's fees are learned here, a hundred a call.

use crate::list::{after, from_the_start, page_of};
use crate::report::{unappliable, unbooked, unreadable, wrong_ledger};
use crate::slice::window;
use payments::{BalanceTransactionKind, Payment, PaymentId, Reconciliation, Stamp, same_entries};
use payments_bookkeeping::{Known, Outcome, apply, follow_up, retrieve_intent};
use payments_function::App;
use payments_http::{Metric, Problem, StatusCode, count};
use payments_store::Stored;
use payments_stripe::{TransactionObject, TransactionSource};

pub(crate) async fn page(app: &App, run: &mut Reconciliation) -> Result<Option<String>, Problem> {
    let stripe = app.stripe_session().await?;
    let answer = stripe.list_transactions(window(run), after(run)).await;
    let Some(page) = page_of(run, answer)? else { return Ok(from_the_start()) };
    page.unreadable.iter().for_each(|object| run.note(unreadable(object)));
    // Oldest first within the page: a refund is better seen before its reversal.
    for transaction in page.data.iter().rev() {
        sweep(app, run, transaction).await?;
    }
    Ok(page.next)
}

async fn sweep(app: &App, run: &mut Reconciliation, transaction: &TransactionObject) -> Result<(), Problem> {
    // Stamped as the movement: where a dispute stands by now is the due index's business.
    let received = transaction.received_object(Stamp::of_creation(transaction.created));
    let (Some(received), Some(movement)) = (received, movement(transaction)) else { return Ok(()) };
    let (id, object) = (&transaction.balance.id, transaction.balance.id.to_string());
    let now = app.clock.now();
    match apply(app, &received, now).await? {
        Outcome::NotOurs => {}
        Outcome::Unappliable(reason) => run.note(unappliable(object, reason, received.payment.clone())),
        Outcome::Applied(known) => {
            let Known { payment, news } = *known;
            run.counts.transactions += 1;
            run.counts.changed += u64::from(news);
            let payment = settled(app, run, payment, &movement).await?;
            if news && movement == BalanceTransactionKind::Charge && is_short(&payment.value) {
                count(Metric::FeeShortfall);
            }
            let payment = if news { follow_up(app, payment, now).await? } else { payment };
            if !payment.value.is_booked(id, &movement) {
                run.note(unbooked(object, transaction.balance.amount, payment.value.id().clone()));
            }
            if movement == BalanceTransactionKind::Charge {
                check_ledger(app, run, &payment).await?;
            }
        }
    }
    Ok(())
}

/// What the movement is of a payment; none for other business.
fn movement(transaction: &TransactionObject) -> Option<BalanceTransactionKind> {
    Some(match transaction.source.as_ref()? {
        TransactionSource::Charge(_) => BalanceTransactionKind::Charge,
        TransactionSource::Refund(refund) if transaction.balance.amount > 0 => {
            BalanceTransactionKind::RefundFailure(refund.id.clone())
        }
        TransactionSource::Refund(refund) => BalanceTransactionKind::Refund(refund.id.clone()),
        TransactionSource::Dispute(dispute) => BalanceTransactionKind::Dispute(dispute.id.clone()),
        TransactionSource::Transfer(transfer) => BalanceTransactionKind::Transfer(transfer.id.clone()),
        TransactionSource::Reversal(reversal) => BalanceTransactionKind::Reversal(reversal.id.clone()),
        TransactionSource::Id(_) | TransactionSource::Other => return None,
    })
}

/// A charge tells that money came in, and its intent that all of it did, and on whose behalf.
async fn settled(
    app: &App,
    run: &mut Reconciliation,
    payment: Stored<Payment>,
    movement: &BalanceTransactionKind,
) -> Result<Stored<Payment>, Problem> {
    if *movement != BalanceTransactionKind::Charge || payment.value.state.succeeded {
        return Ok(payment);
    }
    let intent = payment.value.state.intent.as_ref().map(ToString::to_string).unwrap_or_default();
    match retrieve_intent(app, payment.clone(), app.clock.now()).await {
        // An intent that differs from its payment stays so, however often it is looked at.
        Err(problem) if problem.status == StatusCode::INTERNAL_SERVER_ERROR => {
            let reason = problem.cause().unwrap_or_default().to_owned();
            run.note(unappliable(intent, reason, Some(payment.value.id().clone())));
            Ok(payment)
        }
        seen => seen,
    }
}

/// Whether Stripe took more than the sender paid for it.
fn is_short(payment: &Payment) -> bool {
    payment.actual_fee().is_some_and(|actual| actual > payment.terms.fee())
}

/// The stored entries are exactly those that the state implies. A write in passing can be seen in part, so what is
/// found counts when a second look finds it again.
async fn check_ledger(app: &App, run: &mut Reconciliation, payment: &Stored<Payment>) -> Result<(), Problem> {
    let id = payment.value.id();
    if !has_its_entries(app, id).await? && !has_its_entries(app, id).await? {
        run.note(wrong_ledger(id.clone()));
    }
    Ok(())
}

async fn has_its_entries(app: &App, id: &PaymentId) -> Result<bool, Problem> {
    let read = app.store.ledger(id).await.map_err(Problem::unavailable)?;
    Ok(read.is_none_or(|(stored, entries)| same_entries(&entries, &payments::entries(&stored.value))))
}
