//! Waves open receiving to some creators and are rolled back, as operators and senders see it.

use black_box::{Answer, App, Breakable, Caller, Fault, text};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn numbered(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{prefix}-{n}")).collect()
}

/// The creators who may receive, as a sender sees it.
async fn receiving(app: &App, creators: &[String]) -> Vec<String> {
    let sam = app.user("sam");
    let asked = creators.iter().map(async |creator| {
        let profile = sam.get(&format!("/v1/creators/{creator}")).await;
        (profile.body["can_receive"] == true).then(|| creator.clone())
    });
    join_all(asked).await.into_iter().flatten().collect()
}

async fn audit_of(op: &Caller<'_>, subject: &str) -> Vec<Value> {
    let page = op.get(&format!("/v1/admin/{subject}/audit?limit=100")).await;
    page.body["items"].as_array().cloned().unwrap_or_else(|| panic!("{page:?}"))
}

#[tokio::test]
async fn a_test_group_is_opened_then_a_tenth_then_all_the_same_stay_and_rollback_restores() {
    let app = App::start().await;
    let op = app.operator();
    let group: Vec<String> = ["tess", "tim", "tom"].map(str::to_owned).into();
    let others = numbered("other", 20);
    let everybody: Vec<String> = group.iter().chain(&others).cloned().collect();
    for creator in &everybody {
        app.ready_creator(creator).await;
    }
    let open = json!({"add": group, "reason": "First test group"});
    let dry = op.dry_run("test-group", open.clone()).await;
    assert_eq!((dry.status, &dry.body["counts"]), (200, &json!({"enters": 3})), "{dry:?}");
    assert!(receiving(&app, &everybody).await.is_empty(), "a dry run opens nothing");
    assert_eq!(op.get("/v1/admin/waves/test-group").await.problem(), (404, "not_found"));

    let opened = op.put_wave("test-group", open).await;
    assert_eq!((opened.status, &opened.body["difference"]), (200, &dry.body), "{opened:?}");
    assert_eq!(receiving(&app, &everybody).await, group);
    let tess = op.explained("tess").await;
    assert_eq!(tess["admitted_by"], json!({"by": "wave", "wave": "test-group"}));
    assert_eq!(tess["waves"], json!([{"name": "test-group", "state": "open", "standing": "listed"}]));

    let mut before = group.clone();
    for percentage in [10, 100] {
        let widen = json!({"percentage": percentage, "reason": "It goes well"});
        let dry = op.dry_run("test-group", widen.clone()).await.body;
        assert_eq!(dry["rule"][0]["to"], percentage.to_string());
        assert_eq!(op.put_wave("test-group", widen).await.status, 200);
        let now = receiving(&app, &everybody).await;
        assert!(before.iter().all(|creator| now.contains(creator)), "{before:?} {now:?}");
        before = now;
        let tess = op.explained("tess").await;
        assert_eq!(tess["waves"][0]["standing"], "listed");
    }
    assert_eq!(before, everybody);
    let other = op.explained("other-7").await;
    assert_eq!(other["waves"], json!([{"name": "test-group", "state": "open", "standing": "percentage"}]));

    assert_eq!(op.roll_back("test-group").await.body["state"], "rolled_back");
    assert!(receiving(&app, &everybody).await.is_empty());
    let tess = op.explained("tess").await;
    assert_eq!((&tess["admitted_by"], &tess["waves"][0]["state"]), (&Value::Null, &json!("rolled_back")));
    assert_eq!(audit_of(&op, "waves/test-group").await.len(), 5, "opened, listed, widened twice, undone");
}

