//! A stage that is right, to be made wrong.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use operate::aws::Aws;
use operate::check::check;
use operate::endpoints::Endpoint;
use operate::facts::{Keys, read_facts, signing_secrets};
use operate::finding::Finding;
use operate::setup::{SetupError, Step, Target, Wanted, plan, set_up};
use operate::stack::Stack;
use operate::stripe::endpoints;
use payments_stripe::{ApiBase, Session};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering::SeqCst};
use stripe_stand_in::{Settings, StandIn};
use tempfile::TempDir;
use tokio::net::TcpListener;

pub(crate) const STACK: &str = "creator-payments-test";
pub(crate) const KEY: &str = "rk_test_stage";
pub(crate) const ADMIN_KEY: &str = "sk_test_admin";
pub(crate) const WEBHOOK_URL: &str = "https://abc.execute-api.us-east-1.amazonaws.com/v1/stripe/webhooks";

/// What is planted before the stage starts.
pub(crate) struct Plan {
    pub(crate) settings: Settings,
    /// AWS's answers by command.
    pub(crate) aws: BTreeMap<&'static str, Value>,
    pub(crate) parameters: BTreeMap<&'static str, String>,
    pub(crate) variables: BTreeMap<&'static str, &'static str>,
    pub(crate) key: &'static str,
    pub(crate) signing_secrets: &'static str,
    pub(crate) issuer: Option<&'static str>,
}

/// The permissions of the functions' key.
fn permissions() -> BTreeSet<String> {
    let names = [
        "payment_intent_write",
        "charge_write",
        "transfer_write",
        "account_write",
        "v2_account_write",
        "account_link_write",
        "v2_account_link_write",
        "login_link_write",
        "customer_write",
        "customer_session_write",
        "payment_method_write",
        "payout_read",
        "dispute_read",
        "balance_read",
        "balance_transaction_source_read",
        "event_read",
        "v2_event_read",
        "radar_read",
    ];
    names.iter().map(|name| format!("rak_{name}")).collect()
}

