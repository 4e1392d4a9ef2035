//! What AWS and Stripe say about a stage. What cannot be read is kept with its reason, and is a finding of its own.

use crate::aws::Aws;
use crate::endpoints::Endpoint;
use crate::stack::{Stack, StackError};
use crate::stripe::{endpoints, session};
use bytes::Bytes;
use http::Request;
use payments::{AccountKind, Secret};
use payments_services::{Config, secret_values};
use payments_stripe::{
    ApiBase, BalanceSnapshot, CountrySpecObject, HyperTransport, PERMISSION_PROBES, PlatformAccountObject,
    Session, Transport as _,
};
use serde_json::Value;
use std::time::Duration;

const ISSUER_LIMIT: Duration = Duration::from_secs(10);

/// A fact, or why it is not known. The reason holds no secret.
pub type Fact<T> = Result<T, String>;

/// Everything that the checks decide from. It has no `Debug`, because it holds secrets.
pub struct Facts {
    pub stack: Stack,
    pub config: Config,
    pub webhook_url: String,
    pub key: Fact<KeyFacts>,
    /// The permissions that the key lacks.
    pub lacking: Fact<Vec<String>>,
    pub account: Fact<PlatformAccountObject>,
    pub balance: Fact<BalanceSnapshot>,
    pub country: Fact<CountrySpecObject>,
    /// Whether Stripe lists accounts of v2; no fact is asked for where the stage has those of v1.
    pub accounts_v2: Fact<()>,
    pub endpoints: Fact<Vec<Endpoint>>,
    /// The signing secrets that the functions know.
    pub signing_secrets: Fact<Vec<String>>,
    pub table: Fact<Value>,
    pub backups: Fact<Value>,
    pub authorizers: Fact<Value>,
    pub routes: Fact<Value>,
    /// The issuer by its own metadata.
    pub issuer: Fact<String>,
    /// Subscriptions of the alarms' topic; none without a topic.
    pub subscriptions: Fact<Option<Value>>,
    /// Alarms that ring.
    pub alarms: Fact<Value>,
}

/// What a key says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyFacts {
    /// None for a prefix that is none of Stripe's.
    pub livemode: Option<bool>,
    pub restricted: bool,
}

impl KeyFacts {
    fn of(key: &str) -> Self {
        let begins = |prefixes: [&str; 2]| prefixes.iter().any(|prefix| key.starts_with(prefix));
        let livemode = match (begins(["sk_live_", "rk_live_"]), begins(["sk_test_", "rk_test_"])) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            (false, false) => None,
        };
        Self { livemode, restricted: key.starts_with("rk_") }
    }
}

/// The keys of a stage's Stripe account.
pub struct Keys {
    /// The functions' key.
    pub stage: Fact<String>,
    /// What the operator reads and makes endpoints with; by default the functions' key.
    pub operator: Option<String>,
}

impl Keys {
    /// Reads the functions' key.
    #[must_use]
    pub fn read(aws: &Aws, stack: &Stack, operator: Option<String>) -> Self {
        let text = secret_text(aws, stack, "StripeSecretArn").map(|text| text.trim().to_owned());
        Self { stage: text, operator }
    }

    /// A session under the operator's key, of the stage's mode.
    ///
    /// # Errors
    /// Why there is none.
    pub fn session(&self, base: &ApiBase, config: &Config) -> Fact<Session> {
        let key = match &self.operator {
            Some(key) => key.clone(),
            None => self.stage.clone()?,
        };
        open(base, config, &key)
    }
}

fn open(base: &ApiBase, config: &Config, key: &str) -> Fact<Session> {
    if KeyFacts::of(key).livemode == Some(!config.livemode) {
        return Err("the key is of the other mode, and nothing is asked with it".to_owned());
    }
    session(base, &config.deployment, &Secret::new(key)).map_err(|error| error.to_string())
}

