//! The domain of creator payments: pure decisions about money, eligibility and payments.
//!
//! Nothing here knows AWS, Stripe's library, HTTP, a clock or randomness: time and ids come in as
//! arguments, decisions go out as values. Whatever Stripe tells is turned into [`Fact`]s; a payment's
//! [`State`] is the join of all facts seen, and its ledger [`entries`] are a monotone function of it.

mod account;
mod amount_limits;
mod audit;
mod cancel_open;
mod counting;
mod countries;
mod currency;
mod currency_table;
mod dispute;
mod dispute_share;
mod drift;
mod due;
mod eligibility;
mod event;
mod fact;
mod fee;
mod feedback;
mod hold;
mod idempotency;
mod ids;
mod intent;
mod ledger;
mod money;
mod note;
mod observation;
mod onboarding;
mod origins;
mod payment;
mod quote;
mod reason;
mod receiver;
mod reconciliation;
mod refund;
mod refund_decision;
mod rollout;
mod secret;
mod sender_limits;
mod settings;
mod state;
mod stripe_key;
mod timestamp;
mod transfer;
mod wave;
mod wave_change;
mod wave_details;
mod wave_standing;

pub use account::{
    AccountKind, AccountParameters, AccountRequest, ConnectedAccount, NextAccountStep, Requirements,
};
pub use amount_limits::{AmountLimits, AmountLimitsError};
pub use audit::{AuditEntry, AuditId, AuditedBy, FieldChange, Subject};
pub use cancel_open::CancelOpen;
pub use counting::{
    Contribution, FirstPayment, Generations, HaltCause, Rates, Rebuild, Totals, WaveCounters,
};
pub use countries::{Countries, CountriesError};
pub use currency::{Currency, UnknownCurrency};
pub use dispute::{DisputeFact, DisputeMoney, DisputeSight, DisputeStatus, Disputes};
pub use drift::{Difference, DifferenceKind, Movement};
pub use due::{Attention, CARD_TESTING_FAILED_CHARGES, OPEN_INTENT_LIFETIME_S, ROW_WITHOUT_INTENT_S};
pub use eligibility::{Decision, Policy, Question, Verdict, decide};
pub use event::{
    AuditTampered, DisputeMoved, DisputeSeen, EVENT_SCHEMA_VERSION, EVENT_SOURCE, Event, Happening,
    PaymentCanceled, PaymentRefunded, PaymentSettled, ReceivingChanged, RolloutChanged, Tampering,
    WaveChange, WaveChanged, WaveHalted,
};
pub use fact::{ChargeOutcome, Closure, Fact, Phase, Source, Stamp, StripeFee};
pub use fee::{Breakdown, FeeError, FeeRate, FeeSchedule, FeeScheduleError};
pub use feedback::{Feedback, Opinion, Rating, RatingError};
pub use hold::{Hold, HoldChange};
pub use idempotency::{Fingerprint, NextStep, StripeCall, next_step};
pub use ids::{
    AccountId, AddressId, ChargeId, CreatorId, DisputeId, EventId, FeedbackId, IdempotencyKey, IntentId,
    InvalidId, PaymentId, RefundId, RefundRequestId, ReversalId, TransactionId, TransferId, UserId, WaveName,
};
pub use intent::{IntentObservation, IntentParameters, IntentStatus, Mismatch};
pub use ledger::{Entry, LedgerAccount, Posting, UnknownLedgerAccount, entries, same_entries};
pub use money::{Money, MoneyError};
pub use note::{
    CONTEXT_MAX_CHARS, Context, FEEDBACK_MAX_CHARS, FeedbackText, MESSAGE_MAX_CHARS, Message, NoteError,
    Reason,
};
pub use observation::{
    ChargeObservation, DisputeObservation, DisputeTransaction, Observation, RefundObservation, ReversalSight,
    TransferObservation,
};
pub use onboarding::{Need, Onboarding};
pub use origins::{AllowedOrigins, ReturnUrl};
pub use payment::{Change, Payment, PaymentTerms, Status};
pub use quote::{QUOTE_LIFETIME_S, Quote, QuoteError};
pub use reason::ReasonCode;
pub use receiver::{Receiver, ReceiverChange, Receiving};
pub use reconciliation::{Counts, DIFFERENCES_LISTED, Reconciliation, Stage};
pub use refund::{Refund, RefundFact, RefundRequest, RefundSplit, RefundStatus, Refunds, Requested};
pub use refund_decision::{
    FeeBearer, REFUND_REQUESTS_MAX, RefundBy, RefundPolicy, RefundRefusal, RefundTerms,
};
pub use rollout::{Percentage, PercentageError, Rollout, RolloutChange};
pub use secret::Secret;
pub use sender_limits::{ScopeLimits, ScopeLimitsError, SenderLimits, Usage, Usages};
pub use settings::{AmountField, OwnAmounts, OwnAmountsError, PRESETS_MAX, Settings};
pub use state::State;
pub use stripe_key::{KeyAge, STRIPE_KEY_LIFETIME_S};
pub use timestamp::{Timestamp, TimestampError};
pub use transfer::{Move, MoveKind, MoveOutcome, Reversal, TransferFact, Transfers};
pub use wave::{Admission, Allowed, HaltRule, Standing, WAVES_MAX, Wave};
pub use wave_change::{
    CreatorDifference, Effect, ListChange, RuleChange, WAVE_CREATORS_MAX, WaveDifference, WaveEdit,
    WaveEditError,
};
pub use wave_details::{RolledBack, WaveDetails};
pub use wave_standing::{WaveStanding, WaveState, standings};
