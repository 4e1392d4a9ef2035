//! The domain of creator payments: pure decisions about money, who may receive it, and what becomes of a payment.
//!
//! No AWS, no library of Stripe's, no HTTP, clock or randomness: time and ids come in as arguments, decisions go out.
//! Rooms import downwards: [`reconciliation`], [`payment`], [`receiving`], [`money`], the base (`tests/rooms`); [`event`]
//! and [`counting`] read them. Next: `payment.rs` joins facts into a state, `receiving/eligibility.rs` decides.

mod ids;
mod note;
mod secret;
mod serde_default;
mod stripe_key;
mod timestamp;

pub mod counting;
pub mod event;
pub mod money;
pub mod payment;
pub mod receiving;
pub mod reconciliation;

pub use ids::{
    AccountId, AddressId, ChargeId, CreatorId, DisputeId, EventId, FeedbackId, IdempotencyKey, IntentId,
    InvalidId, PaymentId, RefundId, RefundRequestId, ReversalId, TransactionId, TransferId, UserId, WaveName,
};
pub use note::{
    CONTEXT_MAX_CHARS, Context, FEEDBACK_MAX_CHARS, FeedbackText, MESSAGE_MAX_CHARS, Message, NoteError,
    Reason,
};
pub use secret::Secret;
pub use stripe_key::{KeyAge, STRIPE_KEY_LIFETIME_S};
pub use timestamp::{Timestamp, TimestampError};

pub use counting::{
    Contribution, FirstPayment, Generations, HaltCause, Rates, Rebuild, Totals, WaveCounters,
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
    CARD_TESTING_FAILED_CHARGES, Change, ChargeOutcome, ChargeSnapshot, ClosedReason, DisputeFact,
    DisputeFunds, DisputeSnapshot, DisputeStatus, DisputeSummary, DisputeTransaction, Disputes, Entry, Fact,
    FeeBearer, Feedback, Fingerprint, InstructionKind, InstructionOutcome, IntentParameters, IntentSnapshot,
    IntentStatus, LedgerAccount, Mismatch, NextStep, OPEN_INTENT_LIFETIME_S, OpenItem, Opinion, Payment,
    PaymentTerms, Phase, Posting, REFUND_REQUESTS_MAX, ROW_WITHOUT_INTENT_S, Rating, RatingError, Refund,
    RefundBy, RefundFact, RefundPolicy, RefundRefusal, RefundRequest, RefundSnapshot, RefundSplit,
    RefundStatus, RefundTerms, Refunds, RequestedRefund, ReversalSnapshot, SenderHold, SenderHoldChange,
    Snapshot, Source, Stamp, State, Status, StripeCall, StripeFee, TransferFact, TransferInstruction,
    TransferReversal, TransferSnapshot, Transfers, UnknownLedgerAccount, entries, next_step, same_entries,
};
pub use receiving::{
    AccountKind, AccountParameters, AccountRequest, Admission, Allowed, AllowedOrigins, AmountField,
    AuditEntry, AuditId, AuditedBy, ConnectedAccount, Countries, CountriesError, CreatorDifference, Decision,
    Effect, FieldChange, HaltRule, ListChange, Need, NextAccountStep, Onboarding, OwnAmounts,
    OwnAmountsError, PRESETS_MAX, Percentage, PercentageError, Policy, Question, ReasonCode, Receiver,
    ReceiverChange, Receiving, Requirements, ReturnUrl, RolledBack, Rollout, RolloutChange, RuleChange,
    ScopeLimits, ScopeLimitsError, SenderLimits, Settings, Standing, Subject, Usage, Usages, Verdict,
    WAVE_CREATORS_MAX, WAVES_MAX, Wave, WaveDetails, WaveDifference, WaveEdit, WaveEditError, WaveStanding,
    WaveState, decide, standings,
};
pub use reconciliation::{
    BalanceTransactionKind, CancelOpen, Counts, DIFFERENCES_LISTED, Difference, DifferenceKind, NextPage,
    Reconciliation, Stage,
};
