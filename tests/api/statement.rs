//! The statement of the platform's balance: every movement has a class, is booked, and leads to Stripe's balance.

use black_box::{Answer, App, text};
use local::stack::Options;
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) const STATEMENT: &str = "/v1/admin/statement";

/// A platform that has nothing of its own at first.
async fn start() -> App {
    App::start_with(Options { top_up: 0, ..Options::default() }).await
}

/// Adds a balance transaction that no payment makes.
pub(crate) async fn transaction(app: &App, form: &[(&str, &str)]) -> Value {
    let added = app.stripe(Method::POST, "/stand_in/balance_transactions", form).await;
    assert_eq!(added.status, 200, "{added:?}");
    added.body
}

async fn statement(app: &App) -> Value {
    let answer = app.operator().get(STATEMENT).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

async fn stripes_balance(app: &App) -> i64 {
    let balance = app.stripe(Method::GET, "/v1/balance", &[]).await.body;
    let amount = |part: &str| balance[part][0]["amount"].as_i64().expect("an amount");
    amount("available") + amount("pending")
}

/// The class, count and net of each movement in dollars.
fn movements(statement: &Value) -> Vec<(&str, i64, i64)> {
    let all = statement["currencies"][0]["movements"].as_array().expect("movements").iter();
    let number = |movement: &Value, field: &str| movement[field].as_i64().expect("a number");
    all.map(|it| (text(it, "class"), number(it, "count"), number(it, "net"))).collect()
}

/// The kinds of differences, with their details.
fn differences(run: &Value) -> Vec<(&str, &str)> {
    let all = run["differences"].as_array().expect("a list").iter();
    all.map(|it| (text(it, "kind"), it["detail"].as_str().unwrap_or_default())).collect()
}

/// The platform's own entries.
async fn platform_entries(app: &App) -> Vec<Value> {
    let is_entry = |item: &Value| item["type"]["S"] == "platform_entry";
    app.table().await.into_iter().filter(is_entry).collect()
}

#[tokio::test]
async fn every_movement_has_its_class_and_the_closing_balance_is_stripes() {
    let app = start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    assert_eq!(app.user("sam").refund(&payment, "r", json!({"amount": 300})).await.status, 202);
    transaction(&app, &[("type", "topup"), ("amount", "5000")]).await;
    transaction(&app, &[("type", "stripe_fee"), ("amount", "-20"), ("fee", "2")]).await;
    transaction(&app, &[("type", "adjustment"), ("amount", "7")]).await;
    let payout = app.stripe(Method::POST, "/v1/payouts", &[("amount", "900"), ("currency", "usd")]).await;
    assert_eq!(payout.status, 200, "{payout:?}");
    let run = app.reconciled().await;
    assert_eq!(run["differences"], json!([]), "{run}");
    let shown = statement(&app).await;
    let expected = [
        ("charge", 1, 1_000),
        ("refund", 1, -300),
        ("transfer", 1, -1_000),
        ("transfer_reversal", 1, 300),
        ("stripe_fee", 1, -22),
        ("payout", 1, -900),
        ("topup", 1, 5_000),
        ("adjustment", 1, 7),
    ];
    assert_eq!(movements(&shown), expected);
    let (balance, dollars) = (stripes_balance(&app).await, &shown["currencies"][0]);
    assert_eq!(
        (&dollars["opening"], &dollars["closing"], &dollars["difference"]),
        (&json!(0), &json!(balance), &json!(0))
    );
    assert_eq!(
        shown["balance"]["balances"],
        json!([{"currency": "usd", "ours": balance, "stripe": balance}])
    );
    assert_eq!(run["balance"], shown["balance"]);
    let entries = platform_entries(&app).await;
    assert_eq!(entries.len(), 4);
    for entry in &entries {
        let postings = entry["entry"]["M"]["postings"]["L"].as_array().expect("postings").iter();
        let amount = |it: &Value| text(&it["M"]["amount"], "N").parse::<i64>().expect("an integer");
        assert_eq!(postings.map(amount).sum::<i64>(), 0, "{entry}");
    }
    // Made again, the sums and the entries are the same.
    app.reconciled().await;
    assert_eq!(statement(&app).await["currencies"], shown["currencies"]);
    assert_eq!(platform_entries(&app).await, entries);
}

#[tokio::test]
async fn a_deleted_entry_of_a_payment_or_of_the_platform_makes_the_statement_differ() {
    let app = start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    transaction(&app, &[("type", "stripe_fee"), ("amount", "-20")]).await;
    assert_eq!(app.reconciled().await["differences_found"], 0);
    let of_platform = platform_entries(&app).await.remove(0);
    app.delete(&of_platform).await;
    assert_eq!(statement(&app).await["currencies"][0]["difference"], -20);
    app.put(&of_platform).await;
    assert_eq!(statement(&app).await["currencies"][0]["difference"], 0);

    let items = app.items(&format!("PAYMENT#{}", text(&payment, "payment_id"))).await;
    let is_fee = |item: &&Value| text(&item["SK"], "S").starts_with("ENTRY#fee/");
    let fee = items.iter().find(is_fee).expect("an entry of the fee").clone();
    app.delete(&fee).await;
    let run = app.reconciled().await;
    let kinds: Vec<&str> = differences(&run).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["ledger", "balance_differs"]);
    assert_eq!(run["balance"]["balances"][0]["ours"], stripes_balance(&app).await + 61);
    assert_eq!(statement(&app).await["currencies"][0]["difference"], -61);
    app.put(&fee).await;
    assert_eq!(app.reconciled().await["differences_found"], 0);
    assert_eq!(statement(&app).await["currencies"][0]["difference"], 0);
}

