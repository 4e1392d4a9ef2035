//! `cargo run`: the local stack, and sample events brought up to now.

mod cli;

use std::process::ExitCode;

use clap::Parser as _;
use cli::{Cli, Command};
use local::sample_event::stamp;
use local::stack::{Endpoints, Stack};
use time::OffsetDateTime;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr).init();
    let outcome = match &cli.command {
        Some(Command::Event { file }) => event(file, &cli.stack.stripe_webhook_secret),
        None => run(cli).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

async fn run(cli: Cli) -> Outcome {
    let options = cli.stack.options();
    let kept_in = options.data_dir.as_ref().map(|directory| directory.display().to_string());
    let mut stack = Stack::start(options).await?;
    greet(stack.endpoints(), kept_in.as_deref());
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        () = stack.ended() => Err("a part of the stack ended".into()),
    }
}

fn event(file: &std::path::Path, secret: &str) -> Outcome {
    let text = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let event = serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    let stamped = stamp(event, secret, OffsetDateTime::now_utc())?;
    println!("{}", serde_json::to_string_pretty(&stamped)?);
    Ok(())
}

fn greet(endpoints: &Endpoints, kept_in: Option<&str>) {
    let Endpoints { api, stripe, dynamodb, table, .. } = endpoints;
    let kept = kept_in.map_or_else(
        || "nowhere: all is gone when this ends".to_owned(),
        |directory| format!("in {directory}"),
    );
    println!(
        "creator payments, ready

  API and pages  {api}
  Stripe         {stripe}
  DynamoDB       {dynamodb} (table {table})
  kept           {kept}

Try:
  open {api}
  TOKEN=$(curl -s {api}/local/token -d '{{\"sub\":\"sam\"}}' | sed 's/.*\":\"//; s/\".*//')
  curl -s {api}/v1/creators/ana -H \"authorization: Bearer $TOKEN\"

Ctrl-C stops it."
    );
}