#[tokio::test]
async fn a_dry_run_shows_exactly_what_would_change_and_writes_nothing() {
    let app = App::start().await;
    let op = app.operator();
    app.ready_creator("in").await;
    op.put_wave("w", json!({"add": ["in", "out"], "deny": ["shut"], "reason": "x"})).await;
    let table = app.table().await;
    let edit = json!({
        "add": ["new", "in"], "remove": ["out", "shut"], "deny": ["other"], "percentage": 25, "reason": "x",
    });
    let dry = op.dry_run("w", edit.clone()).await;
    assert_eq!(dry.status, 200, "{dry:?}");
    let effects: Vec<_> = dry.body["creators"].as_array().expect("creators").iter().map(effect).collect();
    let expected = ["in unchanged", "new enters", "other denied", "out leaves", "shut undenied"];
    // A named creator may be within the percentage as well: `out` leaves or stays by its hash.
    for (effect, expected) in effects.iter().zip(expected) {
        assert!(effect == expected || effect.ends_with("stays") || effect == "shut enters", "{effects:?}");
    }
    assert_eq!(dry.body["rule"], json!([{"field": "percentage", "from": "0", "to": "25"}]));
    assert_eq!(dry.body["percentage"], json!({"from": 0, "to": 25}));
    assert_eq!(app.table().await, table);
    let etag = dry.etag.expect("an ETag");
    let done = op.put_wave_if("w", &etag, edit.clone()).await;
    assert_eq!(
        (done.status, &done.body["difference"]),
        (200, &dry.body),
        "the edit changes what the dry run showed"
    );
    assert_eq!(op.put_wave_if("w", &etag, edit.clone()).await.problem(), (412, "precondition_failed"));
    let again = op.dry_run("w", edit).await.body;
    assert_eq!((&again["rule"], &again["counts"]), (&json!([]), &json!({"unchanged": 5})));
}

fn effect(creator: &Value) -> String {
    format!("{} {}", text(creator, "creator_id"), text(creator, "effect"))
}

