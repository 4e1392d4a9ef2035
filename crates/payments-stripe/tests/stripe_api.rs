//! The calls against a Stripe API over sockets: the local stack's stand-in, Stripe's stripe-mock, or Stripe's
//! test mode. They run only if `STRIPE_API_BASE` names one; `STRIPE_SECRET_KEY` defaults to a test key.

use bytes::Bytes;
use http::Request;
use payments::{
    AccountId, AccountKind, AccountParameters, AccountRequest, AccountsApi, AllowedOrigins, ChargeId,
    CreatorId, Currency, DisputeId, Fingerprint, IdempotencyKey, InstructionKind, InstructionOutcome,
    IntentParameters, Money, PaymentId, PaymentTerms, RefundRequest, RefundRequestId, Secret, Stamp,
    StripeCall, Timestamp, TransferInstruction, UserId,
};
use payments_stripe::{
    ApiBase, CancellationReason, HyperTransport, IntentObject, Page, ReceivedTransaction, Refusal, Session,
    Stripe, StripeError, TransferObject, Transport as _, Window, parse_event,
};
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
        let stripe =
            Stripe::new(HyperTransport::new(), base, payments::DeploymentId::parse("local").expect("id"));
        stripe.authorized(&Secret::new(self.key.as_str())).expect("usable key")
    }

    fn payment(&self) -> PaymentId {
        PaymentId::parse(&format!("pay_{:032x}", self.run)).expect("id")
    }

    fn key(&self, call: &str) -> IdempotencyKey {
        IdempotencyKey::parse(&format!("{}/{call}", self.payment())).expect("key")
    }

    /// Sends what others do at Stripe, for which the client has no call.
    async fn post(&self, path: &str, form: &'static str) -> serde_json::Value {
        let request = Request::post(format!("{}/v1{path}", self.base.trim_end_matches('/')))
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from_static(form.as_bytes()))
            .expect("request");
        let reply = HyperTransport::new().send(request).await.expect("reply");
        assert!(reply.status().is_success(), "{reply:?}");
        serde_json::from_slice(reply.body()).expect("json")
    }

    /// An account that can receive immediately.
    async fn account(&self) -> AccountId {
        let form = "type=custom&country=US&capabilities[transfers][requested]=true\
            &business_type=individual&tos_acceptance[date]=1795473000&tos_acceptance[ip]=127.0.0.1";
        let account = self.post("/accounts", form).await;
        AccountId::parse(account["id"].as_str().expect("id")).expect("account id")
    }

    fn terms(&self, destination: AccountId) -> PaymentTerms {
        let money = |amount| Money::new(amount, Currency::parse("usd").expect("currency")).expect("money");
        PaymentTerms {
            sender: UserId::parse("sam").expect("id"),
            creator: CreatorId::parse("ana").expect("id"),
            chosen: money(1_000),
            message: None,
            anonymous: false,
            context: None,
            fingerprint: Fingerprint::of(&"payment"),
            allowed: None,
            parameters: IntentParameters {
                payment_id: self.payment(),
                total: money(1_061),
                destination,
                transfer_amount: 1_000,
                on_behalf_of: false,
                labels: payments::Labels::new(
                    &CreatorId::parse("ana").expect("id"),
                    payments::Context::parse("room:42").ok().as_ref(),
                    false,
                    &payments::StatementDescriptorTemplate::parse("{creator}", 10).expect("a template"),
                ),
                customer: None,
                receipt_email: Some("sam@example.com".to_owned()),
            },
            created_at: self.now(),
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.now_s())
    }

    fn now_s(&self) -> i64 {
        i64::try_from(self.run / 1_000_000_000).expect("a time")
    }

    /// One day either side of this run.
    fn window(&self) -> Window {
        Window { from_s: self.now_s() - 86_400, until_s: Some(self.now_s() + 86_400) }
    }

    /// A paid payment, whose money is available immediately, and its intent.
    async fn paid(&self) -> (PaymentTerms, IntentObject) {
        let terms = self.terms(self.account().await);
        let session = self.session();
        let intent = session.create_intent(&terms.parameters, &self.key("create")).await.expect("creates");
        let path = format!("/payment_intents/{}/confirm", intent.id);
        self.post(&path, "payment_method=pm_card_bypassPending").await;
        (terms, intent)
    }
}

fn read<T>(page: &Page<T>) -> &[T] {
    assert_eq!(page.unreadable, []);
    &page.data
}

#[tokio::test]
async fn every_call_about_intents_is_understood_and_its_reply_read() {
    let Some(api) = Api::from_environment() else { return };
    let session = api.session();
    let id = api.account().await;
    let account = session.retrieve_account(AccountsApi::V1, &id).await.expect("retrieves the account");
    assert_eq!(account.attachable().expect("usable").id, id);

    let parameters = api.terms(id).parameters;
    let created = session.create_intent(&parameters, &api.key("create")).await.expect("creates");
    assert_eq!((created.amount, created.currency.as_str(), created.livemode), (1_061, "usd", false));
    assert!(created.client_secret.is_some());
    assert!(created.snapshot_at_creation().is_ok());

    let retrieved = session.retrieve_intent(&created.id).await.expect("retrieves");
    assert_eq!(retrieved.id, created.id);
    let reason = CancellationReason::Abandoned;
    let canceled = session.cancel_intent(&created.id, reason, &api.key("cancel")).await.expect("cancels");
    assert_eq!(canceled.id, created.id);
    session.find_intents(&api.payment()).await.expect("searches");
    let listed = session.list_intents(api.window(), None).await.expect("lists");
    assert!(!read(&listed).is_empty());
}

