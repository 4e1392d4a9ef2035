//! The stack in one process: DynamoDB, the Stripe stand-in, the API with its functions, and the seed.
//!
//! A stack has no state outside itself and its directory (no globals, no environment), so tests run several side by
//! side, each on its own ports.

mod error;
mod options;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use payments_services::secret_values;
use serde_json::json;
use stripe_stand_in::{Region, Settings};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use error::StackError;
pub use options::Options;
pub use stripe_stand_in::Platform;

use crate::api::{self, Api, EVENT_BUS_PATH, FAILURE_QUEUE_PATH};
use crate::dynamodb::{self, Tables};
use crate::endpoints::Endpoints;
use crate::events::Feed;
use crate::function::Function;
use crate::functions::{functions, store};
use crate::gateway::Gateway;
use crate::keys::Keys;
use crate::seed::seed;
use crate::stand_in::{self, EVENT_DESTINATION_SECRET};
use crate::stream::{self, DeadLetters};
use crate::template::{StreamMapping, Template};
use crate::token::{AUDIENCE, ISSUER, Subject, TokenIssuer, TokenKey};

const STRIPE: &str = "https://api.stripe.com";
/// The stand-in accepts any key of this form.
const STAND_IN_SECRET_KEY: &str = "sk_test_local";
const STAND_IN_PUBLISHABLE_KEY: &str = "pk_test_local";
/// The origin in the sample events.
const SAMPLE_ORIGIN: &str = "https://app.example.com";
/// A file that exists from before the table's creation until the seed is complete, so that the next start finishes an
/// interrupted one.
const SEEDING: &str = "seeding";

/// A running stack, which stops when dropped.
pub struct Stack {
    endpoints: Endpoints,
    token_issuer: TokenIssuer,
    tasks: JoinSet<()>,
}

impl Stack {
    /// Starts everything, and returns when it is ready.
    ///
    /// # Errors
    /// [`StackError`]: why it does not start.
    pub async fn start(options: Options) -> Result<Self, StackError> {
        Self::start_with(options, functions).await
    }

    /// Starts everything with other functions than the project's.
    ///
    /// # Errors
    /// [`StackError`]: why it does not start.
    pub async fn start_with<F>(options: Options, functions: F) -> Result<Self, StackError>
    where
        F: FnOnce(&Endpoints) -> Result<BTreeMap<&'static str, Function>, lambda_http::Error>,
    {
        let plan = Plan::new(options).await?;
        plan.run(functions).await
    }

    /// The URLs and settings of the stack.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// A token, as `POST /local/token` issues it.
    #[must_use]
    pub fn token(&self, subject: &Subject) -> String {
        self.token_issuer.sign(subject, OffsetDateTime::now_utc())
    }

    /// Waits until a part of the stack ends, which only happens by a fault.
    pub async fn ended(&mut self) {
        self.tasks.join_next().await;
    }
}

/// Checked options and bound ports: what can fail before anything runs.
struct Plan {
    options: Options,
    api: TcpListener,
    address: SocketAddr,
    stripe: Option<TcpListener>,
    dynamodb: Option<TcpListener>,
    template: Template,
    endpoints: Endpoints,
    signing_secrets: Vec<String>,
    token_key: TokenKey,
}

