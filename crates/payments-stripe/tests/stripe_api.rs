//! The calls against a Stripe API over sockets: the local stack's stand-in, Stripe's own stripe-mock, or
//! Stripe's test mode. Runs only where `STRIPE_API_BASE` names one; `STRIPE_SECRET_KEY` defaults to a test key.

use bytes::Bytes;
use http::Request;
use payments::{
    AccountId, ConnectedAccount, Currency, IdempotencyKey, IntentParameters, Money, PaymentId, Secret,
};
use payments_stripe::{ApiBase, CancellationReason, HyperTransport, Session, Stripe, Transport as _};
use std::time::{SystemTime, UNIX_EPOCH};

struct Api {
    base: String,
    key: String,
    /// Distinguishes this run's objects from those of earlier runs.
    run: u128,
}

impl Api {
    fn from_environment() -> Option<Self> {
        let base = std::env::var("STRIPE_API_BASE").ok()?;
        let key = std::env::var("STRIPE_SECRET_KEY").unwrap_or_else(|_| "sk_test_123".to_owned());
        let run = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
        Some(Self { base, key, run })
    }

    fn session(&self) -> Session {
        let base = ApiBase::parse(&self.base).expect("STRIPE_API_BASE is an origin");
        let stripe = Stripe::new(HyperTransport::new(), base);
        stripe.authorized(&Secret::new(self.key.as_str())).expect("usable key")
    }

    fn payment(&self) -> PaymentId {
        PaymentId::parse(&format!("pay_{:032x}", self.run)).expect("id")
    }

    fn key(&self, call: &str) -> IdempotencyKey {
        IdempotencyKey::parse(&format!("{}/{call}", self.payment())).expect("key")
    }

    /// An account that may receive at once: onboarding by API is for tests only, so it is no call of ours.
    async fn account(&self) -> AccountId {
        let form = "type=custom&country=US&capabilities[transfers][requested]=true\
            &business_type=individual&tos_acceptance[date]=1795473000&tos_acceptance[ip]=127.0.0.1";
        let request = Request::post(format!("{}/v1/accounts", self.base.trim_end_matches('/')))
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from_static(form.as_bytes()))
            .expect("request");
        let reply = HyperTransport::new().send(request).await.expect("reply");
        assert!(reply.status().is_success(), "{reply:?}");
        let account: serde_json::Value = serde_json::from_slice(reply.body()).expect("json");
        AccountId::parse(account["id"].as_str().expect("id")).expect("account id")
    }
}

#[tokio::test]
async fn every_call_is_understood_and_its_reply_read() {
    let Some(api) = Api::from_environment() else { return };
    let session = api.session();
    let id = api.account().await;
    let account = session.retrieve_account(&id).await.expect("retrieves the account");
    assert_eq!(ConnectedAccount::try_from(&account).expect("usable").id, id);

    let parameters = IntentParameters {
        payment_id: api.payment(),
        total: Money::new(1_061, Currency::parse("usd").expect("currency")).expect("money"),
        destination: id,
        transfer_amount: 1_000,
        receipt_email: Some("sam@example.com".to_owned()),
    };
    let created = session.create_intent(&parameters, &api.key("create")).await.expect("creates");
    assert_eq!((created.amount, created.currency.as_str(), created.livemode), (1_061, "usd", false));
    assert!(created.client_secret.is_some());
    assert!(created.observed_at_creation().is_ok());

    let retrieved = session.retrieve_intent(&created.id).await.expect("retrieves");
    assert_eq!(retrieved.id, created.id);
    let reason = CancellationReason::Abandoned;
    let canceled = session.cancel_intent(&created.id, reason, &api.key("cancel")).await.expect("cancels");
    assert_eq!(canceled.id, created.id);
    session.find_intents(&api.payment()).await.expect("searches");
}
