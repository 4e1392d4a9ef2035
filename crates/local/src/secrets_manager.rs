//! `secretsmanager.GetSecretValue`, in Secrets Manager's own JSON: functions that run outside the stack, in containers of
//! SAM, use the stack's own secrets, so that they accept its quotes and find its payments
//! (<https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>).

use std::collections::BTreeMap;

use http::StatusCode;
use payments_services::SecretName;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::endpoints::Endpoints;

const OPERATION: &str = "secretsmanager.GetSecretValue";
/// What a CDN sends in front of the local stack.
const CDN_SECRET: &str = "cdn_local";

/// The secrets of a stack.
#[derive(Clone)]
pub(crate) struct LocalSecrets {
    values: BTreeMap<SecretName, String>,
    /// A key of Stripe's own test mode is handed to callers on this machine alone.
    has_own_stripe_key: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    secret_id: String,
}

impl LocalSecrets {
    pub(crate) fn of(endpoints: &Endpoints) -> Self {
        let values = BTreeMap::from([
            (SecretName::StripeSecretKey, endpoints.stripe_secret_key.clone()),
            (SecretName::StripeWebhookSecrets, endpoints.stripe_webhook_secret.clone()),
            (SecretName::SigningKeys, endpoints.signing_key.clone()),
            (SecretName::PaymentIdKey, endpoints.payment_id_key.clone()),
            (SecretName::CdnSecrets, CDN_SECRET.to_owned()),
        ]);
        Self { values, has_own_stripe_key: endpoints.stripe.starts_with("https://") }
    }

    pub(crate) fn value(&self, name: SecretName) -> Option<&String> {
        self.values.get(&name)
    }

    /// Answers a request: the HTTP status and the body.
    pub(crate) fn get(&self, target: &str, body: &[u8], is_peer_here: bool) -> (StatusCode, Value) {
        let Ok(Request { secret_id }) = serde_json::from_slice(body) else {
            return refused("InvalidParameterException");
        };
        if target != OPERATION {
            return refused("UnknownOperationException");
        }
        let Some((name, value)) = secret_of(&secret_id).and_then(|name| Some((name, self.value(name)?)))
        else {
            return refused("ResourceNotFoundException");
        };
        if name == SecretName::StripeSecretKey && self.has_own_stripe_key && !is_peer_here {
            return refused("AccessDeniedException");
        }
        (StatusCode::OK, json!({"ARN": secret_id, "Name": secret_id, "SecretString": value}))
    }
}

/// The secret that the environment file for SAM names so.
fn secret_of(arn: &str) -> Option<SecretName> {
    match arn.strip_prefix("arn:aws:secretsmanager:us-east-1:000000000000:secret:local/")? {
        "stripe-secret-key" => Some(SecretName::StripeSecretKey),
        "stripe-webhook-secrets" => Some(SecretName::StripeWebhookSecrets),
        "signing-key" => Some(SecretName::SigningKeys),
        "payment-id-key" => Some(SecretName::PaymentIdKey),
        "cdn-secret" => Some(SecretName::CdnSecrets),
        _ => None,
    }
}

fn refused(code: &str) -> (StatusCode, Value) {
    (StatusCode::BAD_REQUEST, json!({"__type": code, "Message": "The local stack has no such secret."}))
}

#[cfg(test)]
mod tests {
    use super::{LocalSecrets, OPERATION};
    use http::StatusCode;
    use payments_services::SecretName;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn get(has_own_stripe_key: bool, target: &str, name: &str, is_peer_here: bool) -> (StatusCode, String) {
        let values = BTreeMap::from([
            (SecretName::StripeSecretKey, "sk_test_1".to_owned()),
            (SecretName::SigningKeys, "signing".to_owned()),
        ]);
        let secrets = LocalSecrets { values, has_own_stripe_key };
        let id = format!("arn:aws:secretsmanager:us-east-1:000000000000:secret:local/{name}");
        let (status, answer) =
            secrets.get(target, json!({"SecretId": id}).to_string().as_bytes(), is_peer_here);
        let text = answer["SecretString"].as_str().or(answer["__type"].as_str()).unwrap().to_owned();
        (status, text)
    }

    #[test]
    fn a_secret_is_found_by_the_arn_of_the_environment_file() {
        assert_eq!(get(false, OPERATION, "signing-key", false), (StatusCode::OK, "signing".to_owned()));
        let refusal = |target, name| get(false, target, name, true).1;
        assert_eq!(refusal(OPERATION, "other"), "ResourceNotFoundException");
        assert_eq!(refusal(OPERATION, "cdn-secret"), "ResourceNotFoundException");
        assert_eq!(refusal("secretsmanager.DeleteSecret", "signing-key"), "UnknownOperationException");
    }

    #[test]
    fn a_key_of_stripes_own_test_mode_stays_on_this_machine() {
        let key = |own, here| get(own, OPERATION, "stripe-secret-key", here);
        assert_eq!(key(true, true).1, "sk_test_1");
        assert_eq!(key(false, false).1, "sk_test_1");
        assert_eq!(key(true, false), (StatusCode::BAD_REQUEST, "AccessDeniedException".to_owned()));
    }
}
