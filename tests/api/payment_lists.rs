//! Lists of payments: who sees what, in which order, with which filters, as JSON and as CSV.

use black_box::{Answer, App, Caller, eventually, order, ten_dollars, text};
use local::export::{Export, ExportProgress, export};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const SENT: &str = "/v1/payments?role=sender";
const RECEIVED: &str = "/v1/payments?role=receiver";

fn ids(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["items"].as_array().expect("a list").iter().map(|item| text(item, "payment_id")).collect()
}

async fn csv(caller: &Caller<'_>, path: &str) -> (Option<String>, String) {
    let request = caller.request(Method::GET, path).header("accept", "text/csv");
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    let link = answer.headers().get("link").map(|link| link.to_str().expect("a text").to_owned());
    // As a text, reqwest would drop the byte order mark.
    let bytes = answer.bytes().await.expect("a body").to_vec();
    (link, String::from_utf8(bytes).expect("UTF-8"))
}

/// Creates a payment, and settles it if asked.
async fn payment(app: &App, sender: &str, body: Value, settles: bool) -> Value {
    let key = format!("{sender} {body}");
    let created = app.user(sender).pay(&key.replace(|c: char| !c.is_ascii_alphanumeric(), "_"), body).await;
    assert_eq!(created.status, 201, "{created:?}");
    if settles {
        assert_eq!(app.confirm(&created.body, "pm_card_visa").await.status, 200);
        app.user(sender).until_status(&created.body, "succeeded").await;
    }
    created.body
}

fn with(mut body: Value, field: &str, value: impl Into<Value>) -> Value {
    body[field] = value.into();
    body
}

#[tokio::test]
async fn each_item_is_what_the_payment_shows_to_the_same_caller() {
    let app = App::start().await;
    let body = with(with(ten_dollars(), "message", "Bravo!"), "anonymous", true);
    payment(&app, "sam", body, true).await;
    payment(&app, "sam", with(ten_dollars(), "context", "room:2"), false).await;
    let by_operator = "/v1/admin/payments?sender_id=sam";
    let (sam, ana, operator) = (app.user("sam"), app.user("ana"), app.operator());
    for (caller, list, count) in [(&sam, SENT, 2), (&ana, RECEIVED, 1), (&operator, by_operator, 2)] {
        let page = caller.get(list).await;
        assert_eq!((ids(&page).len(), &page.body["next_cursor"]), (count, &Value::Null), "{list}");
        for item in page.body["items"].as_array().expect("a list") {
            assert_eq!(caller.payment(item).await.body, *item, "{list}");
        }
    }
}

