//! The program: its exit status, and what it prints.

use crate::deployed::{ADMIN_KEY, Deployed, Plan, STACK};
use payments_stripe::NewEndpoint;
use serde_json::Value;
use tokio::task::spawn_blocking;

async fn run(stage: &Deployed, arguments: &[&str]) -> (i32, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_operate"));
    command.args(arguments).args(["--stack", STACK]).env("STRIPE_API_BASE", &stage.address);
    command.env("OPERATE_AWS", stage.program()).env("STRIPE_ADMIN_KEY", ADMIN_KEY);
    let output = spawn_blocking(move || command.output()).await.expect("run").expect("an output");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("a text");
    (output.status.code().expect("a status"), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn a_stage_is_set_up_and_checked_on_the_command_line_and_no_secret_is_printed() {
    let stage = Deployed::start(Plan::right()).await;
    let (status, before, _) = run(&stage, &["check"]).await;
    assert!(status == 1 && before.contains("WRONG         endpoint_thin: there is none"), "{before}");
    assert!(before.ends_with("creator-payments-test (test): not ready\n"), "{before}");
    run(&stage, &["check", "--record"]).await;
    assert!(!stage.folder.path().join("item").exists(), "something is wrong");
    let (status, dry, _) = run(&stage, &["setup", "--dry-run"]).await;
    assert_eq!((status, dry.lines().count()), (0, 4), "{dry}");
    assert_eq!(stage.endpoints().await.len(), 0);
    let (status, done, _) = run(&stage, &["setup"]).await;
    assert_eq!((status, done.lines().filter(|line| line.starts_with("done: ")).count()), (0, 4), "{done}");
    assert_eq!(run(&stage, &["setup"]).await.1, "creator-payments-test: nothing to do\n");
    let (status, after, errors) = run(&stage, &["check", "--json"]).await;
    assert_eq!(status, 0, "{after}");
    for printed in [&before, &dry, &done, &after, &errors] {
        let secrets = stage.secrets();
        assert!(!printed.contains(ADMIN_KEY) && secrets.iter().all(|it| !printed.contains(it)), "{printed}");
    }
    assert!(!stage.folder.path().join("item").exists(), "nobody asked for the record");
    run(&stage, &["check", "--record"]).await;
    let item: Value =
        serde_json::from_slice(&std::fs::read(stage.folder.path().join("item")).expect("an item"))
            .expect("JSON");
    assert_eq!((&item["PK"]["S"], &item["SK"]["S"]), (&"OPERATIONS".into(), &"CHECKED".into()));
    let report: Value = serde_json::from_str(&after).expect("JSON");
    assert_eq!(
        (&report["stack"], &report["livemode"], &report["passed"]),
        (&STACK.into(), &false.into(), &true.into())
    );
    let findings = report["findings"].as_array().expect("a list");
    for finding in findings {
        let fields: Vec<&str> = finding.as_object().expect("an object").keys().map(String::as_str).collect();
        let is_ok = finding["state"] == "ok";
        let expected: &[&str] =
            if is_ok { &["check", "state", "what"] } else { &["check", "mend", "state", "what"] };
        assert_eq!(fields, expected, "{finding}");
        assert!(["ok", "not_checkable"].contains(&finding["state"].as_str().expect("a text")), "{finding}");
    }
}

#[tokio::test]
async fn a_stage_that_cannot_be_looked_at_is_another_status_than_one_that_is_wrong() {
    let mut plan = Plan::right();
    plan.variables.insert("DEFAULT_CURRENCY", "eur");
    let stage = Deployed::start(plan).await;
    let (status, _, error) = run(&stage, &["check"]).await;
    assert!(status == 2 && error.contains("FEE_SCHEDULE"), "{error}");
    stage.write("refuse-describe-stacks", "");
    let (status, _, error) = run(&stage, &["check"]).await;
    assert!(status == 2 && error.contains("AccessDenied"), "{error}");
}

#[tokio::test]
async fn a_misspelt_check_cannot_be_accepted() {
    let stage = Deployed::start(Plan::right()).await;
    let (status, out, error) = run(&stage, &["check", "--accept", "deletion-protection"]).await;
    assert!(status == 2 && out.is_empty(), "{out}");
    assert!(error.contains("no such check") && error.contains("deletion_protection"), "{error}");
}

#[tokio::test]
async fn set_up_says_what_stands_in_its_way() {
    let stage = Deployed::start(Plan::right()).await;
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_operate"));
    command.args(["setup", "--stack", STACK]).env("STRIPE_API_BASE", &stage.address);
    command.env("OPERATE_AWS", stage.program()).env_remove("STRIPE_ADMIN_KEY");
    let output = spawn_blocking(move || command.output()).await.expect("run").expect("an output");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && error.contains("set STRIPE_ADMIN_KEY"), "{error}");
    let url = "https://other.example.com/hook";
    for _ in 0..14 {
        let other = NewEndpoint {
            url,
            enabled_events: &["charge.failed"],
            connect: false,
            metadata: Default::default(),
        };
        stage
            .session()
            .create_webhook_endpoint(&other, &operate::stripe::new_key("other"))
            .await
            .expect("made");
    }
    let (status, _, error) = run(&stage, &["setup"]).await;
    assert!(status == 2 && error.contains("has 14 endpoints of 16, and 3 are to be made"), "{error}");
}
