//! A creator goes through Stripe's onboarding, and Stripe changes their account afterwards: the reasons are right at
//! each step.

use black_box::{Answer, App, Breakable, Caller, eventually, order, text};
use futures_util::future::join_all;
use local::stack::{Options, Platform};
use serde_json::{Value, json};

const SETTINGS: &str = "/v1/creators/dee/settings";

async fn link(dee: &Caller<'_>) -> Value {
    let answer = dee.start_onboarding("dee").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

/// Waits until the creator's settings show a state, and checks that the sender's profile gives the same reasons.
async fn until_state(app: &App, state: &str, reasons: &[&str]) -> Value {
    let dee = app.user("dee");
    let settings = eventually(&format!("the state {state}"), async || {
        let settings = dee.get(SETTINGS).await;
        assert_eq!(settings.status, 200, "{settings:?}");
        (settings.body["onboarding"]["state"] == state).then_some(settings)
    })
    .await;
    assert_eq!(settings.reasons(), reasons, "{settings:?}");
    assert_eq!(settings.body["can_receive"], reasons.is_empty());
    assert_eq!(app.user("sam").get("/v1/creators/dee").await.reasons(), reasons);
    settings.body
}

/// Whether the creator may be paid, whether payouts are on, and the codes of the requirements.
fn account_facts(settings: &Value) -> (bool, bool, Vec<&str>) {
    let due = settings["requirements"].as_array().expect("a list");
    let on = |field: &str| settings[field].as_bool().expect("a flag");
    (on("may_be_paid"), on("payouts_on"), due.iter().map(|need| text(need, "code")).collect())
}

#[tokio::test]
async fn a_creator_goes_from_nothing_to_can_receive_is_restricted_and_recovers() {
    let app = App::start().await;
    let (dee, sam) = (app.user("dee"), app.user("sam"));
    app.operator().set_receiving("dee", "enabled").await;
    let nothing = until_state(&app, "not_started", &["no_account"]).await;
    assert_eq!(account_facts(&nothing), (false, false, vec![]));
    assert_eq!(sam.pay("k1", order("dee", 1_000)).await.reasons(), ["no_account"]);

    let first = link(&dee).await;
    let opened = until_state(&app, "unfinished", &["account_restricted"]).await;
    assert!(text(&opened["onboarding"], "message").contains("not finished"), "{opened}");
    app.onboard(&first, "partly").await;
    let partly = eventually("what is left", async || {
        let settings = dee.get(SETTINGS).await.body;
        (account_facts(&settings).2 == ["payout_account"]).then_some(settings)
    })
    .await;
    assert_eq!(partly["onboarding"]["state"], "unfinished");

    app.onboard(&link(&dee).await, "review").await;
    let review = until_state(&app, "in_review", &["account_restricted"]).await;
    assert_eq!(review["onboarding"]["next_step"], Value::Null, "there is nothing to do");
    app.onboard(&link(&dee).await, "finish").await;
    let ready = until_state(&app, "ready", &[]).await;
    assert_eq!(account_facts(&ready), (true, true, vec![]));
    assert_eq!(sam.pay("k2", order("dee", 1_000)).await.status, 201);

    let account = app.accounts_of("dee").await.remove(0);
    app.change_account(&account, "restrict").await;
    let restricted = until_state(&app, "restricted", &["account_restricted"]).await;
    assert_eq!(account_facts(&restricted), (false, false, vec!["identity"]));
    let refused = sam.pay("k3", order("dee", 1_000)).await;
    assert_eq!(
        (refused.problem(), refused.reasons()),
        ((403, "creator_not_receiving"), vec!["account_restricted"])
    );

    app.onboard(&link(&dee).await, "finish").await;
    until_state(&app, "ready", &[]).await;
    assert_eq!(sam.pay("k4", order("dee", 1_000)).await.status, 201);
    assert_eq!(app.accounts_of("dee").await, [account], "it is the same account throughout");
}

#[tokio::test]
async fn payouts_that_are_held_and_details_that_are_due_do_not_keep_a_creator_from_receiving() {
    let app = App::start().await;
    app.operator().set_receiving("dee", "enabled").await;
    app.onboard(&link(&app.user("dee")).await, "finish").await;
    let account = app.accounts_of("dee").await.remove(0);
    app.change_account(&account, "hold_payouts").await;
    let held = until_state(&app, "ready_payouts_off", &[]).await;
    assert_eq!(account_facts(&held), (true, false, vec!["payout_account"]));
    app.change_account(&account, "ask_details").await;
    let asked = until_state(&app, "ready_details_due", &[]).await;
    assert_eq!(account_facts(&asked), (true, true, vec!["activity"]));
    assert!(asked["requirements_deadline"].is_string(), "{asked}");
    app.change_account(&account, "reject").await;
    let rejected = until_state(&app, "rejected", &["account_restricted"]).await;
    assert_eq!(account_facts(&rejected), (false, false, vec![]));
}

#[tokio::test]
async fn a_disconnected_account_is_followed_by_a_new_one() {
    let app = App::start().await;
    app.operator().set_receiving("dee", "enabled").await;
    let dee = app.user("dee");
    app.onboard(&link(&dee).await, "finish").await;
    until_state(&app, "ready", &[]).await;
    let first = app.accounts_of("dee").await.remove(0);
    app.change_account(&first, "deauthorize").await;
    let gone = until_state(&app, "disconnected", &["account_restricted"]).await;
    assert_eq!(account_facts(&gone), (false, false, vec![]));
    app.onboard(&link(&dee).await, "finish").await;
    until_state(&app, "ready", &[]).await;
    let second = app.accounts_of("dee").await;
    assert!(second.len() == 1 && second[0] != first, "{second:?}");
    let claim = app.items(&format!("ACCOUNT#{first}")).await;
    assert_eq!(claim[0]["creator_id"]["S"], "dee", "payments in flight still name it");
}

#[tokio::test]
async fn the_opening_of_an_account_is_recorded_and_changes_by_stripe_are_not() {
    let app = App::start().await;
    app.onboard(&link(&app.user("dee")).await, "finish").await;
    until_state(&app, "ready", &["not_in_a_wave"]).await;
    let audit = app.operator().get("/v1/admin/creators/dee/audit").await;
    let entries = audit.body["items"].as_array().expect("a page");
    let [entry] = entries.as_slice() else { panic!("{entries:?}") };
    assert_eq!((text(entry, "by"), text(entry, "reason")), ("dee", "Onboarding with Stripe"));
    let account = app.accounts_of("dee").await.remove(0);
    let changes = json!([{"field": "stripe_account_id", "from": null, "to": account}]);
    assert_eq!(entry["changes"], changes);
}

async fn deliver(app: &App, event: &Value) {
    assert_eq!(app.deliver(event.to_string()).await.status, 200, "{event}");
}

#[tokio::test]
async fn accounts_events_in_any_order_and_twice_show_what_stripe_shows() {
    for platform in [Platform::AccountsV2, Platform::AccountsV1] {
        events_show_what_stripe_shows(platform).await;
    }
}

async fn events_show_what_stripe_shows(platform: Platform) {
    let stack = Breakable::start_as(Options { platform, ..Options::default() }).await;
    let app = &stack.app;
    app.operator().set_receiving("dee", "enabled").await;
    let first = link(&app.user("dee")).await;
    let account = app.accounts_of("dee").await.remove(0);
    app.onboard(&first, "finish").await;
    assert_eq!(app.stored_state("dee").await, "unfinished", "no event is delivered yet");
    let actions = [
        ("restore", "ready"),
        ("restrict", "restricted"),
        ("hold_payouts", "ready_payouts_off"),
        ("restore", "ready"),
        ("restrict", "restricted"),
        ("deauthorize", "disconnected"),
    ];
    for (action, expected) in actions {
        app.change_account(&account, action).await;
        let events = app.events_of_account(&account).await;
        // The oldest event brings the newest state, and no late event takes it back.
        for event in events.iter().rev().chain(&events).chain(&events) {
            deliver(app, event).await;
            assert_eq!(app.stored_state("dee").await, expected, "after {action} and {}", event["id"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simultaneous_events_of_one_account_end_with_what_stripe_shows() {
    let stack = Breakable::start().await;
    let app = &stack.app;
    app.operator().set_receiving("dee", "enabled").await;
    app.onboard(&link(&app.user("dee")).await, "finish").await;
    let account = app.accounts_of("dee").await.remove(0);
    for action in ["restrict", "restore", "restrict", "hold_payouts"] {
        app.change_account(&account, action).await;
        let events = app.events_of_account(&account).await;
        let before = join_all(events.iter().take(4).map(|event| deliver(app, event)));
        let after = async {
            app.change_account(&account, "restore").await;
            join_all(app.events_of_account(&account).await.iter().take(4).map(|event| deliver(app, event)))
                .await;
        };
        tokio::join!(before, after);
        assert_eq!(app.stored_state("dee").await, "ready", "after {action}");
    }
}

#[tokio::test]
async fn an_account_that_is_not_ours_is_ignored() {
    let stack = Breakable::start().await;
    let form = [("country", "US"), ("ready", "false"), ("metadata[creator_id]", "eve")];
    let foreign = stack.app.stripe(reqwest::Method::POST, "/stand_in/accounts", &form).await.body;
    let account = text(&foreign, "id");
    stack.app.change_account(account, "restore").await;
    deliver(&stack.app, &stack.app.events_of_account(account).await[0]).await;
    assert!(stack.app.items(&format!("ACCOUNT#{account}")).await.is_empty());
    assert!(stack.app.items("CREATOR#eve").await.is_empty());
    let unknown = json!({"id": "evt_1x", "object": "event", "type": "account.updated", "created": 1, "livemode": false,
        "account": "acct_unknown", "data": {"object": {"id": "acct_unknown", "object": "account"}}});
    deliver(&stack.app, &unknown).await;
    let parked = stack.app.operator().get("/v1/admin/quarantine").await.body;
    assert_eq!(parked["items"], json!([]));
}

#[tokio::test]
async fn nobody_is_sent_to_a_page_that_is_not_the_apps() {
    let app = App::start().await;
    let (dee, home) = (app.user("dee"), app.stack.endpoints().api.clone());
    let ask = |return_url: String, refresh_url: String| {
        let pages = json!({"return_url": return_url, "refresh_url": refresh_url});
        let dee = &dee;
        async move { dee.start_onboarding_with("dee", pages).await }
    };
    for foreign in [
        "https://evil.example/",
        &format!("{home}.evil.example/"),
        &format!("{home}@evil.example/"),
        "/x",
        "",
    ] {
        for answer in
            [ask(foreign.to_owned(), home.clone()).await, ask(home.clone(), foreign.to_owned()).await]
        {
            assert_eq!(answer.problem(), (422, "url_not_allowed"), "{foreign}");
        }
    }
    assert_eq!(app.accounts_of("dee").await, Vec::<String>::new(), "nothing is opened for it");
    assert_eq!(ask(format!("{home}/a?b#c"), home.clone()).await.status, 200);
}

#[tokio::test]
async fn an_invalid_request_for_an_onboarding_is_refused_with_its_field() {
    let app = App::start().await;
    let (dee, page) = (app.user("dee"), format!("{}/", app.stack.endpoints().api));
    for (body, field) in [
        (json!({}), "return_url"),
        (json!({"return_url": page}), "refresh_url"),
        (json!({"return_url": 1, "refresh_url": page}), "return_url"),
        (json!({"return_url": page, "refresh_url": page, "country": 1}), "country"),
        (json!({"return_url": page, "refresh_url": page, "country": ""}), "country"),
        (json!({"return_url": page, "refresh_url": page, "email": "dee"}), "email"),
        (json!({"return_url": page, "refresh_url": page, "email": 1}), "email"),
        (json!({"return_url": page, "refresh_url": page, "phone": "1"}), "phone"),
    ] {
        let refused = dee.post("/v1/creators/dee/onboarding", body.clone()).await;
        assert_eq!(
            (refused.problem(), &refused.body["field"]),
            ((400, "invalid_request"), &json!(field)),
            "{body}"
        );
    }
    assert_eq!(app.accounts_of("dee").await, Vec::<String>::new());
}

#[tokio::test]
async fn an_accounts_country_is_one_of_the_deployments_and_stays() {
    let app = App::start().await;
    let dee = app.user("dee");
    let ask = |country: Value| dee.start_onboarding_in("dee", country);
    assert_eq!(ask(json!("BR")).await.problem(), (422, "country_unsupported"));
    assert_eq!(ask(json!("usa")).await.problem(), (400, "invalid_request"));
    assert_eq!(ask(json!("DE")).await.status, 200);
    assert_eq!(ask(json!("DE")).await.status, 200);
    assert_eq!(ask(json!("FR")).await.problem(), (409, "country_fixed"));
    assert_eq!(ask(Value::Null).await.status, 200);
    assert_eq!(dee.get(SETTINGS).await.body["account_currency"], "eur");
}

#[tokio::test]
async fn a_platform_in_another_region_onboards_its_creators_and_settles_their_payments() {
    let region = "AU".parse().expect("a region");
    let app = App::start_with(Options { region, ..Options::default() }).await;
    let (dee, sam) = (app.user("dee"), app.user("sam"));
    app.operator().set_receiving("dee", "enabled").await;
    assert_eq!(dee.start_onboarding_in("dee", "US").await.problem(), (422, "country_unsupported"));
    let link = dee.start_onboarding_in("dee", "AU").await;
    assert_eq!(link.status, 200, "{link:?}");
    app.onboard(&link.body, "finish").await;
    until_state(&app, "ready", &[]).await;
    assert_eq!(dee.get(SETTINGS).await.body["currency"], "aud");
    for creator in ["dee", "ana"] {
        let order = json!({"creator_id": creator, "amount": 1_000, "currency": "aud"});
        let payment = sam.pay(creator, order).await;
        assert_eq!(payment.status, 201, "{payment:?}");
        assert_eq!(app.confirm(&payment.body, "pm_card_visa").await.status, 200);
        sam.until_status(&payment.body, "succeeded").await;
    }
    assert_eq!(app.reconciled().await["differences_found"], 0);
}

#[tokio::test]
async fn a_creators_onboarding_is_hidden_from_everyone_else() {
    let app = App::start().await;
    let (dee, eve, op) = (app.user("dee"), app.user("eve"), app.operator());
    link(&dee).await;
    for other in [&eve, &op] {
        let answers: [Answer; 6] = [
            other.start_onboarding("dee").await,
            other.get(SETTINGS).await,
            other.put(SETTINGS, json!({"min_amount": 300})).await,
            other.get("/v1/creators/dee/blocks").await,
            other.put("/v1/creators/dee/blocks/sam", json!({})).await,
            other.delete("/v1/creators/dee/blocks/sam").await,
        ];
        for answer in answers {
            assert_eq!(answer.problem(), (404, "not_found"));
        }
    }
    let anonymous = Answer::to(app.request(reqwest::Method::GET, SETTINGS)).await;
    assert_eq!(anonymous.status, 401);
}

#[tokio::test]
async fn a_creator_with_an_account_in_an_unsupported_country_gets_that_reason() {
    let app = App::start().await;
    app.operator().set_receiving("dee", "enabled").await;
    let account = app.ready_account("BR").await;
    let set = app.operator().set_account("dee", "enabled", &account).await;
    assert_eq!((set.status, set.reasons()), (200, vec!["country_unsupported"]));
    let refused =
        app.user("sam").pay("k", json!({"creator_id": "dee", "amount": 1_000, "currency": "usd"})).await;
    assert_eq!(
        (refused.problem(), refused.reasons()),
        ((403, "creator_not_receiving"), vec!["country_unsupported"])
    );
}
