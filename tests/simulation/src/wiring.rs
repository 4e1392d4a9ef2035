//! The functions' own adapters over the simulated network.

use crate::clock::VirtualClock;
use crate::currency::{Currency, USD};
use crate::dynamodb_client::{UNUSED_URL, store};
use crate::gateway::template;
use crate::network::{Network, Reply, Request};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use payments_services::{
    Config, STRIPE_TIME_LIMITS, SecretName, SecretSource, Secrets, SecretsError, Services,
};
use payments_stripe::{ApiBase, Stripe, Transport, TransportError, TransportFuture};
use std::sync::Arc;
use stripe_stand_in::{Call, Platform};

pub(crate) const SIGNING_SECRET: &str = "whsec_simulated";
pub(crate) const STRIPE_KEY: &str = "sk_test_simulated";

/// What a function's `main` wires, with the transports, the clock and the secrets replaced.
pub(crate) fn services(
    network: &Network,
    clock: &VirtualClock,
    platform: Platform,
    currency: Currency,
) -> Services {
    let clock = Arc::new(clock.clone());
    let config = Config::from_lookup(|name| match name {
        "ACCOUNT_KIND" => (platform == Platform::AccountsV1).then(|| "type_express".to_owned()),
        "TABLE_NAME" => Some(template().table.name.clone()),
        "STRIPE_API_BASE" => Some(UNUSED_URL.to_owned()),
        "DEFAULT_CURRENCY" => Some(currency.code.to_owned()),
        "SETTLEMENT_CURRENCIES" if currency.code != "isk" => Some(format!("{},isk", currency.code)),
        "FEE_SCHEDULE" => Some(fee_schedule(currency)),
        // Below the larger two of the amounts that senders choose.
        "EARLY_FRAUD_WARNING_POLICY" => {
            Some(format!("refund_below:{}={}", currency.code, currency.of_cents(2_000)))
        }
        "STATEMENT_DESCRIPTOR_SUFFIX" => Some("{creator}".to_owned()),
        "ALLOWED_ORIGINS" => Some("https://app.example".to_owned()),
        // Low enough that schedules reach them.
        "SENDER_LIMITS" => Some(format!("hour=3,{}={}", currency.code, currency.of_cents(200_000))),
        "SENDER_CREATOR_LIMITS" => Some("hour=2".to_owned()),
        "ADDRESS_LIMITS" => Some("day=5".to_owned()),
        _ => None,
    });
    let config = config.expect("a configuration");
    let calls = network.clone();
    let store = store(&clock, move |operation, body| {
        let reply = calls.send(Request::Table(operation, body));
        Box::pin(async move {
            match reply.await {
                Reply::Lost => None,
                Reply::Http { status, body, .. } => Some((status, body)),
            }
        })
    });
    Services {
        store,
        stripe: Stripe::new(
            SimulatedTransport(network.clone()),
            ApiBase::parse(UNUSED_URL).expect("an origin"),
            config.deployment.clone(),
        )
        .with_limits(STRIPE_TIME_LIMITS),
        secrets: Secrets::new(FixedSecrets, clock.clone()),
        clock,
        config,
    }
}

/// What the stand-in takes of a charge on a US platform; in US dollars the list price is that.
fn fee_schedule(currency: Currency) -> String {
    let of = |code: &str, fixed: i64| format!("{code}=29000+{fixed}");
    let own = (currency != USD).then(|| of(currency.code, currency.of_cents(30)));
    // Nobody pays in it unless the platform settles in it.
    let isk = (currency.code != "isk").then(|| of("isk", 100));
    own.into_iter().chain(isk).collect::<Vec<_>>().join(",")
}

struct FixedSecrets;

impl SecretSource for FixedSecrets {
    fn fetch(&self, name: SecretName) -> BoxFuture<'_, Result<String, SecretsError>> {
        let value = match name {
            SecretName::StripeSecretKey => STRIPE_KEY,
            SecretName::StripeWebhookSecrets => SIGNING_SECRET,
            SecretName::SigningKeys => "signing-key-of-the-simulation-0001",
            SecretName::PaymentIdKey => "payment-id-key-of-the-simulation-1",
            SecretName::CdnSecrets => "cdn-secret-of-the-simulation",
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
            match self.0.send(Request::Stripe(Box::new(call))).await {
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
