//! `cargo run -p stripe-stand-in`: the stand-in as a program.

mod cli;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;
use cli::Cli;
use stripe_stand_in::{Endpoint, Readiness, Settings, StandIn};
use tokio::net::TcpListener;
use tracing_subscriber::filter::LevelFilter;

const FILE: &str = "stripe.journal";

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(LevelFilter::INFO).init();
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Outcome {
    let listener = TcpListener::bind((cli.host, cli.port)).await.map_err(|error| {
        format!("cannot listen on {} port {}: {error}; choose another with --port", cli.host, cli.port)
    })?;
    let address = listener.local_addr()?;
    let settings = Settings {
        base_url: cli.base_url.clone().unwrap_or_else(|| format!("http://{address}")),
        seed: cli.seed.map_or_else(random_seed, Ok)?,
        ..Settings::default()
    };
    let secrets: Vec<String> = cli.webhook_secret.iter().filter(|it| !it.is_empty()).cloned().collect();
    if secrets.is_empty() {
        return Err("--webhook-secret names no secret".into());
    }
    let endpoint = |url: &String| Endpoint { url: url.clone(), secrets: secrets.clone() };
    let endpoints = cli.webhook_url.iter().map(endpoint).collect();
    let journal = cli.data_dir.as_ref().map(|directory| directory.join(FILE));
    let stand_in = StandIn::open(journal, settings, endpoints)?;
    stand_in.set_rate_limit(cli.rate_limit);
    stand_in.set_latency(Duration::from_millis(cli.latency));
    for id in &cli.account {
        stand_in.seed_account(id, &cli.country, Readiness::Ready);
    }
    // The reader of this line may have gone away, which does not stop the stand-in.
    let _ = writeln!(std::io::stdout(), "Stripe stand-in, ready at http://{address}");
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        ended = async { axum::serve(listener, stand_in.router()).await } => Ok(ended?),
        () = stand_in.deliver_webhooks() => Ok(()),
    }
}

/// A new seed at each start, so that ids differ from those that a caller kept from an earlier run.
fn random_seed() -> Result<u64, std::io::Error> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(u64::from_le_bytes(bytes))
}
