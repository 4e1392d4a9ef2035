//! Secrets of a stack whose Stripe key is rotated.

use futures_util::future::BoxFuture;
use payments_services::{SecretName, SecretSource, SecretsError};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Stripe's key as it is now, and secrets that stay.
pub(crate) struct RotatingSecrets {
    pub(crate) fixed: BTreeMap<SecretName, String>,
    pub(crate) stripe_key: Arc<Mutex<String>>,
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
