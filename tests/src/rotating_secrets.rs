//! The secrets of a stack's functions, of which a test replaces Stripe's key.

use futures_util::future::BoxFuture;
use local::Endpoints;
use payments_services::{SecretName, SecretSource, SecretsError};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) struct RotatingSecrets {
    fixed: BTreeMap<SecretName, String>,
    stripe_key: Arc<Mutex<String>>,
}

impl RotatingSecrets {
    pub(crate) fn of(endpoints: &Endpoints, stripe_key: Arc<Mutex<String>>) -> Self {
        let fixed = BTreeMap::from([
            (SecretName::StripeWebhookSecrets, endpoints.stripe_webhook_secret.clone()),
            (SecretName::SigningKeys, endpoints.signing_key.clone()),
            (SecretName::PaymentIdKey, endpoints.payment_id_key.clone()),
        ]);
        Self { fixed, stripe_key }
    }
}

impl SecretSource for RotatingSecrets {
    fn is_configured(&self, name: SecretName) -> bool {
        name == SecretName::StripeSecretKey || self.fixed.contains_key(&name)
    }

    fn fetch(&self, name: SecretName) -> BoxFuture<'_, Result<String, SecretsError>> {
        let value = match name {
            SecretName::StripeSecretKey => {
                Some(self.stripe_key.lock().unwrap_or_else(PoisonError::into_inner).clone())
            }
            SecretName::StripeWebhookSecrets
            | SecretName::SigningKeys
            | SecretName::PaymentIdKey
            | SecretName::CdnSecrets => self.fixed.get(&name).cloned(),
        };
        Box::pin(async move { value.ok_or(SecretsError::NotConfigured(name)) })
    }
}