#[tokio::test]
async fn nobody_sees_anothers_payments_in_any_list_and_anonymity_holds() {
    let app = App::start().await;
    let open = payment(&app, "sam", ten_dollars(), true).await;
    let hidden = payment(&app, "sam", with(ten_dollars(), "anonymous", true), true).await;
    let unpaid = payment(&app, "kim", ten_dollars(), false).await;
    let [open, hidden, unpaid] = [&open, &hidden, &unpaid].map(|payment| text(payment, "payment_id"));
    let people = [app.user("sam"), app.user("ana"), app.user("kim"), app.user("eve"), app.operator()];
    let none: [&str; 0] = [];
    // Each route and role, with what sam, ana, kim, eve and an operator see of it.
    let matrix: [(&str, [&[&str]; 5]); 5] = [
        (SENT, [&[hidden, open], &none, &[unpaid], &none, &none]),
        (RECEIVED, [&none, &[hidden, open], &none, &none, &none]),
        ("/v1/payments?role=receiver&sender_id=sam", [&none, &[open], &none, &none, &none]),
        ("/v1/payments?role=receiver&sender_id=kim", [&none, &none, &none, &none, &none]),
        ("/v1/payments?role=sender&creator_id=ana", [&[hidden, open], &none, &[unpaid], &none, &none]),
    ];
    for (path, expected) in matrix {
        for (caller, expected) in people.iter().zip(expected) {
            let page = caller.get(path).await;
            assert_eq!(ids(&page), expected, "{path}");
            let rows = csv(caller, path).await.1;
            let listed: Vec<&str> = rows.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
            assert_eq!(listed, expected, "{path} as CSV");
        }
    }
    let shown = people[1].get(RECEIVED).await.body;
    assert_eq!(
        (&shown["items"][0]["sender_id"], &shown["items"][1]["sender_id"]),
        (&Value::Null, &json!("sam"))
    );
    let rows = csv(&people[1], RECEIVED).await.1;
    assert_eq!(rows.lines().filter(|row| row.contains("sam")).count(), 1, "{rows}");
    for (path, expected) in [
        ("/v1/admin/payments?creator_id=ana", vec![hidden, open]),
        ("/v1/admin/payments?sender_id=sam", vec![hidden, open]),
        ("/v1/admin/payments?sender_id=kim&creator_id=ana", vec![unpaid]),
        ("/v1/admin/payments?sender_id=kim&creator_id=bo", vec![]),
    ] {
        assert_eq!(ids(&people[4].get(path).await), expected, "{path}");
        for user in &people[..4] {
            assert_eq!(user.get(path).await.status, 403, "{path}");
        }
        assert_eq!(Answer::to(app.request(Method::GET, path)).await.status, 401);
    }
    let shown = people[4].get("/v1/admin/payments?creator_id=ana").await.body;
    assert_eq!(shown["items"][0]["sender_id"], "sam", "an operator sees anonymous senders");
    assert_eq!(Answer::to(app.request(Method::GET, SENT)).await.status, 401);
}

#[tokio::test]
async fn a_cursor_is_of_one_caller_role_and_filter_and_a_changed_one_is_400() {
    let app = App::start().await;
    for context in ["a", "b"] {
        payment(&app, "sam", with(ten_dollars(), "context", context), true).await;
        payment(&app, "kim", with(ten_dollars(), "context", context), true).await;
    }
    let (sam, ana, operator) = (app.user("sam"), app.user("ana"), app.operator());
    let lists = [
        (&sam, SENT.to_owned()),
        (&sam, format!("{SENT}&status=succeeded")),
        (&sam, format!("{SENT}&from=2020-01-01T00:00:00Z")),
        (&ana, RECEIVED.to_owned()),
        (&ana, format!("{RECEIVED}&to=2100-01-01T00:00:00Z")),
        (&operator, "/v1/admin/payments?sender_id=sam".to_owned()),
        (&operator, "/v1/admin/payments?creator_id=ana".to_owned()),
    ];
    let mut cursors = Vec::new();
    for (caller, list) in &lists {
        let page = caller.get(&format!("{list}&limit=1")).await;
        assert_eq!(ids(&page).len(), 1, "{list}");
        cursors.push(text(&page.body, "next_cursor").to_owned());
    }
    assert_eq!(cursors.iter().collect::<BTreeSet<_>>().len(), cursors.len());
    for (of, (_, list)) in lists.iter().enumerate() {
        for (at, (caller, other)) in lists.iter().enumerate() {
            let answer = caller.get(&format!("{other}&limit=1&cursor={}", cursors[of])).await;
            match of == at {
                true => assert_eq!(ids(&answer).len(), 1, "{list}"),
                false => assert_eq!(answer.problem(), (400, "invalid_request"), "{list} in {other}"),
            }
        }
    }
    assert_eq!(app.user("kim").get(&format!("{SENT}&cursor={}", cursors[0])).await.status, 400);
    let cursor = &cursors[0];
    for (at, letter) in cursor.char_indices() {
        let mut changed = cursor.clone();
        changed.replace_range(at..=at, if letter == 'A' { "B" } else { "A" });
        let answer = sam.get(&format!("{SENT}&limit=1&cursor={changed}")).await;
        assert_eq!(
            (answer.problem(), &answer.body["field"]),
            ((400, "invalid_request"), &json!("cursor")),
            "{at}"
        );
    }
}

