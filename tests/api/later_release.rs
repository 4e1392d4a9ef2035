//! Items that this release does not fully know, because a later one wrote them or they are damaged: what it does not know
//! is kept, and one item that it cannot read stops nobody.

mod records;

use black_box::{Answer, Breakable, Caller, eventually, order, ten_dollars, text};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const ROLLOUT: &str = "/v1/admin/rollout";
const WAVE: &str = "test-group";
/// What a later release adds.
const LATER: &str = "later";

/// A stack whose table has every kind of item that is ever rewritten, with the payments of `sam` and `kim`.
async fn stack_with_everything() -> (Breakable, [Value; 2]) {
    let stack = Breakable::start().await;
    let (app, op) = (&stack.app, stack.app.operator());
    let halt = json!({"dispute_rate_ppm": 900_000, "failure_rate_ppm": 900_000, "min_payments": 50});
    let wave = json!({"add": ["bo"], "halt": halt, "reason": "x"});
    assert_eq!(op.put_wave(WAVE, wave).await.status, 200);
    let settings = json!({"min_amount": 100});
    assert_eq!(app.user("ana").put("/v1/creators/ana/settings", settings).await.status, 200);
    assert_eq!(app.user("ana").put("/v1/creators/ana/blocks/tom", json!({})).await.status, 204);
    assert_eq!(app.user("sam").post("/v1/feedback", json!({"rating": 5})).await.status, 201);
    assert_eq!(app.deliver("not JSON at all").await.status, 200);
    let payments = [stack.paid("sam").await, stack.paid("kim").await];
    // A dispute holds its sender.
    let disputed = app.user("dan").created("k").await;
    assert_eq!(app.confirm(&disputed, "pm_card_createDispute").await.status, 200);
    eventually("a dispute", async || app.listed("/v1/disputes").await.pop()).await;
    app.deliver_all().await;
    let stopped = json!({"cancel_open": true, "reason": "x"});
    assert_eq!(op.put(ROLLOUT, stopped).await.status, 200);
    rebuilt(&stack).await;
    app.reconciled().await;
    (stack, payments)
}

async fn rebuilt(stack: &Breakable) {
    eventually("a rebuild that is finished", async || {
        let request = stack.app.operator().request(Method::POST, "/v1/admin/totals/rebuild");
        (Answer::to(request).await.body["finished"] == true).then_some(())
    })
    .await;
}

fn key(item: &Value) -> String {
    format!("{}/{}", text(&item["PK"], "S"), text(&item["SK"], "S"))
}

/// The names of the attributes that are maps.
fn maps(item: &Value) -> Vec<String> {
    let attributes = item.as_object().expect("an item").iter();
    attributes.filter(|(_, value)| value["M"].is_object()).map(|(name, _)| name.clone()).collect()
}

/// Adds an unknown attribute to an item, and an unknown field to the root of each of its documents.
fn with_unknown_fields(item: &Value) -> Value {
    let mut item = item.clone();
    for name in maps(&item) {
        item[&name]["M"][LATER] = json!({"S": "of a document"});
    }
    item[LATER] = json!({"S": "of an item"});
    let rules = item.pointer_mut("/rollout/M/waves/L").and_then(Value::as_array_mut);
    for rule in rules.into_iter().flatten() {
        rule["M"]["halt"]["M"][LATER] = json!({"N": "7"});
    }
    item
}

async fn refunded(stack: &Breakable, sender: &str, payment: &Value, key: &str) {
    let refund = stack.app.user(sender).refund(payment, key, json!({"amount": 100})).await;
    assert_eq!((refund.status, &refund.body["status"]), (202, &json!("succeeded")), "{refund:?}");
}

