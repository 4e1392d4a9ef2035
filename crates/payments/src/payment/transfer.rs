//! The transfers of the creator's share: the charge's transfer, reversals, and retransfers.

use crate::ids::{AccountId, ChargeId, ReversalId, TransferId};
use crate::payment::join_max::join_max;
use crate::payment::{InstructionOutcome, Retransfer, TransferInstruction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// Minor units of the transfer's currency, where that is another one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sent: Option<i64>,
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
}