#[tokio::test]
async fn filters_leave_out_what_differs_and_nonsense_is_400() {
    let app = App::start().await;
    let first = payment(&app, "sam", with(ten_dollars(), "context", "room:1"), true).await;
    let second = payment(&app, "sam", with(order("ana", 500), "context", "room:2"), false).await;
    let sam = app.user("sam");
    let [one, two] = [&first, &second].map(|payment| text(payment, "payment_id"));
    let created = text(&second, "created_at");
    for (filter, expected) in [
        ("status=succeeded".to_owned(), vec![one]),
        ("status=requires_payment_method".to_owned(), vec![two]),
        ("context=room:2".to_owned(), vec![two]),
        ("context=room".to_owned(), vec![]),
        ("creator_id=ana".to_owned(), vec![two, one]),
        ("creator_id=bo".to_owned(), vec![]),
        (format!("from={created}"), vec![two]),
        (format!("to={created}"), vec![one]),
        (format!("from={created}&to={created}"), vec![]),
    ] {
        assert_eq!(ids(&sam.get(&format!("{SENT}&{filter}")).await), expected, "{filter}");
    }
    for (query, field) in [
        ("", "role"),
        ("role=creator", "role"),
        ("role=sender&sender_id=kim", "sender_id"),
        ("role=receiver&creator_id=ana", "creator_id"),
        ("role=sender&status=paid", "status"),
        ("role=sender&from=yesterday", "from"),
        ("role=sender&to=2026-01-01", "to"),
        ("role=sender&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from"),
        ("role=sender&context=", "context"),
        ("role=sender&creator_id=a%00b", "creator_id"),
        ("role=sender&limit=0", "limit"),
        ("role=sender&cursor=x", "cursor"),
    ] {
        let refused = sam.get(&format!("/v1/payments?{query}")).await;
        assert_eq!(
            (refused.problem(), &refused.body["field"]),
            ((400, "invalid_request"), &json!(field)),
            "{query}"
        );
    }
    assert_eq!(app.operator().get("/v1/admin/payments").await.problem(), (400, "invalid_request"));
}

#[tokio::test]
async fn an_empty_list_is_one_page_in_every_form() {
    let app = App::start().await;
    for list in [SENT, RECEIVED, "/v1/payments?role=sender&status=succeeded"] {
        let page = app.user("nobody").get(list).await;
        assert_eq!(page.body, json!({"items": [], "next_cursor": null}), "{list}");
        let (link, rows) = csv(&app.user("nobody"), list).await;
        assert_eq!((link, rows.lines().count()), (None, 1), "{list}");
    }
    for list in ["/v1/admin/payments?sender_id=nobody", "/v1/admin/quarantine"] {
        let page = app.operator().get(list).await;
        assert_eq!(page.body, json!({"items": [], "next_cursor": null}), "{list}");
    }
}

#[tokio::test]
async fn csv_follows_its_links_to_the_end_and_no_message_is_a_formula() {
    let app = App::start().await;
    let messages = ["=HYPERLINK(\"http://evil\")", "two\nlines, \"quoted\"", "@me"];
    for message in messages {
        payment(&app, "sam", with(ten_dollars(), "message", message), true).await;
    }
    let ana = app.user("ana");
    let (mut path, mut rows, mut pages) = (format!("{RECEIVED}&limit=2"), String::new(), 0);
    loop {
        let (link, page) = csv(&ana, &path).await;
        let (header, items) = page.split_once("\r\n").expect("a header");
        assert!(header.starts_with("\u{feff}payment_id,created_at,settled_at,status,"), "{header}");
        rows.push_str(items);
        pages += 1;
        let Some(link) = link else { break };
        let query = link.strip_prefix("<?").and_then(|link| link.strip_suffix(">; rel=\"next\""));
        path = format!("/v1/payments?{}", query.expect("a relative link"));
    }
    assert_eq!(pages, 2);
    for cell in ["\"'=HYPERLINK(\"\"http://evil\"\")\"", "\"two\nlines, \"\"quoted\"\"\"", "\"'@me\""] {
        assert_eq!(rows.matches(cell).count(), 1, "{cell} in {rows}");
    }
    assert_eq!(
        rows.matches(",1000,10.00,61,0.61,1061,10.61,0,0.00,0,0.00,,,0,0.00,,usd,").count(),
        3,
        "{rows}"
    );
}