#[tokio::test]
async fn a_transaction_of_an_unknown_type_is_a_difference_and_nothing_else_stops() {
    let app = start().await;
    transaction(&app, &[("type", "stripe_gift"), ("amount", "33"), ("reporting_category", "gift")]).await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    let run = app.reconciled().await;
    let expected = [
        ("unknown_transaction", "a transaction of the type stripe_gift in usd is not known"),
        ("balance_differs", "our balance is 0 usd, and Stripe's is 33 usd"),
    ];
    assert_eq!(differences(&run), expected);
    let shown = statement(&app).await;
    assert_eq!(movements(&shown), [("charge", 1, 1_000), ("transfer", 1, -1_000), ("unknown", 1, 33)]);
    assert_eq!(shown["currencies"][0]["difference"], 33);
    assert_eq!(app.user("sam").payment(&payment).await.body["fee"]["actual"], 61);
    assert_eq!(platform_entries(&app).await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_could_be_a_payments_is_never_booked_as_the_platforms_own() {
    let app = start().await;
    for kind in ["charge", "refund", "transfer", "adjustment"] {
        transaction(&app, &[("type", kind), ("amount", "5"), ("reporting_category", "dispute")]).await;
    }
    let run = app.reconciled().await;
    let kinds: Vec<&str> = differences(&run).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(
        kinds,
        ["unappliable", "unappliable", "unappliable", "unappliable", "balance_differs"],
        "{run}"
    );
    assert_eq!(platform_entries(&app).await, Vec::<Value>::new());
    assert_eq!(statement(&app).await["currencies"][0]["difference"], 20);
}

#[tokio::test]
async fn other_business_on_the_same_account_has_a_class_of_its_own() {
    let app = App::start().await;
    app.paid("sam", "k", "pm_card_visa").await;
    let form = [
        ("amount", "2000"),
        ("currency", "usd"),
        ("capture_method", "automatic"),
        ("allowed_payment_method_types[]", "card"),
        ("payment_method", "pm_card_visa"),
        ("confirm", "true"),
    ];
    let theirs = app.stripe(Method::POST, "/v1/payment_intents", &form).await;
    assert_eq!(theirs.status, 200, "{theirs:?}");
    let refund = [("payment_intent", text(&theirs.body, "id")), ("amount", "500")];
    assert_eq!(app.stripe(Method::POST, "/v1/refunds", &refund).await.status, 200);
    let run = app.reconciled().await;
    assert_eq!(run["differences"], json!([]), "{run}");
    let shown = statement(&app).await;
    // 2.9 % of 20.00, and 30 cents.
    let other = movements(&shown).into_iter().find(|(class, ..)| *class == "other_business");
    assert_eq!(other, Some(("other_business", 2, 2_000 - 88 - 500)));
    assert_eq!(shown["currencies"][0]["closing"], stripes_balance(&app).await);
    assert_eq!(platform_entries(&app).await.len(), 1, "the top-up alone");
}

#[tokio::test]
async fn another_amount_than_the_booked_one_is_a_difference_with_both_values() {
    let app = start().await;
    let payment = app.paid("sam", "k", "pm_card_visa").await;
    transaction(&app, &[("type", "stripe_fee"), ("amount", "-20")]).await;
    app.reconciled().await;
    let items = app.items(&format!("PAYMENT#{}", text(&payment, "payment_id"))).await;
    let is_settled = |item: &&Value| item["SK"]["S"] == "ENTRY#settled";
    let mut settled = items.iter().find(is_settled).expect("an entry").clone();
    let card = &mut settled["postings"]["L"][0]["M"]["amount"];
    assert_eq!(*card, json!({"N": "-1061"}));
    *card = json!({"N": "-1060"});
    app.put(&settled).await;
    let mut fee = platform_entries(&app).await.remove(0);
    fee["entry"]["M"]["postings"]["L"][0]["M"]["amount"] = json!({"N": "-19"});
    app.put(&fee).await;
    let run = app.reconciled().await;
    let told: Vec<&str> = differences(&run)
        .into_iter()
        .filter(|(kind, _)| *kind == "amounts_differ")
        .map(|(_, told)| told)
        .collect();
    let expected = [
        "1060 less a fee of 61, net 999 usd is booked, and Stripe shows 1061 less a fee of 61, net 1000 usd",
        "-19 is booked as stripe_fee, and Stripe shows stripe_fee of -20 less a fee of 0, net -20 usd",
    ];
    assert_eq!(told, expected, "{run}");
    assert_eq!(run["balance"]["balances"][0]["ours"], stripes_balance(&app).await);
    assert_eq!(statement(&app).await["currencies"][0]["difference"], 0, "the two errors cancel each other");
}

#[tokio::test]
async fn what_moved_before_the_first_window_is_in_the_opening_balance() {
    let app = start().await;
    transaction(&app, &[("type", "topup"), ("amount", "700"), ("created", "1000000000")]).await;
    app.paid("sam", "k", "pm_card_visa").await;
    transaction(&app, &[("type", "stripe_fee"), ("amount", "-20")]).await;
    assert_eq!(app.reconciled().await["differences"], json!([]));
    let shown = statement(&app).await;
    assert_eq!(
        (&shown["currencies"][0]["opening"], &shown["currencies"][0]["closing"]),
        (&json!(700), &json!(680))
    );
    transaction(&app, &[("type", "payout"), ("amount", "-80")]).await;
    assert_eq!(app.reconciled().await["differences"], json!([]));
    assert_eq!(statement(&app).await["currencies"][0]["closing"], 600);
}

#[tokio::test]
async fn the_statement_is_csv_on_request_and_has_days_of_at_most_three_months() {
    let app = start().await;
    let empty = statement(&app).await;
    assert_eq!(
        (&empty["since"], &empty["currencies"], &empty["balance"]),
        (&Value::Null, &json!([]), &Value::Null)
    );
    transaction(&app, &[("type", "payout"), ("amount", "-80")]).await;
    app.reconciled().await;
    let today = statement(&app).await["currencies"][0]["days"][0]["day"].clone();
    let today = today.as_str().expect("a day");
    let request = app.operator().request(Method::GET, STATEMENT).header("accept", "text/csv");
    let csv = request.send().await.expect("an answer");
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    let lines = [
        "\u{feff}currency,day,line,count,amount,fee,net,booked,balance".to_owned(),
        "usd,,opening,,,,,,0".to_owned(),
        format!("usd,{today},opening,,,,,,0"),
        format!("usd,{today},payout,1,-80,0,-80,-80,"),
        format!("usd,{today},closing,,,,,,-80"),
        "usd,,closing,,,,,,-80".to_owned(),
    ];
    let csv = csv.bytes().await.expect("a body").to_vec();
    assert_eq!(String::from_utf8(csv).expect("UTF-8").lines().collect::<Vec<_>>(), lines);

    let get = async |query: &str| -> Answer { app.operator().get(&format!("{STATEMENT}?{query}")).await };
    let earlier = get("from=2020-01-01&to=2020-03-31").await;
    assert_eq!((earlier.status, &earlier.body["currencies"]), (200, &json!([])), "{earlier:?}");
    for (query, field) in [
        ("from=2020-01-01&to=2020-04-02", "from"),
        ("from=2020-01-02&to=2020-01-01", "from"),
        ("from=yesterday", "from"),
        ("to=2020-02-30", "to"),
    ] {
        let refused = get(query).await;
        assert_eq!((refused.status, text(&refused.body, "field")), (400, field), "{query}");
    }
    assert_eq!(app.user("sam").get(STATEMENT).await.status, 403);
}
