//! Requests that retrieve and list objects, and how their pages are parsed.

use crate::scripted_transport::{ScriptedTransport, Step, error_json, only, pairs, refusal_code};
use http::Method;
use payments::{ChargeId, DisputeId, IntentId, PaymentId, TransferId};
use payments_stripe::{Page, Session, StripeError, Window, parse_event};
use serde_json::{Value, json};

const PAYMENT: &str = "pay_0123456789abcdef0123456789abcdef";
const WINDOW: Window = Window { from_s: 1_795_400_000, until_s: Some(1_795_486_400) };

fn pi_1() -> IntentId {
    IntentId::parse("pi_1").expect("id")
}

fn page(data: &[Value], has_more: bool) -> Step {
    Step::reply(200, json!({"object": "list", "data": data, "has_more": has_more}).to_string())
}

/// The path and query of the one request that `ask` makes, which gets `reply` as its answer.
async fn asked<T>(
    reply: Step,
    ask: impl AsyncFnOnce(Session) -> Result<T, StripeError>,
) -> (String, Vec<(String, String)>, T) {
    let transport = ScriptedTransport::new([reply]);
    let answer = ask(transport.session()).await.expect("answered");
    let sent = only(&transport);
    assert_eq!((&sent.method, sent.body.len()), (&Method::GET, 0));
    let uri = sent.uri.strip_prefix("https://api.stripe.com/v1").expect("Stripe's").to_owned();
    let (path, query) = uri.split_once('?').unwrap_or((&uri, ""));
    let mut query: Vec<(String, String)> = serde_urlencoded::from_str(query).expect("query");
    query.sort();
    (path.to_owned(), query, answer)
}

/// Asserts that a list is requested with these filters, both from its start and after an object.
async fn assert_listed<T>(
    path: &str,
    filters: &[(&str, &str)],
    ask: impl AsyncFn(Session, Option<&str>) -> Result<Page<T>, StripeError>,
) {
    for after in [None, Some("obj_9")] {
        let (sent_to, query, page) = asked(page(&[], false), async |stripe| ask(stripe, after).await).await;
        let mut expected = pairs(filters);
        expected.push(("limit".to_owned(), "100".to_owned()));
        expected.extend(after.map(|id| ("starting_after".to_owned(), id.to_owned())));
        expected.sort();
        assert_eq!((sent_to.as_str(), query), (path, expected));
        assert!(page.data.is_empty() && page.next.is_none());
    }
}

#[tokio::test]
async fn lists_are_asked_for_by_time_of_creation() {
    let created = [("created[gte]", "1795400000"), ("created[lt]", "1795486400")];
    assert_listed("/payment_intents", &created, async |s, after| s.list_intents(WINDOW, after).await).await;
    assert_listed("/accounts", &created, async |s, after| s.list_accounts(WINDOW, after).await).await;
    let sources = [&created[..], &[("expand[0]", "data.source")]].concat();
    let path = "/balance_transactions";
    assert_listed(path, &sources, async |s, after| s.list_transactions(WINDOW, after).await).await;
    let undelivered = [&created[..], &[("delivery_success", "false")]].concat();
    assert_listed("/events", &undelivered, async |s, after| s.list_undelivered_events(WINDOW, after).await)
        .await;
    let path = "/radar/early_fraud_warnings";
    assert_listed(path, &created, async |s, after| s.list_fraud_warnings(WINDOW, after).await).await;
    let open = Window { from_s: 7, until_s: None };
    let since = [("created[gte]", "7")];
    assert_listed("/payment_intents", &since, async |s, after| s.list_intents(open, after).await).await;
}

#[tokio::test]
async fn lists_are_asked_for_by_payment() {
    let intent = pi_1();
    let of = [("payment_intent", "pi_1")];
    assert_listed("/refunds", &of, async |s, after| s.list_refunds_of(&intent, after).await).await;
    let (payment, group) = (PaymentId::parse(PAYMENT).expect("id"), [("transfer_group", PAYMENT)]);
    assert_listed("/transfers", &group, async |s, after| s.list_transfers_of(&payment, after).await).await;
}

#[tokio::test]
async fn objects_are_retrieved_by_their_ids_with_what_is_needed_of_others() {
    let charge =
        json!({"id": "ch_1", "status": "succeeded", "amount": 5, "currency": "usd", "livemode": false});
    let (path, query, _) = asked(Step::reply(200, charge.to_string()), async |stripe| {
        stripe.retrieve_charge(&ChargeId::parse("ch_1").expect("id")).await
    })
    .await;
    assert_eq!((path.as_str(), query), ("/charges/ch_1", pairs(&[("expand[0]", "balance_transaction")])));

    let dispute = json!({"id": "dp_1", "status": "lost", "amount": 5, "currency": "usd", "livemode": false});
    let (path, query, _) = asked(Step::reply(200, dispute.to_string()), async |stripe| {
        stripe.retrieve_dispute(&DisputeId::parse("dp_1").expect("id")).await
    })
    .await;
    assert_eq!((path.as_str(), query), ("/disputes/dp_1", vec![]));
}

fn reversal(number: usize) -> Value {
    json!({"id": format!("trr_{number}"), "amount": 1, "currency": "usd", "transfer": "tr_1", "metadata": {}})
}

