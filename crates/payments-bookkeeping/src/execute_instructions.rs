//! Executes transfer instructions one at a time until none is pending. Each is sent by the process whose write decided
//! it; others send it only after a pause, in case that process has ended.

use crate::{AppliedFacts, Bookkeeping, BookkeepingError, LAPSED, Work, refresh_refused_account};
use payments::{
    Fact, InstructionKind, InstructionOutcome, KeyAge, Payment, RefusalCause, ReversalSnapshot, Snapshot,
    StripeCall, TransferFact, TransferId, TransferInstruction, TransferSnapshot,
};
use payments_services::{Metric, causes, count, count_setup_fault};
use payments_store::Stored;
use payments_stripe::{Sent, Session, StripeError, send_once};

/// A payment has one or two instructions; more than this wait for the next refresh.
const INSTRUCTIONS_PER_CALL: usize = 5;

impl<'a> Bookkeeping<'a> {
    /// Executes the pending instruction if `known` decided it or its decider has left it, and those that follow
    /// from it.
    ///
    /// # Errors
    /// [`BookkeepingError`]: the instruction keeps its key, and repeating the call is safe.
    pub fn execute_instructions(self, known: AppliedFacts) -> Work<'a, Stored<Payment>> {
        Box::pin(async move {
            let mut known = known;
            for _ in 0..INSTRUCTIONS_PER_CALL {
                let Some(pending) = self.to_execute(&known).cloned() else { break };
                // On the heap, so that this future does not contain another one with a payment of its own.
                known = Box::pin(self.execute_instruction(known.payment, &pending)).await?;
            }
            Ok(known.payment)
        })
    }

    /// The pending instruction, unless another process has just decided it and is about to send it.
    fn to_execute(self, known: &AppliedFacts) -> Option<&TransferInstruction> {
        let pending = known.payment.value.state.transfers.outstanding()?;
        let is_ours = known.decided == Some(pending.number);
        (is_ours || pending.left_to_decider_ms(self.now) == 0).then_some(pending)
    }

    /// Like [`Bookkeeping::execute_instructions`], but an instruction that fails is left to reconciliation.
    pub async fn execute_or_defer(self, known: AppliedFacts) -> Stored<Payment> {
        if self.to_execute(&known).is_none() {
            return known.payment;
        }
        let stored = known.payment.clone();
        match self.execute_instructions(known).await {
            Ok(executed) => executed,
            Err(error) => {
                tracing::warn!(payment = %stored.value.id(), cause = causes(&error), "a movement is left for later");
                if error.is_setup_fault() {
                    count_setup_fault();
                }
                stored
            }
        }
    }

    async fn execute_instruction(
        self,
        stored: Stored<Payment>,
        decided: &TransferInstruction,
    ) -> Result<AppliedFacts, BookkeepingError> {
        let stripe = self.stripe().await?;
        let age = KeyAge::of(decided.decided_at, self.now);
        match send_once(age, send(&stripe, &stored.value, decided)).await? {
            Sent::Made(made) => self.apply_retrieved(stored, |payment| Ok(made.facts(payment))).await,
            Sent::LookUp => self.look_up_instruction(&stripe, stored, decided).await,
            Sent::Refused(refusal) => {
                if refusal.cause == RefusalCause::Account {
                    let terms = &stored.value.terms;
                    let destination = decided.destination.as_ref().unwrap_or(&terms.parameters.destination);
                    refresh_refused_account(self.services, &terms.creator, destination).await;
                }
                self.instruction_refused(stored, decided, refusal.code()).await
            }
        }
    }

    /// Looks up an instruction whose key Stripe may have forgotten. It is never sent again: if it was not
    /// executed, the next one takes the next number.
    async fn look_up_instruction(
        self,
        stripe: &Session,
        stored: Stored<Payment>,
        decided: &TransferInstruction,
    ) -> Result<AppliedFacts, BookkeepingError> {
        let transfers = match &decided.kind {
            InstructionKind::Reversal(transfer) => {
                vec![stripe.retrieve_transfer(transfer).await?]
            }
            InstructionKind::Transfer => {
                // One page is enough, because a payment has only a few transfers.
                stripe.list_transfers_of(stored.value.id(), None).await?.data
            }
        };
        let seen: Vec<_> = transfers.iter().map(|transfer| Snapshot::Transfer(transfer.snapshot())).collect();
        let known = self.apply_retrieved(stored, |payment| Snapshot::all_facts(&seen, payment)).await?;
        match known.payment.value.state.transfers.outstanding() {
            Some(still) if still == decided => self.instruction_refused(known.payment, decided, LAPSED).await,
            _ => Ok(known),
        }
    }

    async fn instruction_refused(
        self,
        stored: Stored<Payment>,
        decided: &TransferInstruction,
        code: &str,
    ) -> Result<AppliedFacts, BookkeepingError> {
        tracing::warn!(payment = %stored.value.id(), code, "a movement of the creator's share is refused");
        count(Metric::InstructionRefused);
        let refused =
            TransferInstruction { outcome: InstructionOutcome::Refused(code.to_owned()), ..decided.clone() };
        self.apply_our_facts(stored, vec![Fact::Transfer(TransferFact::Instruction(refused))]).await
    }
}

/// Sends the instruction to Stripe under its own key.
async fn send(
    stripe: &Session,
    payment: &Payment,
    decided: &TransferInstruction,
) -> Result<Made, StripeError> {
    let key = StripeCall::ExecuteInstruction(decided).key(payment.id());
    let parameters = &payment.terms.parameters;
    Ok(match &decided.kind {
        InstructionKind::Reversal(transfer) => {
            let reversal = stripe.reverse_transfer(parameters, transfer, decided, &key).await?;
            // The reply to its own key is the instruction's, whatever has become of the metadata.
            let number = Some(decided.number);
            Made::Reversal(transfer.clone(), ReversalSnapshot { number, ..reversal.snapshot() })
        }
        InstructionKind::Transfer => {
            let transfer = stripe.create_transfer(parameters, decided, &key).await?;
            Made::Transfer(transfer.snapshot())
        }
    })
}

/// What Stripe made from an instruction.
enum Made {
    Reversal(TransferId, ReversalSnapshot),
    Transfer(TransferSnapshot),
}

impl Made {
    fn facts(&self, payment: &Payment) -> Vec<Fact> {
        match self {
            Self::Reversal(of, seen) => seen.facts(of, payment),
            Self::Transfer(seen) => seen.facts(payment),
        }
    }
}
