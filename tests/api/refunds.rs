//! Refunds: who may refund, how much, only once, and with the creator's share to the cent.

use black_box::{Answer, App, Breakable, Caller, eventually, text};
use futures_util::future::join_all;
use payments::FeeBearer;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const DAY_S: i64 = 86_400;

fn balances(of: &[(&str, i64)]) -> BTreeMap<String, i64> {
    of.iter().map(|(account, balance)| ((*account).to_owned(), *balance)).collect()
}

fn amounts(refunds: &[Value]) -> Vec<i64> {
    refunds.iter().filter_map(|refund| refund["amount"].as_i64()).collect()
}

#[tokio::test]
async fn a_sender_refunds_a_part_and_the_creators_share_comes_back_to_the_cent() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let sam = app.user("sam");
    let refund = sam.refund(&payment, "r", json!({"amount": 400, "reason": "Sent twice"})).await;
    assert_eq!(refund.status, 202, "{refund:?}");
    let shown = &refund.body;
    assert_eq!((&shown["status"], &shown["amount"]), (&json!("succeeded"), &json!(400)));
    assert_eq!((&shown["processing_fee"], &shown["reason"]), (&json!(0), &json!("Sent twice")));
    assert_eq!(sam.refunds(&payment).await.body, json!({"items": [shown], "next_cursor": null}));
    assert_eq!(sam.payment(&payment).await.body["refunded_amount"], 400);

    assert_eq!(amounts(&app.refunds_at_stripe(&payment).await), [400]);
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 400)]);
    let expected = balances(&[("card", -661), ("creator:ana", 600), ("fee_reserve", 61)]);
    assert_eq!(app.balances(&payment).await, expected);
    assert_eq!(app.operator().payment(&payment).await.body["owed"], 0);
}

#[tokio::test]
async fn several_refunds_take_no_more_than_there_is_and_the_last_takes_all_that_is_left() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let sam = app.user("sam");
    assert_eq!(sam.refund(&payment, "a", json!({"amount": 333})).await.status, 202);
    let too_much = sam.refund(&payment, "b", json!({"amount": 668})).await;
    assert_eq!(too_much.problem(), (422, "amount_above_refundable"));
    assert_eq!((&too_much.body["limit"], &too_much.body["field"]), (&json!(667), &json!("amount")));
    let rest = sam.refund(&payment, "c", json!({})).await;
    assert_eq!((rest.status, &rest.body["amount"]), (202, &json!(667)));
    assert_eq!(sam.refund(&payment, "d", json!({})).await.problem(), (422, "nothing_to_refund"));
    assert_eq!(sam.refund(&payment, "e", json!({"amount": 1})).await.problem(), (422, "nothing_to_refund"));
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 1_000)]);
    assert_eq!(app.balances(&payment).await, balances(&[("card", -61), ("fee_reserve", 61)]));
    let listed = sam.refunds(&payment).await.body;
    assert_eq!(amounts(listed["items"].as_array().expect("a list")), [333, 667]);
}

#[tokio::test]
async fn a_senders_window_closes_and_an_operators_does_not() {
    let stack = Breakable::start().await;
    let payment = stack.paid("sam").await;
    let (sam, operator) = (stack.app.user("sam"), stack.app.operator());
    // A minute for the test itself.
    stack.pass_seconds(7 * DAY_S - 60);
    assert_eq!(sam.refund(&payment, "a", json!({"amount": 100})).await.status, 202);
    stack.pass_seconds(60);
    assert_eq!(
        sam.refund(&payment, "b", json!({"amount": 100})).await.problem(),
        (403, "refund_window_closed")
    );
    // A refund that was accepted in time is still answered.
    assert_eq!(sam.refund(&payment, "a", json!({"amount": 100})).await.status, 202);
    stack.pass_seconds(300 * DAY_S);
    assert_eq!(operator.refund(&payment, "c", json!({"amount": 100})).await.status, 202);
    assert_eq!(amounts(&stack.app.refunds_at_stripe(&payment).await), [100, 100]);
}

