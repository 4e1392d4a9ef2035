use crate::deployed::{Deployed, KEY, Plan, WEBHOOK_URL};
use operate::endpoints::{Endpoint, Purpose};
use operate::finding::{Finding, Report, State};
use payments_stripe::EndpointUpdate;
use serde_json::{Value, json};
use stripe_stand_in::{Platform, PlatformAccount, PlatformPayouts, Region};

fn not_ok(findings: &[Finding]) -> Vec<&Finding> {
    findings.iter().filter(|it| matches!(it.state, State::Wrong | State::Warning)).collect()
}

#[tokio::test]
async fn a_stage_that_is_right_has_no_finding_but_what_no_api_tells() {
    let stage = Deployed::start(Plan::right()).await;
    stage.set_up(false).await.expect("set up");
    let findings = stage.findings().await;
    assert_eq!(not_ok(&findings), [] as [&Finding; 0]);
    let told: Vec<_> =
        findings.iter().filter(|it| it.state == State::NotCheckable).map(|it| it.check).collect();
    assert_eq!(told, ["connect_profile", "pricing", "radar_rules", "operators"]);
    assert!(Report::new("s", false, findings, &[]).passed);
}

fn lacks(permission: &str) -> impl Fn(&mut Plan) {
    move |plan: &mut Plan| {
        let granted = plan.settings.restricted_keys.get_mut(KEY).expect("the key");
        assert!(granted.remove(permission), "{permission}");
    }
}

type Plant = Box<dyn Fn(&mut Plan)>;

/// What is planted, and the one finding that follows: its check, its state, and words of what is wrong and of how to mend it.
fn planted() -> Vec<(Plant, &'static str, State, &'static str, &'static str)> {
    use State::{NotCheckable, Warning, Wrong};
    let aws = |command: &'static str, answer: Value| -> Plant {
        Box::new(move |plan| drop(plan.aws.insert(command, answer.clone())))
    };
    let parameter = |name: &'static str, value: &'static str| -> Plant {
        Box::new(move |plan| drop(plan.parameters.insert(name, value.to_owned())))
    };
    let account =
        |account: PlatformAccount| -> Plant { Box::new(move |plan| plan.settings.account = account.clone()) };
    let descriptor = |prefix: Option<&str>| PlatformAccount {
        statement_descriptor_prefix: prefix.map(str::to_owned),
        ..PlatformAccount::default()
    };
    let open_route = json!({"Items": [{"RouteKey": "POST /v1/payments", "AuthorizationType": "NONE"}]});
    let no_scope = json!({"Items": [{"RouteKey": "GET /v1/admin/drift", "AuthorizationType": "JWT"}]});
    let no_webhook = json!({"Items": [{"RouteKey": "POST /v1/payments", "AuthorizationType": "JWT"}]});
    let guarded = json!({"Items": [{"RouteKey": "POST /v1/stripe/webhooks", "AuthorizationType": "JWT"}]});
    let other_issuer = json!({"Items": [{"Name": "J", "AuthorizerType": "JWT",
        "JwtConfiguration": {"Issuer": "https://other", "Audience": ["app"]}}]});
    let pending = json!({"Subscriptions": [{"SubscriptionArn": "PendingConfirmation"}]});
    vec![
        (aws("status", json!("UPDATE_ROLLBACK_COMPLETE")), "stack", Warning, "rolled back", "events"),
        (aws("status", json!("ROLLBACK_COMPLETE")), "stack", Wrong, "ROLLBACK_COMPLETE", "2.3"),
        (
            Box::new(|plan| plan.key = "sk_test_stage"),
            "stripe_key_permissions",
            Warning,
            "everything",
            "RUNBOOK",
        ),
        (
            Box::new(lacks("rak_charge_write")),
            "stripe_key_permissions",
            Wrong,
            "Charges and Refunds (write)",
            "API keys",
        ),
        (
            Box::new(lacks("rak_account_write")),
            "stripe_key_permissions",
            Wrong,
            "Connected accounts (write)",
            "API keys",
        ),
        (
            Box::new(lacks("rak_v2_account_write")),
            "stripe_key_permissions",
            Wrong,
            "accounts (v2) (write)",
            "API keys",
        ),
        (Box::new(lacks("rak_radar_read")), "stripe_key_permissions", Wrong, "Radar (read)", "API keys"),
        (
            account(PlatformAccount { charges_enabled: false, ..PlatformAccount::default() }),
            "platform_account",
            Warning,
            "charge",
            "Home",
        ),
        (
            account(descriptor(None)),
            "statement_descriptor",
            Wrong,
            "no shortened descriptor",
            "Public details",
        ),
        (
            Box::new(|plan| {
                plan.parameters.insert("StatementDescriptorPrefixLength", "5".to_owned());
            }),
            "statement_descriptor",
            Wrong,
            "has 7 characters, and 5",
            "StatementDescriptorPrefixLength=7",
        ),
        (
            Box::new(|plan| plan.settings.platform = Platform::AccountsV1Only),
            "accounts_api",
            Wrong,
            "accounts_v2_access_blocked",
            "AccountKind",
        ),
        (
            Box::new(|plan| {
                plan.variables.insert("ACCOUNT_KIND", "controller_express");
            }),
            "accounts_api",
            NotCheckable,
            "accounts of v1",
            "5.2",
        ),
        (parameter("Countries", "US,BR"), "countries", Warning, "to BR", "take them out"),
        (
            Box::new(|plan| {
                plan.variables.insert("SETTLEMENT_CURRENCIES", "usd,eur");
                plan.variables.insert("FEE_SCHEDULE", "eur=29000+30");
                for limits in ["SenderLimits", "SenderCreatorLimits", "MaxAmounts"] {
                    plan.parameters.insert(limits, "usd=500000,eur=500000".to_owned());
                }
            }),
            "settlement_currencies",
            Wrong,
            "no balance in eur",
            "--accept settlement_currencies",
        ),
        (parameter("SenderLimits", ""), "limits", Warning, "SenderLimits is empty", "infra/README.md"),
        (
            parameter("MaxAmounts", "eur=1"),
            "limits",
            Warning,
            "MaxAmounts has no amount in usd",
            "infra/README.md",
        ),
        (
            Box::new(|plan| plan.settings.top_up = 0),
            "balance",
            Warning,
            "nothing is available in usd",
            "Add to balance",
        ),
        (aws("get-routes", open_route), "authorizer", Wrong, "POST /v1/payments asks for no token", "deploy"),
        (aws("get-routes", no_scope), "authorizer", Wrong, "does not ask for payments:admin", "deploy"),
        (
            aws("get-routes", no_webhook),
            "authorizer",
            Wrong,
            "there is no POST /v1/stripe/webhooks",
            "deploy",
        ),
        (aws("get-routes", guarded), "authorizer", Wrong, "which Stripe does not send", "deploy"),
        (aws("get-authorizers", other_issuer), "authorizer", Wrong, "other tokens", "deploy"),
        (
            Box::new(|plan| plan.issuer = Some("https://other")),
            "token_issuer",
            Wrong,
            "calls itself https://other",
            "JwtIssuer=",
        ),
        (
            aws("describe-table", json!({"Table": {}})),
            "deletion_protection",
            Warning,
            "can be deleted",
            "DeletionProtection",
        ),
        (
            aws("describe-continuous-backups", json!({})),
            "backups",
            Warning,
            "is off",
            "PointInTimeRecoveryEnabled",
        ),
        (parameter("AlarmTopicArn", ""), "alarm_destination", Warning, "nobody", "AlarmTopicArn"),
        (
            aws("list-subscriptions-by-topic", pending),
            "alarm_destination",
            Warning,
            "nobody has confirmed",
            "3.12",
        ),
        (
            aws("describe-alarms", json!({"MetricAlarms": [{"AlarmName": "Drift"}]})),
            "alarms",
            Warning,
            "Drift",
            "RUNBOOK",
        ),
    ]
}

