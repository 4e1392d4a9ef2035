//! The request that creates a creator's connected account: its parameters, its key, and the one that follows it.

use crate::idempotency_key_age::KeyAge;
use crate::ids::{CreatorId, IdempotencyKey};
use crate::receiving::{AccountKind, AccountsApi, ContactEmail};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Within this time after a refusal, every other attempt to send the same request has ended, at Stripe too: a function runs
/// for at most 29 seconds, and what it sent arrives within a minute or not at all.
pub const ACCOUNT_ATTEMPTS_END_S: i64 = 120;

/// Every parameter of an account to create, stored before Stripe is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountParameters {
    pub kind: AccountKind,
    pub country: String,
    /// Request the `card_payments` capability beside `transfers`.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub card_payments: bool,
    /// The address that Accounts v2 requires of a merchant or recipient
    /// (<https://docs.stripe.com/api/v2/core/accounts/create>), kept until the request is finished.
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
    /// Stripe refused the request for a fault of the set-up, and may answer so under its key for a day. Stripe keeps no
    /// answer of a request that it does not begin to execute (<https://docs.stripe.com/api/idempotent_requests>), so another
    /// attempt can still have created the account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refused_at: Option<Timestamp>,
    /// Stripe created the account, or refused for good.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub finished: bool,
}

/// The next step to create an account for a creator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextAccountStep {
    /// Store this request, then send it.
    Start(AccountRequest),
    /// Send the request again, under the same key; or look it up, if its key does not allow that any more.
    Resume(AccountRequest),
    /// The request is not sent any more, and another attempt may still be under way: what it creates is looked up later.
    Wait,
    /// A new request needs the creator's address.
    AskForEmail,
}

impl AccountParameters {
    /// Whether the API that is asked requires an address, and none is given.
    fn lacks_email(&self) -> bool {
        match self.kind.api() {
            AccountsApi::V1 => false,
            AccountsApi::V2 => self.contact_email.is_none(),
        }
    }
}

impl AccountRequest {
    /// The request's idempotency key. Its time keeps deployments apart that share a Stripe account and have a creator
    /// with the same id. The digest of a creator's id stands for an id that leaves no room for the rest; the part before
    /// the last keeps both forms apart.
    #[must_use]
    pub fn key(&self, creator: &CreatorId) -> IdempotencyKey {
        let tag = self.tag();
        IdempotencyKey::parse(&format!("{creator}/account/{tag}")).unwrap_or_else(|_| {
            let digest = hex::encode(Sha256::digest(creator.as_str()));
            IdempotencyKey::parse(&format!("account/{digest}/{tag}"))
                .expect("a word, a digest and two numbers are visible and short")
        })
    }

    /// The value in the account's metadata that identifies this request.
    #[must_use]
    pub fn tag(&self) -> String {
        format!("{}-{}", self.number, self.requested_at.millis())
    }

    /// Whether the request may still be sent under its key: the API that it goes to remembers keys for its own time. The key
    /// of a refused request may only return the refusal.
    #[must_use]
    pub fn key_age(&self, now: Timestamp) -> KeyAge {
        if self.refused_at.is_some() {
            return KeyAge::MayBeForgotten;
        }
        match self.parameters.kind.api() {
            AccountsApi::V1 => KeyAge::of(self.requested_at, now),
            AccountsApi::V2 => KeyAge::in_v2(self.requested_at, now),
        }
    }

    /// The request after Stripe refused it for a fault of the set-up.
    #[must_use]
    pub fn refused(self, now: Timestamp) -> Self {
        Self { refused_at: self.refused_at.or(Some(now)), ..self }
    }

    /// Whether Stripe refused the request so lately that another attempt may still be under way.
    fn may_be_under_way(&self, now: Timestamp) -> bool {
        self.refused_at.is_some_and(|at| now < at.plus_seconds(ACCOUNT_ATTEMPTS_END_S))
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
            Some(request) if request.may_be_under_way(now) => NextAccountStep::Wait,
            Some(request) => NextAccountStep::Resume(request.clone()),
            None if parameters.lacks_email() => NextAccountStep::AskForEmail,
            None => {
                let number = earlier.map_or(1, |request| request.number.saturating_add(1));
                let request =
                    Self { number, parameters, requested_at: now, refused_at: None, finished: false };
                NextAccountStep::Start(request)
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
        AccountRequest {
            number: 3,
            parameters: parameters(),
            requested_at: REQUESTED_AT,
            refused_at: None,
            finished,
        }
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
    fn a_request_refused_for_the_set_up_is_looked_up_once_no_attempt_is_under_way_and_never_sent_again() {
        let refused = request(false).refused(REQUESTED_AT.plus_seconds(9));
        assert_eq!(next(Some(&refused), 10), NextAccountStep::Wait);
        assert_eq!(next(Some(&refused), 9 + ACCOUNT_ATTEMPTS_END_S - 1), NextAccountStep::Wait);
        let later = 9 + ACCOUNT_ATTEMPTS_END_S;
        assert_eq!(next(Some(&refused), later), NextAccountStep::Resume(refused.clone()));
        assert_eq!(refused.key_age(REQUESTED_AT.plus_seconds(later)), KeyAge::MayBeForgotten);
        assert_eq!(
            refused.clone().refused(REQUESTED_AT.plus_seconds(later)),
            refused,
            "the first refusal counts"
        );
    }

    #[test]
    fn a_finished_request_is_followed_by_one_with_the_next_number() {
        let number = |step| match step {
            NextAccountStep::Start(request) => request.number,
            other @ (NextAccountStep::Resume(_) | NextAccountStep::Wait | NextAccountStep::AskForEmail) => {
                panic!("{other:?}")
            }
        };
        assert_eq!(number(next(None, 0)), 1);
        assert_eq!(number(next(Some(&request(true)), 9)), 4);
    }

    #[test]
    fn a_new_request_to_v2_needs_an_address_and_one_to_v1_or_an_unanswered_one_does_not() {
        let step = |kind, earlier: Option<&AccountRequest>| {
            let parameters = AccountParameters { kind, contact_email: None, ..parameters() };
            AccountRequest::next(earlier, parameters, REQUESTED_AT)
        };
        let (open, finished) = (request(false), request(true));
        let v2 = AccountKind::AccountsV2;
        assert_eq!(step(v2, None), NextAccountStep::AskForEmail);
        assert_eq!(step(v2, Some(&finished)), NextAccountStep::AskForEmail);
        assert_eq!(step(v2, Some(&open)), NextAccountStep::Resume(open.clone()));
        assert!(matches!(step(AccountKind::ControllerExpress, None), NextAccountStep::Start(_)));
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
    }

    #[test]
    fn the_key_of_the_longest_id_fits_and_no_other_creator_has_it() {
        let key = |id: &str| request(false).key(&CreatorId::parse(id).expect("id")).to_string();
        let longest = key(&"x".repeat(255));
        assert!(longest.starts_with("account/") && longest.ends_with("/3-1000000"), "{longest}");
        assert_ne!(longest, key(&format!("{}y", "x".repeat(254))));
        let (looks_the_same, _) = longest.rsplit_once('/').expect("parts");
        assert_ne!(longest, key(looks_the_same));
        let largest = AccountRequest {
            number: u32::MAX,
            requested_at: Timestamp::from_seconds(i64::MAX),
            ..request(false)
        };
        for length in 1..=255 {
            let _ = largest.key(&CreatorId::parse(&"x".repeat(length)).expect("id"));
        }
    }
}
