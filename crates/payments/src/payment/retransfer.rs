//! Retransfers: transfers that pay the creator again. Only those that an instruction asked for are counted.

use crate::ids::AccountId;
use crate::money::Money;
use crate::payment::{InstructionKind, TransferInstruction};
use serde::{Deserialize, Serialize};

/// A transfer that pays the creator again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Retransfer {
    /// The number of its instruction.
    pub instruction: u32,
    /// In minor units of the payment's currency.
    pub amount: i64,
    /// What Stripe transferred, where that is not `amount` in the payment's currency.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sent: Option<Money>,
    /// Where it goes, if not to the payment's account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub destination: Option<AccountId>,
}

impl TransferInstruction {
    /// Whether it pays the creator again.
    #[must_use]
    pub fn is_retransfer(&self) -> bool {
        self.kind == InstructionKind::Transfer
    }

    /// The retransfer that it asks for.
    pub(crate) fn retransfer(&self) -> Option<Retransfer> {
        self.is_retransfer().then(|| Retransfer {
            instruction: self.number,
            amount: self.amount,
            sent: self.sent,
            destination: self.destination.clone(),
        })
    }
}
