//! Where the parts of a stack are.

use std::collections::BTreeMap;

use crate::template::FunctionDefinition;

/// Where everything is, and what the functions need to know.
#[derive(Clone)]
pub struct Endpoints {
    /// The API and the web pages, such as `http://127.0.0.1:3000`.
    pub api: String,
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

impl Endpoints {
    /// The environment in which a function runs: the template's, with local addresses, and secrets by their
    /// value instead of their ARN.
    #[must_use]
    pub fn environment(&self, function: &str) -> BTreeMap<String, String> {
        let declared = self.functions.get(function).map(|function| function.environment.clone());
        let mut environment = declared.unwrap_or_default();
        environment.retain(|name, _| !name.ends_with("_ARN"));
        let local = [
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "local".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
            ("TABLE_NAME", self.table.clone()),
            ("DYNAMODB_ENDPOINT", self.dynamodb.clone()),
            ("STRIPE_API_BASE", self.stripe.clone()),
            ("STRIPE_SECRET_KEY", self.stripe_secret_key.clone()),
            ("STRIPE_WEBHOOK_SECRET", self.stripe_webhook_secret.clone()),
            ("SIGNING_KEY", self.signing_key.clone()),
            ("PAYMENT_ID_KEY", self.payment_id_key.clone()),
            ("ALLOWED_ORIGINS", self.allowed_origins.join(",")),
            ("LIVEMODE", "false".to_owned()),
        ];
        environment.extend(local.map(|(name, value)| (name.to_owned(), value)));
        environment
    }
}