impl Plan {
    pub(crate) fn right() -> Self {
        let route = |key: &str, scopes: Value| json!({"RouteKey": key, "AuthorizationType": "JWT", "AuthorizationScopes": scopes});
        let limits = "hour=30,usd=500000";
        Self {
            settings: Settings {
                restricted_keys: [(KEY.to_owned(), permissions())].into(),
                ..Settings::default()
            },
            aws: [
                ("describe-table", json!({"Table": {"DeletionProtectionEnabled": true}})),
                (
                    "describe-continuous-backups",
                    json!({"ContinuousBackupsDescription": {
                    "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}}),
                ),
                (
                    "get-routes",
                    json!({"Items": [
                    route("POST /v1/payments", Value::Null),
                    route("GET /v1/admin/rollout", json!(["payments:admin"])),
                    {"RouteKey": "POST /v1/stripe/webhooks", "AuthorizationType": "NONE"}]}),
                ),
                (
                    "list-subscriptions-by-topic",
                    json!({"Subscriptions": [{"SubscriptionArn": "arn:aws:sns:us-east-1:1:a:b"}]}),
                ),
                ("describe-alarms", json!({"MetricAlarms": []})),
                (
                    "list-stack-resources",
                    json!({"StackResourceSummaries": [
                    {"LogicalResourceId": "HttpApi", "PhysicalResourceId": "abc"},
                    {"LogicalResourceId": "CreatePaymentIntentFunction", "PhysicalResourceId": "f"}]}),
                ),
            ]
            .into(),
            parameters: [
                ("JwtAudience", "app"),
                ("OperatorScope", "payments:admin"),
                ("OperatorGroup", ""),
                ("Countries", "US,CA,DE"),
                ("AlarmTopicArn", "arn:aws:sns:us-east-1:1:a"),
                ("SenderLimits", limits),
                ("SenderCreatorLimits", limits),
                ("AddressLimits", "hour=100"),
                ("MaxAmounts", "usd=100000"),
                ("StatementDescriptorSuffix", "{creator}"),
                ("StatementDescriptorPrefixLength", "10"),
                ("StripeSecretArn", "arn:aws:secretsmanager:us-east-1:1:secret:stripe"),
                ("StripeWebhookSecretsArn", "arn:aws:secretsmanager:us-east-1:1:secret:webhooks"),
            ]
            .map(|(name, value)| (name, value.to_owned()))
            .into(),
            variables: [
                ("TABLE_NAME", "table"),
                ("DEPLOYMENT_ID", STACK),
                ("LIVEMODE", "false"),
                ("PLATFORM_COUNTRY", "US"),
                ("COUNTRIES", "US,CA,DE"),
                ("DEFAULT_CURRENCY", "usd"),
                ("STRIPE_API_BASE", ""),
            ]
            .into(),
            key: KEY,
            signing_secrets: "whsec_to_be_filled_in",
            issuer: None,
        }
    }
}

/// A stage whose Stripe and AWS answer.
pub(crate) struct Deployed {
    pub(crate) folder: TempDir,
    pub(crate) address: String,
    pub(crate) aws: Aws,
    base: ApiBase,
    pub(crate) budget: Arc<Budget>,
}

/// How many calls that change something Stripe takes before it refuses all, and whether the first refused one has its effect.
pub(crate) struct Budget {
    left: AtomicIsize,
    loses_answer: bool,
}

impl Deployed {
    pub(crate) async fn start(plan: Plan) -> Self {
        Self::start_with(plan, isize::MAX, false).await
    }

    pub(crate) async fn start_with(plan: Plan, calls: isize, loses_answer: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let stand_in = StandIn::open(None, plan.settings.clone(), Vec::new()).expect("a stand-in");
        let budget = Arc::new(Budget { left: AtomicIsize::new(calls), loses_answer });
        let issuer = plan.issuer.map_or_else(|| address.clone(), str::to_owned);
        let discovery = move || async move { json!({"issuer": issuer}).to_string() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .merge(stand_in.router())
            .layer(from_fn_with_state(budget.clone(), within_budget));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let folder = tempfile::tempdir().expect("a folder");
        let aws = Aws::new(script(&folder));
        let base = ApiBase::parse(&address).expect("an address");
        let deployed = Self { folder, address, aws, base, budget };
        deployed.answer_as(plan);
        deployed
    }

    fn answer_as(&self, plan: Plan) {
        let Plan { mut aws, mut parameters, variables, key, signing_secrets, .. } = plan;
        parameters.insert("JwtIssuer", self.address.clone());
        let authorizer = json!({"Name": "JwtAuthorizer", "AuthorizerType": "JWT",
            "JwtConfiguration": {"Issuer": self.address, "Audience": ["app"]}});
        aws.entry("get-authorizers").or_insert(json!({"Items": [authorizer]}));
        let list = |pairs: Vec<(&str, &str)>, name: &str, value: &str| -> Vec<Value> {
            pairs.iter().map(|(key, text)| json!({name: key, value: text})).collect()
        };
        let parameters = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let outputs = vec![("WebhookUrl", WEBHOOK_URL), ("TableName", "table")];
        let status = aws.remove("status").unwrap_or(json!("UPDATE_COMPLETE"));
        aws.insert(
            "describe-stacks",
            json!({"Stacks": [{
                "StackStatus": status,
                "Parameters": list(parameters, "ParameterKey", "ParameterValue"),
                "Outputs": list(outputs, "OutputKey", "OutputValue"),
            }]}),
        );
        aws.insert("get-function-configuration", json!({"Environment": {"Variables": variables}}));
        for (command, answer) in aws {
            self.write(&format!("{command}.json"), &answer.to_string());
        }
        self.write("secret-stripe", key);
        self.write("secret-webhooks", signing_secrets);
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join(file), text).expect("a file");
    }

    pub(crate) fn secrets(&self) -> Vec<String> {
        signing_secrets(&self.aws, &self.stack()).expect("secrets")
    }

    pub(crate) fn stack(&self) -> Stack {
        Stack::read(&self.aws, STACK).expect("a stack")
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.folder.path().join("aws")
    }

    pub(crate) fn session(&self) -> Session {
        let config = self.stack().config(&self.aws).expect("a configuration");
        self.keys().session(&self.base, &config).expect("a session")
    }

    fn keys(&self) -> Keys {
        Keys::read(&self.aws, &self.stack(), Some(ADMIN_KEY.to_owned()))
    }

    pub(crate) async fn endpoints(&self) -> Vec<Endpoint> {
        endpoints(&self.session(), true).await.expect("endpoints")
    }

    pub(crate) async fn planned(&self, replace: bool) -> Vec<Step> {
        let stack = self.stack();
        let config = stack.config(&self.aws).expect("a configuration");
        let kind = config.account_kind;
        let wanted = Wanted { url: WEBHOOK_URL, deployment: &config.deployment, kind, replace };
        plan(wanted, &self.endpoints().await, &self.secrets())
    }

    pub(crate) async fn set_up(&self, replace: bool) -> Result<(), SetupError> {
        let steps = self.planned(replace).await;
        let (stack, session) = (self.stack(), self.session());
        let config = stack.config(&self.aws).expect("a configuration");
        let kind = config.account_kind;
        let wanted = Wanted { url: WEBHOOK_URL, deployment: &config.deployment, kind, replace };
        let target = Target { aws: &self.aws, stack: &stack, session: &session, wanted };
        set_up(&target, &steps, |_| {}).await
    }

    pub(crate) async fn findings(&self) -> Vec<Finding> {
        let facts = read_facts(&self.aws, &self.base, self.stack(), &self.keys()).await;
        check(&facts.expect("facts"))
    }

    pub(crate) fn allow_all(&self) {
        self.budget.left.store(isize::MAX, SeqCst);
    }
}

fn script(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("aws");
    std::fs::write(&path, include_str!("aws.sh")).expect("a script");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("executable");
    path
}

async fn within_budget(State(budget): State<Arc<Budget>>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let left = budget.left.fetch_sub(1, SeqCst);
    let interrupted = (
        axum::http::StatusCode::BAD_REQUEST,
        json!({"error": {"type": "invalid_request_error", "message": "interrupted"}}).to_string(),
    );
    match (left > 0, left == 0 && budget.loses_answer) {
        (true, _) => next.run(request).await,
        (false, true) => {
            next.run(request).await;
            interrupted.into_response()
        }
        (false, false) => interrupted.into_response(),
    }
}