#[tokio::test]
async fn every_call_of_the_onboarding_is_understood_and_its_reply_read() {
    let Some(api) = Api::from_environment() else { return };
    let session = api.session();
    let creator = CreatorId::parse("ana").expect("id");
    let kinds = ["controller_express", "controller_none", "type_express", "type_custom"];
    for (number, kind) in (1_u32..).zip(kinds) {
        let kind = AccountKind::parse(kind).expect("kind");
        let parameters = AccountParameters {
            kind,
            country: "US".to_owned(),
            card_payments: number == 1,
            contact_email: None,
        };
        // Unique to this run, so that no two runs share a key.
        let requested_at = Timestamp::from_millis(i64::try_from(api.run / 1_000_000).expect("a time"));
        let request = AccountRequest { number, parameters, requested_at, refused_at: None, finished: false };
        let opened = session.create_account(&creator, &request).await.expect("opens");
        let origins = AllowedOrigins::parse("https://app.example.com").expect("origins");
        let back = origins.admit("https://app.example.com/money").expect("allowed");
        let key = api.key(&format!("link/{number}"));
        let opened = opened.opened("US", Currency::parse("usd").expect("currency"));
        let link = session.create_account_link(&opened, &back, &back, &key).await.expect("links");
        assert!(link.url.starts_with("http") && link.expires_at > 0);
    }
    read(&session.list_accounts(api.window(), None).await.expect("lists accounts"));
}

#[tokio::test]
async fn every_call_that_moves_money_is_understood_and_its_reply_read() {
    let Some(api) = Api::from_environment() else { return };
    let session = api.session();
    let (terms, intent) = api.paid().await;

    let paid = session.retrieve_intent(&intent.id).await.expect("retrieves the intent");
    let seen = paid.snapshot(Stamp::of_creation(api.now_s())).expect("observed");
    // stripe-mock's intents have no charge, and it answers for every id.
    let charge = seen.charge.map_or_else(|| ChargeId::parse("ch_mock").expect("id"), |(id, _)| id);
    let charge = session.retrieve_charge(&charge).await.expect("retrieves a charge");
    assert!(charge.snapshot().expect("observed").fee.is_some(), "the balance transaction is expanded");

    let id = RefundRequestId::parse(&format!("rfd_{:032x}", api.run)).expect("id");
    let request = RefundRequest {
        creator: 400,
        platform: 24,
        requested_by: Some(terms.sender.clone()),
        reason: None,
        fingerprint: Fingerprint::of(&"refund"),
        requested_at: api.now(),
    };
    let key = StripeCall::CreateRefund(&id).key(terms.id());
    let refund = session.create_refund(&intent.id, &terms, &id, &request, &key).await.expect("refunds");
    assert_eq!(refund.snapshot().expect("observed").amount, 424);
    let of_intent = session.list_refunds_of(&intent.id, None).await.expect("lists refunds");
    assert!(!read(&of_intent).is_empty());
    let later = session.list_refunds_of(&intent.id, Some(refund.id.as_str())).await.expect("pages refunds");
    read(&later);

    move_the_share(&api, &terms).await;
}

async fn move_the_share(api: &Api, terms: &PaymentTerms) {
    let session = api.session();
    let transfers = session.list_transfers_of(terms.id(), None).await.expect("lists transfers");
    let own = &read(&transfers)[0].id;
    let decided = |number, kind| TransferInstruction {
        number,
        kind,
        amount: 400,
        sent: None,
        decided_at: api.now(),
        outcome: InstructionOutcome::Pending,
        destination: None,
        covered: false,
        refused_since: None,
    };
    let back = decided(1, InstructionKind::Reversal(own.clone()));
    let key = StripeCall::ExecuteInstruction(&back).key(terms.id());
    let reversal = session.reverse_transfer(&terms.parameters, own, &back, &key).await.expect("reverses");
    assert_eq!(reversal.amount, 400);
    let again = decided(2, InstructionKind::Transfer);
    let key = StripeCall::ExecuteInstruction(&again).key(terms.id());
    let made: TransferObject =
        session.create_transfer(&terms.parameters, &again, &key).await.expect("transfers again");
    assert_eq!((made.amount, made.currency.as_str()), (400, "usd"));
    let retrieved = session.retrieve_transfer(own).await.expect("retrieves a transfer");
    assert_eq!(&retrieved.id, own);
    assert!(!retrieved.snapshot().reversals.is_empty());
}

#[tokio::test]
async fn every_call_of_the_sweep_is_understood_and_its_reply_read() {
    let Some(api) = Api::from_environment() else { return };
    let session = api.session();
    api.paid().await;
    let transactions = session.list_transactions(api.window(), None).await.expect("lists transactions");
    for transaction in read(&transactions).iter().take(3) {
        let told = transaction.received(Stamp::of_creation(api.now_s()));
        let is_read = match &told {
            Some(ReceivedTransaction::Object(received)) => received.snapshot.is_ok(),
            Some(ReceivedTransaction::Reversal(_)) | None => true,
        };
        assert!(is_read, "{told:?}");
    }
    match session.retrieve_dispute(&DisputeId::parse("dp_1").expect("id")).await {
        Ok(dispute) => assert!(dispute.snapshot(Stamp::of_creation(api.now_s())).is_ok()),
        Err(error) => assert!(matches!(error, StripeError::Refused(Refusal { status: 404, .. })), "{error}"),
    }
    let events = session.list_undelivered_events(api.window(), None).await.expect("lists events");
    for event in read(&events) {
        assert_eq!(parse_event(&event.body).expect("reads").id, event.id);
    }
}