#[tokio::test]
async fn repeating_a_request_writes_nothing_twice() {
    let app = App::start().await;
    let op = app.operator();
    let edit = json!({"add": numbered("c", 60), "deny": ["shut"], "percentage": 5, "reason": "x"});
    let first = op.put_wave("w", edit.clone()).await;
    assert_eq!(first.status, 200, "{first:?}");
    let table = app.table().await;
    let again = op.put_wave("w", edit).await;
    assert_eq!((again.status, &again.etag), (200, &first.etag));
    assert_eq!(again.body["difference"]["counts"], json!({"unchanged": 61}));
    assert_eq!(app.table().await, table);
    assert_eq!(op.roll_back("w").await.status, 200);
    let table = app.table().await;
    assert_eq!(op.roll_back("w").await.body["state"], "rolled_back");
    assert_eq!(app.table().await, table);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_operators_who_edit_at_once_neither_loses_anything() {
    let app = App::start().await;
    let op = app.operator();
    let edits = numbered("c", 6).into_iter().map(|creator| json!({"add": [creator], "reason": "x"}));
    let edits =
        edits.chain([json!({"percentage": 7, "reason": "x"}), json!({"deny": ["shut"], "reason": "x"})]);
    let answers = join_all(edits.map(|edit| op.put_wave("w", edit))).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    for creator in numbered("c", 6) {
        assert_eq!(op.explained(&creator).await["waves"][0]["standing"], "listed");
    }
    assert_eq!(op.explained("shut").await["waves"][0]["standing"], "denied");
    let wave = op.get("/v1/admin/waves/w").await;
    assert_eq!(wave.body["percentage"], 7);

    let etag = wave.etag.expect("an ETag");
    let edits =
        (0..6).map(|n| json!({"add": numbered(&format!("r{n}"), 120), "percentage": 10 + n, "reason": "x"}));
    let answers = join_all(edits.map(|edit| op.put_wave_if("w", &etag, edit))).await;
    let done: Vec<usize> = (0..6).filter(|n| answers[*n].status == 200).collect();
    let refused = answers.iter().filter(|answer| answer.status != 200);
    assert!(
        refused.into_iter().all(|answer| answer.problem() == (412, "precondition_failed")),
        "{answers:?}"
    );
    let [winner] = done[..] else { panic!("{done:?}") };
    assert_eq!(op.get("/v1/admin/waves/w").await.body["percentage"], 10 + winner);
    for n in 0..6 {
        let listed = op.explained(&format!("r{n}-119")).await["waves"][0]["standing"] == "listed";
        assert_eq!(listed, n == winner, "{n}");
    }
}

/// Denies and adds `count` creators each, and opens the wave to all others.
fn wide_edit(round: &str, count: usize) -> Value {
    let of = |prefix: &str| numbered(&format!("{round}-{prefix}"), count);
    json!({"add": of("in"), "deny": of("out"), "percentage": 100, "reason": "x"})
}

#[tokio::test]
async fn an_interrupted_edit_admits_no_denied_creator_and_its_repetition_finishes_it() {
    let stack = Breakable::start().await;
    let op = stack.app.operator();
    stack.eligibility.made();
    assert_eq!(op.put_wave("undisturbed", wide_edit("undisturbed", 2)).await.status, 200);
    let hops = stack.eligibility.made().len();
    assert_eq!(hops, 6, "wave, receivers, an empty rule, the denied creators, the rule, the listed creators");
    assert_eq!(op.roll_back("undisturbed").await.status, 200);
    for hop in 1..=hops {
        for fault in Fault::ALL {
            is_interrupted(&stack, 2, hop, fault).await;
        }
    }
}

#[tokio::test]
async fn an_edit_that_is_interrupted_between_two_chunks_is_finished_by_the_same_request() {
    let stack = Breakable::start().await;
    for hop in [4, 7] {
        is_interrupted(&stack, 50, hop, Fault::CrashAfter).await;
    }
}

async fn is_interrupted(stack: &Breakable, count: usize, hop: usize, fault: Fault) {
    let op = stack.app.operator();
    let round = format!("{hop}-{fault:?}").to_lowercase();
    stack.eligibility.arm(hop, fault);
    let answer = op.put_wave(&round, wide_edit(&round, count)).await;
    assert!(stack.eligibility.fired());
    assert_eq!(answer.status, fault.status(200), "{round}: {answer:?}");
    let [first_out, last_out, first_in, last_in] =
        [("out", 0), ("out", count - 1), ("in", 0), ("in", count - 1)]
            .map(|(of, n)| format!("{round}-{of}-{n}"));
    for out in [&first_out, &last_out] {
        let explained = op.explained(out).await;
        assert!(is_denied(&explained) || explained["admitted_by"].is_null(), "{round}: {explained}");
    }
    let finished = op.put_wave(&round, wide_edit(&round, count)).await;
    assert_eq!(finished.status, 200, "{round}: {finished:?}");
    for (creator, standing) in
        [(first_out, "denied"), (last_out, "denied"), (first_in, "listed"), (last_in, "listed")]
    {
        let explained = op.explained(&creator).await;
        let mut waves = explained["waves"].as_array().expect("waves").iter();
        let stands = waves.find(|wave| wave["name"] == round).expect("the wave");
        assert_eq!(stands["standing"], standing, "{round}");
        assert_eq!(audit_of(&op, &format!("creators/{creator}")).await.len(), 1, "{round}: recorded once");
    }
    assert_eq!(op.get(&format!("/v1/admin/waves/{round}")).await.body["percentage"], 100, "{round}");
    assert_eq!(op.roll_back(&round).await.status, 200);
}

fn is_denied(explained: &Value) -> bool {
    let refuses = |rule: &Value| rule["code"] == "disabled_by_operator" && rule["refuses"] == true;
    explained["rules"].as_array().expect("rules").iter().any(refuses)
}

#[tokio::test]
async fn a_denial_wins_over_everything_outlives_its_wave_and_is_lifted_by_naming_the_creator() {
    let app = App::start().await;
    let op = app.operator();
    let denied = op.put_wave("w", json!({"deny": ["ana"], "reason": "looked into"})).await;
    assert_eq!(denied.body["difference"]["creators"][0]["can_receive_before"], true);
    assert_eq!(denied.body["difference"]["creators"][0]["can_receive_after"], false);
    op.put_wave("other", json!({"add": ["ana"], "percentage": 100, "reason": "x"})).await;
    op.put("/v1/admin/rollout", json!({"percentage": 100, "reason": "x"})).await;
    let sam = app.user("sam");
    assert_eq!(sam.get("/v1/creators/ana").await.reasons(), ["disabled_by_operator"]);
    assert_eq!(op.roll_back("w").await.status, 200);
    assert_eq!(sam.get("/v1/creators/ana").await.reasons(), ["disabled_by_operator"]);
    for more in [json!({"add": ["ana"], "reason": "x"}), json!({"percentage": 1, "reason": "x"})] {
        assert_eq!(op.put_wave("w", more).await.problem(), (409, "wave_rolled_back"));
    }
    assert_eq!(op.resume("w").await.problem(), (409, "wave_rolled_back"));
    assert_eq!(op.put_wave("w", json!({"remove": ["ana"], "reason": "cleared"})).await.status, 200);
    assert_eq!(sam.get("/v1/creators/ana").await.body["can_receive"], true);
    let newest = &audit_of(&op, "creators/ana").await[0];
    assert_eq!(newest["changes"], json!([{"field": "denied_by", "from": "w", "to": null}]));
}

#[tokio::test]
async fn a_wave_that_has_not_started_or_is_halted_is_shown_so_and_only_an_operator_resumes_it() {
    let app = App::start().await;
    let (op, sam) = (app.operator(), app.user("sam"));
    let bo = async || sam.get("/v1/creators/bo").await;
    let later = json!({"add": ["bo"], "starts_at": "2999-01-01T00:00:00Z", "reason": "x"});
    assert_eq!(op.put_wave("w", later).await.body["state"], "not_started");
    assert_eq!(bo().await.reasons(), ["wave_not_started"]);
    let now = json!({"starts_at": "2020-01-01T00:00:00+01:00", "reason": "x"});
    assert_eq!(op.put_wave("w", now).await.body["state"], "open");
    assert_eq!(bo().await.body["can_receive"], true);
    app.halt("w").await;
    assert_eq!(bo().await.reasons(), ["wave_halted"]);
    assert_eq!(op.explained("bo").await["waves"][0]["state"], "halted");
    let widened = op.put_wave("w", json!({"percentage": 100, "reason": "x"})).await;
    assert_eq!(widened.body["state"], "halted", "an edit does not resume it");
    assert_eq!(op.resume("w").await.body["state"], "open");
    assert_eq!(bo().await.body["can_receive"], true);
    let newest = &audit_of(&op, "waves/w").await[0];
    assert_eq!(newest["changes"], json!([{"field": "halted", "from": "true", "to": "false"}]));
    let table = app.table().await;
    assert_eq!(op.resume("w").await.status, 200);
    assert_eq!(app.table().await, table, "an open wave is not changed");
}

#[tokio::test]
async fn waves_are_listed_page_by_page_newest_first_and_twenty_are_open_at_the_most() {
    let app = App::start().await;
    let op = app.operator();
    for wave in numbered("w", 20) {
        assert_eq!(op.put_wave(&wave, json!({"reason": "x"})).await.status, 200);
    }
    assert_eq!(op.put_wave("w-20", json!({"reason": "x"})).await.problem(), (409, "too_many_waves"));
    assert_eq!(op.dry_run("w-20", json!({"reason": "x"})).await.problem(), (409, "too_many_waves"));
    assert_eq!(op.roll_back("w-3").await.status, 200);
    assert_eq!(op.put_wave("w-20", json!({"reason": "x"})).await.status, 200);
    let mut names = Vec::new();
    let mut path = "/v1/admin/waves?limit=8".to_owned();
    loop {
        let page = op.get(&path).await.body;
        names.extend(
            page["items"].as_array().expect("waves").iter().map(|wave| text(wave, "name").to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/admin/waves?limit=8&cursor={cursor}");
    }
    let newest_first: Vec<_> = numbered("w", 21).into_iter().rev().collect();
    assert_eq!(names, newest_first);
    assert_eq!(op.get("/v1/admin/waves?cursor=x").await.problem(), (400, "invalid_request"));
}

#[tokio::test]
async fn an_invalid_change_of_a_wave_is_refused_and_changes_nothing() {
    let app = App::start().await;
    let op = app.operator();
    let table = app.table().await;
    let put = |body: Value| op.put_wave("w", body);
    for (body, field) in [
        (json!({"add": ["a"]}), "reason"),
        (json!({"add": ["a b"], "reason": "x"}), "add[0]"),
        (json!({"deny": ["a", ""], "reason": "x"}), "deny[1]"),
        (json!({"percentage": 101, "reason": "x"}), "percentage"),
        (json!({"starts_at": "tomorrow", "reason": "x"}), "starts_at"),
        (json!({"halt": {"dispute_rate_ppm": 1}, "reason": "x"}), "halt.failure_rate_ppm"),
        (
            json!({
                "halt": {"dispute_rate_ppm": 1_000_001, "failure_rate_ppm": 1, "min_payments": 1},
                "reason": "x",
            }),
            "halt",
        ),
        (json!({"invite": ["a"], "reason": "x"}), "invite"),
    ] {
        let refused = put(body.clone()).await;
        assert_eq!(refused.problem(), (400, "invalid_request"), "{body}");
        assert_eq!(refused.body["field"], field, "{refused:?}");
    }
    let twice = put(json!({"add": ["a"], "remove": ["a"], "reason": "x"})).await;
    assert_eq!(twice.problem(), (400, "invalid_request"));
    let many = put(json!({"add": numbered("c", 600), "deny": numbered("d", 401), "reason": "x"})).await;
    assert_eq!((many.problem(), &many.body["limit"]), ((400, "invalid_request"), &json!(1_000)));
    let long = "x".repeat(124);
    let thousand: Vec<String> = (0..1_000).map(|n| format!("{long}{n:04}")).collect();
    let fits = op.dry_run("w", json!({"add": thousand, "reason": "x"})).await;
    assert_eq!((fits.status, &fits.body["counts"]), (200, &json!({"enters": 1_000})));
    let misspelt = op.put("/v1/admin/waves/w?dryrun=true", json!({"reason": "x"})).await;
    assert_eq!((misspelt.problem(), &misspelt.body["field"]), ((400, "invalid_request"), &json!("dryrun")));
    let maybe = op.put("/v1/admin/waves/w?dry_run=maybe", json!({"reason": "x"})).await;
    assert_eq!((maybe.problem(), &maybe.body["field"]), ((400, "invalid_request"), &json!("dry_run")));
    assert_eq!(op.put_wave("No-Name", json!({"reason": "x"})).await.problem(), (404, "not_found"));
    assert_eq!(
        op.put_wave_if("w", "\"3\"", json!({"reason": "x"})).await.problem(),
        (412, "precondition_failed")
    );
    for unknown in [op.roll_back("w").await, op.resume("w").await, op.get("/v1/admin/waves/w").await] {
        assert_eq!(unknown.problem(), (404, "not_found"));
    }
    assert_eq!(app.table().await, table);
    let user: Answer = app.user("sam").put_wave("w", json!({"reason": "x"})).await;
    assert_eq!((user.status, &user.body["message"]), (403, &json!("Forbidden")));
    assert_eq!(op.put_wave_if("w", "\"0\"", json!({"reason": "new"})).await.status, 200);
}
