//! The stack in one process: DynamoDB, the Stripe stand-in, the API with its functions, and the seed.
//!
//! A stack has no state outside itself and its directory (no globals, no environment), so tests run several side by
//! side, each on its own ports.

mod checks;
mod error;
mod options;
mod parameters;
mod stripe_setup;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use payments_services::secret_values;
use serde_json::Value;
use stripe_stand_in::{Settings, StandIn};
use time::OffsetDateTime;
use tokio::task::JoinSet;

pub use error::StackError;
pub use options::Options;
pub use stripe_setup::{StripeSetupError, StripeVariable};
pub use stripe_stand_in::Platform;

use crate::alias_urls::AliasUrls;
use crate::api::{self, Api, EVENT_BUS_PATH, FAILURE_QUEUE_PATH};
use crate::data_dir::{DataDir, DataDirError};
use crate::dynamodb::{self, StreamRecords, Tables};
use crate::endpoints::Endpoints;
use crate::events::Feed;
use crate::function::Function;
use crate::functions::{functions, store};
use crate::gateway::Gateway;
use crate::health::Health;
use crate::host::HostNames;
use crate::keys::Keys;
use crate::lambda_endpoint;
use crate::listeners::Listeners;
use crate::origins::LocalOrigins;
use crate::secrets_manager::LocalSecrets;
use crate::seed::seed;
use crate::stand_in::{self, EVENT_DESTINATION_SECRET};
use crate::stream::{self, DeadLetters};
use crate::template::{StreamMapping, Template};
use crate::token::{Subject, TokenIssuer, TokenKey};
use parameters::{parameters, region, settlement_currencies};
use stripe_setup::StripeSetup;

/// A file that exists from before the table's creation until the seed is complete, so that the next start finishes an
/// interrupted one.
const SEEDING: &str = "seeding";

/// A running stack, which stops when dropped.
pub struct Stack {
    endpoints: Endpoints,
    token_issuer: TokenIssuer,
    tasks: JoinSet<()>,
    /// Keeps the folder locked.
    data_dir: Option<DataDir>,
}

impl Stack {
    /// Starts everything, and returns when it is ready.
    ///
    /// # Errors
    /// [`StackError`]: why it does not start.
    pub async fn start(options: Options) -> Result<Self, StackError> {
        match options.lambda_endpoint.clone() {
            None => Box::pin(Self::start_with(options, functions)).await,
            Some(endpoint) => {
                let functions = |endpoints: &Endpoints| lambda_endpoint::functions(endpoints, &endpoint);
                Box::pin(Self::start_with(options, functions)).await
            }
        }
    }