fn transfer(shown: &[Value], has_more: bool) -> Value {
    json!({"id": "tr_1", "object": "transfer", "amount": 1_000, "currency": "usd", "livemode": false,
        "destination": "acct_1", "source_transaction": "ch_1", "transfer_group": PAYMENT, "metadata": {},
        "reversals": {"object": "list", "data": shown, "has_more": has_more}})
}

#[tokio::test]
async fn a_transfer_is_retrieved_with_every_reversal() {
    let all: Vec<Value> = (0..130).rev().map(reversal).collect();
    let transport = ScriptedTransport::new([
        Step::reply(200, transfer(&all[..10], true).to_string()),
        page(&all[10..110], true),
        page(&all[110..], false),
    ]);
    let id = TransferId::parse("tr_1").expect("id");
    let seen = transport.session().retrieve_transfer(&id).await.expect("retrieved").snapshot();
    let ids: Vec<String> = seen.reversals.iter().map(|reversal| reversal.id.to_string()).collect();
    assert_eq!(ids, (0..130).rev().map(|number| format!("trr_{number}")).collect::<Vec<_>>());
    let uris: Vec<String> = transport.sent().into_iter().map(|sent| sent.uri).collect();
    let base = "https://api.stripe.com/v1/transfers/tr_1";
    assert_eq!(
        uris,
        [
            base.to_owned(),
            format!("{base}/reversals?limit=100&starting_after=trr_120"),
            format!("{base}/reversals?limit=100&starting_after=trr_20"),
        ]
    );
}

#[tokio::test]
async fn a_listed_transfer_has_every_reversal_too() {
    let all: Vec<Value> = (0..11).rev().map(reversal).collect();
    let transport =
        ScriptedTransport::new([page(&[transfer(&all[..10], true)], false), page(&all[10..], false)]);
    let payment = PaymentId::parse(PAYMENT).expect("id");
    let page = transport.session().list_transfers_of(&payment, None).await.expect("listed");
    assert_eq!(page.data[0].reversals.data.len(), 11);
    assert!(!page.data[0].reversals.has_more);
}

#[tokio::test]
async fn reversals_that_cannot_all_be_read_are_no_answer() {
    let broken = json!({"id": "trr_1", "amount": "many"});
    let transport = ScriptedTransport::new([
        Step::reply(200, transfer(&[reversal(2)], true).to_string()),
        page(&[broken], false),
    ]);
    let id = TransferId::parse("tr_1").expect("id");
    let answer = transport.session().retrieve_transfer(&id).await;
    assert!(matches!(answer, Err(StripeError::Unreadable(_))), "{answer:?}");
}

#[tokio::test]
async fn one_unreadable_object_hides_neither_the_others_nor_where_to_go_on() {
    let good = |id: &str| json!({"id": id, "status": "succeeded", "amount": 5, "currency": "usd"});
    let bad = json!({"id": "re_2", "status": "succeeded", "amount": "5"});
    let transport = ScriptedTransport::new([page(&[good("re_3"), bad.clone()], true)]);
    let page_of_two = transport.session().list_refunds_of(&pi_1(), None).await.expect("listed");
    assert_eq!(page_of_two.data[0].id.as_str(), "re_3");
    assert_eq!(page_of_two.unreadable[0].id, "re_2");
    assert_eq!(page_of_two.next.as_deref(), Some("re_2"), "the list goes on after its last object");

    let transport = ScriptedTransport::new([page(&[bad, good("re_1")], true)]);
    let other = transport.session().list_refunds_of(&pi_1(), None).await.expect("listed");
    assert_eq!((other.data.len(), other.unreadable.len(), other.next.as_deref()), (1, 1, Some("re_1")));
}

#[tokio::test]
async fn a_page_with_an_object_without_id_is_no_answer() {
    for object in [json!({"amount": 5}), json!(null), json!({"id": 7})] {
        let transport = ScriptedTransport::new([page(&[object], true)]);
        let answer = transport.session().list_refunds_of(&pi_1(), None).await;
        assert!(matches!(answer, Err(StripeError::Unreadable(_))), "{answer:?}");
    }
    let refused = Step::reply(400, error_json("invalid_request_error", Some("parameter_invalid")));
    let answer = ScriptedTransport::new([refused]).session().list_refunds_of(&pi_1(), Some("re_0")).await;
    assert_eq!(refusal_code(&answer.expect_err("refused")), Some("parameter_invalid"));
}

#[tokio::test]
async fn undelivered_events_are_read_as_a_delivery_would_be_and_one_at_a_time() {
    let event = |id: &str, object: Value| {
        json!({"id": id, "object": "event", "type": "refund.updated", "created": 7, "livemode": false,
            "data": {"object": object}})
    };
    let refund = json!({"id": "re_1", "status": "failed", "amount": 5, "currency": "usd"});
    let data = [event("evt_2", json!({"id": "re_2"})), event("evt_1", refund), json!({"id": "other_1"})];
    let transport = ScriptedTransport::new([page(&data, true)]);
    let page = transport.session().list_undelivered_events(WINDOW, None).await.expect("listed");
    let ids: Vec<&str> = page.data.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["evt_2", "evt_1"]);
    assert_eq!((page.unreadable[0].id.as_str(), page.next.as_deref()), ("other_1", Some("other_1")));
    let unreadable = parse_event(&page.data[0].body).expect_err("parked");
    assert_eq!(unreadable.event_id.expect("id").as_str(), "evt_2");
    let read = parse_event(&page.data[1].body).expect("reads");
    assert!(read.received_object().expect("used").snapshot.is_ok());
}
