//! `cargo run`: the local stack, sample events with the current time, and what its API tells: reconciliation, statement, export.

mod cli;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;
use cli::{Cli, Command};
use local::Endpoints;
use local::api_client::issued_token;
use local::console;
use local::export::{Export, ExportProgress, export};
use local::reconcile::reconcile;
use local::sample_event::stamp;
use local::stack::Stack;
use local::statement::{statement, table};
use local::template::Template;
use payments_services::{LOGGED_CRATES, secret_values};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr(cli.stack.log_level());
    let outcome = match &cli.command {
        Some(Command::Event { file }) => event(file, &cli.stack.webhook_secret()),
        Some(Command::Token { sub, operator, email, api }) => {
            print_token(api, &json!({"sub": sub, "operator": operator, "email": email})).await
        }
        Some(Command::Reconcile { api, token }) => reconcile_now(api, token.clone()).await,
        Some(Command::Statement { from, to, csv, api, token }) => {
            print_statement(api, token.clone(), [from.as_deref(), to.as_deref()], *csv).await
        }
        Some(Command::Export { role, user, from, to, output, api, token }) => {
            let (role, user) = (role.clone(), user.clone());
            let asked = Export { role, user, from: from.clone(), to: to.clone() };
            write_export(api, token.clone(), &asked, output.as_deref()).await
        }
        Some(Command::Console { api, port }) => {
            // Not an argument, which other users of the machine can read.
            let token = std::env::var("OPERATOR_TOKEN").ok().filter(|token| !token.is_empty());
            console::run(api.clone(), *port, token).await.map_err(Into::into)
        }
        None => Box::pin(run(cli)).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Logs warnings, and of the functions what the parameter `LogLevel` asks for. Leaves out the embedded DynamoDB's warnings
/// about refusals such as a failed condition, which are normal.
fn log_to_stderr(level: Option<&str>) {
    let level = level.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::WARN);
    let levels = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("dynoxide", LevelFilter::ERROR)
        .with_targets(LOGGED_CRATES.map(|name| (name, level)));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry().with(lines).with(levels).init();
}

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

async fn run(cli: Cli) -> Outcome {
    let every = cli.stack.reconcile_every;
    for name in Template::without_local_effect(cli.stack.parameter_names()) {
        eprintln!("note: the parameter {name} has no effect on a local stack");
    }
    let options = cli.stack.options();
    let is_test_mode = options.stripe_secret_key.is_some();
    let aliases = options.host_aliases.clone();
    if !options.host.is_loopback() && aliases.is_empty() {
        eprintln!(
            "note: other machines are refused until --host-alias says by which name they call this one"
        );
    }
    let data_dir = options.data_dir.as_ref().map(|directory| directory.display().to_string());
    let mut stack = Stack::start(options).await?;
    print_endpoints(stack.endpoints(), data_dir.as_deref(), &aliases, is_test_mode);
    let api = stack.endpoints().api.clone();
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        () = on_schedule(&api, every) => Ok(()),
        () = stack.ended() => Err("a part of the stack ended".into()),
    }
}

fn event(file: &std::path::Path, secrets: &str) -> Outcome {
    let secrets = secret_values(secrets).ok_or("STRIPE_WEBHOOK_SECRET names no secret")?;
    let text = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let event = serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    let stamped = stamp(event, &secrets, OffsetDateTime::now_utc())?;
    println!("{}", serde_json::to_string_pretty(&stamped)?);
    Ok(())
}

async fn print_token(api: &str, subject: &Value) -> Outcome {
    println!("{}", issued_token(api, subject).await?);
    Ok(())
}

/// Reconciles at intervals, as the schedule does in AWS, and never ends.
async fn on_schedule(api: &str, seconds: u64) {
    if seconds == 0 {
        return std::future::pending().await;
    }
    let mut ticks = tokio::time::interval(Duration::from_secs(seconds));
    ticks.tick().await;
    loop {
        ticks.tick().await;
        if let Err(error) = reconcile(api, None, |_| ()).await {
            tracing::warn!(%error, "reconciliation failed and is tried again at the next interval");
        }
    }
}

