//! The environment file for `sam local`, against the template and a stack.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::extract::Path;
use axum::routing::post;
use local::stack::{Options, Stack};
use local::token::Subject;
use payments_services::Config;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const FILE: &str = include_str!("../../../../events/local.env.json");
/// The variables by which a function finds something else than the stack's own functions do.
const ELSEWHERE: [&str; 13] = [
    "TABLE_NAME",
    "DYNAMODB_ENDPOINT",
    "STRIPE_API_BASE",
    "SECRETS_MANAGER_ENDPOINT",
    "EVENTBRIDGE_ENDPOINT",
    "FAILURE_QUEUE_URL",
    "STRIPE_SECRET_ARN",
    "STRIPE_WEBHOOK_SECRETS_ARN",
    "SIGNING_KEY_ARN",
    "PAYMENT_ID_KEY_ARN",
    "CDN_SECRET_ARN",
    "DEPLOYMENT_ID",
    "ALLOWED_ORIGINS",
];

fn overrides() -> BTreeMap<String, String> {
    let file: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(FILE).unwrap();
    assert_eq!(file.keys().collect::<Vec<_>>(), ["Parameters"], "all functions have the same");
    file.into_values().next().unwrap()
}

/// The template's variables, overridden as SAM does: a variable that the template does not declare is left out.
fn environments(stack: &Stack) -> BTreeMap<String, BTreeMap<String, String>> {
    let overrides = overrides();
    let overridden =
        |(name, value): (&String, &String)| (name.clone(), overrides.get(name).unwrap_or(value).clone());
    let functions = stack.endpoints().functions.iter();
    functions
        .map(|(name, function)| (name.clone(), function.environment.iter().map(overridden).collect()))
        .collect()
}

#[tokio::test]
async fn the_file_names_only_variables_that_the_template_declares() {
    let stack = Stack::start(Options::without_seed()).await.unwrap();
    let environments = environments(&stack);
    let declared: BTreeSet<&String> = environments.values().flat_map(BTreeMap::keys).collect();
    for name in overrides().keys() {
        assert!(declared.contains(name), "{name} is declared by no function");
    }
    for (function, variables) in &environments {
        for name in ["DYNAMODB_ENDPOINT", "STRIPE_API_BASE", "SECRETS_MANAGER_ENDPOINT"] {
            assert!(variables[name].starts_with("http://host.docker.internal:"), "{function} {name}");
        }
    }
    for (name, value) in overrides() {
        assert!(
            !value.contains("127.0.0.1") || name == "ALLOWED_ORIGINS",
            "{name}: a container is not this machine"
        );
    }
}

#[tokio::test]
async fn a_function_in_a_container_is_configured_as_the_stacks_own() {
    let stack = Stack::start(Options::without_seed()).await.unwrap();
    for (function, variables) in environments(&stack) {
        let read = |name: &str| variables.get(name).filter(|value| !value.is_empty()).cloned();
        let config = Config::from_lookup(read).unwrap();
        assert_eq!(config.table_name, stack.endpoints().table, "{function}");
        let own = &stack.endpoints().functions[&function].environment;
        for (name, value) in variables.iter().filter(|(name, _)| !ELSEWHERE.contains(&name.as_str())) {
            assert_eq!(Some(value), own.get(name), "{function} {name}");
        }
    }
}

#[tokio::test]
async fn the_files_arns_are_those_of_the_stacks_secrets() {
    let stack = Stack::start(Options::without_seed()).await.unwrap();
    let endpoints = stack.endpoints();
    let secret = async |variable: &str| {
        let request = reqwest::Client::new()
            .post(format!("{}/local/secrets-manager/", endpoints.api))
            .header("x-amz-target", "secretsmanager.GetSecretValue")
            .body(json!({"SecretId": overrides()[variable]}).to_string());
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["SecretString"].as_str().unwrap().to_owned()
    };
    assert_eq!(secret("STRIPE_SECRET_ARN").await, endpoints.stripe_secret_key);
    assert_eq!(secret("STRIPE_WEBHOOK_SECRETS_ARN").await, endpoints.stripe_webhook_secret);
    assert_eq!(secret("SIGNING_KEY_ARN").await, endpoints.signing_key);
    assert_eq!(secret("PAYMENT_ID_KEY_ARN").await, endpoints.payment_id_key);
    assert_eq!(secret("CDN_SECRET_ARN").await, "cdn_local");
}

#[tokio::test]
async fn functions_at_a_lambda_endpoint_are_invoked_with_the_callers_claims() {
    // Answers as `sam local start-lambda` does, with the event's claims.
    let invoke = |Path(function): Path<String>, event: String| async move {
        let event: Value = serde_json::from_str(&event).unwrap();
        let body = json!({"function": function, "sub": event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]});
        json!({"statusCode": 200, "headers": {"content-type": "application/json"}, "body": body.to_string()})
            .to_string()
    };
    let lambda = Router::new().route("/2015-03-31/functions/{function}/invocations", post(invoke));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let lambda_endpoint = Some(format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, lambda).await });

    let stack = Stack::start(Options { lambda_endpoint, ..Options::without_seed() }).await.unwrap();
    let token = stack.token(&Subject { sub: "sam".to_owned(), ..Subject::default() });
    let url = format!("{}/v1/creators/ana", stack.endpoints().api);
    let client = reqwest::Client::new();
    assert_eq!(client.get(&url).send().await.unwrap().status(), 401, "the gateway still authorizes");
    let answer = client.get(&url).bearer_auth(token).send().await.unwrap();
    assert_eq!(
        answer.json::<Value>().await.unwrap(),
        json!({"function": "PaymentHistoryFunction", "sub": "sam"})
    );
}
