//! Requests that move money: refunds, reversals and transfers.

use crate::scripted_transport::{ScriptedTransport, Sent, Step, error_json, only, pairs, refusal_code};
use http::Method;
use payments::{
    AccountId, CreatorId, Currency, Fingerprint, IdempotencyKey, InstructionKind, InstructionOutcome,
    IntentId, IntentParameters, Money, PaymentId, PaymentTerms, RefundRequest, RefundRequestId, StripeCall,
    Timestamp, TransferId, TransferInstruction, UserId,
};
use payments_stripe::StripeError;
use serde_json::json;

const PAYMENT: &str = "pay_0123456789abcdef0123456789abcdef";
const REFUND: &str = "rfd_0123456789abcdef0123456789abcdef";

fn terms() -> PaymentTerms {
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
            payment_id: PaymentId::parse(PAYMENT).expect("id"),
            total: money(1_061),
            destination: AccountId::parse("acct_1").expect("id"),
            transfer_amount: 1_000,
            on_behalf_of: false,
            labels: crate::requests::labels(false),
            customer: None,
            receipt_email: None,
        },
        created_at: Timestamp::from_seconds(1_795_473_000),
    }
}

fn refund_id() -> RefundRequestId {
    RefundRequestId::parse(REFUND).expect("id")
}

fn refund_key() -> IdempotencyKey {
    StripeCall::CreateRefund(&refund_id()).key(terms().id())
}

fn asked_by(user: &str) -> RefundRequest {
    RefundRequest {
        creator: 400,
        platform: 24,
        requested_by: UserId::parse(user).ok(),
        reason: None,
        fingerprint: Fingerprint::of(&"refund"),
        requested_at: Timestamp::from_seconds(1_795_473_600),
    }
}

fn refund_json() -> String {
    json!({"id": "re_1", "object": "refund", "status": "pending", "amount": 424, "currency": "usd",
        "metadata": {"payment_id": PAYMENT, "refund_id": REFUND}})
    .to_string()
}

async fn refund(transport: &ScriptedTransport, by: &str) -> Result<String, StripeError> {
    let intent = IntentId::parse("pi_1").expect("id");
    let session = transport.session();
    let asked = asked_by(by);
    let view = session.create_refund(&intent, &terms(), &refund_id(), &asked, &refund_key()).await?;
    Ok(view.snapshot().expect("known status").request.expect("ours").to_string())
}

fn decided(kind: InstructionKind) -> TransferInstruction {
    TransferInstruction {
        number: 3,
        kind,
        amount: 400,
        sent: None,
        decided_at: Timestamp::from_seconds(1_795_473_700),
        outcome: InstructionOutcome::Pending,
        destination: None,
        covered: false,
        refused_since: None,
    }
}

fn assert_post(sent: &Sent, path: &str, key: &str, form: &[(&str, &str)]) {
    assert_eq!(
        (&sent.method, sent.uri.as_str()),
        (&Method::POST, format!("https://api.stripe.com/v1{path}").as_str())
    );
    assert_eq!(sent.header("idempotency-key"), Some(key));
    assert_eq!(sent.form(), pairs(form));
}

#[tokio::test]
async fn a_refund_carries_its_division_and_leaves_the_transfer_alone() {
    let transport = ScriptedTransport::new([Step::reply(200, refund_json())]);
    assert_eq!(refund(&transport, "operator").await.expect("made"), REFUND);
    let division = [
        ("amount", "424"),
        ("metadata[context]", "room:42"),
        ("metadata[creator_amount]", "400"),
        ("metadata[creator_id]", "ana"),
        ("metadata[deployment]", "test-stack"),
        ("metadata[payment_id]", PAYMENT),
        ("metadata[platform_amount]", "24"),
        ("metadata[refund_id]", REFUND),
        ("payment_intent", "pi_1"),
    ];
    assert_post(&only(&transport), "/refunds", &format!("{REFUND}/refund"), &division);
}

#[tokio::test]
async fn a_refund_that_the_sender_asked_for_says_so() {
    let transport = ScriptedTransport::new([Step::reply(200, refund_json())]);
    refund(&transport, "sam").await.expect("made");
    let form = only(&transport).form();
    assert!(form.contains(&("reason".to_owned(), "requested_by_customer".to_owned())), "{form:?}");
    assert_eq!(form.len(), 10);
}

#[tokio::test]
async fn a_refund_that_an_early_fraud_warning_asked_for_says_so() {
    let transport = ScriptedTransport::new([Step::reply(200, refund_json())]);
    let asked = RefundRequest { requested_by: None, ..asked_by("sam") };
    let intent = IntentId::parse("pi_1").expect("id");
    let session = transport.session();
    session.create_refund(&intent, &terms(), &refund_id(), &asked, &refund_key()).await.expect("made");
    let form = only(&transport).form();
    assert!(form.contains(&("reason".to_owned(), "fraudulent".to_owned())), "{form:?}");
}