/// What rewrites the items of every kind.
async fn rewrite_everything(stack: &Breakable, payments: &[Value; 2]) {
    let (app, op) = (&stack.app, stack.app.operator());
    refunded(stack, "sam", &payments[0], "after").await;
    // The kill switch works, and so does the wave.
    for paused in [true, false] {
        let switched = op.put(ROLLOUT, json!({"paused": paused, "reason": "x"})).await;
        assert_eq!((switched.status, &switched.body["paused"]), (200, &json!(paused)), "{switched:?}");
    }
    let wider = op.put_wave(WAVE, json!({"percentage": 1, "add": ["cy"], "reason": "x"})).await;
    assert_eq!(wider.status, 200, "{wider:?}");
    assert_eq!(app.user("sam").get("/v1/creators/bo").await.status, 200);
    let settings = json!({"min_amount": 200});
    assert_eq!(app.user("ana").put("/v1/creators/ana/settings", settings).await.status, 200);
    op.set_receiving("bo", "enabled").await;
    assert_eq!(app.user("ana").delete("/v1/creators/ana/blocks/tom").await.status, 204);
    assert_eq!(app.user("sam").post("/v1/feedback", json!({"rating": 1})).await.status, 201);
    assert_eq!(app.user("sam").pay("new", ten_dollars()).await.status, 201);
    let evidence = [("evidence[uncategorized_text]", "winning_evidence")];
    let dispute = app.listed("/v1/disputes").await.remove(0);
    let path = format!("/v1/disputes/{}", text(&dispute, "id"));
    assert_eq!(app.stripe(Method::POST, &path, &evidence).await.status, 200);
    let is_won = async || app.listed("/v1/disputes").await.pop().filter(|dispute| dispute["status"] == "won");
    eventually("the dispute is won", is_won).await;
    app.deliver_all().await;
    stack.pass_seconds(86_400);
    app.reconciled().await;
}

#[tokio::test]
async fn what_a_later_release_added_to_an_item_is_kept_when_the_item_is_rewritten() {
    let (stack, payments) = stack_with_everything().await;
    let before: Vec<Value> = stack.app.table().await.iter().map(with_unknown_fields).collect();
    stack.app.put_all(&before).await;
    rewrite_everything(&stack, &payments).await;

    let after: BTreeMap<String, Value> =
        stack.app.table().await.into_iter().map(|item| (key(&item), item)).collect();
    let mut rewritten = BTreeSet::new();
    for old in &before {
        let Some(new) = after.get(&key(old)) else { panic!("{} is gone", key(old)) };
        assert_eq!(new[LATER], old[LATER], "{new}");
        for document in maps(old) {
            assert_eq!(new[&document]["M"][LATER], old[&document]["M"][LATER], "{document} of {new}");
        }
        if new != old {
            rewritten.insert(text(&new["type"], "S").to_owned());
        }
    }
    let rules = after["ROLLOUT#3/CURRENT"]["rollout"]["M"]["waves"]["L"].clone();
    assert_eq!(rules[0]["M"]["halt"]["M"][LATER], json!({"N": "7"}), "{rules}");
    let kinds = ["payment", "receiver", "rollout", "wave", "hold", "block", "feedback", "reconciliation"];
    let kinds: BTreeSet<String> = kinds.map(str::to_owned).into();
    assert!(rewritten.is_superset(&kinds), "{rewritten:?}");
}

#[tokio::test]
async fn a_change_beside_a_part_that_is_not_known_is_not_written_and_is_a_difference() {
    let (stack, [payment, _]) = stack_with_everything().await;
    let row = format!("PAYMENT#{}", text(&payment, "payment_id"));
    let state = async || {
        let items = stack.app.items(&row).await;
        items.into_iter().find(|item| item["SK"]["S"] == "STATE").expect("a row")
    };
    let mut later = state().await;
    later["state"]["M"]["transfers"]["M"][LATER] = json!({"S": "x"});
    stack.app.put(&later).await;
    // The refund is accepted and made, and its reversal would change the transfers.
    let refund = stack.app.user("sam").refund(&payment, "r", json!({"amount": 100})).await;
    assert_eq!(refund.status, 202, "{refund:?}");
    for _ in 0..2 {
        let run = stack.app.reconciled().await;
        // What Stripe refunded is not booked.
        let found = json!([{"kind": "unreadable_item", "object": format!("{row}/STATE")},
            {"kind": "balance_differs", "object": null}]);
        assert_eq!(named(&run), found, "{run}");
    }
    let kept = state().await;
    assert_eq!(kept["state"]["M"]["transfers"], later["state"]["M"]["transfers"], "{kept}");
    assert_eq!(stack.app.transfers_at_stripe(&payment).await, [(1_000, 0)]);
    // The later release is back.
    let mut known = kept;
    known["state"]["M"]["transfers"]["M"].as_object_mut().expect("a map").remove(LATER);
    stack.app.put(&known).await;
    stack.pass_seconds(86_400);
    assert_eq!(stack.app.reconciled().await["differences"], json!([]));
    assert_eq!(stack.app.transfers_at_stripe(&payment).await, [(1_000, 100)]);
}

