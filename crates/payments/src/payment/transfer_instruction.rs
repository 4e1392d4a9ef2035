//! Transfer instructions bring the amount to recover to zero, one at a time.
//!
//! An instruction is stored with its amount before Stripe is called, so that every attempt under its key is the same
//! request. Next: `next_instruction.rs` decides it, `left_to_decider.rs` who sends it, `instruction_retry.rs` what follows a
//! refusal.

use crate::ids::{AccountId, TransferId};
use crate::money::Money;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A decision to reverse a transfer or to retransfer. Each payment numbers its own, and decides the next one only after
/// the last one is executed or refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TransferInstruction {
    /// Starts at 1.
    pub number: u32,
    pub kind: InstructionKind,
    /// What it brings the amount to recover nearer to zero by: minor units of the payment's currency, positive.
    pub amount: i64,
    /// What Stripe is asked for, where that is not `amount` in the payment's currency.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sent: Option<Money>,
    pub decided_at: Timestamp,
    pub outcome: InstructionOutcome,
    /// Where a retransfer goes, if not to the payment's account. It is decided with the instruction, so that every attempt
    /// is the same request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub destination: Option<AccountId>,
    /// Whether it follows a refusal because the platform's available balance covers it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub covered: bool,
    /// When the first instruction of an unbroken series of refused ones before this one was decided.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refused_since: Option<Timestamp>,
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
