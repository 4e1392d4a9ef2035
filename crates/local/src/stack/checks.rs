//! Options that are wrong on their face, and parameters that the functions do not accept.

use payments_services::ConfigError;
use reqwest::Url;

use super::{Options, StackError};
use crate::endpoints::Endpoints;
use crate::functions::config;

/// Checks what needs no other part of the stack.
pub(super) fn check(options: &Options) -> Result<(), StackError> {
    for (name, example, given) in [
        ("DYNAMODB_ENDPOINT", "http://127.0.0.1:8000", &options.dynamodb_endpoint),
        ("--lambda-endpoint", "http://127.0.0.1:3001", &options.lambda_endpoint),
    ] {
        if let Some(given) = given.as_ref().filter(|given| !is_endpoint(given)) {
            return Err(StackError::NotAnEndpoint { name, given: given.clone(), example });
        }
    }
    let is_live = |(name, value): &(String, String)| name == "Livemode" && value == "true";
    if options.parameters.iter().any(is_live) {
        return Err(StackError::Livemode);
    }
    Ok(())
}

fn is_endpoint(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}

/// Checks every function's variables as the function does at its start.
pub(super) fn check_configurations(endpoints: &Endpoints) -> Result<(), StackError> {
    for function in endpoints.functions.keys() {
        let refused = |error: ConfigError| StackError::Parameters(refusal(endpoints, function, &error));
        config(endpoints, function).map_err(refused)?;
    }
    Ok(())
}

/// The parameters with their values, none of which is a secret, and what to do.
fn refusal(endpoints: &Endpoints, function: &str, error: &ConfigError) -> String {
    let named = |variable: &&str| {
        let value = endpoints.variable(function, variable).unwrap_or_default();
        format!("parameter {} (\"{value}\")", parameter(variable))
    };
    let parameters: Vec<String> = error.variables.iter().map(named).collect();
    let parts = [vec![parameters.join(", ")], error.advice.clone()].concat();
    parts.join("; ")
}

/// The parameter of a variable: `SENDER_LIMITS` is `SenderLimits`.
fn parameter(variable: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_owned() + &rest.to_ascii_lowercase()
    };
    variable.split('_').map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_endpoint, parameter};

    #[test]
    fn a_variable_is_named_by_its_parameter() {
        assert_eq!(parameter("SENDER_HOLD_AFTER_LOST_DISPUTE_DAYS"), "SenderHoldAfterLostDisputeDays");
        assert_eq!(parameter("COUNTRIES"), "Countries");
    }

    #[test]
    fn an_endpoint_is_a_url_with_a_host() {
        assert!(is_endpoint("http://127.0.0.1:8000") && is_endpoint("https://dynamodb.example/"));
        for wrong in ["", "127.0.0.1:8000", "localhost", "ftp://a", "http://", "8000"] {
            assert!(!is_endpoint(wrong), "{wrong}");
        }
    }
}
