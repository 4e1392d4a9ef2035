//! A creator's connected account at Stripe: what we store of it, and the request that creates one.

use crate::idempotency_key_age::KeyAge;
use crate::ids::{AccountId, CreatorId, IdempotencyKey};
use crate::money::Currency;
use crate::receiving::{AccountKind, AccountsApi, ContactEmail};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How many requirements of each list are stored: Stripe asks for a few dozen at most, and every decision reads the
/// item that holds them.
const REQUIREMENTS_MAX: usize = 40;

/// A connected account as Stripe last described it. Transfers, payouts and requirements are separate: a creator whose
/// payouts are held can still receive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedAccount {
    pub id: AccountId,
    /// The API that made the account, and that reads it.
    pub api: AccountsApi,
    /// The `transfers` capability is active: money can be sent to the account.
    pub transfers_active: bool,
    /// Whether Stripe pays the account's balance out to its bank.
    pub payouts_enabled: bool,
    /// The currency of the account's balance: Stripe converts what is sent in another one.
    pub default_currency: Currency,
    pub country: String,
    /// The creator has submitted the onboarding form.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub details_submitted: bool,
    #[serde(skip_serializing_if = "Requirements::is_empty", default)]
    pub requirements: Requirements,
    /// The `card_payments` capability is active: the account can be the merchant of a charge.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub card_payments_active: bool,
    /// The account is no longer connected to the platform.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub disconnected: bool,
}

/// What Stripe still needs for an account (<https://docs.stripe.com/connect/handling-api-verification>): names, no
/// values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirements {
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub currently_due: Vec<String>,
    /// Overdue: capabilities are off until the creator submits it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub past_due: Vec<String>,
    /// Submitted, and in review at Stripe.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub pending_verification: Vec<String>,
    /// Why capabilities are off, such as `requirements.past_due` or `rejected.fraud`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub disabled_reason: Option<String>,
    /// When the requirements that are currently due become past due.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deadline: Option<Timestamp>,
}

/// Every parameter of an account to create, stored before Stripe is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountParameters {
    pub kind: AccountKind,
    pub country: String,
    /// Request the `card_payments` capability beside `transfers`.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub card_payments: bool,
    /// The address that Accounts v2 requires of a recipient (<https://docs.stripe.com/api/v2/core/accounts/create>),
    /// kept until the request is finished.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contact_email: Option<ContactEmail>,
}

/// A request to create an account, stored with the receiver before Stripe is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRequest {
    /// Counts the creator's requests, from 1. Stripe replays a refusal under its key, so the request after one takes
    /// the next number.
    pub number: u32,
    pub parameters: AccountParameters,
    pub requested_at: Timestamp,
    /// Stripe created the account, or refused for good.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub finished: bool,
}

/// The next step to create an account for a creator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextAccountStep {
    /// Store this request, then send it.
    Start(AccountRequest),
    /// Send the request again, under the same key.
    Resume(AccountRequest),
}

impl ConnectedAccount {
    /// A new account: no capability is active yet.
    #[must_use]
    pub fn opened(id: AccountId, country: &str, currency: Currency) -> Self {
        Self {
            id,
            api: AccountsApi::V2,
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

    /// The account after it is disconnected from the platform: nothing can be sent to it.
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
    /// Cuts each list to the number of names that is stored.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        for names in [&mut self.currently_due, &mut self.past_due, &mut self.pending_verification] {
            names.truncate(REQUIREMENTS_MAX);
        }
        self
    }

