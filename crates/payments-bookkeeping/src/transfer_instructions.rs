//! The creator's share is moved as decided, one movement at a time, until nothing is owed.

use crate::learn::{learn_facts, learn_ours};
use payments::{
    Fact, InstructionKind, InstructionOutcome, Mismatch, Payment, STRIPE_KEY_LIFETIME_S, Snapshot,
    StripeCall, Timestamp, TransferFact, TransferInstruction, TransferReversal, TransferSnapshot,
};
use payments_function::App;
use payments_http::{Metric, Problem, count};
use payments_store::Stored;
use payments_stripe::{Session, StripeError};

/// More movements than this are left to the next look: a payment has one or two.
const INSTRUCTIONS_PER_CALL: usize = 5;
/// The code of a movement whose key Stripe may have forgotten, and that was not found: it was never made.
const LAPSED: &str = "lapsed";

/// Makes the decided movement, and those that follow from it.
///
/// # Errors
/// 503, when the table or Stripe is unavailable: the movement keeps its key, and doing it again is safe.
pub async fn execute_instructions(
    app: &App,
    stored: Stored<Payment>,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let mut stored = stored;
    for _ in 0..INSTRUCTIONS_PER_CALL {
        let Some(decided) = stored.value.state.transfers.outstanding().cloned() else { break };
        stored = make(app, stored, &decided, now).await?;
    }
    Ok(stored)
}

/// As [`execute_instructions`]; what fails is left to reconciliation.
pub(crate) async fn execute_or_defer(app: &App, stored: Stored<Payment>, now: Timestamp) -> Stored<Payment> {
    if stored.value.state.transfers.outstanding().is_none() {
        return stored;
    }
    match execute_instructions(app, stored.clone(), now).await {
        Ok(settled) => settled,
        Err(problem) => {
            tracing::warn!(payment = %stored.value.id(), cause = problem.cause(), "a movement is left for later");
            stored
        }
    }
}

async fn make(
    app: &App,
    stored: Stored<Payment>,
    decided: &TransferInstruction,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let stripe = app.stripe_session().await?;
    if now.seconds() - decided.decided_at.seconds() >= STRIPE_KEY_LIFETIME_S {
        return look_up(app, &stripe, stored, decided, now).await;
    }
    match send(&stripe, &stored.value, decided).await {
        Ok(made) => learn_ours(app, stored, now, made).await,
        // Another release wrote the request otherwise: what it did is looked up.
        Err(StripeError::KeyReused) => look_up(app, &stripe, stored, decided, now).await,
        Err(error) => match error.refusal() {
            Some(code) => refused(app, stored, decided, code.to_owned(), now).await,
            None => Err(Problem::unavailable(error)),
        },
    }
}

/// Asks Stripe for the movement, under its own key.
async fn send(
    stripe: &Session,
    payment: &Payment,
    decided: &TransferInstruction,
) -> Result<impl Fn(&Payment) -> Result<Vec<Fact>, Mismatch> + use<>, StripeError> {
    let key = StripeCall::ExecuteInstruction(decided).key(payment.id());
    let seen = match &decided.kind {
        InstructionKind::Reversal(transfer) => {
            let reversal = stripe.reverse_transfer(payment.id(), transfer, decided, &key).await?;
            let taken = TransferReversal { transfer: transfer.clone(), amount: reversal.amount };
            let made = TransferInstruction { outcome: InstructionOutcome::Executed, ..decided.clone() };
            Made::Reversal(vec![
                Fact::Transfer(TransferFact::Reversal(reversal.id, taken)),
                Fact::Transfer(TransferFact::Instruction(made)),
            ])
        }
        InstructionKind::Transfer => {
            let transfer = stripe.create_transfer(&payment.terms.parameters, decided, &key).await?;
            Made::Transfer(transfer.snapshot())
        }
    };
    Ok(move |payment: &Payment| seen.facts(payment))
}

/// A movement that Stripe made.
enum Made {
    Reversal(Vec<Fact>),
    Transfer(TransferSnapshot),
}

impl Made {
    fn facts(&self, payment: &Payment) -> Result<Vec<Fact>, Mismatch> {
        match self {
            Self::Reversal(facts) => Ok(facts.clone()),
            Self::Transfer(seen) => seen.facts(payment),
        }
    }
}

/// Looks for a movement whose key Stripe may have forgotten. It is never sent again: if it was not made, the next one
/// takes the next number.
async fn look_up(
    app: &App,
    stripe: &Session,
    stored: Stored<Payment>,
    decided: &TransferInstruction,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    let transfers = match &decided.kind {
        InstructionKind::Reversal(transfer) => {
            vec![stripe.retrieve_transfer(transfer).await.map_err(Problem::unavailable)?]
        }
        InstructionKind::Transfer => {
            // One page: a payment's transfers are a few.
            stripe.list_transfers_of(stored.value.id(), None).await.map_err(Problem::unavailable)?.data
        }
    };
    let seen: Vec<_> = transfers.iter().map(|transfer| Snapshot::Transfer(transfer.snapshot())).collect();
    let stored = learn_ours(app, stored, now, |payment| Snapshot::all_facts(&seen, payment)).await?;
    match stored.value.state.transfers.outstanding() {
        Some(still) if still == decided => refused(app, stored, decided, LAPSED.to_owned(), now).await,
        _ => Ok(stored),
    }
}

async fn refused(
    app: &App,
    stored: Stored<Payment>,
    decided: &TransferInstruction,
    code: String,
    now: Timestamp,
) -> Result<Stored<Payment>, Problem> {
    tracing::warn!(payment = %stored.value.id(), code, "a movement of the creator's share is refused");
    count(Metric::InstructionRefused);
    let refused = TransferInstruction { outcome: InstructionOutcome::Refused(code), ..decided.clone() };
    learn_facts(app, stored, now, &[Fact::Transfer(TransferFact::Instruction(refused))]).await
}
