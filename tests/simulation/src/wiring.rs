//! The functions' own adapters, with the network of the simulation below them.

use crate::clock::VirtualClock;
use crate::gateway::template;
use crate::network::{Network, Reply, Wire};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_types::region::Region;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use payments_services::{
    Config, STRIPE_TIME_LIMITS, SecretName, SecretSource, Secrets, SecretsError, Services, sdk_config,
};
use payments_store::Store;
use payments_stripe::{ApiBase, Stripe, Transport, TransportError, TransportFuture};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use stripe_stand_in::Call;

/// What Stripe signs its events with.
pub(crate) const SIGNING_SECRET: &str = "whsec_simulated";
/// Our key at Stripe.
pub(crate) const STRIPE_KEY: &str = "sk_test_simulated";
const NOWHERE: &str = "http://127.0.0.1:1";

/// A function's parts as its `main` wires them, with the outside world replaced at its very edge.
pub(crate) fn app(network: &Network, clock: &VirtualClock) -> Services {
    let clock = Arc::new(clock.clone());
    let config = Config::from_lookup(|name| match name {
        "TABLE_NAME" => Some(template().table.name.clone()),
        "STRIPE_API_BASE" => Some(NOWHERE.to_owned()),
        "ALLOWED_ORIGINS" => Some("https://app.example".to_owned()),
        // Low enough to be reached at times.
        "SENDER_LIMITS" => Some("hour=3,usd=200000".to_owned()),
        "SENDER_CREATOR_LIMITS" => Some("hour=2".to_owned()),
        "ADDRESS_LIMITS" => Some("day=5".to_owned()),
        _ => None,
    });
    let config = config.expect("a configuration");
    // The SDK keeps one budget of retries for a region and a process; each simulation has its own.
    static SIMULATIONS: AtomicU64 = AtomicU64::new(0);
    let region = format!("simulated-{}", SIMULATIONS.fetch_add(1, Ordering::Relaxed));
    let aws = sdk_config(|name| name.starts_with("AWS_").then(|| "simulated".to_owned()))
        .into_builder()
        .region(Region::new(region))
        .time_source(SharedTimeSource::new(VirtualClock::clone(&clock)))
        .http_client(SimulatedClient(network.clone()))
        .build();
    Services {
        store: Store::new(&aws, Some(NOWHERE), &config.table_name),
        stripe: Stripe::new(SimulatedTransport(network.clone()), ApiBase::parse(NOWHERE).expect("an origin"))
            .with_limits(STRIPE_TIME_LIMITS),
        secrets: Secrets::new(FixedSecrets, clock.clone()),
        clock,
        config,
    }
}

struct FixedSecrets;

impl SecretSource for FixedSecrets {
    fn fetch(&self, name: SecretName) -> BoxFuture<'_, Result<String, SecretsError>> {
        let value = match name {
            SecretName::StripeSecretKey => STRIPE_KEY,
            SecretName::StripeWebhookSecrets => SIGNING_SECRET,
            SecretName::SigningKeys => "signing-key-of-the-simulation-0001",
            SecretName::PaymentIdKey => "payment-id-key-of-the-simulation-1",
        };
        Box::pin(async move { Ok(value.to_owned()) })
    }
}

struct SimulatedTransport(Network);

impl Transport for SimulatedTransport {
    fn send(&self, request: http::Request<Bytes>) -> TransportFuture<'_> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let call = Call::from_http(&parts, body.to_vec());
            match self.0.send(Wire::Stripe(Box::new(call))).await {
                Reply::Lost => Err(TransportError::NotAnswered("the connection broke".into())),
                Reply::Http { status, headers, body } => {
                    let mut response = http::Response::builder().status(status);
                    for (name, value) in headers {
                        response = response.header(name, value);
                    }
                    response.body(Bytes::from(body)).map_err(|error| TransportError::BrokeOff(error.into()))
                }
            }
        })
    }
}

/// The HTTP client of AWS's SDK.
#[derive(Clone)]
struct SimulatedClient(Network);

impl fmt::Debug for SimulatedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimulatedClient")
    }
}

impl HttpClient for SimulatedClient {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for SimulatedClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().expect("the body is in memory");
        let body = serde_json::from_slice(body).expect("the body is JSON");
        let sending = self.0.send(Wire::Table(operation, body));
        HttpConnectorFuture::new(async move {
            match sending.await {
                Reply::Lost => Err(ConnectorError::io("the connection broke".into())),
                Reply::Http { status, body, .. } => {
                    let status = http::StatusCode::from_u16(status).expect("a status");
                    Ok(HttpResponse::new(status.into(), body.into()))
                }
            }
        })
    }
}
