//! `cargo run -p stripe-stand-in`: the stand-in as a program.

mod cli;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;
use cli::Cli;
use stripe_stand_in::{Endpoint, Payload, Readiness, Settings, StandIn};
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
        platform: cli.platform,
        region: cli.region.clone(),
        settlement_currencies: cli.settlement_currency.clone(),
        top_up: cli.top_up,
        payouts: cli.payouts,
        restricted_keys: cli.restricted_key.iter().cloned().collect(),
        raw_card_data: cli.raw_card_data,
        seed: cli.seed.map_or_else(random_seed, Ok)?,
        ..Settings::default()
    };
    let mut all = endpoints(&cli.webhook_url, &cli.webhook_secret, Payload::Snapshot)
        .ok_or("--webhook-secret names no secret")?;
    let thin = endpoints(&cli.event_destination_url, &cli.event_destination_secret, Payload::Thin);
    all.extend(thin.ok_or("--event-destination-secret names no secret")?);
    let journal = cli.data_dir.as_ref().map(|directory| directory.join(FILE));
    let stand_in = StandIn::open(journal, settings, all)?;
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

/// An endpoint at each URL; `None` without a secret.
fn endpoints(urls: &[String], secrets: &[String], payload: Payload) -> Option<Vec<Endpoint>> {
    let secrets: Vec<String> = secrets.iter().filter(|it| !it.is_empty()).cloned().collect();
    let endpoint = |url: &String| Endpoint { url: url.clone(), secrets: secrets.clone(), payload };
    (!secrets.is_empty()).then(|| urls.iter().map(endpoint).collect())
}

/// A new seed at each start, so that ids differ from those that a caller kept from an earlier run.
fn random_seed() -> Result<u64, std::io::Error> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(u64::from_le_bytes(bytes))
}
