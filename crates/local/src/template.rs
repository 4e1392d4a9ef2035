//! What the local stack takes from the SAM template, so that laptop and AWS cannot drift apart: the routes
//! with their authorization, the functions' time limits and environment, CORS, and the table.

mod filter;
mod intrinsics;
mod resources;
#[cfg(test)]
mod tests;
mod yaml;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

/// The template that `sam deploy` uses.
const TEMPLATE: &str = include_str!("../../../../template.yaml");

/// Why a template cannot be run locally.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Not YAML, or no document.
    #[error("template.yaml is not valid YAML: {0}")]
    Yaml(String),
    /// A resource lacks a property, or has one of another shape than SAM describes.
    #[error("template.yaml: resource {resource}: {cause}")]
    Resource {
        /// The resource's logical id.
        resource: String,
        /// What is wrong with it.
        cause: serde_json::Error,
    },
    /// There is no resource of a type that the stack cannot be without.
    #[error("template.yaml has no resource of type {0}")]
    Missing(&'static str),
    /// A function's route names an authorizer that the API does not define.
    #[error("template.yaml: authorizer {0} is not defined")]
    UnknownAuthorizer(String),
}

/// The parts of a SAM template that the local stack runs.
#[derive(Debug)]
pub struct Template {
    /// Every route of the HTTP API.
    pub routes: Vec<Route>,
    /// Every Lambda function, by name.
    pub functions: BTreeMap<String, FunctionDefinition>,
    /// The HTTP API's CORS rules; without them it answers no preflight.
    pub cors: Option<Cors>,
    /// The DynamoDB table.
    pub table: TableDefinition,
    /// The functions that read the table's stream.
    pub streams: Vec<StreamMapping>,
}

/// One route of the HTTP API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method in upper case, or `ANY`.
    pub method: String,
    /// The path with its parameters in braces, such as `/v1/payments/{payment_id}`.
    pub path: String,
    /// The function's name: that of its directory under `functions/`.
    pub function: String,
    /// What a token must hold; nothing when the route is open.
    pub authorization: Option<Authorization>,
}

impl Route {
    /// The route as API Gateway names it in events: `POST /v1/quotes`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// What a JWT authorizer asks of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The `iss` claim.
    pub issuer: String,
    /// The `aud` claim is one of these.
    pub audience: Vec<String>,
    /// The `scope` claim has at least one of these; empty when any token will do.
    pub scopes: Vec<String>,
}

/// What the template says about a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionDefinition {
    /// Lambda ends an invocation after this time.
    pub timeout: Duration,
    /// The environment variables; references to other resources are left as their names.
    pub environment: BTreeMap<String, String>,
}

/// An HTTP API's CORS rules, in the names of `AWS::ApiGatewayV2::Api Cors`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Cors {
    /// Origins that may call, or `*`.
    pub allow_origins: Vec<String>,
    /// Methods that may be used, or `*`.
    pub allow_methods: Vec<String>,
    /// Request headers that may be sent, or `*`.
    pub allow_headers: Vec<String>,
    /// Response headers that scripts may read.
    pub expose_headers: Vec<String>,
    /// Seconds that a browser may keep a preflight's answer.
    pub max_age: Option<u64>,
    /// Whether cookies may be sent.
    pub allow_credentials: bool,
}

/// The table, in the words of DynamoDB's own API.
#[derive(Clone, Debug, PartialEq)]
pub struct TableDefinition {
    /// Its name.
    pub name: String,
    /// The `CreateTable` request.
    pub create_table: Value,
    /// The attribute that holds the expiry time, in seconds since 1970.
    pub ttl_attribute: Option<String>,
}

/// How a function reads the table's stream, in the words of Lambda's event source mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamMapping {
    /// The function's name: that of its directory under `functions/`.
    pub function: String,
    /// The most records of one batch.
    pub batch_size: usize,
    /// Whether a batch that fails as a whole is halved.
    pub bisect: bool,
    /// Whether the function names the first record that failed.
    pub reports_failures: bool,
    /// How often a batch that failed is sent again before it is given up.
    pub retries: u32,
    /// The patterns, one of which a record must match.
    pub filters: Vec<Value>,
}

impl StreamMapping {
    /// Whether the function is told of a record of the stream.
    #[must_use]
    pub fn tells(&self, record: &Value) -> bool {
        filter::passes(&self.filters, record)
    }
}

impl Template {
    /// The project's template, with `parameters` as a deployment would give them.
    ///
    /// # Errors
    /// When the template was edited into something the local stack cannot run.
    pub fn load(parameters: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        Self::parse(TEMPLATE, parameters)
    }

    /// Any template.
    ///
    /// # Errors
    /// When it is not YAML, or lacks the API or the table.
    pub fn parse(source: &str, parameters: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let document = yaml::parse(source)?;
        let scope = intrinsics::Scope::new(&document, parameters);
        resources::read(&document, &scope)
    }
}
