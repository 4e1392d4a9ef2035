//! Changes of accounts that made no event: reconciliation finds them in Stripe's list.

use black_box::{App, Breakable, Fault, Service, text};
use local::stack::{Options, Platform};
use reqwest::Method;
use serde_json::{Value, json};

/// A stack at whose Stripe no change makes an event.
async fn silent() -> Breakable {
    silent_on(Platform::AccountsV2).await
}

async fn silent_on(platform: Platform) -> Breakable {
    let stack = Breakable::start_as(Options { platform, top_up: 0, ..Options::default() }).await;
    stack.app.chaos(json!({"drift": 1_000_000})).await;
    stack
}

async fn onboarded(app: &App, creator: &str) -> String {
    let link = app.user(creator).start_onboarding(creator).await;
    assert_eq!(link.status, 200, "{link:?}");
    app.onboard(&link.body, "finish").await;
    app.accounts_of(creator).await.remove(0)
}

/// The items of creators, their accounts and their audit.
async fn items_of_creators(app: &App) -> Vec<Value> {
    let table = app.table().await.into_iter();
    let of_creators = |item: &Value| {
        let pk = text(&item["PK"], "S");
        ["CREATOR#", "ACCOUNT#", "AUDIT#"].iter().any(|kind| pk.starts_with(kind))
    };
    table.filter(of_creators).collect()
}

#[tokio::test]
async fn a_change_of_an_account_is_found_without_an_event_and_nothing_is_written_when_nothing_changed() {
    let stack = silent().await;
    let app = &stack.app;
    let account = onboarded(app, "dee").await;
    assert_eq!(app.stored_state("dee").await, "unfinished", "there was no event");
    for (action, expected) in
        [("", "ready"), ("restrict", "restricted"), ("hold_payouts", "ready_payouts_off")]
    {
        if !action.is_empty() {
            app.change_account(&account, action).await;
        }
        let run = app.reconciled().await;
        assert_eq!(app.stored_state("dee").await, expected);
        // The seed's two creators have accounts as well.
        let counts = (&run["counts"]["accounts"], &run["counts"]["news"], &run["differences_found"]);
        assert_eq!(counts, (&json!(3), &json!(1), &json!(0)), "{run}");
    }
    let before = items_of_creators(app).await;
    stack.reconcile.made();
    // A late pass begins where the one before ended: without time in between it has nothing to list.
    stack.pass_seconds(60);
    let run = app.reconciled().await;
    assert_eq!((&run["counts"]["accounts"], &run["counts"]["news"]), (&json!(3), &json!(0)));
    assert_eq!(items_of_creators(app).await, before);
    let asked = stack.reconcile.made().into_iter().filter(|service| *service == Service::Stripe).count();
    // Lists, three of them in the late pass as well; the balance twice with what changed in between; and each account of v2. The
    // events about accounts are applied.
    assert_eq!(asked, 7 + 3 + 3 + 3);
}

#[tokio::test]
async fn a_crash_at_any_hop_leaves_the_change_of_an_account_to_the_next_slice() {
    let stack = silent().await;
    let app = &stack.app;
    let account = onboarded(app, "dee").await;
    stack.reconcile.made();
    app.reconciled().await;
    // The list, claims and receivers; the account's claim, receiver, retrieval and write; the progress.
    let made = stack.reconcile.made();
    let asked = made.iter().enumerate().filter(|(_, service)| **service == Service::Stripe);
    // After the last list, each of the three accounts is retrieved.
    let list = asked.map(|(at, _)| at).rev().nth(3).expect("a list") + 1;
    for hop in list..=list + 7 {
        let fault = Fault::CRASHES[hop / 2 % 2];
        let (action, expected) = if hop % 2 == 0 { ("restore", "ready") } else { ("restrict", "restricted") };
        app.change_account(&account, action).await;
        stack.reconcile.arm(hop, fault);
        app.operator().reconcile().await;
        assert!(stack.reconcile.fired(), "hop {hop}");
        app.reconciled().await;
        // The interrupted run may have been past the accounts.
        app.reconciled().await;
        assert_eq!(app.stored_state("dee").await, expected, "{fault:?} at {hop}");
    }
    assert_eq!(app.accounts_of("dee").await, [account]);
}