/// The kinds and the objects of the differences.
fn named(run: &Value) -> Value {
    let differences = run["differences"].as_array().expect("differences").iter();
    differences
        .map(|difference| json!({"kind": difference["kind"], "object": difference["object"]}))
        .collect()
}

/// Makes every item unreadable whose key begins so, by a variant of a later release. A payment's state tolerates fields that
/// it does not know, so one that it knows is damaged.
async fn damage(stack: &Breakable, prefix: &str, attribute: &str) -> usize {
    let mut items = stack.app.table().await;
    items.retain(|item| key(item).starts_with(prefix));
    for item in &mut items {
        let field = if attribute == "state" { "succeeded" } else { "of_a_later_release" };
        item[attribute] = json!({"M": {field: {"S": "x"}}});
    }
    stack.app.put_all(&items).await;
    items.len()
}

async fn damage_state(stack: &Breakable, payment: &Value) {
    damage(stack, &format!("PAYMENT#{}/STATE", text(payment, "payment_id")), "state").await;
}

async fn page(caller: &Caller<'_>, path: &str) -> (u16, usize, Value) {
    let page = caller.get(path).await;
    let list = if page.body["feedback"].is_object() { &page.body["feedback"] } else { &page.body };
    (page.status, list["items"].as_array().map_or(0, Vec::len), list["unreadable"].clone())
}