impl Plan {
    async fn new(options: Options) -> Result<Self, StackError> {
        let is_test = |key: &String| key.starts_with("sk_test_") || key.starts_with("rk_test_");
        if options.stripe_secret_key.as_ref().is_some_and(|key| !is_test(key)) {
            return Err(StackError::NotATestKey);
        }
        let signing_secrets = secret_values(&options.stripe_webhook_secret)
            .filter(|secrets| !secrets.is_empty())
            .ok_or(StackError::NoWebhookSecret)?;
        let (api, address) = listen(options.api_port, "--api-port").await?;
        let api_url = format!("http://{address}");
        let (stripe, stripe_url) = match options.stripe_secret_key {
            Some(_) => (None, STRIPE.to_owned()),
            None => with_url(listen(options.stripe_port, "--stripe-port").await?),
        };
        let (dynamodb, dynamodb_url) = match &options.dynamodb_endpoint {
            Some(endpoint) => (None, endpoint.clone()),
            None => with_url(listen(options.dynamodb_port, "--dynamodb-port").await?),
        };
        let keys = keys(options.data_dir.as_deref())?;
        let localhost = format!("http://localhost:{}", address.port());
        let allowed_origins = vec![api_url.clone(), localhost, SAMPLE_ORIGIN.to_owned()];
        let template = Template::load(&parameters(&options, &allowed_origins))?;
        let endpoints = Endpoints {
            event_bus: format!("{api_url}{EVENT_BUS_PATH}"),
            failure_queue: format!("{api_url}{FAILURE_QUEUE_PATH}"),
            api: api_url,
            stripe: stripe_url,
            dynamodb: dynamodb_url,
            table: template.table.name.clone(),
            stripe_secret_key: options
                .stripe_secret_key
                .clone()
                .unwrap_or_else(|| STAND_IN_SECRET_KEY.to_owned()),
            stripe_webhook_secret: [signing_secrets.as_slice(), &[EVENT_DESTINATION_SECRET.to_owned()]]
                .concat()
                .join(","),
            signing_key: keys.signing,
            payment_id_key: keys.payment_id,
            functions: template.functions.clone(),
        };
        let token_key = TokenKey::new(keys.token.as_bytes());
        Ok(Self { options, api, address, stripe, dynamodb, template, endpoints, signing_secrets, token_key })
    }

    async fn run<F>(self, functions: F) -> Result<Stack, StackError>
    where
        F: FnOnce(&Endpoints) -> Result<BTreeMap<&'static str, Function>, lambda_http::Error>,
    {
        let Self { options, api, address, stripe, dynamodb, template, endpoints, signing_secrets, token_key } =
            self;
        let data_dir = options.data_dir.as_deref();
        let country = options.region.country().to_owned();
        let mut tasks = JoinSet::new();
        let records = match dynamodb {
            Some(listener) => Some(dynamodb::serve(&mut tasks, listener, data_dir)?),
            None => None,
        };
        let tables = Tables::new(&endpoints.dynamodb);
        let has_stand_in = stripe.is_some();
        let needs_seed =
            options.seed && has_stand_in && needs_seed(&tables, &endpoints.table, data_dir).await?;
        tables.ensure(&template.table).await?;
        let stand_in = match stripe {
            Some(listener) => {
                let url = format!("{}/v1/stripe/webhooks", endpoints.api);
                let webhooks = stand_in::endpoints(&url, signing_secrets);
                let base_url = endpoints.stripe.clone();
                let settings = Settings {
                    base_url,
                    platform: options.platform,
                    region: options.region,
                    settlement_currencies: options.settlement_currencies,
                    top_up: options.top_up,
                    payouts: options.payouts,
                    ..Settings::default()
                };
                let limit = options.rate_limit_per_s;
                Some(stand_in::serve(&mut tasks, listener, settings, data_dir, webhooks, limit)?)
            }
            None => None,
        };
        let publishable_key = if has_stand_in {
            Some(STAND_IN_PUBLISHABLE_KEY.to_owned())
        } else {
            options.stripe_publishable_key
        };
        let functions = functions(&endpoints).map_err(StackError::Functions)?;
        let dead_letters = Arc::new(DeadLetters::load(data_dir));
        let reader = |mapping: &StreamMapping| {
            Some((mapping.clone(), functions.get(mapping.function.as_str())?.clone()))
        };
        let readers = template.streams.iter().filter_map(reader).collect();
        stream::serve(&mut tasks, &endpoints, readers, data_dir, &dead_letters, records);
        let token_issuer = TokenIssuer::of(&template, token_key.clone());
        let api_state = Arc::new(Api {
            gateway: Gateway::new(template, functions, token_key, address),
            token_issuer: token_issuer.clone(),
            store: store(&endpoints),
            dead_letters,
            stand_in,
            page_config: json!({"stripe_base": endpoints.stripe, "publishable_key": publishable_key}),
            feed: Arc::new(Feed::new(OffsetDateTime::now_utc())),
            is_ready: AtomicBool::new(false),
        });
        api::serve(&mut tasks, api, Arc::clone(&api_state));
        let stack = Stack { endpoints, token_issuer, tasks };
        if needs_seed {
            stack.seed(data_dir, &country).await?;
        }
        api_state.is_ready.store(true, Ordering::Release);
        Ok(stack)
    }
}

