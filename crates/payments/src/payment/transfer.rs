//! The transfers of the creator's share: the charge's transfer, reversals, and retransfers.
//!
//! [`TransferInstruction`]s bring the amount to recover to zero, one at a time. An instruction is stored with its amount
//! before Stripe is called, so that every attempt under its key is the same request.

use crate::ids::{AccountId, ChargeId, ReversalId, TransferId};
use crate::payment::{OpenItem, join_max::join_max};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeMap};

/// How long an instruction is left to the writer that decided it, in seconds: longer than that writer takes to send it.
/// Sending it twice is harmless, since both have one key, and costs a request.
const LEFT_TO_DECIDER_S: i64 = 5;

/// A fact about the payment's transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferFact {
    /// The transfer that Stripe made with a charge. It counts once the charge is known to be paid here.
    Original(ChargeId, TransferId),
    Retransfer(TransferId, Retransfer),
    /// An operator's decision, by its number: from then on retransfers go to this account.
    Redirect(u32, AccountId),
    Reversal(ReversalId, TransferReversal),
    /// An instruction that we decided, or its outcome.
    Instruction(TransferInstruction),
}

/// A reversal of a transfer, in part or in whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TransferReversal {
    pub transfer: TransferId,
    /// Minor units of the payment's currency.
    pub amount: i64,
}

/// A decision to reverse a transfer or to retransfer. Each payment numbers its own, and decides the next one only after
/// the last one is executed or refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TransferInstruction {
    /// Starts at 1.
    pub number: u32,
    pub kind: InstructionKind,
    /// Minor units of the payment's currency, positive.
    pub amount: i64,
    pub decided_at: Timestamp,
    pub outcome: InstructionOutcome,
    /// Where a retransfer goes, if not to the payment's account. It is decided with the instruction, so that every attempt
    /// is the same request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub destination: Option<AccountId>,
    /// When the first instruction of an unbroken series of refused ones before this one was decided.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refused_since: Option<Timestamp>,
}

impl TransferInstruction {
    /// For how many milliseconds the instruction is still left to the process whose write decided it; 0 when any process
    /// may send it.
    #[must_use]
    pub fn left_to_decider_ms(&self, now: Timestamp) -> u64 {
        let left_ms = self.decided_at.plus_seconds(LEFT_TO_DECIDER_S).millis() - now.millis();
        // A decider whose clock is ahead has no more time than others.
        u64::try_from(left_ms.min(LEFT_TO_DECIDER_S * 1_000)).unwrap_or(0)
    }
}

/// The direction of an instruction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstructionKind {
    /// From the creator's account to the platform, by reversing this transfer.
    Reversal(TransferId),
    /// From the platform to the creator's account: a retransfer.
    Transfer,
}

/// The outcome of an instruction. Where two meet, the later variant is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstructionOutcome {
    /// Stripe's answer is not known.
    Pending,
    /// Stripe definitely refused it, with a code such as `balance_insufficient`.
    Refused(String),
    Executed,
}

/// A transfer that pays the creator again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Retransfer {
    /// The number of its instruction.
    pub instruction: u32,
    /// In minor units of the payment's currency.
    pub amount: i64,
    /// Where it goes, if not to the payment's account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub destination: Option<AccountId>,
}

impl TransferInstruction {
    /// The retransfer that it asks for.
    pub(crate) fn retransfer(&self) -> Option<Retransfer> {
        let (instruction, amount, destination) = (self.number, self.amount, self.destination.clone());
        (self.kind == InstructionKind::Transfer).then_some(Retransfer { instruction, amount, destination })
    }
}

/// The transfers of a payment, their reversals, and our last instruction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Transfers {
    /// The transfer that Stripe made with each charge, whether or not the charge is paid here
    /// ([`State::original_transfer`](crate::payment::State::original_transfer)).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub originals: BTreeMap<ChargeId, TransferId>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub retransfers: BTreeMap<TransferId, Retransfer>,
    /// The retransfers that we decided, by the number of their instruction. No other transfer is counted as one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub decided_retransfers: BTreeMap<u32, Retransfer>,
    /// The operator's redirects by number, from 1: the last one holds.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub redirects: BTreeMap<u32, AccountId>,
    /// Of originals and of retransfers. They count as their transfer does.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reversals: BTreeMap<ReversalId, TransferReversal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_instruction: Option<TransferInstruction>,
}

impl Transfers {
    pub(crate) fn join(&mut self, fact: &TransferFact) {
        match fact {
            TransferFact::Original(charge, id) => join_max(&mut self.originals, charge, id.clone()),
            TransferFact::Retransfer(id, retransfer) => {
                join_max(&mut self.retransfers, id, retransfer.clone());
            }
            TransferFact::Redirect(number, account) => join_max(&mut self.redirects, number, account.clone()),
            TransferFact::Reversal(id, reversal) => join_max(&mut self.reversals, id, reversal.clone()),
            TransferFact::Instruction(instruction) => {
                if let Some(decided) = instruction.retransfer() {
                    join_max(&mut self.decided_retransfers, &instruction.number, decided);
                }
                self.last_instruction = self.last_instruction.take().max(Some(instruction.clone()));
            }
        }
    }

