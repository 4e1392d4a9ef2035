//! A call to the v2 namespace: version, key, idempotency key, and the path.

use crate::operations::v2::body::invalid;
use crate::operations::v2::{account_links, accounts, event_destinations, events};
use crate::state::idempotency::Claim;
use crate::state::request::Request;
use crate::state::sandbox::Sandbox;
use crate::wire::auth::Key;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use crate::wire::reply::Reply;
use crate::wire::version::ApiVersion;
use http::Method;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The first version with the v2 namespace.
const FIRST_VERSION: &str = "2024-09-30";

impl Sandbox {
    pub(crate) fn answer_v2(
        &mut self,
        call: &Call,
        request_id: &str,
        now_ms: i64,
    ) -> Result<Reply, StripeError> {
        let mut query = Params::parse(&call.query, b"")?;
        let key = Key::of(call, &mut query)?;
        key.must_be_secret()?;
        key.must_permit(&call.method)?;
        self.must_have_permission(call)?;
        let version = required_version(call)?;
        let body = body(call)?;
        let claim = Claim::of(call, fingerprint(&body))?;
        if let Some(claim) = &claim
            && let Some(reply) = claim.replay(self.records.replies.get(&claim.scope), now_ms)?
        {
            return Ok(reply);
        }
        if self.is_failing {
            return Err(StripeError::injected());
        }
        let mut request = Request {
            sandbox: self,
            key: Key::Secret,
            version,
            now_ms,
            id: Some(request_id.to_owned()),
            idempotency_key: call.idempotency_key.clone().filter(|_| call.method == Method::POST),
            account: None,
        };
        let reply = Reply::json(200, &execute(&mut request, call, query, body)?);
        if let Some(claim) = claim {
            let scope = claim.scope.clone();
            self.records.replies.put(&scope, claim.save(&reply, request_id, now_ms));
        }
        Ok(reply)
    }
}

fn execute(request: &mut Request<'_>, call: &Call, query: Params, body: Value) -> Result<Value, StripeError> {
    let segments: Vec<&str> = call.path.strip_prefix("/v2/core/").unwrap_or_default().split('/').collect();
    match (call.method.as_str(), segments.as_slice()) {
        ("POST", ["accounts"]) => accounts::create(request, body),
        ("GET", ["accounts"]) => accounts::list(request, query),
        ("GET", ["accounts", id]) => accounts::retrieve(request, id, query),
        ("POST", ["accounts", id, "close"]) => accounts::close(request, id, body),
        ("POST", ["account_links"]) => account_links::create(request, body),
        ("GET", ["events"]) => events::list(request, query),
        ("GET", ["events", id]) => events::retrieve(request, id, query),
        ("POST", ["event_destinations"]) => event_destinations::create(request, body),
        ("GET", ["event_destinations"]) => event_destinations::list(request, query),
        ("GET", ["event_destinations", id]) => event_destinations::retrieve(request, id, query),
        ("POST", ["event_destinations", id]) => event_destinations::update(request, id, body),
        ("POST", ["event_destinations", id, "disable"]) => {
            event_destinations::set_enabled(request, id, body, false)
        }
        ("POST", ["event_destinations", id, "enable"]) => {
            event_destinations::set_enabled(request, id, body, true)
        }
        ("POST", ["event_destinations", id, "ping"]) => event_destinations::ping(request, id),
        _ => Err(StripeError::unrecognized_url(call.method.as_str(), &call.path)),
    }
}

fn required_version(call: &Call) -> Result<ApiVersion, StripeError> {
    let named = ApiVersion::named(call)?.filter(|version| version.is_since(FIRST_VERSION));
    named.ok_or_else(|| {
        StripeError::invalid(
            "A Stripe-Version header with a version of 2024-09-30.acacia or later is required.",
        )
        .code("invalid_api_version")
    })
}

/// The JSON object of a POST; an empty body is an empty object.
fn body(call: &Call) -> Result<Value, StripeError> {
    if call.body.is_empty() {
        return Ok(Map::new().into());
    }
    let object: Map<String, Value> = serde_json::from_slice(&call.body)
        .map_err(|_| invalid("The body of a call to v2 must be a JSON object."))?;
    Ok(object.into())
}

fn fingerprint(body: &Value) -> String {
    hex::encode(&Sha256::digest(body.to_string())[..16])
}
