//! Why a creator cannot receive a payment, as stable codes and as sentences.

use serde::{Deserialize, Serialize};

/// A reason against a payment. Answers list reasons in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    Paused,
    /// Neither a wave nor the rollout's percentage reaches the creator.
    NotInAWave,
    WaveNotStarted,
    WaveHalted,
    /// An operator turned receiving off for the creator, or a wave denies it to them.
    DisabledByOperator,
    NoAccount,
    /// A capability that receiving needs is not active.
    AccountRestricted,
    CountryUnsupported,
    /// The creator blocked the sender, who sees only this neutral reason.
    UnavailableToYou,
    SelfPayment,
    /// The currency has ended: Stripe no longer charges it.
    CurrencyUnsupported,
    CurrencyMismatch,
    AmountBelowMinimum,
    AmountAboveMaximum,
    SenderLimit,
    /// The sender may not send while disputed money of theirs is withdrawn.
    SenderHeld,
}

impl ReasonCode {
    /// The code in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::NotInAWave => "not_in_a_wave",
            Self::WaveNotStarted => "wave_not_started",
            Self::WaveHalted => "wave_halted",
            Self::DisabledByOperator => "disabled_by_operator",
            Self::NoAccount => "no_account",
            Self::AccountRestricted => "account_restricted",
            Self::CountryUnsupported => "country_unsupported",
            Self::UnavailableToYou => "unavailable_to_you",
            Self::SelfPayment => "self_payment",
            Self::CurrencyUnsupported => "currency_unsupported",
            Self::CurrencyMismatch => "currency_mismatch",
            Self::AmountBelowMinimum => "amount_below_minimum",
            Self::AmountAboveMaximum => "amount_above_maximum",
            Self::SenderLimit => "sender_limit",
            Self::SenderHeld => "sender_held",
        }
    }

    /// A sentence that the app can show.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Paused => "Sending money is paused for everyone at the moment.",
            Self::NotInAWave => "Receiving money is not open to this creator yet.",
            Self::WaveNotStarted => "Receiving money opens to this creator soon.",
            Self::WaveHalted => "Receiving money is paused for this creator at the moment.",
            Self::DisabledByOperator => "Receiving money is turned off for this creator.",
            Self::NoAccount => "This creator has not set up an account to receive money.",
            Self::AccountRestricted => "This creator's account cannot receive money at the moment.",
            Self::CountryUnsupported => "Receiving money is not available in this creator's country.",
            Self::UnavailableToYou => "This creator cannot receive money from you.",
            Self::SelfPayment => "You cannot send money to yourself.",
            Self::CurrencyUnsupported => "Payments in this currency are no longer possible.",
            Self::CurrencyMismatch => "This creator receives money in another currency.",
            Self::AmountBelowMinimum => "The amount is less than this creator can receive at once.",
            Self::AmountAboveMaximum => "The amount is more than can be sent at once.",
            Self::SenderLimit => "You have sent as much as you can for now. Try again later.",
            Self::SenderHeld => "You cannot send money at the moment.",
        }
    }

    /// Whether the request itself is at fault (422, or 429 for a limit) and not who may receive from whom (403).
    #[must_use]
    pub fn is_about_request(self) -> bool {
        match self {
            Self::SelfPayment
            | Self::CurrencyUnsupported
            | Self::CurrencyMismatch
            | Self::AmountBelowMinimum
            | Self::AmountAboveMaximum
            | Self::SenderLimit => true,
            Self::Paused
            | Self::NotInAWave
            | Self::WaveNotStarted
            | Self::WaveHalted
            | Self::DisabledByOperator
            | Self::NoAccount
            | Self::AccountRestricted
            | Self::CountryUnsupported
            | Self::UnavailableToYou
            | Self::SenderHeld => false,
        }
    }
}