#[tokio::test]
async fn lists_leave_out_what_they_cannot_read_and_say_how_much() {
    let (stack, _) = stack_with_everything().await;
    let op = stack.app.operator();
    assert_eq!(op.put_wave("second", json!({"reason": "x"})).await.status, 200);
    let opinion = json!({"rating": 3, "payment_id": stack.paid("lea").await["payment_id"]});
    assert_eq!(stack.app.user("lea").post("/v1/feedback", opinion).await.status, 201);
    let report = format!("/v1/admin/waves/{WAVE}/report");
    for (prefix, attribute, path) in [
        ("AUDIT#creator:ana/", "entry", "/v1/admin/creators/ana/audit"),
        ("AUDIT#rollout/", "entry", "/v1/admin/rollout/audit"),
        (&format!("AUDIT#wave:{WAVE}/"), "entry", &format!("/v1/admin/waves/{WAVE}/audit")),
        (&format!("WAVE#{WAVE}/"), "details", "/v1/admin/waves"),
        ("PARKED#", "reason", "/v1/admin/quarantine"),
    ] {
        let (status, before, unreadable) = page(&op, path).await;
        assert_eq!((status, unreadable), (200, Value::Null), "{path}");
        let damaged = damage(&stack, prefix, attribute).await;
        assert!(damaged > 0, "{prefix}");
        assert_eq!(page(&op, path).await, (200, before - damaged, json!(damaged)), "{path}");
    }
    assert_eq!(op.get(&report).await.problem(), (503, "unavailable"), "its wave cannot be read");
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_a_difference_and_stops_nobody_else() {
    let (stack, [payment, other]) = stack_with_everything().await;
    let (app, op) = (&stack.app, stack.app.operator());
    let row = format!("PAYMENT#{}/STATE", text(&payment, "payment_id"));
    let events = app.events_of(&payment).await;
    for (prefix, attribute) in [
        (row.as_str(), "state"),
        ("CREATOR#bo/RECEIVER", "receiver"),
        ("CREATOR#ana/BLOCK#tom", "blocked"),
        ("SENDER#dan/HOLD", "hold"),
        ("ROLLOUT#5/", "rollout"),
        ("FEEDBACK#", "feedback"),
        ("RECONCILE/CURRENT", "value"),
        ("RECONCILE/CANCEL_OPEN", "value"),
        (&format!("WAVE#{WAVE}/"), "details"),
    ] {
        assert!(damage(&stack, prefix, attribute).await > 0, "{prefix}");
    }

    // Events about the payment and about the account are parked, and Stripe need not send them again.
    let parked = app.parked_events().await.len();
    assert_eq!(app.deliver(events.last().expect("an event").to_string()).await.status, 200);
    assert_eq!(app.parked_events().await.len(), parked + 1);
    let account = json!({"id": "acct_1Demobo", "type": "v2.core.account"});
    let news = json!({"id": "evt_1x", "object": "v2.core.event", "type": "v2.core.account.updated",
        "livemode": false, "created": "2026-11-23T22:31:40.000Z", "related_object": account});
    for _ in 0..2 {
        assert_eq!(app.deliver(news.to_string()).await.status, 200);
        assert_eq!(app.parked_events().await.len(), parked + 2);
    }

    // Everybody else goes on.
    for n in 0..16 {
        let paid = app.user("sue").pay(&format!("k-{n}"), ten_dollars()).await;
        assert_eq!(paid.status, 201, "any rollout copy");
    }
    refunded(&stack, "kim", &other, "after").await;
    assert_eq!(app.user("sam").get("/v1/creators/ana").await.status, 200);
    assert_eq!(app.user("sam").pay("x", order("bo", 1_000)).await.problem(), (503, "unavailable"));

    stack.pass_seconds(86_400);
    for _ in 0..5 {
        let run = app.reconciled().await;
        let kinds: BTreeSet<String> = named(&run)
            .as_array()
            .expect("differences")
            .iter()
            .filter(|difference| difference["kind"] == "unreadable_item")
            .map(|difference| text(difference, "object").to_owned())
            .collect();
        // The payment's balance transactions are in the first window alone; it is listed as long as it cannot be read.
        assert!(kinds.contains(&row) && kinds.contains("CREATOR#bo/RECEIVER"), "{run}");
        let drift = op.get("/v1/admin/drift").await;
        assert_eq!((drift.status, &drift.body["last"]["number"]), (200, &run["number"]));
        assert_eq!(drift.body["last"]["differences_found"], run["differences_found"]);
    }
}

#[tokio::test]
async fn an_item_that_cannot_be_read_keeps_no_other_open_intent_from_being_canceled() {
    let stack = Breakable::start().await;
    let (app, op) = (&stack.app, stack.app.operator());
    let unreadable = app.user("sam").created("k").await;
    let (open, blocked) = (app.user("kim").created("k").await, app.user("tom").created("k").await);
    let row = format!("PAYMENT#{}/STATE", text(&unreadable, "payment_id"));
    let status =
        async |sender: &str, payment: &Value| app.user(sender).payment(payment).await.body["status"].clone();
    damage(&stack, &row, "state").await;
    assert_eq!(app.user("ana").put("/v1/creators/ana/blocks/tom", json!({})).await.status, 204);
    app.reconciled().await;
    assert_eq!(status("tom", &blocked).await, "canceled");

    // The request for the next review cannot be read.
    assert_eq!(app.user("ana").put("/v1/creators/ana/blocks/dan", json!({})).await.status, 204);
    assert_eq!(damage(&stack, "OPEN_INTENTS/", "review").await, 1);
    assert_eq!(op.put(ROLLOUT, json!({"cancel_open": true, "reason": "x"})).await.status, 200);
    for _ in 0..2 {
        let run = app.reconciled().await;
        let review = json!({"kind": "unreadable_item", "object": "OPEN_INTENTS/REVIEW"});
        assert!(named(&run).as_array().expect("differences").contains(&review), "{run}");
    }
    assert_eq!(status("kim", &open).await, "canceled");
}

#[tokio::test]
async fn what_happened_while_an_item_could_not_be_read_is_made_up_for_once_it_can() {
    for (item, attribute) in [("STATE", "state"), ("TERMS", "terms")] {
        made_up_for(item, attribute).await;
    }
}

async fn made_up_for(item: &str, attribute: &str) {
    let stack = Breakable::start().await;
    let (app, payment) = (&stack.app, stack.paid("sam").await);
    app.reconciled().await;
    let row = format!("PAYMENT#{}", text(&payment, "payment_id"));
    let whole = app.items(&row).await;
    damage(&stack, &format!("{row}/{item}"), attribute).await;
    let form = [("payment_intent", text(&payment, "stripe_payment_intent_id")), ("amount", "100")];
    assert_eq!(app.stripe(Method::POST, "/v1/refunds", &form).await.status, 200);
    for _ in 0..3 {
        let found = json!([{"kind": "unreadable_item", "object": format!("{row}/{item}")},
            {"kind": "balance_differs", "object": null}]);
        assert_eq!(named(&app.reconciled().await), found);
        stack.pass_seconds(86_400);
    }
    app.put_all(&whole).await;
    assert_eq!(app.reconciled().await["differences"], json!([]));
    assert_ne!(app.operator().payment(&payment).await.body["refunded_amount"], 0);
}