#[tokio::test]
async fn each_wrong_state_has_its_finding_and_no_other() {
    for (plant, check, state, what, mend) in planted() {
        let mut plan = Plan::right();
        plant(&mut plan);
        let stage = Deployed::start(plan).await;
        stage.set_up(false).await.expect("set up");
        let findings = stage.findings().await;
        let unlike: Vec<&Finding> = match state {
            State::NotCheckable => findings.iter().filter(|it| it.check == check).collect(),
            State::Ok | State::Wrong | State::Warning => not_ok(&findings),
        };
        let [one] = unlike.as_slice() else { panic!("{check}: {unlike:#?}") };
        assert_eq!((one.check, one.state), (check, state), "{one:?}");
        assert!(
            one.what.contains(what) && one.mend.as_deref().is_some_and(|it| it.contains(mend)),
            "{one:?}"
        );
    }
}

#[tokio::test]
async fn a_platform_in_another_country_is_wrong_with_its_country_and_its_currency() {
    let mut plan = Plan::right();
    plan.settings.region = "AU".parse::<Region>().expect("a country");
    let stage = Deployed::start(plan).await;
    stage.set_up(false).await.expect("set up");
    let findings = stage.findings().await;
    let checks: Vec<_> = not_ok(&findings).iter().map(|it| (it.check, it.state)).collect();
    let expected = [("platform_country", State::Wrong), ("settlement_currencies", State::Wrong)];
    assert_eq!(checks, expected, "{findings:#?}");
    assert!(not_ok(&findings)[0].mend.as_deref().is_some_and(|it| it.contains("PlatformCountry=AU")));
}

#[tokio::test]
async fn a_balance_that_is_paid_out_each_day_is_empty_and_both_are_said() {
    let mut plan = Plan::right();
    plan.settings.payouts = PlatformPayouts::Daily;
    let stage = Deployed::start(plan).await;
    stage.set_up(false).await.expect("set up");
    let findings = stage.findings().await;
    let found: Vec<_> = not_ok(&findings).iter().map(|it| (it.check, it.state)).collect();
    assert_eq!(found, [("balance", State::Warning), ("payouts", State::Warning)], "{findings:#?}");
    assert!(not_ok(&findings)[1].mend.as_deref().is_some_and(|it| it.contains("minimum balance")));
}