/// An account whose creation crashed before the answer arrived.
async fn opened_unnoticed(stack: &Breakable, creator: &str) -> String {
    stack.onboarding.arm(3, Fault::CrashAfter);
    assert_eq!(stack.app.user(creator).start_onboarding(creator).await.status, 500);
    assert!(stack.onboarding.fired());
    stack.app.accounts_of(creator).await.remove(0)
}

#[tokio::test]
async fn an_account_whose_opening_was_interrupted_is_claimed_without_its_creator() {
    let stack = silent().await;
    let account = opened_unnoticed(&stack, "dee").await;
    assert_eq!(stack.app.stored_state("dee").await, "not_started");
    let run = stack.app.reconciled().await;
    assert_eq!((&run["counts"]["news"], &run["differences"]), (&json!(1), &json!([])), "{run}");
    assert_eq!(stack.app.stored_state("dee").await, "unfinished");
    let claim = stack.app.items(&format!("ACCOUNT#{account}")).await;
    assert_eq!(claim[0]["creator_id"]["S"], "dee");
    assert_eq!(onboarded(&stack.app, "dee").await, account);
}

#[tokio::test]
async fn an_account_whose_creator_has_another_one_is_a_difference_until_it_is_deleted() {
    let stack = silent().await;
    let app = &stack.app;
    let account = opened_unnoticed(&stack, "dee").await;
    // Meanwhile an operator sets another one; and other software on the same platform has a `dee` and an `eve`.
    let open = async |creator: &str| {
        let form = [("country", "US"), ("ready", "false"), ("metadata[creator_id]", creator)];
        let opened = app.stripe(Method::POST, "/stand_in/accounts", &form).await;
        text(&opened.body, "id").to_owned()
    };
    let (other, _) = (open("dee").await, open("eve").await);
    let named = app.operator().set_account("dee", "enabled", &other).await;
    assert_eq!(named.status, 200, "{named:?}");
    let before = items_of_creators(app).await;
    for _ in 0..2 {
        let run = app.reconciled().await;
        assert_eq!(run["differences_found"], 1, "{run}");
        let difference = &run["differences"][0];
        assert_eq!(
            (&difference["kind"], &difference["object"]),
            (&json!("unclaimed_account"), &json!(account))
        );
        assert_eq!(items_of_creators(app).await, before, "the creator keeps their account");
    }
    assert_eq!(app.stripe(Method::DELETE, &format!("/v1/accounts/{account}"), &[]).await.status, 200);
    assert_eq!(app.reconciled().await["differences"], json!([]));
}

#[tokio::test]
async fn a_sweep_whose_place_in_the_list_is_gone_starts_the_list_again() {
    let stack = silent_on(Platform::AccountsV1).await;
    let app = &stack.app;
    // `dee` is the oldest in the list; a page of foreign accounts and then `eli` follow.
    let dee = onboarded(app, "dee").await;
    let form = [("country", "US"), ("ready", "false")];
    for _ in 0..100 {
        assert_eq!(app.stripe(Method::POST, "/stand_in/accounts", &form).await.status, 200);
    }
    onboarded(app, "eli").await;
    stack.reconcile.made();
    app.reconciled().await;
    // The last list is the second page of accounts.
    let last_list =
        stack.reconcile.made().iter().rposition(|service| *service == Service::Stripe).expect("a list");
    app.change_account(&dee, "restrict").await;
    let eli = app.accounts_of("eli").await.remove(0);
    app.change_account(&eli, "restrict").await;
    let listed = app.listed("/v1/accounts?limit=100").await;
    let place = text(&listed[99], "id");
    assert_ne!(place, dee);
    // The run is interrupted before the second page, or before `dee` in it is retrieved.
    stack.reconcile.arm(last_list, Fault::CrashBefore);
    app.operator().reconcile().await;
    assert!(stack.reconcile.fired());
    let runs = app.items("RECONCILE").await;
    let current = runs.iter().find(|note| note["SK"]["S"] == "CURRENT").expect("a run");
    assert_eq!(
        current["value"]["M"]["stages"]["M"]["accounts"]["M"]["cursor"]["S"], place,
        "it is within the list: {current}"
    );
    app.change_account(place, "deauthorize").await;
    let run = app.reconciled().await;
    assert_eq!(run["differences"], json!([]), "{run}");
    assert_eq!(
        (app.stored_state("dee").await, app.stored_state("eli").await),
        (json!("restricted"), json!("restricted"))
    );
}