#[tokio::test]
async fn nobody_but_the_sender_and_operators_refunds_a_payment_or_sees_its_refunds() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let unknown = json!({"payment_id": "pay_00000000000000000000000000000000"});
    let (ana, eve, sam) = (app.user("ana"), app.user("eve"), app.user("sam"));
    for (caller, payment) in [(&ana, &payment), (&eve, &payment), (&sam, &unknown)] {
        assert_eq!(caller.refund(payment, "r", json!({})).await.problem(), (404, "not_found"));
        assert_eq!(caller.refunds(payment).await.problem(), (404, "not_found"));
    }
    assert_eq!(app.refunds_at_stripe(&payment).await, [] as [Value; 0]);
    assert_eq!(app.operator().refunds(&payment).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_twins_at_once_and_any_retry_are_one_refund() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let sam = app.user("sam");
    let twins = join_all((0..8).map(|_| sam.refund(&payment, "r", json!({"amount": 250})))).await;
    assert!(twins.iter().all(|twin| twin.status == 202), "{twins:?}");
    let again = sam.refund(&payment, "r", json!({"amount": 250})).await;
    let ids: BTreeSet<_> = twins.iter().chain([&again]).map(|twin| text(&twin.body, "refund_id")).collect();
    assert_eq!((ids.len(), &again.body["status"]), (1, &json!("succeeded")));
    assert_eq!(amounts(&app.refunds_at_stripe(&payment).await), [250]);
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 250)]);
    assert_eq!(app.balances(&payment).await["creator:ana"], 750);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_refunds_at_once_only_those_are_accepted_that_the_payment_can_bear() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let sam = app.user("sam");
    let keys: Vec<_> = (0..8).map(|key| format!("r-{key}")).collect();
    let answers = join_all(keys.iter().map(|key| sam.refund(&payment, key, json!({"amount": 300})))).await;
    let accepted = answers.iter().filter(|answer| answer.status == 202).count();
    let refused = |answer: &&Answer| answer.status == 422 && answer.problem().1 == "amount_above_refundable";
    assert_eq!((accepted, answers.iter().filter(refused).count()), (3, 5), "{answers:?}");
    // Whichever request reverses it, the share of all of them comes back.
    eventually("every share is back", async || {
        (app.transfers_at_stripe(&payment).await == [(1_000, 900)]).then_some(())
    })
    .await;
    assert_eq!(amounts(&app.refunds_at_stripe(&payment).await), [300; 3]);
}

#[tokio::test]
async fn a_key_used_for_another_refund_is_refused_and_belongs_to_its_caller_and_payment() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let other = app.paid("sam", "k2", "pm_card_visa").await;
    let sam = app.user("sam");
    assert_eq!(sam.refund(&payment, "r", json!({"amount": 100})).await.status, 202);
    let reused = (422, "idempotency_key_reused");
    assert_eq!(sam.refund(&payment, "r", json!({"amount": 101})).await.problem(), reused);
    assert_eq!(sam.refund(&payment, "r", json!({})).await.problem(), reused);
    let why = json!({"amount": 100, "reason": "Sent twice"});
    assert_eq!(sam.refund(&payment, "r", why).await.problem(), reused);
    assert_eq!(sam.refund(&other, "r", json!({"amount": 200})).await.status, 202);
    assert_eq!(app.operator().refund(&payment, "r", json!({"amount": 300})).await.status, 202);
    assert_eq!(amounts(&app.refunds_at_stripe(&payment).await), [300, 100]);
}

#[tokio::test]
async fn what_is_not_paid_or_no_amount_is_not_refunded() {
    let app = App::start().await;
    let sam = app.user("sam");
    let open = sam.created("k").await;
    assert_eq!(sam.refund(&open, "r", json!({})).await.problem(), (409, "payment_not_settled"));
    let payment = app.paid("sam", "k2", "pm_card_visa").await;
    for amount in [json!(0), json!(-1), json!("100"), json!(1.5), json!(i64::MIN)] {
        let answer = sam.refund(&payment, "r", json!({"amount": amount})).await;
        assert_eq!(answer.problem(), (400, "invalid_request"), "{amount}");
    }
    assert_eq!(app.refunds_at_stripe(&payment).await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_platform_that_bears_the_fee_refunds_it_in_proportion_and_all_of_it_in_the_end() {
    let stack = Breakable::start_where(FeeBearer::Platform).await;
    let payment = stack.paid("sam").await;
    let sam = stack.app.user("sam");
    let part = sam.refund(&payment, "a", json!({"amount": 333})).await.body;
    assert_eq!((&part["amount"], &part["processing_fee"]), (&json!(333), &json!(20)));
    let rest = sam.refund(&payment, "b", json!({})).await.body;
    assert_eq!((&rest["amount"], &rest["processing_fee"]), (&json!(667), &json!(41)));
    assert_eq!(amounts(&stack.app.refunds_at_stripe(&payment).await), [708, 353]);
    assert_eq!(stack.app.transfers_at_stripe(&payment).await, [(1_000, 1_000)]);
    let expected = balances(&[("fee_reserve", 61), ("platform", -61)]);
    assert_eq!(stack.app.balances(&payment).await, expected);
}

/// The `owed` that each caller sees.
async fn owed_shown(of: &[Caller<'_>], payment: &Value) -> Vec<Value> {
    let mut shown = Vec::new();
    for caller in of {
        shown.push(caller.payment(payment).await.body["owed"].clone());
    }
    shown
}

#[tokio::test]
async fn a_share_that_the_creator_has_paid_out_stays_owed_and_shown_until_it_is_there_to_take() {
    let stack = Breakable::start().await;
    let (app, payment) = (&stack.app, stack.paid("sam").await);
    let callers = [app.operator(), app.user("ana"), app.user("sam")];
    app.pay_out("ana", 1_000).await;
    let refund = app.user("sam").refund(&payment, "r", json!({"amount": 400})).await;
    assert_eq!((refund.status, &refund.body["status"]), (202, &json!("succeeded")));
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 0)]);
    assert_eq!(owed_shown(&callers, &payment).await, [json!(400), json!(400), Value::Null]);
    let expected =
        balances(&[("card", -661), ("creator:ana", 1_000), ("fee_reserve", 61), ("owed:ana", -400)]);
    assert_eq!(app.balances(&payment).await, expected);

    stack.pass_seconds(600);
    let run = app.reconciled().await;
    let owed = json!([{"kind": "owed", "payment_id": payment["payment_id"], "amount": 400}]);
    assert_eq!(run["differences"], owed);
    assert_eq!(app.operator().get("/v1/admin/drift").await.body["last"]["differences"], owed);

    stack.paid("kim").await;
    stack.pass_seconds(DAY_S);
    assert_eq!(app.reconciled().await["differences"], json!([]));
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 400)]);
    assert_eq!(owed_shown(&callers, &payment).await, [json!(0), json!(0), Value::Null]);
}

