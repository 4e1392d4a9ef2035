//! The parts of the SAM template that the local stack uses, so that it agrees with a deployment: routes with their
//! authorization, the functions' time limits and environment, CORS, the table, and its stream.

mod filter;
mod intrinsics;
mod parameters;
mod resources;
#[cfg(test)]
mod tests;
mod yaml;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

pub use parameters::ParameterError;

/// The template that `sam deploy` uses.
const TEMPLATE: &str = include_str!("../../../template.yaml");

/// Why a template cannot be run locally.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    #[error("template.yaml is not valid YAML: {0}")]
    Yaml(String),
    /// A resource lacks a property, or has one of another shape than SAM describes.
    #[error("template.yaml: resource {resource}: {cause}")]
    Resource {
        /// The logical id.
        resource: String,
        cause: serde_json::Error,
    },
    #[error("template.yaml has no resource of type {0}")]
    Missing(&'static str),
    #[error("template.yaml: authorizer {0} is not defined")]
    UnknownAuthorizer(String),
    #[error(transparent)]
    Parameter(#[from] ParameterError),
}

/// The parts of a SAM template that the local stack runs.
#[derive(Debug)]
pub struct Template {
    pub routes: Vec<Route>,
    /// By function name.
    pub functions: BTreeMap<String, FunctionDefinition>,
    /// `None` when the API answers no preflight.
    pub cors: Option<Cors>,
    pub table: TableDefinition,
    pub streams: Vec<StreamMapping>,
}

/// One route of the HTTP API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// In upper case, or `ANY`.
    pub method: String,
    /// With parameters in braces, such as `/v1/payments/{payment_id}`.
    pub path: String,
    /// The function's name: that of its directory under `functions/`.
    pub function: String,
    /// `None` for a route without authorization.
    pub authorization: Option<Authorization>,
}

impl Route {
    /// The route as API Gateway names it in events: `POST /v1/quotes`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The claims that a JWT authorizer requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    pub issuer: String,
    /// The accepted audiences.
    pub audience: Vec<String>,
    /// A token needs at least one of these; empty when none is required.
    pub scopes: Vec<String>,
}

/// A function's settings in the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionDefinition {
    pub timeout: Duration,
    /// References to other resources are replaced by their names.
    pub environment: BTreeMap<String, String>,
}

/// An HTTP API's CORS rules, in the names of `AWS::ApiGatewayV2::Api Cors`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Cors {
    pub allow_origins: Vec<String>,
    pub allow_methods: Vec<String>,
    pub allow_headers: Vec<String>,
    pub expose_headers: Vec<String>,
    /// In seconds.
    pub max_age: Option<u64>,
    pub allow_credentials: bool,
}

/// The table, as DynamoDB's API describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct TableDefinition {
    pub name: String,
    /// The `CreateTable` request.
    pub create_table: Value,
    pub ttl_attribute: Option<String>,
}

/// How a function reads the table's stream: Lambda's event source mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamMapping {
    /// The function's name: that of its directory under `functions/`.
    pub function: String,
    pub batch_size: usize,
    /// `BisectBatchOnFunctionError`: a batch that fails as a whole is halved.
    pub bisect: bool,
    /// `ReportBatchItemFailures`: the function names the first record that failed.
    pub reports_failures: bool,
    /// How often a failed batch is retried before it becomes a dead letter.
    pub retries: u32,
    /// A record must match one of these patterns.
    pub filters: Vec<Value>,
}

impl StreamMapping {
    /// Whether the function gets a record of the stream.
    #[must_use]
    pub fn accepts(&self, record: &Value) -> bool {
        filter::passes(&self.filters, record)
    }
}

impl Template {
    /// The names of the given parameters that change nothing on this machine.
    #[must_use]
    pub fn without_local_effect<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        names.filter(|name| parameters::WITHOUT_LOCAL_EFFECT.contains(name)).collect()
    }

    /// The project's template, with the parameters of a deployment.
    ///
    /// # Errors
    /// When the template has something that the local stack cannot run.
    pub fn load(parameters: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        Self::parse(TEMPLATE, parameters)
    }

    /// Any template.
    ///
    /// # Errors
    /// When it is not YAML, lacks the API or the table, or does not accept a parameter.
    pub fn parse(source: &str, parameters: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let document = yaml::parse(source)?;
        parameters::check(&document["Parameters"], parameters)?;
        let scope = intrinsics::Scope::new(&document, parameters);
        resources::read(&document, &scope)
    }
}
