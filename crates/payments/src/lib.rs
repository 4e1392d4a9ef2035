//! The domain of creator payments: pure decisions about money, who may receive it, and what becomes of a payment.
//!
//! Pure: no AWS, Stripe client, HTTP, clock or randomness. Times and ids are arguments, decisions are results.
//! Rooms import downwards only: [`reconciliation`], [`payment`], [`receiving`], [`money`], the base (`tests/rooms` checks it);
//! [`event`] and [`counting`] read them. Start with `payment.rs` and `receiving/eligibility.rs`.

mod idempotency_key_age;
mod ids;
mod note;
mod secret;
mod serde_default;
mod timestamp;

pub mod counting;
pub mod event;
pub mod money;
pub mod payment;
pub mod receiving;
pub mod reconciliation;

pub use idempotency_key_age::{KeyAge, STRIPE_KEY_LIFETIME_S};
pub use ids::{
    AccountId, AddressId, ChargeId, CreatorId, DisputeId, EventId, FeedbackId, IdempotencyKey, IntentId,
    InvalidId, PaymentId, RefundId, RefundRequestId, ReversalId, TransactionId, TransferId, UserId, WaveName,
};
pub use note::{
    CONTEXT_MAX_CHARS, Context, FEEDBACK_MAX_CHARS, FeedbackText, MESSAGE_MAX_CHARS, Message, NoteError,
    Reason,
};
pub use secret::Secret;
pub use timestamp::{Timestamp, TimestampError};

pub use counting::{
    Contribution, CountGenerations, CountRebuild, FirstPayment, HaltCause, Rates, Totals, WaveCounters,
};
pub use event::{
    AuditTampered, DisputeDetail, DisputeFundsDetail, EVENT_SCHEMA_VERSION, EVENT_SOURCE, Event,
    EventPayload, PaymentCanceled, PaymentRefunded, PaymentSettled, ReceivingChanged, RolloutChanged,
    Tampering, WaveChange, WaveChanged, WaveHalted,
};
pub use money::{
    AmountLimits, AmountLimitsError, Breakdown, Currency, FeeError, FeeRate, FeeSchedule, FeeScheduleError,
    Money, MoneyError, QUOTE_LIFETIME_S, Quote, QuoteError, UnknownCurrency,
};
pub use payment::{
    ABANDONED_AFTER_S, CARD_TESTING_FAILED_CHARGES, ChargeOutcome, ChargeSnapshot, ClosedReason, DisputeFact,
    DisputeFunds, DisputeSnapshot, DisputeStatus, DisputeSummary, DisputeTransaction, Disputes, Entry, Fact,
    FeeBearer, Feedback, Fingerprint, InstructionKind, InstructionOutcome, IntentParameters, IntentSnapshot,
    IntentStatus, LedgerAccount, Mismatch, NextStep, OPEN_INTENT_LIFETIME_S, OpenItem, Opinion, Payment,
    PaymentChange, PaymentTerms, Phase, Posting, REFUND_REQUESTS_MAX, Rating, RatingError, Refund, RefundBy,
    RefundFact, RefundPolicy, RefundRefusal, RefundRequest, RefundSnapshot, RefundSplit, RefundStatus,
    RefundTerms, Refunds, RequestedRefund, ReversalSnapshot, SenderHold, SenderHoldChange, Snapshot, Stamp,
    StampSource, State, Status, StripeCall, StripeFee, TransferFact, TransferInstruction, TransferReversal,
    TransferSnapshot, Transfers, UnknownLedgerAccount, entries, next_step, same_entries,
};
pub use receiving::{
    AccountKind, AccountParameters, AccountRequest, Admission, Allowed, AllowedOrigins, AmountField,
    AuditEntry, AuditId, AuditSubject, AuditedBy, ConnectedAccount, Countries, CountriesError,
    CreatorDifference, Decision, EligibilityInput, FieldChange, HaltRule, ListChange, Membership,
    MembershipEffect, NextAccountStep, Onboarding, OwnAmounts, OwnAmountsError, PRESETS_MAX, Percentage,
    PercentageError, Policy, ReasonCode, Receiver, ReceiverChange, Receiving, RequirementKind, Requirements,
    ReturnUrl, RolledBack, Rollout, RolloutChange, RuleChange, RuleResult, ScopeLimits, ScopeLimitsError,
    SenderLimits, Settings, Usage, Usages, WAVE_CREATORS_MAX, WAVES_MAX, Wave, WaveDetails, WaveDifference,
    WaveEdit, WaveEditError, WaveMembership, WaveState, decide, wave_memberships,
};
pub use reconciliation::{
    BalanceTransactionKind, CancelOpen, Counts, DIFFERENCES_LISTED, Difference, DifferenceKind, NextPage,
    Reconciliation, Stage,
};