#[tokio::test]
async fn a_key_of_the_other_mode_is_said_and_never_sent() {
    for (key, says) in [("sk_live_1", "it is a live key"), ("placeholder", "begins with none of")] {
        let plan = Plan { key, ..Plan::right() };
        let stage = Deployed::start(plan).await;
        let findings = stage.findings().await;
        let mode = findings.iter().find(|it| it.check == "stripe_key").expect("a finding");
        assert!(mode.state == State::Wrong && mode.what.contains(says), "{mode:?}");
        assert!(!format!("{findings:?}").contains(key) || key == "placeholder");
    }
}

/// The finding about one endpoint, of three that were right before `change`.
async fn after(change: impl AsyncFn(&Deployed, &Endpoint), purpose: Purpose) -> Finding {
    let stage = Deployed::start(Plan::right()).await;
    stage.set_up(false).await.expect("set up");
    let endpoint = stage.endpoints().await.into_iter().find(|it| it.purpose == purpose).expect("an endpoint");
    change(&stage, &endpoint).await;
    let findings = stage.findings().await;
    let [one] = not_ok(&findings).try_into().unwrap_or_else(|all| panic!("{all:#?}"));
    one.clone()
}

async fn update(stage: &Deployed, endpoint: &Endpoint, change: EndpointUpdate) {
    let key = operate::stripe::new_key("wrong");
    stage.session().update_webhook_endpoint(&endpoint.object.id, &change, &key).await.expect("changed");
}

#[tokio::test]
async fn an_endpoint_that_is_not_as_it_should_be_is_wrong_and_set_up_mends_it() {
    let disabled = EndpointUpdate { disabled: Some(true), ..EndpointUpdate::default() };
    let moved = EndpointUpdate { url: Some("https://x.example.com".to_owned()), ..EndpointUpdate::default() };
    let fewer = EndpointUpdate { enabled_events: Some(vec!["payout.paid"]), ..EndpointUpdate::default() };
    for (change, says) in [
        (disabled, "it is disabled"),
        (moved, "it goes to https://x.example.com and not to"),
        (
            fewer,
            "it lacks account.application.deauthorized, account.updated, capability.updated, payout.failed",
        ),
    ] {
        let found =
            after(async |stage, it| update(stage, it, change.clone()).await, Purpose::Connected).await;
        assert_eq!((found.check, found.state), ("endpoint_connected", State::Wrong));
        assert!(found.what.contains(says), "{found:?}");
        assert!(found.mend.as_deref().is_some_and(|mend| mend.contains("operate -- setup")));
    }
    let more = [Purpose::Connected.events(), &["payout.created"]].concat();
    let more = EndpointUpdate { enabled_events: Some(more), ..EndpointUpdate::default() };
    let found = after(async |stage, it| update(stage, it, more.clone()).await, Purpose::Connected).await;
    assert!(found.state == State::Warning && found.what.contains("payout.created"), "{found:?}");
    let unknown = async |stage: &Deployed, _: &Endpoint| {
        stage.write("secret-webhooks", &stage.secrets()[..2].join(","))
    };
    let found = after(unknown, Purpose::Platform).await;
    assert!(found.check == "endpoint_platform" && found.what.contains("signing secret"), "{found:?}");
    let off = async |stage: &Deployed, it: &Endpoint| {
        let key = operate::stripe::new_key("off");
        stage.session().set_thin_destination_enabled(&it.object.id, false, &key).await.expect("off");
    };
    assert_eq!(after(off, Purpose::Thin).await.check, "endpoint_thin");
}

#[tokio::test]
async fn a_stage_that_was_never_set_up_lacks_all_endpoints_and_its_secret_is_public() {
    let stage = Deployed::start(Plan::right()).await;
    let findings = stage.findings().await;
    let checks: Vec<_> = not_ok(&findings).iter().map(|it| it.check).collect();
    assert_eq!(checks, ["endpoint_platform", "endpoint_connected", "endpoint_thin", "signing_secrets"]);
    assert!(not_ok(&findings)[3].what.contains("can be forged"), "{WEBHOOK_URL}");
}

#[tokio::test]
async fn what_cannot_be_read_is_wrong_and_says_why() {
    for (command, check) in [
        ("get-secret-value", "stripe_key"),
        ("describe-table", "deletion_protection"),
        ("describe-continuous-backups", "backups"),
        ("get-routes", "authorizer"),
        ("list-subscriptions-by-topic", "alarm_destination"),
        ("describe-alarms", "alarms"),
    ] {
        let stage = Deployed::start(Plan::right()).await;
        stage.set_up(false).await.expect("set up");
        stage.write(&format!("refuse-{command}"), "");
        let findings = stage.findings().await;
        let found = findings.iter().find(|it| it.check == check).expect("a finding");
        assert!(found.state == State::Wrong && found.what.contains("AccessDenied"), "{found:?}");
    }
}