/// Asks AWS and Stripe.
///
/// # Errors
/// [`StackError`] when there is no stack, or its functions cannot start.
pub async fn read_facts(aws: &Aws, base: &ApiBase, stack: Stack, keys: &Keys) -> Result<Facts, StackError> {
    let config = stack.config(aws)?;
    let api = stack.resource("HttpApi")?;
    let table = stack.output("TableName")?;
    let ask = |arguments: &[&str]| aws.read(arguments).map_err(|error| error.to_string());
    let session = keys.session(base, &config);
    let is_v2 = config.account_kind == AccountKind::AccountsV2;
    let platform = config.policy.countries.platform().unwrap_or("US").to_owned();
    Ok(Facts {
        webhook_url: stack.output("WebhookUrl")?.to_owned(),
        key: keys.stage.as_deref().map(KeyFacts::of).map_err(Clone::clone),
        lacking: lacking(base, &config, keys).await,
        account: of_stripe(&session, |it| it.retrieve_platform_account()).await,
        balance: of_stripe(&session, |it| it.retrieve_balance()).await,
        country: of_stripe(&session, |it| it.retrieve_country_spec(&platform)).await,
        accounts_v2: match is_v2 {
            true => of_stripe(&session, |it| it.list_accounts_v2(None)).await.map(drop),
            false => Ok(()),
        },
        endpoints: of_stripe(&session, |it| endpoints(it, is_v2)).await,
        signing_secrets: signing_secrets(aws, &stack),
        table: ask(&["dynamodb", "describe-table", "--table-name", table]),
        backups: ask(&["dynamodb", "describe-continuous-backups", "--table-name", table]),
        authorizers: ask(&["apigatewayv2", "get-authorizers", "--api-id", api]),
        routes: ask(&["apigatewayv2", "get-routes", "--api-id", api]),
        issuer: issuer(stack.required("JwtIssuer")?).await,
        subscriptions: match stack.parameter("AlarmTopicArn") {
            Some(topic) => ask(&["sns", "list-subscriptions-by-topic", "--topic-arn", topic]).map(Some),
            None => Ok(None),
        },
        alarms: ask(&[
            "cloudwatch",
            "describe-alarms",
            "--alarm-name-prefix",
            &stack.name,
            "--state-value",
            "ALARM",
        ]),
        config,
        stack,
    })
}

/// The signing secrets that the functions know.
///
/// # Errors
/// Why they cannot be read.
pub fn signing_secrets(aws: &Aws, stack: &Stack) -> Fact<Vec<String>> {
    let text = secret_text(aws, stack, "StripeWebhookSecretsArn")?;
    secret_values(&text).ok_or_else(|| "the secret begins like a JSON array and is none".to_owned())
}

fn secret_text(aws: &Aws, stack: &Stack, parameter: &str) -> Fact<String> {
    let arn = stack.required(parameter).map_err(|error| error.to_string())?;
    let answer = aws.read(&["secretsmanager", "get-secret-value", "--secret-id", arn]);
    let answer = answer.map_err(|error| error.to_string())?;
    answer["SecretString"].as_str().map(str::to_owned).ok_or_else(|| "the secret has no text".to_owned())
}

async fn lacking(base: &ApiBase, config: &Config, keys: &Keys) -> Fact<Vec<String>> {
    let session = open(base, config, keys.stage.as_ref().map_err(Clone::clone)?)?;
    let is_v2 = config.account_kind == AccountKind::AccountsV2;
    let needed = PERMISSION_PROBES.iter().filter(|it| is_v2 || !it.permission.ends_with("(v2)"));
    let mut lacking = Vec::new();
    for probe in needed {
        let has = session.has_permission(probe).await.map_err(|error| error.to_string())?;
        let kind = if probe.write { "write" } else { "read" };
        lacking.extend((!has).then(|| format!("{} ({kind})", probe.permission)));
    }
    Ok(lacking)
}

async fn of_stripe<'s, T, F>(session: &'s Fact<Session>, ask: impl FnOnce(&'s Session) -> F) -> Fact<T>
where
    F: Future<Output = Result<T, payments_stripe::StripeError>>,
{
    match session {
        Ok(session) => ask(session).await.map_err(|error| error.to_string()),
        Err(why) => Err(why.clone()),
    }
}

/// What the provider says of itself (OpenID Connect Discovery), which API Gateway reads as well.
async fn issuer(configured: &str) -> Fact<String> {
    let url = format!("{}/.well-known/openid-configuration", configured.trim_end_matches('/'));
    let request = Request::get(&url).body(Bytes::new()).map_err(|_| format!("{url} is no address"))?;
    let transport = HyperTransport::new();
    let reply = tokio::time::timeout(ISSUER_LIMIT, transport.send(request)).await;
    let reply = reply.map_err(|_| format!("{url} does not answer"))?;
    let reply = reply.map_err(|error| format!("{url}: {error}"))?;
    let json: Value = serde_json::from_slice(reply.body())
        .map_err(|_| format!("{url} answers {} and no JSON", reply.status().as_u16()))?;
    json["issuer"].as_str().map(str::to_owned).ok_or_else(|| format!("{url} names no issuer"))
}
