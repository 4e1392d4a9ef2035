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

mod account;
mod admission;
mod audit;
mod cancel_open;
mod countries;
mod creator_share;
mod dispute;
mod dispute_share;
mod drift;
mod due;
mod eligibility;
mod fact;
mod feedback;
mod fingerprint;
mod hold;
mod idempotency;
mod intent;
mod join;
mod ledger;
mod list_change;
mod observation;
mod onboarding;
mod open_intent;
mod origins;
mod percentage;
mod policy;
mod reason;
mod receiver;
mod refund;
mod refund_decision;
mod rollout;
mod sender_limits;
mod settings;
mod stamp;
mod state;
mod stripe_call;
mod terms;
mod transfer;
mod wave;
mod wave_change;
mod wave_details;
mod wave_standing;

pub mod counting;
pub mod event;
pub mod money;
pub mod payment;
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
pub use reconciliation::{Counts, DIFFERENCES_LISTED, Reconciliation, Stage};

pub use account::{
    AccountKind, AccountParameters, AccountRequest, ConnectedAccount, NextAccountStep, Requirements,
};
pub use admission::{Admission, Allowed};
pub use audit::{AuditEntry, AuditId, AuditedBy, FieldChange, Subject};
pub use cancel_open::CancelOpen;
pub use countries::{Countries, CountriesError};
pub use dispute::{DisputeFact, DisputeMoney, DisputeSight, DisputeStatus, Disputes};
pub use drift::{Difference, DifferenceKind, Movement};
pub use due::Attention;
pub use eligibility::{Decision, Question, Verdict, decide};
pub use fact::{ChargeOutcome, Closure, Fact, Phase, StripeFee};
pub use feedback::{Feedback, Opinion, Rating, RatingError};
pub use fingerprint::Fingerprint;
pub use hold::{Hold, HoldChange};
pub use idempotency::{NextStep, next_step};
pub use intent::IntentParameters;
pub use ledger::{Entry, LedgerAccount, Posting, UnknownLedgerAccount, entries, same_entries};
pub use list_change::ListChange;
pub use observation::{
    ChargeObservation, DisputeObservation, DisputeTransaction, IntentObservation, IntentStatus, Mismatch,
    Observation, RefundObservation, ReversalSight, TransferObservation,
};
pub use onboarding::{Need, Onboarding};
pub use open_intent::{CARD_TESTING_FAILED_CHARGES, OPEN_INTENT_LIFETIME_S, ROW_WITHOUT_INTENT_S};
pub use origins::{AllowedOrigins, ReturnUrl};
pub use percentage::{Percentage, PercentageError};
pub use policy::Policy;
pub use reason::ReasonCode;
pub use receiver::{Receiver, ReceiverChange, Receiving};
pub use refund::{Refund, RefundFact, RefundRequest, RefundSplit, RefundStatus, Refunds, Requested};
pub use refund_decision::{
    FeeBearer, REFUND_REQUESTS_MAX, RefundBy, RefundPolicy, RefundRefusal, RefundTerms,
};
pub use rollout::{Rollout, RolloutChange};
pub use sender_limits::{ScopeLimits, ScopeLimitsError, SenderLimits, Usage, Usages};
pub use settings::{AmountField, OwnAmounts, OwnAmountsError, PRESETS_MAX, Settings};
pub use stamp::{Source, Stamp};
pub use state::State;
pub use stripe_call::StripeCall;
pub use terms::PaymentTerms;
pub use transfer::{Move, MoveKind, MoveOutcome, Reversal, TransferFact, Transfers};
pub use wave::{HaltRule, Standing, WAVES_MAX, Wave};
pub use wave_change::{
    CreatorDifference, Effect, RuleChange, WAVE_CREATORS_MAX, WaveDifference, WaveEdit, WaveEditError,
};
pub use wave_details::{RolledBack, WaveDetails};
pub use wave_standing::{WaveStanding, WaveState, standings};
