//! The project's functions, connected to the local stack as their `main`s connect them to AWS.

use crate::endpoints::Endpoints;
use crate::function::Function;
use crate::secrets_manager::LocalSecrets;
use aws_types::SdkConfig;
use futures_util::future::BoxFuture;
use lambda_http::{Body, Error, Request, Response, service_fn};
use payments::DeploymentId;
use payments_events::{EventBus, FailureQueue};
use payments_services::{
    Config, ConfigError, SecretName, SecretSource, Secrets, SecretsError, Services, SystemClock, sdk_config,
    stripe_client,
};
use payments_store::Store;
use std::{collections::BTreeMap, convert::Infallible, future::Future, sync::Arc};

/// The names of all functions.
pub(crate) const NAMES: [&str; 8] = [
    "create-payment-intent",
    "creator-eligibility",
    "creator-onboarding",
    "payment-history",
    "publish-payment-events",
    "reconcile-payments",
    "refund-payment",
    "stripe-webhook",
];

/// What a function uses of AWS: the configuration of its clients, and its secrets.
pub struct AwsServices {
    pub sdk: SdkConfig,
    pub secrets: Box<dyn SecretSource>,
}

/// Every function by name: that of its directory under `functions/`.
///
/// # Errors
/// When a function cannot be built from these endpoints.
pub fn functions(endpoints: &Endpoints) -> Result<BTreeMap<&'static str, Function>, Error> {
    functions_over(endpoints, |_, aws| aws)
}

/// Every function by name, over what `wrap` makes of the AWS that it uses.
///
/// # Errors
/// When a function cannot be built from these endpoints.
pub fn functions_over(
    endpoints: &Endpoints,
    wrap: impl Fn(&'static str, AwsServices) -> AwsServices,
) -> Result<BTreeMap<&'static str, Function>, Error> {
    let aws = |name| wrap(name, aws(endpoints));
    let app = |name| app(endpoints, name, aws(name)).map(Arc::new);
    Ok(BTreeMap::from([
        ("create-payment-intent", function(app("create-payment-intent")?, create_payment_intent::handle)),
        ("stripe-webhook", function(app("stripe-webhook")?, stripe_webhook::handle)),
        ("creator-eligibility", function(app("creator-eligibility")?, creator_eligibility::handle)),
        ("creator-onboarding", function(app("creator-onboarding")?, creator_onboarding::handle)),
        ("payment-history", function(app("payment-history")?, payment_history::handle)),
        ("refund-payment", function(app("refund-payment")?, refund_payment::handle)),
        ("reconcile-payments", function(app("reconcile-payments")?, reconcile_payments::handle)),
        ("publish-payment-events", publisher(endpoints, &aws("publish-payment-events").sdk)?),
    ]))
}

fn aws(endpoints: &Endpoints) -> AwsServices {
    AwsServices { sdk: sdk_config(aws_variable), secrets: Box::new(LocalSecrets::of(endpoints)) }
}

fn app(endpoints: &Endpoints, name: &str, aws: AwsServices) -> Result<Services, Error> {
    let clock = Arc::new(SystemClock);
    let config = config(endpoints, name)?;
    Ok(Services {
        store: Store::new(&aws.sdk, Some(&endpoints.dynamodb), &endpoints.table),
        stripe: stripe_client(&config)?,
        secrets: Secrets::new(aws.secrets, clock.clone()),
        clock,
        config,
    })
}

/// The table of the stack.
pub(crate) fn store(endpoints: &Endpoints) -> Store {
    Store::new(&sdk_config(aws_variable), Some(&endpoints.dynamodb), &endpoints.table)
}

/// The reader of the table's stream. The stand-in for EventBridge takes events on a bus of any name.
fn publisher(endpoints: &Endpoints, aws: &SdkConfig) -> Result<Function, Error> {
    let config = config(endpoints, "publish-payment-events")?;
    let bus = endpoints.variable("publish-payment-events", "EVENT_BUS_NAME").unwrap_or_default();
    Ok(stream_function(Arc::new(publish_payment_events::App {
        store: Store::new(aws, Some(&endpoints.dynamodb), &endpoints.table),
        bus: Some(EventBus::new(aws, Some(&endpoints.event_bus), bus)),
        failures: Some(FailureQueue::new(aws, Some(&endpoints.failure_queue), &endpoints.failure_queue)),
        policy: config.policy,
        clock: Arc::new(SystemClock),
    })))
}

/// The reader of the table's stream, with a given app.
#[must_use]
pub fn stream_function(app: Arc<publish_payment_events::App>) -> Function {
    Function::of_events(move |event| {
        let app = app.clone();
        async move {
            let event = String::from_utf8(event)?;
            Ok(serde_json::to_vec(&publish_payment_events::handle(&app, &event).await?)?)
        }
    })
}

fn function<F, Fut>(services: Arc<Services>, handle: F) -> Function
where
    F: Fn(Arc<Services>, Request) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Response<Body>> + Send + 'static,
{
    Function::new(service_fn(move |request| {
        let answer = handle(services.clone(), request);
        async move { Ok::<_, Infallible>(answer.await) }
    }))
}

/// A function's configuration: the template's environment, with the stack's Stripe and table.
///
/// # Errors
/// When the template has an invalid value.
pub fn config(endpoints: &Endpoints, function: &str) -> Result<Config, ConfigError> {
    let variable = |name: &str| endpoints.variable(function, name);
    Config::from_lookup(|name| match name {
        "STRIPE_API_BASE" => Some(endpoints.stripe.clone()),
        "TABLE_NAME" => Some(endpoints.table.clone()),
        // The name of a stack that is not deployed is no deployment's id.
        "DEPLOYMENT_ID" => variable(name).filter(|id| DeploymentId::parse(id).is_ok()),
        _ => variable(name),
    })
}

/// AWS's variables from the environment, with placeholder credentials for the embedded DynamoDB.
fn aws_variable(name: &str) -> Option<String> {
    let placeholder = match name {
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("local".to_owned()),
        _ => None,
    };
    payments_services::environment(name).or(placeholder)
}

impl SecretSource for LocalSecrets {
    fn fetch(&self, name: SecretName) -> BoxFuture<'_, Result<String, SecretsError>> {
        let value = self.value(name).cloned().ok_or(SecretsError::NotConfigured(name));
        Box::pin(async move { value })
    }
}