    /// Starts everything with other functions than the project's.
    ///
    /// # Errors
    /// [`StackError`]: why it does not start.
    pub async fn start_with<F>(options: Options, functions: F) -> Result<Self, StackError>
    where
        F: FnOnce(&Endpoints) -> Result<BTreeMap<&'static str, Function>, lambda_http::Error>,
    {
        // On the heap: the start has many parts, and a caller's stack may be small.
        let plan = Box::pin(Plan::new(options)).await?;
        Box::pin(plan.run(functions)).await
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

/// Checked options, the locked folder and bound ports: what can fail before anything runs.
struct Plan {
    options: Options,
    data_dir: Option<DataDir>,
    api: Listeners,
    stripe: Option<Listeners>,
    dynamodb: Option<Listeners>,
    names: Arc<HostNames>,
    origins: Arc<LocalOrigins>,
    template: Template,
    endpoints: Endpoints,
    signing_secrets: Vec<String>,
    page_config: Value,
    token_key: TokenKey,
}

impl Plan {
    async fn new(options: Options) -> Result<Self, StackError> {
        let setup = StripeSetup::of(&options)?;
        checks::check(&options)?;
        let signing_secrets = secret_values(&options.stripe_webhook_secret)
            .filter(|secrets| !secrets.is_empty())
            .ok_or(StackError::NoWebhookSecret)?;
        let names = HostNames::new(&options.host_aliases)?;
        let data_dir = options.data_dir.as_deref().map(DataDir::open).transpose()?;
        let keys = keys(data_dir.as_ref())?;
        let listen = |port, flag| Listeners::bind(options.host, port, flag);
        let api = listen(options.api_port, "--api-port").await?;
        let (stripe, stripe_url) = match &setup {
            StripeSetup::TestMode { api, .. } => (None, api.clone()),
            StripeSetup::StandIn => with_url(listen(options.stripe_port, "--stripe-port").await?),
        };
        let page_config = setup.page_config(&stripe_url);
        // Of the stand-in's event destination alone: anybody knows it.
        let thin_secret = stripe.is_some().then(|| EVENT_DESTINATION_SECRET.to_owned());
        let (dynamodb, dynamodb_url) = match &options.dynamodb_endpoint {
            Some(endpoint) => (None, endpoint.clone()),
            None => with_url(listen(options.dynamodb_port, "--dynamodb-port").await?),
        };
        let origins = LocalOrigins::new(api.address.port(), &names, &options.allowed_origins)?;
        let template = Template::load(&parameters(&options, origins.all()))?;
        let api_url = api.url();
        let endpoints = Endpoints {
            event_bus: format!("{api_url}{EVENT_BUS_PATH}"),
            failure_queue: format!("{api_url}{FAILURE_QUEUE_PATH}"),
            api: api_url,
            stripe: stripe_url,
            dynamodb: dynamodb_url,
            table: template.table.name.clone(),
            stripe_secret_key: setup.secret_key(),
            stripe_webhook_secret: signing_secrets
                .iter()
                .cloned()
                .chain(thin_secret)
                .collect::<Vec<_>>()
                .join(","),
            signing_key: keys.signing,
            payment_id_key: keys.payment_id,
            functions: template.functions.clone(),
        };
        checks::check_configurations(&endpoints)?;
        let token_key = TokenKey::new(keys.token.as_bytes());
        let (names, origins) = (Arc::new(names), Arc::new(origins));
        Ok(Self {
            options,
            data_dir,
            api,
            stripe,
            dynamodb,
            names,
            origins,
            template,
            endpoints,
            signing_secrets,
            page_config,
            token_key,
        })
    }

    async fn run<F>(mut self, functions: F) -> Result<Stack, StackError>
    where
        F: FnOnce(&Endpoints) -> Result<BTreeMap<&'static str, Function>, lambda_http::Error>,
    {
        let mut tasks = JoinSet::new();
        let (records, needs_seed) = self.serve_table(&mut tasks).await?;
        let stand_in = self.serve_stand_in(&mut tasks)?;
        let Self {
            options, data_dir, api, names, origins, template, endpoints, page_config, token_key, ..
        } = self;
        let directory = data_dir.as_ref().map(DataDir::path);
        let functions = functions(&endpoints).map_err(StackError::Functions)?;
        let dead_letters = Arc::new(DeadLetters::load(directory));
        let reader = |mapping: &StreamMapping| {
            Some((mapping.clone(), functions.get(mapping.function.as_str())?.clone()))
        };
        let readers = template.streams.iter().filter_map(reader).collect();
        stream::serve(&mut tasks, &endpoints, readers, directory, &dead_letters, records)?;
        let token_issuer = TokenIssuer::of(&template, token_key.clone());
        let api_state = Arc::new(Api {
            gateway: Gateway::new(template, functions, token_key, api.address),
            token_issuer: token_issuer.clone(),
            store: store(&endpoints),
            dead_letters,
            stand_in,
            page_config,
            feed: Arc::new(Feed::new(OffsetDateTime::now_utc())),
            health: Health::new(directory.map(Path::to_owned)),
            urls: AliasUrls::new(&names, &endpoints.stripe),
            names,
            origins,
            secrets: LocalSecrets::of(&endpoints),
        });
        api::serve(&mut tasks, api, Arc::clone(&api_state));
        let stack = Stack { endpoints, token_issuer, tasks, data_dir };
        if needs_seed {
            stack.seed(region(&options).country()).await?;
        }
        api_state.health.complete();
        Ok(stack)
    }

    /// Serves the embedded DynamoDB, unless there is another, and creates the table. Says too whether the store needs the
    /// demo creators.
    async fn serve_table(
        &mut self,
        tasks: &mut JoinSet<()>,
    ) -> Result<(Option<StreamRecords>, bool), StackError> {
        let name = self.endpoints.table.clone();
        let dynamodb = self.dynamodb.take();
        let is_embedded = dynamodb.is_some();
        let data_dir = self.data_dir.as_mut();
        let records = match dynamodb {
            Some(port) => Some(dynamodb::serve(tasks, port.listeners, data_dir.as_deref())?),
            None => None,
        };
        let tables = Tables::new(&self.endpoints.dynamodb);
        if let Some(records) = &records
            && data_dir.as_ref().is_some_and(|data_dir| data_dir.had_table(&name))
            && !tables.exists(&name).await?
        {
            return Err(records.lacks(&format!("it lacks the table {name}, which it had")).into());
        }
        let wants_seed = self.options.seed && self.stripe.is_some();
        let directory = data_dir.as_ref().map(|data_dir| data_dir.path());
        let needs_seed = wants_seed && needs_seed(&tables, &name, directory).await?;
        tables.ensure(&self.template.table).await?;
        if let (Some(data_dir), true) = (data_dir, is_embedded) {
            data_dir.note_table(&name)?;
        }
        Ok((records, needs_seed))
    }

    /// Serves the stand-in for Stripe, unless the stack uses Stripe itself.
    fn serve_stand_in(&mut self, tasks: &mut JoinSet<()>) -> Result<Option<StandIn>, StackError> {
        let Some(port) = self.stripe.take() else { return Ok(None) };
        let options = &self.options;
        let url = format!("{}/v1/stripe/webhooks", self.endpoints.api);
        let webhooks = stand_in::endpoints(&url, self.signing_secrets.clone());
        let settings = Settings {
            base_url: self.endpoints.stripe.clone(),
            platform: options.platform,
            region: region(options),
            settlement_currencies: settlement_currencies(options),
            top_up: options.top_up,
            payouts: options.payouts,
            ..Settings::default()
        };
        let directory = self.data_dir.as_ref().map(DataDir::path);
        let limit = options.rate_limit_per_s;
        stand_in::serve(tasks, port, &self.names, settings, directory, webhooks, limit).map(Some)
    }
}

impl Stack {
    async fn seed(&self, country: &str) -> Result<(), StackError> {
        let operator = Subject { sub: "local-operator".to_owned(), operator: true, ..Subject::default() };
        let Endpoints { api, stripe, .. } = &self.endpoints;
        seed(api, stripe, &self.token(&operator), country).await?;
        if let Some(data_dir) = &self.data_dir {
            let marker = data_dir.path().join(SEEDING);
            fs::remove_file(&marker).map_err(|source| DataDirError::NotWritable { path: marker, source })?;
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
        let unwritable = |source| DataDirError::NotWritable { path: marker.clone(), source };
        fs::write(&marker, "").map_err(unwritable)?;
    }
    Ok(marker.exists())
}

fn keys(data_dir: Option<&DataDir>) -> Result<Keys, StackError> {
    let Some(data_dir) = data_dir else {
        return Keys::generate().map_err(StackError::Keys);
    };
    let file = Keys::file(data_dir.path());
    Ok(Keys::load(&file).map_err(|source| DataDirError::Damaged { path: file, source })?)
}

fn with_url(port: Listeners) -> (Option<Listeners>, String) {
    let url = port.url();
    (Some(port), url)
}