    /// The last instruction, while Stripe's answer to it is not known.
    #[must_use]
    pub fn outstanding(&self) -> Option<&TransferInstruction> {
        self.last_instruction.as_ref().filter(|last| last.outcome == InstructionOutcome::Pending)
    }

    /// The number of the outstanding instruction, if it was decided since `before`.
    pub(crate) fn decided_since(&self, before: &Self) -> Option<u32> {
        let earlier = before.last_instruction.as_ref().map(|last| last.number);
        self.outstanding().map(|decided| decided.number).filter(|number| Some(*number) != earlier)
    }

    /// Whether Stripe refused the last instruction.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let outcome = self.last_instruction.as_ref().map(|last| &last.outcome);
        matches!(outcome, Some(InstructionOutcome::Refused(_)))
    }

    /// The amount of a known transfer, in minor units; `chosen` is that of an original.
    pub(crate) fn amount_of(&self, transfer: &TransferId, chosen: i64) -> Option<i64> {
        let is_original = self.originals.values().any(|original| original == transfer);
        if is_original { Some(chosen) } else { self.retransfers.get(transfer).map(|it| it.amount) }
    }

    pub(crate) fn reversed_of(&self, transfer: &TransferId) -> i64 {
        let of_transfer = |reversal: &&TransferReversal| reversal.transfer == *transfer;
        self.reversals.values().filter(of_transfer).map(|reversal| reversal.amount).sum()
    }

    /// Where retransfers go, if an operator has redirected them.
    #[must_use]
    pub fn redirect(&self) -> Option<&AccountId> {
        self.redirects.values().next_back()
    }

    /// The transfer to reverse and what is left of it: the original while something is left, then the retransfers. A
    /// reversal takes from the account that its transfer went to, so those to the creator's account of today come first.
    fn reversible(&self, original: Option<&TransferId>, chosen: i64) -> Option<(TransferId, i64)> {
        let original = original.into_iter().map(|id| (id, chosen));
        let retransfers = self.retransfers.iter().map(|(id, retransfer)| (id, retransfer.amount));
        let left = |(id, amount): (&TransferId, i64)| (id.clone(), amount - self.reversed_of(id));
        let reversible = original.chain(retransfers).map(left).filter(|(_, left)| *left > 0);
        reversible.min_by_key(|(id, _)| {
            let destination = self.retransfers.get(id).and_then(|retransfer| retransfer.destination.as_ref());
            destination != self.redirect()
        })
    }

    /// The instruction that brings `to_recover` nearer to zero; none while one is outstanding, or while no transfer is
    /// known that can be reversed.
    pub(crate) fn next_instruction(
        &self,
        to_recover: i64,
        original: Option<&TransferId>,
        chosen: i64,
        now: Timestamp,
    ) -> Option<TransferInstruction> {
        if self.outstanding().is_some() {
            return None;
        }
        let (kind, amount) = match to_recover.cmp(&0) {
            Ordering::Equal => return None,
            Ordering::Greater => {
                let (transfer, left) = self.reversible(original, chosen)?;
                (InstructionKind::Reversal(transfer), to_recover.min(left))
            }
            Ordering::Less => (InstructionKind::Transfer, -to_recover),
        };
        let destination = match kind {
            InstructionKind::Transfer => self.redirect().cloned(),
            InstructionKind::Reversal(_) => None,
        };
        let number = self.last_instruction.as_ref().map_or(0, |last| last.number).saturating_add(1);
        let refused_since = self.last_refused().map(|last| last.refused_since.unwrap_or(last.decided_at));
        Some(TransferInstruction {
            number,
            kind,
            amount,
            decided_at: now,
            outcome: InstructionOutcome::Pending,
            destination,
            refused_since,
        })
    }

    /// Whether an instruction may be decided after a refusal: the pause has ended, or Stripe refused the other direction.
    /// Pauses grow with the time since the first refusal of the series.
    pub(crate) fn may_follow_refusal(&self, next: &TransferInstruction, now: Timestamp) -> bool {
        let same_direction = |last: &&TransferInstruction| {
            (last.kind == InstructionKind::Transfer) == (next.kind == InstructionKind::Transfer)
        };
        self.last_refused().filter(same_direction).is_none_or(|last| {
            let since = last.refused_since.unwrap_or(last.decided_at);
            let refused_for_s = last.decided_at.seconds() - since.seconds();
            now >= last.decided_at.plus_seconds(OpenItem::UnbalancedShare.pause_s(refused_for_s))
        })
    }

    /// The last instruction, if Stripe refused it.
    pub(crate) fn last_refused(&self) -> Option<&TransferInstruction> {
        self.last_instruction.as_ref().filter(|_| self.is_refused())
    }
}
