//! A creator's connected account at Stripe: what is known of it, and how one is asked for.

use crate::ids::{AccountId, CreatorId, IdempotencyKey};
use crate::money::Currency;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How many names of requirements are kept: Stripe asks for a few dozen at the most, and they stand in an item that
/// every decision reads.
const REQUIREMENTS_MAX: usize = 40;

/// What is known of a connected account. Three things are kept apart: "may be paid" (transfers), "payouts on", and what
/// Stripe still asks for. A creator whose payouts are held can still receive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedAccount {
    /// `acct_…`.
    pub id: AccountId,
    /// Whether the `transfers` capability is active: money can be sent to the account.
    pub transfers_active: bool,
    /// Whether Stripe pays the account's balance out to its bank.
    pub payouts_enabled: bool,
    /// The account's currency; the creator receives in it.
    pub default_currency: Currency,
    /// Two-letter country.
    pub country: String,
    /// Whether its onboarding was handed in.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub details_submitted: bool,
    /// What Stripe still asks for.
    #[serde(skip_serializing_if = "Requirements::is_empty", default)]
    pub requirements: Requirements,
    /// Whether the `card_payments` capability is active: the account can be the merchant of a charge.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub card_payments_active: bool,
    /// Whether the account is not connected to us any more.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub disconnected: bool,
}

/// What Stripe asks of an account (<https://docs.stripe.com/connect/handling-api-verification>): names, no values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirements {
    /// Needed, some of it by a date.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub currently_due: Vec<String>,
    /// Needed already: capabilities are off for want of it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub past_due: Vec<String>,
    /// Handed in, and being looked at.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub pending_verification: Vec<String>,
    /// Why capabilities are off, such as `requirements.past_due` or `rejected.fraud`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub disabled_reason: Option<String>,
    /// By when what is due is needed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deadline: Option<Timestamp>,
}

/// What kind of account is asked for (<https://docs.stripe.com/connect/migrate-to-controller-properties>). With
/// destination charges the platform always bears Stripe's fees, refunds and negative balances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Controller properties: Stripe collects requirements, the creator has the Express Dashboard.
    #[default]
    ControllerExpress,
    /// Controller properties: the platform is responsible for requirements, the creator has no dashboard.
    ControllerNone,
    /// The older `type=express`.
    TypeExpress,
    /// The older `type=custom`.
    TypeCustom,
}

/// Every parameter of an account, frozen before Stripe is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountParameters {
    /// What kind.
    pub kind: AccountKind,
    /// Two-letter country.
    pub country: String,
    /// Whether the account shall be able to be the merchant of a charge (`on_behalf_of`).
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub card_payments: bool,
}

/// An account that is asked for, written on the receiver before Stripe is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRequest {
    /// Counts the requests of this creator, from 1. After a definite refusal, which Stripe would replay, the next one
    /// takes the next number.
    pub number: u32,
    /// What is asked for.
    pub parameters: AccountParameters,
    /// When.
    pub requested_at: Timestamp,
    /// It has come to its end: an account, or a definite refusal.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub finished: bool,
}

/// What to do about an account that a creator needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextAccountStep {
    /// Write this request down, then send it.
    Ask(AccountRequest),
    /// Send the request again, under its own key.
    Resume(AccountRequest),
}

impl ConnectedAccount {
    /// An account just opened: nothing is on yet.
    #[must_use]
    pub fn opened(id: AccountId, country: &str, currency: Currency) -> Self {
        Self {
            id,
            transfers_active: false,
            payouts_enabled: false,
            default_currency: currency,
            country: country.to_owned(),
            details_submitted: false,
            requirements: Requirements::default(),
            card_payments_active: false,
            disconnected: false,
        }
    }

    /// The account once it is not connected to us any more: nothing can be sent to it.
    #[must_use]
    pub fn disconnected(&self) -> Self {
        Self {
            transfers_active: false,
            payouts_enabled: false,
            card_payments_active: false,
            requirements: Requirements::default(),
            disconnected: true,
            ..self.clone()
        }
    }
}

