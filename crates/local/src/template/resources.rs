//! The SAM and CloudFormation resources that the local stack uses, read with CloudFormation's functions evaluated.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::intrinsics::{Scope, text};
use super::{
    Authorization, Cors, FunctionDefinition, Route, StreamMapping, TableDefinition, Template, TemplateError,
};

/// The table's name where the template leaves it to CloudFormation.
const DEFAULT_TABLE: &str = "creator-payments";
/// Lambda's default time limit.
const DEFAULT_TIMEOUT_S: u64 = 3;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HttpApi {
    #[serde(default)]
    auth: ApiAuth,
    cors_configuration: Option<Cors>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ApiAuth {
    default_authorizer: Option<String>,
    authorizers: BTreeMap<String, JwtAuthorizer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JwtAuthorizer {
    jwt_configuration: JwtConfiguration,
    #[serde(default)]
    authorization_scopes: Vec<String>,
}

/// SAM passes these two through, so they begin with a lower-case letter.
#[derive(Deserialize)]
struct JwtConfiguration {
    issuer: String,
    audience: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Function {
    code_uri: String,
    timeout: Option<u64>,
    #[serde(default)]
    environment: Environment,
    #[serde(default)]
    events: BTreeMap<String, FunctionEvent>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Environment {
    variables: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FunctionEvent {
    r#type: String,
    #[serde(default)]
    properties: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HttpApiEvent {
    method: String,
    path: String,
    #[serde(default)]
    auth: RouteAuth,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DynamoDbEvent {
    #[serde(default = "default_batch_size")]
    batch_size: usize,
    #[serde(default)]
    bisect_batch_on_function_error: bool,
    #[serde(default)]
    function_response_types: Vec<String>,
    #[serde(default = "unlimited_retries")]
    maximum_retry_attempts: u32,
    #[serde(default)]
    filter_criteria: FilterCriteria,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct FilterCriteria {
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    pattern: String,
}

/// Lambda's default for DynamoDB streams.
fn default_batch_size() -> usize {
    100
}

fn unlimited_retries() -> u32 {
    u32::MAX
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct RouteAuth {
    authorizer: Option<String>,
    authorization_scopes: Option<Vec<String>>,
}

/// Reads every resource that the local stack runs.
pub(super) fn read(document: &Value, scope: &Scope<'_>) -> Result<Template, TemplateError> {
    let globals: Option<Value> = scope.resolve(&document["Globals"]["Function"]);
    let globals = globals.unwrap_or_default();
    let (api_id, api) = single_resource(document, "AWS::Serverless::HttpApi")?;
    let api: HttpApi = properties(api_id, api, scope)?;

    let mut routes = Vec::new();
    let mut functions = BTreeMap::new();
    let mut streams = Vec::new();
    for (id, resource) in of_type(document, "AWS::Serverless::Function") {
        let function: Function = properties(id, resource, scope)?;
        let name = function.code_uri.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        for event in function.events.values().filter(|event| event.r#type == "HttpApi") {
            let event: HttpApiEvent = deserialize(id, event.properties.clone())?;
            routes.push(Route {
                method: event.method.to_ascii_uppercase(),
                authorization: authorization(&api.auth, event.auth)?,
                path: event.path,
                function: name.clone(),
            });
        }
        for event in function.events.values().filter(|event| event.r#type == "DynamoDB") {
            streams.push(stream(id, &name, deserialize(id, event.properties.clone())?)?);
        }
        functions.insert(name, definition(&function, &globals));
    }
    let (table_id, table) = single_resource(document, "AWS::DynamoDB::Table")?;
    let mut table: Value = properties(table_id, table, scope)?;
    if table.get("TableName").is_none() {
        table["TableName"] = table_name(table_id, &globals).into();
    }
    let table = table_definition(table);
    Ok(Template { routes, functions, cors: api.cors_configuration, table, streams })
}

fn of_type<'a>(document: &'a Value, kind: &'a str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let resources = document["Resources"].as_object().into_iter().flatten();
    resources.filter(move |(_, resource)| resource["Type"] == kind)
}

fn single_resource<'a>(
    document: &'a Value,
    kind: &'static str,
) -> Result<(&'a String, &'a Value), TemplateError> {
    of_type(document, kind).next().ok_or(TemplateError::Missing(kind))
}

fn properties<T: DeserializeOwned>(
    id: &str,
    resource: &Value,
    scope: &Scope<'_>,
) -> Result<T, TemplateError> {
    deserialize(id, scope.resolve(&resource["Properties"]).unwrap_or_default())
}

fn deserialize<T: DeserializeOwned>(id: &str, properties: Value) -> Result<T, TemplateError> {
    serde_json::from_value(properties)
        .map_err(|cause| TemplateError::Resource { resource: id.to_owned(), cause })
}

fn stream(id: &str, function: &str, event: DynamoDbEvent) -> Result<StreamMapping, TemplateError> {
    let pattern = |filter: &Filter| {
        serde_json::from_str(&filter.pattern)
            .map_err(|cause| TemplateError::Resource { resource: id.to_owned(), cause })
    };
    Ok(StreamMapping {
        function: function.to_owned(),
        batch_size: event.batch_size,
        bisect: event.bisect_batch_on_function_error,
        reports_failures: event.function_response_types.iter().any(|kind| kind == "ReportBatchItemFailures"),
        retries: event.maximum_retry_attempts,
        filters: event.filter_criteria.filters.iter().map(pattern).collect::<Result<_, _>>()?,
    })
}

/// A route's own authorizer wins over the API's default, and its scopes over the authorizer's (SAM,
/// `HttpApiFunctionAuth`).
fn authorization(api: &ApiAuth, route: RouteAuth) -> Result<Option<Authorization>, TemplateError> {
    let Some(name) = route.authorizer.or_else(|| api.default_authorizer.clone()) else {
        return Ok(None);
    };
    if name == "NONE" {
        return Ok(None);
    }
    let authorizer = api.authorizers.get(&name).ok_or(TemplateError::UnknownAuthorizer(name))?;
    Ok(Some(Authorization {
        issuer: authorizer.jwt_configuration.issuer.clone(),
        audience: authorizer.jwt_configuration.audience.clone(),
        scopes: route.authorization_scopes.unwrap_or_else(|| authorizer.authorization_scopes.clone()),
    }))
}

fn definition(function: &Function, globals: &Value) -> FunctionDefinition {
    let shared = globals["Environment"]["Variables"].as_object().into_iter().flatten();
    let mut environment: BTreeMap<_, _> = shared.map(|(name, value)| (name.clone(), text(value))).collect();
    environment
        .extend(function.environment.variables.iter().map(|(name, value)| (name.clone(), text(value))));
    let timeout_s = function.timeout.or_else(|| globals["Timeout"].as_u64()).unwrap_or(DEFAULT_TIMEOUT_S);
    FunctionDefinition { timeout: Duration::from_secs(timeout_s), environment }
}

/// The functions' table is the template's own, or an existing one.
fn table_name<'a>(table_id: &str, globals: &'a Value) -> &'a str {
    let name = globals["Environment"]["Variables"]["TABLE_NAME"].as_str();
    name.filter(|name| *name != table_id).unwrap_or(DEFAULT_TABLE)
}

/// CloudFormation's properties are members of `CreateTable`, except two: the presence of a stream enables it, and the
/// time to live is a separate request.
fn table_definition(properties: Value) -> TableDefinition {
    let mut request = json!({});
    for member in [
        "TableName",
        "BillingMode",
        "AttributeDefinitions",
        "KeySchema",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes",
    ] {
        if let Some(value) = properties.get(member) {
            request[member] = value.clone();
        }
    }
    if let Some(view) = properties["StreamSpecification"].get("StreamViewType") {
        request["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": view});
    }
    let ttl = &properties["TimeToLiveSpecification"];
    let ttl_attribute = ttl["Enabled"].as_bool().unwrap_or_default().then(|| text(&ttl["AttributeName"]));
    TableDefinition { name: text(&properties["TableName"]), create_table: request, ttl_attribute }
}