/// Prints progress on standard error and the report on standard output.
async fn reconcile_now(api: &str, token: Option<String>) -> Outcome {
    let report = reconcile(api, token, print_progress).await?;
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

fn print_progress(run: &Value) {
    let counts = &run["counts"];
    eprintln!(
        "run {}: {} done with {} events, {} intents, {} transactions, {} accounts, {} unfinished payments; {} changed something; {} differences",
        run["number"],
        if run["finished"] == true { "all" } else { run["stage"].as_str().unwrap_or_default() },
        counts["events"],
        counts["intents"],
        counts["transactions"],
        counts["accounts"],
        counts["due"],
        counts["news"],
        run["differences_found"],
    );
}

/// Reconciles with progress on standard error, so that today's movements are summed, and prints the statement.
async fn print_statement(api: &str, token: Option<String>, days: [Option<&str>; 2], is_csv: bool) -> Outcome {
    reconcile(api, token.clone(), print_progress).await?;
    let statement = statement(api, token, days, is_csv).await?;
    let shown = if is_csv { statement } else { table(&serde_json::from_str(&statement)?) + "\n" };
    // The reader may have gone away (`cargo run -- statement | head`).
    let _ = std::io::stdout().write_all(shown.as_bytes());
    Ok(())
}

/// Writes payments to a file or standard output, with progress on standard error.
async fn write_export(
    api: &str,
    token: Option<String>,
    asked: &Export,
    output: Option<&std::path::Path>,
) -> Outcome {
    let mut to: Box<dyn std::io::Write> = match output {
        Some(file) => Box::new(std::fs::File::create(file)?),
        None => Box::new(std::io::stdout()),
    };
    let write = |rows: &str| to.write_all(rows.as_bytes());
    let done = export(api, token, asked, write, print_export_progress).await?;
    to.flush()?;
    if done.unreadable > 0 {
        return Err(format!("{} payments are left out: they cannot be read", done.unreadable).into());
    }
    Ok(())
}

fn print_export_progress(done: ExportProgress) {
    eprintln!("{} payments on {} pages", done.payments, done.pages);
}

fn print_endpoints(endpoints: &Endpoints, data_dir: Option<&str>, aliases: &[String], is_test_mode: bool) {
    let Endpoints { api, stripe, dynamodb, table, .. } = endpoints;
    let data = data_dir.unwrap_or("in memory only");
    let by_alias = |alias: &String| format!("\n                 {}", api.replace("127.0.0.1", alias));
    let by_alias: String = aliases.iter().map(by_alias).collect();
    // The reader may have gone away (`cargo run | head`), which does not stop the stack.
    let _ = writeln!(
        std::io::stdout(),
        "creator payments, ready

  API and pages  {api}{by_alias}
  Stripe         {stripe}
  DynamoDB       {dynamodb} (table {table})
  Data           {data}

Try:
{}

Ctrl-C stops it.",
        if is_test_mode { try_test_mode(api) } else { try_stand_in(api) }
    );
}

fn try_stand_in(api: &str) -> String {
    format!(
        "  open {api}
  TOKEN=$(curl -s {api}/local/token -d '{{\"sub\":\"sam\"}}' | sed 's/.*\":\"//; s/\".*//')
  curl -s {api}/v1/creators/ana -H \"authorization: Bearer $TOKEN\""
    )
}

/// Stripe's test mode has no sample creators, and its events need a way here.
fn try_test_mode(api: &str) -> String {
    format!(
        "  stripe listen --forward-to {api}/v1/stripe/webhooks    # in another terminal; docs/INTEGRATING.md has the rest
  open {api}/creator     # set up an account to receive money
  open {api}/operator    # let its creator receive"
    )
}
