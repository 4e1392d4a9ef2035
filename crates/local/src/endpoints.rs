//! Addresses and settings of a stack's parts.

use std::collections::BTreeMap;

use crate::template::FunctionDefinition;

/// The URLs of a stack, and the configuration of its functions.
#[derive(Clone)]
pub struct Endpoints {
    /// The URL of the API and the web pages.
    pub api: String,
    /// The URL of the stand-in for EventBridge, which feeds `GET /local/events`.
    pub event_bus: String,
    /// The URL of the stand-in for the stream's failure queue, which feeds `GET /local/dead-letters`.
    pub failure_queue: String,
    /// The URL of Stripe or its stand-in.
    pub stripe: String,
    pub dynamodb: String,
    pub table: String,
    pub stripe_secret_key: String,
    pub stripe_webhook_secret: String,
    /// 32 bytes in hex.
    pub signing_key: String,
    /// 32 bytes in hex.
    pub payment_id_key: String,
    /// By function name.
    pub functions: BTreeMap<String, FunctionDefinition>,
}

impl Endpoints {
    /// A variable of a function in the template. An empty one counts as absent, as in a deployment.
    pub(crate) fn variable(&self, function: &str, name: &str) -> Option<String> {
        let environment = &self.functions.get(function)?.environment;
        environment.get(name).filter(|value| !value.is_empty()).cloned()
    }
}

impl std::fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { api, stripe, dynamodb, table, .. } = self;
        write!(f, "Endpoints {{ api: {api}, stripe: {stripe}, dynamodb: {dynamodb}, table: {table}, .. }}")
    }
}