impl Stack {
    async fn seed(&self, data_dir: Option<&Path>, country: &str) -> Result<(), StackError> {
        let operator = Subject { sub: "local-operator".to_owned(), operator: true, ..Subject::default() };
        let Endpoints { api, stripe, .. } = &self.endpoints;
        seed(api, stripe, &self.token(&operator), country).await?;
        if let Some(directory) = data_dir {
            let marker = directory.join(SEEDING);
            fs::remove_file(&marker).map_err(|source| StackError::DataDir { path: marker, source })?;
        }
        Ok(())
    }
}

/// Whether the store is new, without the table, or the seed was interrupted.
async fn needs_seed(tables: &Tables, table: &str, data_dir: Option<&Path>) -> Result<bool, StackError> {
    let is_fresh = !tables.exists(table).await?;
    let Some(marker) = data_dir.map(|directory| directory.join(SEEDING)) else {
        return Ok(is_fresh);
    };
    if is_fresh {
        fs::write(&marker, "").map_err(|source| StackError::DataDir { path: marker.clone(), source })?;
    }
    Ok(marker.exists())
}

fn keys(data_dir: Option<&Path>) -> Result<Keys, StackError> {
    let Some(directory) = data_dir else {
        return Keys::generate().map_err(StackError::Keys);
    };
    let unusable = |source| StackError::DataDir { path: directory.to_owned(), source };
    fs::create_dir_all(directory).map_err(unusable)?;
    Keys::load(directory).map_err(unusable)
}

/// The template's parameters, which a deployment asks for.
fn parameters(options: &Options, allowed_origins: &[String]) -> BTreeMap<String, String> {
    let given = [
        ("JwtIssuer", ISSUER.to_owned()),
        ("JwtAudience", AUDIENCE.to_owned()),
        ("AllowedOrigins", allowed_origins.join(",")),
        ("SenderLimits", options.sender_limits.clone()),
        ("SenderCreatorLimits", options.sender_creator_limits.clone()),
        ("AddressLimits", options.address_limits.clone()),
        ("AccountKind", options.account_kind.unwrap_or_else(|| account_kind(options.platform)).to_owned()),
    ];
    let given = given.map(|(name, value)| (name.to_owned(), value));
    // The last value of a name applies.
    given.into_iter().chain(of_region(&options.region)).chain(options.parameters.iter().cloned()).collect()
}

/// The parameters that say where the platform is. One that pays to no other region lists its own country alone.
fn of_region(region: &Region) -> impl Iterator<Item = (String, String)> {
    let country = region.country().to_owned();
    let countries = (!region.pays_abroad()).then(|| ("Countries".to_owned(), country.clone()));
    let currency = region.currency().to_owned();
    let of_platform = [("PlatformCountry".to_owned(), country), ("DefaultCurrency".to_owned(), currency)];
    of_platform.into_iter().chain(countries)
}

/// The kind of account that a platform makes.
fn account_kind(platform: Platform) -> &'static str {
    match platform {
        Platform::AccountsV1 => "controller_express",
        Platform::AccountsV2 | Platform::NeedsApproval | Platform::Inactive => "accounts_v2",
    }
}

/// Listens on this machine only, since the stack issues operator tokens to every caller.
#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library adds variants")]
async fn listen(port: u16, flag: &'static str) -> Result<(TcpListener, SocketAddr), StackError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => StackError::PortInUse { port, flag },
        _ => StackError::Bind { port, flag, source },
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

fn with_url((listener, address): (TcpListener, SocketAddr)) -> (Option<TcpListener>, String) {
    (Some(listener), format!("http://{address}"))
}
