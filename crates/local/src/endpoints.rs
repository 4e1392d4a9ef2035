//! Where the parts of a stack are.

use std::collections::BTreeMap;

use crate::template::FunctionDefinition;

/// Where everything is, and what the functions need to know.
#[derive(Clone)]
pub struct Endpoints {
    /// The API and the web pages, such as `http://127.0.0.1:3000`.
    pub api: String,
    /// The stand-in for EventBridge (`EVENTBRIDGE_ENDPOINT`), which tells `GET /local/events`.
    pub event_bus: String,
    /// Stripe, or its stand-in.
    pub stripe: String,
    /// DynamoDB.
    pub dynamodb: String,
    /// The table's name.
    pub table: String,
    /// `STRIPE_SECRET_KEY`.
    pub stripe_secret_key: String,
    /// `STRIPE_WEBHOOK_SECRET`.
    pub stripe_webhook_secret: String,
    /// `SIGNING_KEY`: 32 bytes in hex.
    pub signing_key: String,
    /// `PAYMENT_ID_KEY`: 32 bytes in hex.
    pub payment_id_key: String,
    /// `ALLOWED_ORIGINS`.
    pub allowed_origins: Vec<String>,
    /// Time limits and environment of each function, as in the template.
    pub functions: BTreeMap<String, FunctionDefinition>,
}

impl std::fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { api, stripe, dynamodb, table, .. } = self;
        write!(f, "Endpoints {{ api: {api}, stripe: {stripe}, dynamodb: {dynamodb}, table: {table}, .. }}")
    }
}
