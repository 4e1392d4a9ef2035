//! Accounts whose news nobody heard: reconciliation finds them in Stripe's list.

use black_box::{App, Breakable, Fault, Service, text};
use reqwest::Method;
use serde_json::{Value, json};

/// Nobody is told anything, now or later: what changes at Stripe makes no event.
async fn silent() -> Breakable {
    let stack = Breakable::start().await;
    stack.app.chaos(json!({"drift": 1_000_000})).await;
    stack
}

async fn onboarded(app: &App, creator: &str) -> String {
    let link = app.user(creator).start_onboarding(creator).await;
    assert_eq!(link.status, 200, "{link:?}");
    app.onboard(&link.body, "finish").await;
    app.accounts_of(creator).await.remove(0)
}

async fn state(app: &App, creator: &str) -> Value {
    let settings = app.user(creator).get(&format!("/v1/creators/{creator}/settings")).await;
    settings.body["onboarding"]["state"].clone()
}

/// Everything that is kept of creators and their accounts.
async fn kept(app: &App) -> Vec<Value> {
    let table = app.table().await.into_iter();
    let of_creators = |item: &Value| {
        let pk = text(&item["PK"], "S");
        ["CREATOR#", "ACCOUNT#", "AUDIT#"].iter().any(|kind| pk.starts_with(kind))
    };
    table.filter(of_creators).collect()
}

#[tokio::test]
async fn what_stripe_makes_of_an_account_is_seen_without_any_event_and_nothing_is_written_when_nothing_is_new()
 {
    let stack = silent().await;
    let app = &stack.app;
    let account = onboarded(app, "dee").await;
    assert_eq!(state(app, "dee").await, "unfinished", "nobody has told");
    for (deed, expected) in [("", "ready"), ("restrict", "restricted"), ("hold_payouts", "ready_payouts_off")]
    {
        if !deed.is_empty() {
            app.bring_account(&account, deed).await;
        }
        let run = app.reconciled().await;
        assert_eq!(state(app, "dee").await, expected);
        // The stack's own two creators have accounts as well.
        let counts = (&run["counts"]["accounts"], &run["counts"]["news"], &run["differences_found"]);
        assert_eq!(counts, (&json!(3), &json!(1), &json!(0)), "{run}");
    }
    let before = kept(app).await;
    stack.reconcile.made();
    let run = app.reconciled().await;
    assert_eq!((&run["counts"]["accounts"], &run["counts"]["news"]), (&json!(3), &json!(0)));
    assert_eq!(kept(app).await, before);
    let asked = stack.reconcile.made().into_iter().filter(|service| *service == Service::Stripe).count();
    assert_eq!(asked, 4, "one list of each kind, and no account by itself");
}

#[tokio::test]
async fn a_crash_at_any_hop_leaves_the_news_of_an_account_to_the_next_slice() {
    let stack = silent().await;
    let app = &stack.app;
    let account = onboarded(app, "dee").await;
    stack.reconcile.made();
    app.reconciled().await;
    // The list, claims and receivers; the account's claim, receiver, look and write; the note.
    let list =
        stack.reconcile.made().iter().rposition(|service| *service == Service::Stripe).expect("a list") + 1;
    for hop in list..=list + 7 {
        let fault = Fault::CRASHES[hop / 2 % 2];
        let (deed, expected) = if hop % 2 == 0 { ("restore", "ready") } else { ("restrict", "restricted") };
        app.bring_account(&account, deed).await;
        stack.reconcile.arm(hop, fault);
        app.operator().reconcile().await;
        assert!(stack.reconcile.fired(), "hop {hop}");
        app.reconciled().await;
        // The one that was broken off may have been past the accounts.
        app.reconciled().await;
        assert_eq!(state(app, "dee").await, expected, "{fault:?} at {hop}");
    }
    assert_eq!(app.accounts_of("dee").await, [account]);
}

/// Stripe opens an account, and nobody hears of it.
async fn opened_unheard(stack: &Breakable, creator: &str) -> String {
    stack.onboarding.arm(3, Fault::CrashAfter);
    assert_eq!(stack.app.user(creator).start_onboarding(creator).await.status, 500);
    assert!(stack.onboarding.fired());
    stack.app.accounts_of(creator).await.remove(0)
}

