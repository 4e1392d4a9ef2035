//! Identifiers: ours and Stripe's. An invalid one cannot be constructed.

mod address_id;
mod derived_id;

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text is not a valid identifier of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}")]
pub struct InvalidId {
    pub kind: &'static str,
}

/// The longest subject of OpenID Connect, in ASCII characters (OpenID Connect Core 1.0, section 2, `sub`).
const USER_ID_MAX_CHARS: usize = 255;
/// The longest object id that Stripe documents, in characters.
const STRIPE_ID_MAX_CHARS: usize = 255;
/// The longest name of a wave, in characters: the rules of all waves fit into one item of the table.
const WAVE_NAME_MAX_CHARS: usize = 32;
/// The longest idempotency key, in characters: Stripe's own limit.
const IDEMPOTENCY_KEY_MAX_CHARS: usize = 255;

fn is_user_id(text: &str) -> bool {
    (1..=USER_ID_MAX_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn is_deployment_id(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !text.starts_with('-')
}

fn is_wave_name(text: &str) -> bool {
    (1..=WAVE_NAME_MAX_CHARS).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
}

fn is_stripe_id(text: &str, prefixes: &[&str]) -> bool {
    let after_prefix = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
    text.len() <= STRIPE_ID_MAX_CHARS
        && after_prefix.is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
}

fn is_derived_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|hex| {
        hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses the identifier.
            ///
            /// # Errors
            /// [`InvalidId`] when the text is not of this kind.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { kind: $kind })
                }
            }

            /// Returns the identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A user of the app, as their identity provider names them: 1–255 printable ASCII characters without blanks.
    UserId, "user id", is_user_id
);
id!(
    /// A user of the app in the role of a receiver; same form as [`UserId`].
    CreatorId, "creator id", is_user_id
);
id!(
    /// A wave of the rollout: 1–32 characters of `a–z 0–9 . _ -`, beginning with a letter or digit.
    WaveName, "wave name", is_wave_name
);
id!(
    /// A deployment, such as its stack's name: 1–128 letters, digits and hyphens, beginning with a letter or digit.
    DeploymentId, "deployment id", is_deployment_id
);
id!(
    /// A payment: `pay_` and 32 hexadecimal digits; see [`PaymentId::derive`].
    PaymentId, "payment id", |text| is_derived_id(text, "pay_")
);
id!(
    /// Feedback: `fbk_` and 32 hexadecimal digits; see [`FeedbackId::derive`].
    FeedbackId, "feedback id", |text| is_derived_id(text, "fbk_")
);
id!(
    /// The hashed IP address of a caller: `adr_` and 32 hexadecimal digits; see [`AddressId::derive`].
    AddressId, "address id", |text| is_derived_id(text, "adr_")
);
id!(
    /// A caller's idempotency key: 1–255 visible ASCII characters.
    IdempotencyKey, "idempotency key",
    |text| (1..=IDEMPOTENCY_KEY_MAX_CHARS).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_graphic())
);
id!(
    /// Stripe's PaymentIntent, `pi_…`.
    IntentId, "payment intent id", |text| is_stripe_id(text, &["pi_"])
);
id!(
    /// Stripe's connected account, `acct_…`.
    AccountId, "connected account id", |text| is_stripe_id(text, &["acct_"])
);
id!(
    /// Stripe's charge, `ch_…` or `py_…`.
    ChargeId, "charge id", |text| is_stripe_id(text, &["ch_", "py_"])
);
id!(
    /// Stripe's event, `evt_…`.
    EventId, "event id", |text| is_stripe_id(text, &["evt_"])
);

id!(
    /// A refund requested from us: `rfd_` and 32 hexadecimal digits; see [`RefundRequestId::derive`].
    RefundRequestId, "refund id", |text| is_derived_id(text, "rfd_")
);
id!(
    /// Stripe's refund, `re_…` or `pyr_…`.
    RefundId, "Stripe refund id", |text| is_stripe_id(text, &["re_", "pyr_"])
);
id!(
    /// Stripe's transfer to a connected account, `tr_…`.
    TransferId, "transfer id", |text| is_stripe_id(text, &["tr_"])
);
id!(
    /// Stripe's reversal of a transfer, `trr_…`.
    ReversalId, "transfer reversal id", |text| is_stripe_id(text, &["trr_"])
);
id!(
    /// Stripe's balance transaction, `txn_…`.
    TransactionId, "balance transaction id", |text| is_stripe_id(text, &["txn_"])
);
id!(
    /// Stripe's dispute, `dp_…` or `du_…`.
    DisputeId, "dispute id", |text| is_stripe_id(text, &["dp_", "du_"])
);
id!(
    /// Stripe's early fraud warning, `issfr_…`.
    FraudWarningId, "early fraud warning id", |text| is_stripe_id(text, &["issfr_"])
);

id!(
    /// Stripe's Customer, `cus_…`.
    CustomerId, "customer id", |text| is_stripe_id(text, &["cus_"])
);
id!(
    /// Stripe's payment method, `pm_…`, or `card_…` for one of an older API.
    PaymentMethodId, "payment method id", |text| is_stripe_id(text, &["pm_", "card_"])
);
id!(
    /// Stripe's payout, `po_…`.
    PayoutId, "payout id", |text| is_stripe_id(text, &["po_"])
);

impl CreatorId {
    /// Whether the creator and the user are the same person.
    #[must_use]
    pub fn is_user(&self, user: &UserId) -> bool {
        self.0 == user.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_have_only_the_documented_characters_and_lengths() {
        for good in ["a", "auth0|5f7c8", "a.b_c:d@e-f", "a/b", "a#b", "aB+/=", "%2F?", "~!", &"x".repeat(255)]
        {
            assert!(UserId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a\tb", "ü", "a\0b", "a\u{7f}", &"x".repeat(256)] {
            assert!(UserId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn wave_names_are_short_and_lower_case() {
        for good in ["a", "test-group", "10.percent_2", &"x".repeat(32)] {
            assert!(WaveName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "Test", "a b", "a#b", "a/b", &"x".repeat(33)] {
            assert!(WaveName::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn stripe_ids_have_their_prefix_and_something_after_it() {
        assert!(IntentId::parse("pi_3abcDEF_9").is_ok());
        assert!(ChargeId::parse("py_1").is_ok());
        for bad in ["pi_", "ch_1", "pi_a b", "pi_a/b"] {
            assert!(IntentId::parse(bad).is_err(), "{bad:?}");
        }
        assert!(IntentId::parse(&format!("pi_{}", "x".repeat(252))).is_ok());
        assert!(IntentId::parse(&format!("pi_{}", "x".repeat(253))).is_err());
    }

    #[test]
    fn idempotency_keys_are_at_most_255_visible_ascii_characters() {
        assert!(IdempotencyKey::parse("~!a").is_ok());
        assert!(IdempotencyKey::parse(&"k".repeat(255)).is_ok());
        for bad in ["", " ", "a\tb", "é", &"k".repeat(256)] {
            assert!(IdempotencyKey::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn payment_ids_are_pay_and_32_lower_case_hex_digits() {
        assert!(PaymentId::parse("pay_0123456789abcdef0123456789abcdef").is_ok());
        for bad in ["pay_", "pay_0123", "pay_0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef"] {
            assert!(PaymentId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn deployment_ids_have_letters_digits_and_hyphens_and_begin_with_no_hyphen() {
        for good in ["a", "Stack-1", "9", "a-", &"x".repeat(128)] {
            assert!(DeploymentId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a.b", "a b", "ü", &"x".repeat(129)] {
            assert!(DeploymentId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
