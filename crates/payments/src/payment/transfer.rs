//! The creator's share on its way: the charge's own transfer, its reversals, and transfers made again.
//!
//! What is still to be moved is `owed`; one [`TransferInstruction`] at a time brings it to zero. A move is written down with its
//! amount before Stripe is called, so that every attempt under its key is the same request.

use crate::ids::{ReversalId, TransferId};
use crate::payment::join::join_max;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeMap};

/// What can be learned about transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferFact {
    /// The charge's own transfer, which carried the creator's share.
    Own(TransferId),
    /// A transfer that we made again, in minor units of the payment's currency.
    Retransfer(TransferId, i64),
    /// Some of a transfer was taken back.
    Reversal(ReversalId, TransferReversal),
    /// A movement that we decided on, or what became of it.
    Instruction(TransferInstruction),
}

/// A reversal of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TransferReversal {
    /// Which transfer.
    pub transfer: TransferId,
    /// How much was taken back, in minor units of the payment's currency.
    pub amount: i64,
}

/// A movement of the creator's share that we decided on. Numbers count up by payment; the next is decided only
/// when the last has ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TransferInstruction {
    /// 1 for the payment's first.
    pub number: u32,
    /// Which way.
    pub kind: InstructionKind,
    /// Minor units of the payment's currency, positive.
    pub amount: i64,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// What became of it.
    pub outcome: InstructionOutcome,
    /// When the first of the refused ones that it follows was decided, if it follows one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refused_since: Option<Timestamp>,
}

/// Which way a movement goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstructionKind {
    /// From the creator's account to the platform: a reversal of this transfer.
    Reversal(TransferId),
    /// From the platform to the creator's account: a new transfer.
    Transfer,
}

/// What became of a movement; a later variant is known later.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstructionOutcome {
    /// Decided; Stripe's answer is not known.
    Pending,
    /// Stripe definitely refused, with this code, such as `balance_insufficient`.
    Refused(String),
    /// It is made.
    Executed,
}

/// What is known of transfers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Transfers {
    /// The charge's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<TransferId>,
    /// Those made again, with their amounts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub retransfers: BTreeMap<TransferId, i64>,
    /// Every reversal of any of them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reversals: BTreeMap<ReversalId, TransferReversal>,
    /// The last movement that we decided on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_instruction: Option<TransferInstruction>,
}

impl Transfers {
    pub(crate) fn join(&mut self, fact: &TransferFact) {
        match fact {
            TransferFact::Own(id) => {
                let known = self.own.take();
                self.own = Some(known.map_or_else(|| id.clone(), |known| known.min(id.clone())));
            }
            TransferFact::Retransfer(id, amount) => join_max(&mut self.retransfers, id, *amount),
            TransferFact::Reversal(id, reversal) => join_max(&mut self.reversals, id, reversal.clone()),
            TransferFact::Instruction(decided) => {
                self.last_instruction = self.last_instruction.take().max(Some(decided.clone()));
            }
        }
    }

    /// What was moved back to the platform, less what was transferred again, in minor units.
    #[must_use]
    pub fn net_reversed(&self) -> i64 {
        let reversed: i64 = self.reversals.values().map(|reversal| reversal.amount).sum();
        reversed - self.retransfers.values().sum::<i64>()
    }

    /// The movement that Stripe's answer is not known to.
    #[must_use]
    pub fn outstanding(&self) -> Option<&TransferInstruction> {
        self.last_instruction.as_ref().filter(|decided| decided.outcome == InstructionOutcome::Pending)
    }

    /// Whether Stripe refused the last movement.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let outcome = self.last_instruction.as_ref().map(|decided| &decided.outcome);
        matches!(outcome, Some(InstructionOutcome::Refused(_)))
    }

    fn reversed_of(&self, transfer: &TransferId) -> i64 {
        let of = |reversal: &&TransferReversal| reversal.transfer == *transfer;
        self.reversals.values().filter(of).map(|reversal| reversal.amount).sum()
    }

    /// The transfer to take back from: the charge's own while something is left of it, then those made again.
    fn reversible(&self, chosen: i64) -> Option<(TransferId, i64)> {
        let own = self.own.iter().map(|id| (id, chosen));
        let again = self.retransfers.iter().map(|(id, amount)| (id, *amount));
        own.chain(again)
            .map(|(id, amount)| (id.clone(), amount - self.reversed_of(id)))
            .find(|(_, left)| *left > 0)
    }

    /// The movement that brings `owed` nearer to zero: none while one is outstanding, or while the charge's own
    /// transfer is not known.
    pub(crate) fn next_instruction(
        &self,
        owed: i64,
        chosen: i64,
        now: Timestamp,
    ) -> Option<TransferInstruction> {
        if self.outstanding().is_some() {
            return None;
        }
        let (kind, amount) = match owed.cmp(&0) {
            Ordering::Equal => return None,
            Ordering::Greater => {
                let (transfer, left) = self.reversible(chosen)?;
                (InstructionKind::Reversal(transfer), owed.min(left))
            }
            Ordering::Less => (InstructionKind::Transfer, -owed),
        };
        let number = self.last_instruction.as_ref().map_or(0, |last| last.number).saturating_add(1);
        let refused_since = self.last_refused().map(|last| last.refused_since.unwrap_or(last.decided_at));
        Some(TransferInstruction {
            number,
            kind,
            amount,
            decided_at: now,
            outcome: InstructionOutcome::Pending,
            refused_since,
        })
    }

    /// The last movement, if Stripe refused it.
    pub(crate) fn last_refused(&self) -> Option<&TransferInstruction> {
        self.last_instruction.as_ref().filter(|_| self.is_refused())
    }
}
