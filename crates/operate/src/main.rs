//! `cargo run -p operate`: sets up and checks a deployed stage.

use clap::{Args, Parser, Subcommand};
use operate::aws::Aws;
use operate::check::check;
use operate::facts::{Keys, read_facts, signing_secrets};
use operate::finding::Report;
use operate::record::record;
use operate::setup::{SetupError, Target, Wanted, obstacle, plan, set_up};
use operate::stack::Stack;
use operate::stripe::endpoints;
use payments::{AccountKind, SetUpFault};
use payments_services::{Clock as _, SystemClock};
use payments_stripe::ApiBase;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

/// Something is wrong with the stage.
const WRONG: u8 = 1;
/// The command could not do its work.
const FAILED: u8 = 2;

/// Sets up a deployed stage at Stripe, and checks it
#[derive(Parser)]
#[command(name = "operate", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the webhook endpoints and the destination of thin events, and put their secrets; a second run changes nothing
    Setup {
        #[command(flatten)]
        stage: Stage,
        /// Say what would be done, and do nothing
        #[arg(long)]
        dry_run: bool,
        /// Replace endpoints that are right as well, for new secrets
        #[arg(long)]
        replace: bool,
    },
    /// Say what is wrong and how to mend it; ends with 1 if something is wrong, and with 2 if it could not look
    Check {
        #[command(flatten)]
        stage: Stage,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Take what a check finds for a warning; may be given several times. A live stage's keys, secrets, authorizer and
        /// deletion protection cannot be accepted
        #[arg(long, value_name = "CHECK")]
        accept: Vec<String>,
        /// If nothing is wrong, record it in the table: a live stage takes no payment before
        #[arg(long)]
        record: bool,
    },
}

#[derive(Args)]
struct Stage {
    /// Name of the stack, such as creator-payments-test
    #[arg(long, value_name = "NAME")]
    stack: String,
    /// The AWS CLI, which finds its region and sign-in itself
    #[arg(long, env = "OPERATE_AWS", value_name = "PROGRAM", default_value = "aws")]
    aws: PathBuf,
    /// Another address of Stripe's API, such as a stand-in's
    #[arg(long, env = "STRIPE_API_BASE", value_name = "URL", default_value = "https://api.stripe.com")]
    stripe_api_base: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Setup { stage, dry_run, replace } => run_setup(&stage, dry_run, replace).await,
        Command::Check { stage, json, accept, record } => run_check(&stage, json, &accept, record).await,
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(FAILED)
    })
}

async fn run_check(
    stage: &Stage,
    json: bool,
    accept: &[String],
    records: bool,
) -> Result<ExitCode, Box<dyn Error>> {
    let (aws, base) = (Aws::new(stage.aws.clone()), ApiBase::parse(&stage.stripe_api_base)?);
    let stack = Stack::read(&aws, &stage.stack)?;
    let keys = Keys::read(&aws, &stack, admin_key());
    let facts = read_facts(&aws, &base, stack, &keys).await?;
    let findings = check(&facts);
    if let Some(unknown) = accept.iter().find(|name| findings.iter().all(|it| it.check != name.as_str())) {
        let names: Vec<&str> = findings.iter().map(|it| it.check).collect();
        return Err(format!(
            "--accept {unknown}: there is no such check; the checks are {}",
            names.join(", ")
        )
        .into());
    }
    let report = Report::new(&stage.stack, facts.config.livemode, findings, accept);
    let text = if json { report.json() + "\n" } else { report.text() };
    print!("{text}");
    if records && report.passed {
        record(&aws, facts.stack.output("TableName")?, SystemClock.now(), accept)?;
        eprintln!("recorded: a live stage takes payments from now on");
    }
    Ok(if report.passed { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
}

async fn run_setup(stage: &Stage, dry_run: bool, replace: bool) -> Result<ExitCode, Box<dyn Error>> {
    let (aws, base) = (Aws::new(stage.aws.clone()), ApiBase::parse(&stage.stripe_api_base)?);
    let stack = Stack::read(&aws, &stage.stack)?;
    let config = stack.config(&aws)?;
    let session = Keys::read(&aws, &stack, admin_key()).session(&base, &config)?;
    let kind = config.account_kind;
    let url = stack.output("WebhookUrl")?;
    let wanted = Wanted { url, deployment: &config.deployment, kind, replace };
    let there = endpoints(&session, kind == AccountKind::AccountsV2)
        .await
        .map_err(SetupError::from)
        .map_err(advised)?;
    let steps = plan(wanted, &there, &signing_secrets(&aws, &stack)?);
    if steps.is_empty() {
        println!("{}: nothing to do", stage.stack);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(obstacle) = obstacle(&there, &steps) {
        return Err(obstacle.into());
    }
    if dry_run {
        steps.iter().for_each(|step| println!("would {}", step.words()));
        return Ok(ExitCode::SUCCESS);
    }
    let target = Target { aws: &aws, stack: &stack, session: &session, wanted };
    set_up(&target, &steps, |step| println!("done: {}", step.words())).await.map_err(advised)?;
    println!("functions know new secrets within five minutes; Stripe repeats what is refused until then");
    Ok(ExitCode::SUCCESS)
}

/// An error with what to do about a key that lacks a permission.
fn advised(error: SetupError) -> String {
    match &error {
        SetupError::Stripe(cause) if cause.set_up_fault() == Some(SetUpFault::Permission) => format!(
            "{error}; set STRIPE_ADMIN_KEY to a key of this mode that may write webhook endpoints and event destinations"
        ),
        SetupError::Stripe(_)
        | SetupError::Aws(_)
        | SetupError::Stack(_)
        | SetupError::Secrets(_)
        | SetupError::NoSecret(_) => error.to_string(),
    }
}

/// A key with more permissions than the functions' own. It is in the environment alone, so that no process list shows it.
fn admin_key() -> Option<String> {
    payments_services::environment("STRIPE_ADMIN_KEY")
}