#[tokio::test]
async fn an_account_whose_opening_was_broken_off_is_claimed_without_its_creator() {
    let stack = silent().await;
    let account = opened_unheard(&stack, "dee").await;
    assert_eq!(state(&stack.app, "dee").await, "not_started");
    let run = stack.app.reconciled().await;
    assert_eq!((&run["counts"]["news"], &run["differences"]), (&json!(1), &json!([])), "{run}");
    assert_eq!(state(&stack.app, "dee").await, "unfinished");
    let claim = stack.app.items(&format!("ACCOUNT#{account}")).await;
    assert_eq!(claim[0]["creator_id"]["S"], "dee");
    assert_eq!(onboarded(&stack.app, "dee").await, account);
}

#[tokio::test]
async fn an_account_that_its_creator_cannot_take_any_more_is_a_difference_until_it_is_gone() {
    let stack = silent().await;
    let app = &stack.app;
    let account = opened_unheard(&stack, "dee").await;
    // Meanwhile an operator names another one, and on the same Stripe account somebody else knows a `dee` and an `eve`.
    let open = async |creator: &str| {
        let form = [("type", "express"), ("country", "US"), ("metadata[creator_id]", creator)];
        let opened = app.stripe(Method::POST, "/v1/accounts", &form).await;
        text(&opened.body, "id").to_owned()
    };
    let (other, _) = (open("dee").await, open("eve").await);
    let body = json!({"receiving": "enabled", "reason": "x", "stripe_account_id": other});
    let named = app.operator().put("/v1/admin/creators/dee/eligibility", body).await;
    assert_eq!(named.status, 200, "{named:?}");
    let before = kept(app).await;
    for _ in 0..2 {
        let run = app.reconciled().await;
        assert_eq!(run["differences_found"], 1, "{run}");
        let difference = &run["differences"][0];
        assert_eq!(
            (&difference["kind"], &difference["object"]),
            (&json!("unclaimed_account"), &json!(account))
        );
        assert_eq!(kept(app).await, before, "nobody is moved to another account");
    }
    assert_eq!(app.stripe(Method::DELETE, &format!("/v1/accounts/{account}"), &[]).await.status, 200);
    assert_eq!(app.reconciled().await["differences"], json!([]));
}

#[tokio::test]
async fn a_sweep_whose_place_in_the_list_is_gone_begins_the_list_anew() {
    let stack = silent().await;
    let app = &stack.app;
    // The oldest in the list, and more than a page of others, the newest of which is ours too.
    let dee = onboarded(app, "dee").await;
    let form = [("type", "express"), ("country", "US")];
    for _ in 0..100 {
        assert_eq!(app.stripe(Method::POST, "/v1/accounts", &form).await.status, 200);
    }
    onboarded(app, "eli").await;
    stack.reconcile.made();
    app.reconciled().await;
    // Of the lists: events, intents, transactions, and the second page of accounts, behind what the first one wrote.
    let last_list =
        stack.reconcile.made().iter().rposition(|service| *service == Service::Stripe).expect("a list");
    app.bring_account(&dee, "restrict").await;
    let eli = app.accounts_of("eli").await.remove(0);
    app.bring_account(&eli, "restrict").await;
    let listed = app.listed("/v1/accounts?limit=100").await;
    let place = text(&listed[99], "id");
    assert_ne!(place, dee);
    // Before the second page, or else before `dee` is looked at in it: her own look is a call of Stripe, too.
    stack.reconcile.arm(last_list, Fault::CrashBefore);
    app.operator().reconcile().await;
    assert!(stack.reconcile.fired());
    let noted = app.items("RECONCILE").await;
    let current = noted.iter().find(|note| note["SK"]["S"] == "CURRENT").expect("a run");
    assert_eq!(current["value"]["M"]["cursor"]["S"], place, "it is within the list: {current}");
    app.bring_account(place, "deauthorize").await;
    let run = app.reconciled().await;
    assert_eq!(run["differences"], json!([]), "{run}");
    assert_eq!(
        (state(app, "dee").await, state(app, "eli").await),
        (json!("restricted"), json!("restricted"))
    );
}