impl Requirements {
    /// The same, with no more names than are kept.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        for names in [&mut self.currently_due, &mut self.past_due, &mut self.pending_verification] {
            names.truncate(REQUIREMENTS_MAX);
        }
        self
    }

    /// Whether the creator has something to hand in.
    #[must_use]
    pub fn are_due(&self) -> bool {
        !(self.currently_due.is_empty() && self.past_due.is_empty())
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl AccountKind {
    /// Reads the word of a deployment's parameter.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::ControllerExpress, Self::ControllerNone, Self::TypeExpress, Self::TypeCustom]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// The word of a deployment's parameter.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ControllerExpress => "controller_express",
            Self::ControllerNone => "controller_none",
            Self::TypeExpress => "type_express",
            Self::TypeCustom => "type_custom",
        }
    }
}

impl AccountRequest {
    /// The key of the call: one for each request. Its time keeps requests of other deployments with the same Stripe
    /// account apart, which may know a creator by the same id.
    #[must_use]
    pub fn key(&self, creator: &CreatorId) -> IdempotencyKey {
        IdempotencyKey::parse(&format!("{creator}/account/{}", self.tag()))
            .expect("an id, a word and two numbers are visible and short")
    }

    /// What the account's metadata says beside its creator, so that it is known again.
    #[must_use]
    pub fn tag(&self) -> String {
        format!("{}-{}", self.number, self.requested_at.millis())
    }

    /// What to do about an account that is not there, or not connected any more.
    #[must_use]
    pub fn next(earlier: Option<&Self>, parameters: AccountParameters, now: Timestamp) -> NextAccountStep {
        match earlier.filter(|request| !request.finished) {
            Some(request) => NextAccountStep::Resume(request.clone()),
            None => {
                let number = earlier.map_or(1, |request| request.number.saturating_add(1));
                NextAccountStep::Ask(Self { number, parameters, requested_at: now, finished: false })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Timestamp = Timestamp::from_seconds(1_000);

    fn parameters() -> AccountParameters {
        AccountParameters { kind: AccountKind::default(), country: "US".to_owned(), card_payments: false }
    }

    fn request(finished: bool) -> AccountRequest {
        AccountRequest { number: 3, parameters: parameters(), requested_at: ASKED, finished }
    }

    fn next(earlier: Option<&AccountRequest>, age_s: i64) -> NextAccountStep {
        AccountRequest::next(earlier, parameters(), ASKED.plus_seconds(age_s))
    }

    #[test]
    fn an_unanswered_request_keeps_its_key() {
        let open = request(false);
        assert_eq!(next(Some(&open), 0), NextAccountStep::Resume(open.clone()));
        assert_eq!(next(Some(&open), 82_800), NextAccountStep::Resume(open));
    }

    #[test]
    fn what_has_come_to_its_end_is_followed_by_the_next_number() {
        let number = |step| match step {
            NextAccountStep::Ask(request) => request.number,
            other => panic!("{other:?}"),
        };
        assert_eq!(number(next(None, 0)), 1);
        assert_eq!(number(next(Some(&request(true)), 9)), 4);
    }

    #[test]
    fn no_two_requests_share_a_key() {
        let ana = CreatorId::parse("ana").expect("id");
        let key = |request: AccountRequest, creator| request.key(creator).to_string();
        assert_eq!(key(request(false), &ana), "ana/account/3-1000000");
        let later = AccountRequest { requested_at: ASKED.plus_seconds(1), ..request(false) };
        assert_ne!(key(later, &ana), key(request(false), &ana));
        let longest = CreatorId::parse(&"x".repeat(128)).expect("id");
        let greatest = AccountRequest {
            number: u32::MAX,
            requested_at: Timestamp::from_seconds(i64::MAX),
            ..request(false)
        };
        assert!(key(greatest, &longest).len() < 255);
    }

    #[test]
    fn a_disconnected_account_takes_no_money_and_asks_for_nothing() {
        let usd = Currency::parse("usd").expect("currency");
        let mut account = ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), "US", usd);
        (account.transfers_active, account.payouts_enabled) = (true, true);
        account.requirements.currently_due = vec!["external_account".to_owned()];
        let gone = account.disconnected();
        assert!(gone.disconnected && !gone.transfers_active && !gone.payouts_enabled);
        assert!(!gone.requirements.are_due());
        assert_eq!((gone.id, gone.country), (account.id, account.country));
    }

    #[test]
    fn kinds_are_read_by_their_own_words() {
        for kind in ["controller_express", "controller_none", "type_express", "type_custom"] {
            assert_eq!(AccountKind::parse(kind).map(AccountKind::as_str), Some(kind));
        }
        assert_eq!(AccountKind::parse("standard"), None);
    }
}
