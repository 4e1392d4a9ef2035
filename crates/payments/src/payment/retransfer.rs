//! Retransfers: transfers that pay the creator again. Only those that an instruction asked for are counted.

use crate::ids::AccountId;
use crate::payment::{InstructionKind, TransferInstruction};
use serde::{Deserialize, Serialize};

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
