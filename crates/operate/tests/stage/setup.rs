use crate::deployed::{Deployed, Plan, WEBHOOK_URL};
use operate::endpoints::Purpose;
use operate::setup::Step;
use payments_stripe::{EndpointUpdate, NewEndpoint};

async fn is_right(stage: &Deployed) {
    let secrets = stage.secrets();
    let all = stage.endpoints().await;
    for purpose in Purpose::ALL {
        let enabled: Vec<_> = all.iter().filter(|it| it.purpose == purpose && it.is_enabled()).collect();
        assert!(
            matches!(enabled.as_slice(), [one] if one.has_secret_of(&secrets) && one.object.url == WEBHOOK_URL),
            "{enabled:?}"
        );
    }
    assert!(
        secrets.iter().all(|it| it.starts_with("whsec_") && it != "whsec_to_be_filled_in"),
        "a forger knows one"
    );
    assert_eq!(stage.planned(false).await, []);
}

#[tokio::test]
async fn the_first_run_makes_all_and_the_second_changes_nothing() {
    let stage = Deployed::start(Plan::right()).await;
    let planned = stage.planned(false).await;
    let create = Purpose::ALL.map(Step::Create);
    assert_eq!(planned, [&create[..], &[Step::DropPlaceholder]].concat());
    stage.set_up(false).await.expect("set up");
    is_right(&stage).await;
    let (endpoints, secrets) = (stage.endpoints().await.len(), stage.secrets());
    stage.set_up(false).await.expect("nothing to do");
    assert_eq!((stage.endpoints().await.len(), stage.secrets()), (endpoints, secrets));
}

#[tokio::test]
async fn an_endpoint_whose_secret_is_not_known_is_replaced_and_disabled_last() {
    let stage = Deployed::start(Plan::right()).await;
    stage.set_up(false).await.expect("set up");
    let lost = stage.secrets();
    stage.write("secret-webhooks", &lost[1..].join(","));
    let planned = stage.planned(false).await;
    let [Step::Create(made), Step::Disable { purpose, id }] = planned.as_slice() else {
        panic!("{planned:?}")
    };
    assert_eq!(made, purpose);
    stage.set_up(false).await.expect("replaced");
    is_right(&stage).await;
    let old = stage.endpoints().await.into_iter().find(|it| it.object.id == *id).expect("it stays");
    assert!(!old.is_enabled());
    assert!(
        lost[1..].iter().all(|known| stage.secrets().contains(known)),
        "the others stay beside the new one"
    );
}

#[tokio::test]
async fn an_endpoint_made_by_hand_is_replaced_and_another_stages_is_left_alone() {
    let stage = Deployed::start(Plan::right()).await;
    let session = stage.session();
    for url in [WEBHOOK_URL, "https://other.example.com/hook"] {
        let by_hand = NewEndpoint {
            url,
            enabled_events: &["charge.failed"],
            connect: false,
            metadata: Default::default(),
        };
        session.create_webhook_endpoint(&by_hand, &operate::stripe::new_key("hand")).await.expect("made");
    }
    stage.set_up(false).await.expect("set up");
    is_right_but_for(&stage, "https://other.example.com/hook").await;
}

async fn is_right_but_for(stage: &Deployed, other: &str) {
    let all = stage.endpoints().await;
    let enabled = |url: &str| all.iter().filter(|it| it.object.url == url && it.is_enabled()).count();
    assert_eq!((enabled(WEBHOOK_URL), enabled(other)), (3, 1));
    assert_eq!(stage.planned(false).await, []);
}

#[tokio::test]
async fn what_can_be_changed_of_an_endpoint_is_changed_and_keeps_its_secret() {
    let stage = Deployed::start(Plan::right()).await;
    stage.set_up(false).await.expect("set up");
    let secrets = stage.secrets();
    for endpoint in stage.endpoints().await {
        let id = &endpoint.object.id;
        let key = || operate::stripe::new_key("wrong");
        let url = Some("https://old.example.com/hook".to_owned());
        let enabled_events = Some(vec![endpoint.purpose.events()[0]]);
        let change = EndpointUpdate { url, enabled_events, ..EndpointUpdate::default() };
        if endpoint.purpose == Purpose::Thin {
            stage.session().update_thin_destination(id, &change, &key()).await.expect("changed");
            stage.session().set_thin_destination_enabled(id, false, &key()).await.expect("disabled");
        } else {
            let change = EndpointUpdate { disabled: Some(true), ..change };
            stage.session().update_webhook_endpoint(id, &change, &key()).await.expect("changed");
        }
    }
    assert!(stage.planned(false).await.iter().all(|step| matches!(step, Step::Update { .. })));
    stage.set_up(false).await.expect("mended");
    is_right(&stage).await;
    assert_eq!((stage.secrets(), stage.endpoints().await.len()), (secrets, 3));
}

#[tokio::test]
async fn all_are_replaced_on_demand_and_the_old_secrets_stay_beside_the_new() {
    let stage = Deployed::start(Plan::right()).await;
    stage.set_up(false).await.expect("set up");
    stage.set_up(true).await.expect("replaced");
    is_right(&stage).await;
    assert_eq!((stage.endpoints().await.len(), stage.secrets().len()), (6, 6));
}

#[tokio::test]
async fn a_platform_with_accounts_of_v1_needs_no_thin_events() {
    let mut plan = Plan::right();
    plan.variables.insert("ACCOUNT_KIND", "controller_express");
    let stage = Deployed::start(plan).await;
    assert_eq!(
        stage.planned(false).await[..2],
        [Step::Create(Purpose::Platform), Step::Create(Purpose::Connected)]
    );
    assert_eq!(stage.planned(false).await.len(), 3);
}

#[tokio::test]
async fn a_run_that_is_interrupted_anywhere_ends_right_when_it_is_repeated() {
    // Three creations with a mark each; after that, with `replace`, three changes of status.
    for loses_answer in [false, true] {
        for calls in 0..9 {
            let stage = Deployed::start_with(Plan::right(), calls, loses_answer).await;
            if calls >= 6 {
                stage.set_up(false).await.expect("set up");
            }
            let first = stage.set_up(calls >= 6).await;
            assert!(first.is_err(), "{calls} calls are too few");
            stage.allow_all();
            stage.set_up(false).await.expect("repeated");
            is_right(&stage).await;
        }
    }
}

#[tokio::test]
async fn a_secret_that_cannot_be_put_leaves_an_endpoint_that_the_next_run_replaces() {
    let stage = Deployed::start(Plan::right()).await;
    stage.write("refuse-put-secret-value", "");
    let error = stage.set_up(false).await.expect_err("refused").to_string();
    assert!(error.contains("secretsmanager put-secret-value") && error.contains("AccessDenied"), "{error}");
    assert!(!error.contains("whsec_"), "{error}");
    std::fs::remove_file(stage.folder.path().join("refuse-put-secret-value")).expect("allowed");
    stage.set_up(false).await.expect("repeated");
    is_right(&stage).await;
}

#[test]
fn the_runbook_lists_the_types_of_each_endpoint() {
    let runbook = include_str!("../../../../docs/RUNBOOK.md");
    for kind in [Purpose::Platform, Purpose::Connected].iter().flat_map(|purpose| purpose.events()) {
        assert!(runbook.contains(&format!("`{kind}`")), "{kind}");
    }
    assert!(runbook.contains("`v2.core.account[requirements].updated`"));
}
