//! The domain of creator payments: pure decisions about money, eligibility and payments.
//!
//! Nothing here knows AWS, Stripe's library, HTTP, a clock or randomness: time and ids come in as
//! arguments, decisions go out as values. Whatever Stripe tells is turned into [`Fact`]s; a payment's
//! [`State`] is the join of all facts seen, and its ledger [`entries`] are a monotone function of it.

mod ids;
mod note;
mod secret;
mod serde_default;
mod stripe_key;
mod timestamp;

mod cancel_open;
mod creator_share;
mod dispute;
mod dispute_share;
mod drift;
mod due;
mod fact;
mod feedback;
mod fingerprint;
mod hold;
mod idempotency;
mod intent;
mod join;
mod ledger;
mod observation;
mod open_intent;
mod refund;
mod refund_decision;
mod stamp;
mod state;
mod stripe_call;
mod terms;
mod transfer;

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
pub use stripe_key::STRIPE_KEY_LIFETIME_S;
pub use timestamp::{Timestamp, TimestampError};

pub use counting::{
    Contribution, FirstPayment, Generations, HaltCause, Rates, Rebuild, Totals, WaveCounters,
};
pub use event::{
    AuditTampered, DisputeMoved, DisputeSeen, EVENT_SCHEMA_VERSION, EVENT_SOURCE, Event, Happening,
    PaymentCanceled, PaymentRefunded, PaymentSettled, ReceivingChanged, RolloutChanged, Tampering,
    WaveChange, WaveChanged, WaveHalted,
};
pub use money::{
    AmountLimits, AmountLimitsError, Breakdown, Currency, FeeError, FeeRate, FeeSchedule, FeeScheduleError,
    Money, MoneyError, QUOTE_LIFETIME_S, Quote, QuoteError, UnknownCurrency,
};
pub use payment::{Change, Payment, Status};
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
pub use reconciliation::{Counts, DIFFERENCES_LISTED, Reconciliation, Stage};

pub use cancel_open::CancelOpen;
pub use dispute::{DisputeFact, DisputeMoney, DisputeSight, DisputeStatus, Disputes};
pub use drift::{Difference, DifferenceKind, Movement};
pub use due::Attention;
pub use fact::{ChargeOutcome, Closure, Fact, Phase, StripeFee};
pub use feedback::{Feedback, Opinion, Rating, RatingError};
pub use fingerprint::Fingerprint;
pub use hold::{Hold, HoldChange};
pub use idempotency::{NextStep, next_step};
pub use intent::IntentParameters;
pub use ledger::{Entry, LedgerAccount, Posting, UnknownLedgerAccount, entries, same_entries};
pub use observation::{
    ChargeObservation, DisputeObservation, DisputeTransaction, IntentObservation, IntentStatus, Mismatch,
    Observation, RefundObservation, ReversalSight, TransferObservation,
};
pub use open_intent::{CARD_TESTING_FAILED_CHARGES, OPEN_INTENT_LIFETIME_S, ROW_WITHOUT_INTENT_S};
pub use refund::{Refund, RefundFact, RefundRequest, RefundSplit, RefundStatus, Refunds, Requested};
pub use refund_decision::{
    FeeBearer, REFUND_REQUESTS_MAX, RefundBy, RefundPolicy, RefundRefusal, RefundTerms,
};
pub use stamp::{Source, Stamp};
pub use state::State;
pub use stripe_call::StripeCall;
pub use terms::PaymentTerms;
pub use transfer::{Move, MoveKind, MoveOutcome, Reversal, TransferFact, Transfers};