#[tokio::test]
async fn a_refund_that_fails_later_gives_the_creator_the_share_again() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_refundFail").await;
    let sam = app.user("sam");
    assert_eq!(sam.refund(&payment, "r", json!({"amount": 400})).await.body["status"], "succeeded");
    sam.until("the refund failed", &payment, |payment| payment["refunded_amount"] == 0).await;
    eventually("transferred again", async || {
        (app.transfers_at_stripe(&payment).await == [(1_000, 400), (400, 0)]).then_some(())
    })
    .await;
    app.operator().until("nothing is owed", &payment, |payment| payment["owed"] == 0).await;
    let kept = balances(&[("card", -1_061), ("creator:ana", 1_000), ("fee_reserve", 61)]);
    eventually("the books agree", async || (app.balances(&payment).await == kept).then_some(())).await;
    assert_eq!(sam.refunds(&payment).await.body["items"][0]["status"], "failed");
    // The failed amount can be refunded again, and is reversed from both transfers.
    assert_eq!(sam.refund(&payment, "again", json!({})).await.body["amount"], 1_000);
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 1_000), (400, 400)]);
}

#[tokio::test]
async fn a_refund_made_at_stripe_with_its_proportional_reversal_is_mended_to_the_cent() {
    let app = App::start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let intents = app.intents().await;
    // ⌊505 · 1000 / 1061⌋ = 475, and Stripe rounds 475.97 to 476.
    let form = [("payment_intent", text(&intents[0], "id")), ("amount", "505"), ("reverse_transfer", "true")];
    assert_eq!(app.stripe(reqwest::Method::POST, "/v1/refunds", &form).await.status, 200);
    let shown = app.operator().until("both are known", &payment, |payment| payment["owed"] == -1).await;
    assert_eq!(shown["refunded_amount"], 475);
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 476)]);
    assert_eq!(app.reconciled().await["differences"], json!([]));
    assert_eq!(app.transfers_at_stripe(&payment).await, [(1_000, 476), (1, 0)]);
    assert_eq!(app.balances(&payment).await["creator:ana"], 525);
    let listed = app.user("sam").refunds(&payment).await.body;
    assert_eq!(
        (&listed["items"][0]["amount"], &listed["items"][0]["processing_fee"]),
        (&json!(475), &json!(30))
    );
}

#[tokio::test]
async fn an_account_for_which_stripe_refuses_the_recovery_of_a_refund_is_refreshed_at_once() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    let payment = stack.paid("sam").await;
    let account = app.operator().explained("ana").await;
    app.change_account(text(&account, "stripe_account_id"), "reject").await;
    assert_eq!(app.stored_state("ana").await, "ready", "no event of it is heard");
    let gone =
        json!({"error": {"type": "invalid_request_error", "code": "account_invalid", "message": "Gone."}});
    stack.refund.stripe_replies_at("/reversals", 400, &gone);
    assert_eq!(app.user("sam").refund(&payment, "r", json!({})).await.status, 202);
    assert_eq!(app.stored_state("ana").await, "rejected");
}
