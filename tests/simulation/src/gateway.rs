//! Requests to the functions, as API Gateway hands them on.

use crate::network::Reply;
use crate::wiring::SIGNING_SECRET;
use lambda_http::aws_lambda_events::apigw::{
    ApiGatewayRequestAuthorizer, ApiGatewayRequestAuthorizerJwtDescription, ApiGatewayV2httpRequestContext,
};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};
use local::template::Template;
use payments::Secret;
use payments_services::Services;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

/// The source address of every request.
const ADDRESS: &str = "192.0.2.1";

/// A request to a function, as far as the gateway decides it.
#[derive(Default)]
pub(crate) struct Invocation {
    /// Method and path with the names of its parameters: `POST /v1/payments`.
    pub(crate) route: &'static str,
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// User and scope of the token.
    pub(crate) caller: Option<(String, &'static str)>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Invocation {
    /// A user's request with a JSON body.
    pub(crate) fn of_user(user: &str, route: &'static str, body: &Value) -> Self {
        Self { route, caller: Some((user.to_owned(), "")), body: body.to_string(), ..Self::default() }
    }

    /// An operator's request with a JSON body.
    pub(crate) fn of_operator(user: &str, route: &'static str, body: &Value) -> Self {
        Self { caller: Some((user.to_owned(), "payments:admin")), ..Self::of_user(user, route, body) }
    }

    /// Stripe's delivery of an event, signed now.
    pub(crate) fn of_stripe(event: String, now_ms: i64) -> Self {
        let secret = Secret::new(SIGNING_SECRET);
        let signature = payments_stripe::sign(&secret, now_ms.div_euclid(1000), event.as_bytes());
        Self { route: WEBHOOKS, body: event, ..Self::default() }.with_header("stripe-signature", signature)
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn with_parameter(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((name, value.into()));
        self
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn user(&self) -> &str {
        self.caller.as_ref().map_or("", |(user, _)| user.as_str())
    }

    fn request(&self) -> Request {
        let mut request = http::Request::builder();
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(self.body.as_str())).expect("headers are visible text");
        let mut context = ApiGatewayV2httpRequestContext::default();
        context.route_key = Some(self.route.to_owned());
        context.http.source_ip = Some(ADDRESS.to_owned());
        context.authorizer = self.caller.as_ref().map(|(user, scope)| {
            let mut jwt = ApiGatewayRequestAuthorizerJwtDescription::default();
            jwt.claims.insert("sub".to_owned(), user.clone());
            jwt.claims.insert("scope".to_owned(), (*scope).to_owned());
            // Of the form that we accept; the stand-in refuses it as the receipt's address.
            if user == "sue" {
                jwt.claims.insert("email".to_owned(), "sue@example.invalid".to_owned());
            }
            let mut authorizer = ApiGatewayRequestAuthorizer::default();
            authorizer.jwt = Some(jwt);
            authorizer
        });
        let parameters: HashMap<String, Vec<String>> =
            self.parameters.iter().map(|(name, value)| ((*name).to_owned(), vec![value.clone()])).collect();
        request.with_request_context(RequestContext::ApiGatewayV2(context)).with_path_parameters(parameters)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    CreatePaymentIntent,
    StripeWebhook,
    CreatorEligibility,
    CreatorOnboarding,
    PaymentHistory,
    RefundPayment,
    ReconcilePayments,
}

pub(crate) const WEBHOOKS: &str = "POST /v1/stripe/webhooks";
/// One slice of a reconciliation.
pub(crate) const RECONCILE: &str = "POST /v1/admin/reconciliations";
pub(crate) const STATEMENT: &str = "GET /v1/admin/statement";
/// Not a route: the schedule's own event.
pub(crate) const SCHEDULE: &str = "the schedule";

fn function_of(route: &str) -> Function {
    let routes: [(Function, &[&str]); 8] = [
        (Function::CreatePaymentIntent, &create_payment_intent::ROUTES),
        (Function::StripeWebhook, &stripe_webhook::ROUTES),
        (Function::CreatorEligibility, &creator_eligibility::ROUTES),
        (Function::CreatorOnboarding, &creator_onboarding::ROUTES),
        (Function::PaymentHistory, &payment_history::ROUTES),
        (Function::RefundPayment, &refund_payment::ROUTES),
        (Function::ReconcilePayments, &reconcile_payments::ROUTES),
        (Function::ReconcilePayments, &[SCHEDULE]),
    ];
    let found = routes.iter().find(|(_, routes)| routes.contains(&route));
    found.unwrap_or_else(|| panic!("no function answers {route}")).0
}

/// Handles a request with the function that answers it.
pub(crate) async fn handle(services: Arc<Services>, invocation: Arc<Invocation>) -> Reply {
    if invocation.route == SCHEDULE {
        return match reconcile_payments::on_schedule(services).await {
            Ok(()) => Reply::json(200, &Value::Null),
            Err(problem) => Reply::json(503, &serde_json::json!({"code": problem.code.as_str()})),
        };
    }
    let request = invocation.request();
    let response = match function_of(invocation.route) {
        Function::CreatePaymentIntent => create_payment_intent::handle(services, request).await,
        Function::StripeWebhook => stripe_webhook::handle(services, request).await,
        Function::CreatorEligibility => creator_eligibility::handle(services, request).await,
        Function::CreatorOnboarding => creator_onboarding::handle(services, request).await,
        Function::PaymentHistory => payment_history::handle(services, request).await,
        Function::RefundPayment => refund_payment::handle(services, request).await,
        Function::ReconcilePayments => reconcile_payments::handle(services, request).await,
    };
    reply(&response)
}

fn reply(response: &Response<Body>) -> Reply {
    let etag = response.headers().get("etag").and_then(|etag| etag.to_str().ok());
    Reply::Http {
        status: response.status().as_u16(),
        headers: etag.map(|etag| ("etag", etag.to_owned())).into_iter().collect(),
        body: String::from_utf8_lossy(response.body().as_ref()).into_owned(),
    }
}

/// The template that the functions are deployed by.
pub(crate) fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(|| Template::load(&BTreeMap::new()).expect("the project's template"))
}

/// The timeout of the function that answers a route, in milliseconds.
pub(crate) fn time_limit_ms(route: &str) -> i64 {
    let route = if route == SCHEDULE { RECONCILE } else { route };
    let named = template().routes.iter().find(|known| known.key() == route);
    let function = named.and_then(|route| template().functions.get(&route.function));
    let timeout = function.unwrap_or_else(|| panic!("{route} is not in the template")).timeout;
    i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX)
}