    /// Whether the creator has something to submit.
    #[must_use]
    pub fn are_due(&self) -> bool {
        !(self.currently_due.is_empty() && self.past_due.is_empty())
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl AccountRequest {
    /// The request's idempotency key. Its time keeps deployments apart that share a Stripe account and have a creator
    /// with the same id.
    #[must_use]
    pub fn key(&self, creator: &CreatorId) -> IdempotencyKey {
        IdempotencyKey::parse(&format!("{creator}/account/{}", self.tag()))
            .expect("an id, a word and two numbers are visible and short")
    }

    /// The value in the account's metadata that identifies this request.
    #[must_use]
    pub fn tag(&self) -> String {
        format!("{}-{}", self.number, self.requested_at.millis())
    }

    /// Whether the request may still be sent under its key: the API that it goes to remembers keys for its own time.
    #[must_use]
    pub fn key_age(&self, now: Timestamp) -> KeyAge {
        match self.parameters.kind.api() {
            AccountsApi::V1 => KeyAge::of(self.requested_at, now),
            AccountsApi::V2 => KeyAge::in_v2(self.requested_at, now),
        }
    }

    /// The request after Stripe made the account, or refused for good. The address is not needed any more.
    #[must_use]
    pub fn finished(self) -> Self {
        let parameters = AccountParameters { contact_email: None, ..self.parameters };
        Self { finished: true, parameters, ..self }
    }

    /// The next step for a creator without a connected account.
    #[must_use]
    pub fn next(earlier: Option<&Self>, parameters: AccountParameters, now: Timestamp) -> NextAccountStep {
        match earlier.filter(|request| !request.finished) {
            Some(request) => NextAccountStep::Resume(request.clone()),
            None => {
                let number = earlier.map_or(1, |request| request.number.saturating_add(1));
                NextAccountStep::Start(Self { number, parameters, requested_at: now, finished: false })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUESTED_AT: Timestamp = Timestamp::from_seconds(1_000);

    fn parameters() -> AccountParameters {
        AccountParameters {
            kind: AccountKind::default(),
            country: "US".to_owned(),
            card_payments: true,
            contact_email: Some(ContactEmail::new("ana@example.com")),
        }
    }

    fn request(finished: bool) -> AccountRequest {
        AccountRequest { number: 3, parameters: parameters(), requested_at: REQUESTED_AT, finished }
    }

    fn next(earlier: Option<&AccountRequest>, age_s: i64) -> NextAccountStep {
        AccountRequest::next(earlier, parameters(), REQUESTED_AT.plus_seconds(age_s))
    }

    #[test]
    fn an_unanswered_request_keeps_its_key() {
        let open = request(false);
        assert_eq!(next(Some(&open), 0), NextAccountStep::Resume(open.clone()));
        assert_eq!(next(Some(&open), 82_800), NextAccountStep::Resume(open));
    }

    #[test]
    fn a_finished_request_is_followed_by_one_with_the_next_number() {
        let number = |step| match step {
            NextAccountStep::Start(request) => request.number,
            other @ NextAccountStep::Resume(_) => panic!("{other:?}"),
        };
        assert_eq!(number(next(None, 0)), 1);
        assert_eq!(number(next(Some(&request(true)), 9)), 4);
    }

    #[test]
    fn a_key_is_remembered_as_long_as_the_api_that_the_request_goes_to_remembers_it() {
        let age = |kind, age_s| {
            let parameters = AccountParameters { kind, ..parameters() };
            let request = AccountRequest { parameters, ..request(false) };
            request.key_age(REQUESTED_AT.plus_seconds(age_s))
        };
        assert_eq!(age(AccountKind::ControllerExpress, 82_800), KeyAge::MayBeForgotten);
        assert_eq!(age(AccountKind::AccountsV2, 82_800), KeyAge::Remembered);
        assert_eq!(age(AccountKind::AccountsV2, 30 * 86_400 - 3_600), KeyAge::MayBeForgotten);
    }

    #[test]
    fn a_finished_request_keeps_no_address() {
        let finished = request(false).finished();
        assert!(finished.finished && finished.parameters.contact_email.is_none());
        assert_eq!(finished.number, 3);
    }

    #[test]
    fn no_two_requests_share_a_key() {
        let ana = CreatorId::parse("ana").expect("id");
        let key = |request: AccountRequest, creator| request.key(creator).to_string();
        assert_eq!(key(request(false), &ana), "ana/account/3-1000000");
        let later = AccountRequest { requested_at: REQUESTED_AT.plus_seconds(1), ..request(false) };
        assert_ne!(key(later, &ana), key(request(false), &ana));
        let longest = CreatorId::parse(&"x".repeat(128)).expect("id");
        let largest = AccountRequest {
            number: u32::MAX,
            requested_at: Timestamp::from_seconds(i64::MAX),
            ..request(false)
        };
        assert!(key(largest, &longest).len() < 255);
    }

    #[test]
    fn a_disconnected_account_takes_no_money_and_has_no_requirements() {
        let usd = Currency::parse("usd").expect("currency");
        let mut account = ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), "US", usd);
        (account.transfers_active, account.payouts_enabled) = (true, true);
        account.requirements.currently_due = vec!["external_account".to_owned()];
        let disconnected = account.disconnected();
        assert!(disconnected.disconnected && !disconnected.transfers_active && !disconnected.payouts_enabled);
        assert!(!disconnected.requirements.are_due());
        assert_eq!((disconnected.id, disconnected.country), (account.id, account.country));
    }
}