/// The cells of a table's only row, by their columns; a missing value is empty in JSON too.
fn only_row(table: &str) -> BTreeMap<String, String> {
    let lines: Vec<&str> = table.trim_start_matches('\u{feff}').lines().collect();
    let [columns, cells] = lines[..] else { panic!("a header and a row: {table}") };
    let cells = cells.split(',').map(|cell| cell.trim_matches('"').to_owned());
    columns.split(',').map(str::to_owned).zip(cells).collect()
}

#[tokio::test]
async fn a_row_of_csv_says_what_the_payment_says_to_the_same_caller() {
    let app = App::start().await;
    app.paid("sam", "k", "pm_card_createDispute").await;
    eventually("the dispute and Stripe's fee are known", async || {
        app.reconciled().await;
        let payment = &app.user("sam").get(SENT).await.body["items"][0];
        (payment["dispute"].is_object() && payment["fee"]["actual"].is_i64()).then_some(())
    })
    .await;
    let by_operator = "/v1/admin/payments?sender_id=sam";
    let (sam, ana, operator) = (app.user("sam"), app.user("ana"), app.operator());
    for (caller, list, has_card) in [(sam, SENT, true), (ana, RECEIVED, false), (operator, by_operator, true)]
    {
        let payment = caller.get(list).await.body["items"][0].clone();
        let row = only_row(&csv(&caller, list).await.1);
        assert_eq!(row.len(), 30, "{row:?}");
        for (column, pointer) in [
            ("settled_at", "/settled_at"),
            ("sender_id", "/sender_id"),
            ("total", "/total"),
            ("refunded_amount", "/refunded_amount"),
            ("disputed_amount", "/disputed_amount"),
            ("dispute_status", "/dispute/status"),
            ("dispute_due_by", "/dispute/due_by"),
            ("owed", "/owed"),
            ("owed_reason", "/owed_reason"),
            ("fee_currency", "/fee/currency"),
            ("fee_actual", "/fee/actual"),
            ("decline_code", "/decline_code"),
            ("context", "/context"),
        ] {
            let shown = payment.pointer(pointer).map_or_else(String::new, |value| match value {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
            });
            assert_eq!(row[column], shown, "{list} {column}");
        }
        assert_eq!(row["card"], if has_card { "visa 0259" } else { "" }, "{list}");
        assert_eq!((payment["card"].is_object(), row["dispute_status"].is_empty()), (has_card, false));
    }
}

#[tokio::test]
async fn an_export_is_every_page_with_one_header() {
    let app = App::start().await;
    for n in 0..3 {
        let paid = payment(&app, "sam", with(ten_dollars(), "message", format!("{n}\n")), true).await;
        app.user("sam").until("its card", &paid, |paid| paid["card"].is_object()).await;
    }
    let asked = Export { role: "sender".to_owned(), user: "sam".to_owned(), from: None, to: None };
    let api = &app.stack.endpoints().api;
    let (mut written, mut progress) = (String::new(), Vec::new());
    let write = |rows: &str| {
        written.push_str(rows);
        Ok(())
    };
    let done = export(api, None, &asked, write, |done| progress.push(done)).await.expect("exported");
    assert_eq!(done, ExportProgress { pages: 1, payments: 3, unreadable: 0 });
    assert_eq!(progress, [done]);
    assert_eq!(written, csv(&app.user("sam"), SENT).await.1);
    let nobody = Export { from: Some("yesterday".to_owned()), ..asked };
    assert!(export(api, None, &nobody, |_| Ok(()), |_| ()).await.is_err(), "a refusal ends it");
}