#[tokio::test]
async fn the_same_refund_is_the_same_bytes_however_its_metadata_is_hashed() {
    let bodies = async |_| {
        let transport = ScriptedTransport::new([Step::reply(200, refund_json())]);
        refund(&transport, "sam").await.expect("made");
        only(&transport).body
    };
    let first = bodies(0).await;
    for again in 1..20 {
        assert_eq!(bodies(again).await, first);
    }
}

#[tokio::test]
async fn a_share_is_taken_back_by_a_reversal_of_its_transfer() {
    let reply = json!({"id": "trr_1", "object": "transfer_reversal", "amount": 400, "currency": "usd",
        "transfer": "tr_1", "metadata": {"payment_id": PAYMENT, "move": "3"}});
    let transport = ScriptedTransport::new([Step::reply(200, reply.to_string())]);
    let transfer = TransferId::parse("tr_1").expect("id");
    let decided = decided(InstructionKind::Reversal(transfer.clone()));
    let payment = PaymentId::parse(PAYMENT).expect("id");
    let key = StripeCall::ExecuteInstruction(&decided).key(&payment);
    let session = transport.session();
    let view = session.reverse_transfer(&terms().parameters, &transfer, &decided, &key).await.expect("made");
    let seen = view.snapshot();
    assert_eq!((seen.amount, seen.number, view.transfer), (400, Some(3), Some(transfer)));
    assert_post(
        &only(&transport),
        "/transfers/tr_1/reversals",
        &format!("{PAYMENT}/reversal/3"),
        &[
            ("amount", "400"),
            ("metadata[context]", "room:42"),
            ("metadata[creator_id]", "ana"),
            ("metadata[deployment]", "test-stack"),
            ("metadata[move]", "3"),
            ("metadata[payment_id]", PAYMENT),
        ],
    );
}

#[tokio::test]
async fn a_share_is_given_again_by_a_transfer_in_the_payments_group() {
    let reply = json!({"id": "tr_2", "object": "transfer", "amount": 400, "currency": "usd",
        "livemode": false, "destination": "acct_1", "source_transaction": null, "transfer_group": PAYMENT,
        "metadata": {"payment_id": PAYMENT, "move": "3"},
        "reversals": {"object": "list", "data": [], "has_more": false}});
    let transport = ScriptedTransport::new([Step::reply(200, reply.to_string())]);
    let decided = decided(InstructionKind::Transfer);
    let key = StripeCall::ExecuteInstruction(&decided).key(terms().id());
    let session = transport.session();
    let view = session.create_transfer(&terms().parameters, &decided, &key).await.expect("made");
    assert_eq!((view.snapshot().number, view.snapshot().charge), (Some(3), None));
    assert_post(
        &only(&transport),
        "/transfers",
        &format!("{PAYMENT}/transfer/3"),
        &[
            ("amount", "400"),
            ("currency", "usd"),
            ("description", "Payment to ana for room:42"),
            ("destination", "acct_1"),
            ("metadata[context]", "room:42"),
            ("metadata[creator_id]", "ana"),
            ("metadata[deployment]", "test-stack"),
            ("metadata[move]", "3"),
            ("metadata[payment_id]", PAYMENT),
            ("transfer_group", PAYMENT),
        ],
    );
}

#[tokio::test(start_paused = true)]
async fn a_definite_refusal_is_told_by_its_code_and_an_unknown_outcome_never() {
    for code in ["charge_already_refunded", "charge_disputed", "balance_insufficient"] {
        let refusal = error_json("invalid_request_error", Some(code));
        let error = refund(&ScriptedTransport::new([Step::reply(400, refusal)]), "sam").await;
        assert_eq!(refusal_code(&error.expect_err("refused")), Some(code));
    }
    let bare = Step::reply(402, error_json("invalid_request_error", None));
    let error = refund(&ScriptedTransport::new([bare]), "sam").await.expect_err("refused");
    assert_eq!(refusal_code(&error), Some("invalid_request_error"));

    let locked = || Step::reply(429, error_json("invalid_request_error", Some("lock_timeout")));
    let broken = || Step::reply(500, error_json("api_error", Some("charge_disputed")));
    let twin = || Step::reply(409, error_json("idempotency_error", Some("idempotency_key_in_use")));
    let ours = || Step::reply(403, error_json("invalid_request_error", Some("charge_disputed")));
    let other = || Step::reply(400, error_json("idempotency_error", None));
    let foreign = || Step::reply(404, "<html>not found</html>");
    for step in [locked, broken, twin, ours, other, foreign, || Step::Hangs, || Step::Breaks] {
        let error = refund(&ScriptedTransport::forever(step), "sam").await.expect_err("fails");
        assert_eq!(refusal_code(&error), None, "{error}");
    }
}
