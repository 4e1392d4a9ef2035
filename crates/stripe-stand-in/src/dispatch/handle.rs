//! One call, from its HTTP request to the reply.

use crate::API_VERSION;
use crate::dispatch::{controls, dashboard_page, expand, onboarding_page, routes, three_d_secure_page};
use crate::operations::accounts;
use crate::state::idempotency::{Claim, fingerprint};
use crate::state::request::Request;
use crate::state::sandbox::Sandbox;
use crate::wire::auth::Key;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use crate::wire::reply::Reply;
use crate::wire::version::ApiVersion;
use http::Method;
use serde_json::{Value, json};

impl Sandbox {
    /// Answers one call at `now_ms` (Unix milliseconds). Bad input gets Stripe's error; nothing panics.
    pub fn handle(&mut self, call: &Call, now_ms: i64) -> Reply {
        // A server with a journal has already taken the last call's changes.
        self.records.forget_changes();
        self.advance(now_ms);
        if call.method == Method::POST {
            self.change_with_drift(|sandbox| sandbox.respond(call, now_ms))
        } else {
            self.respond(call, now_ms)
        }
    }

    /// Fails as a call of which Stripe keeps the outcome: a request that has its key's answer already gets that one.
    pub fn handle_failing(&mut self, call: &Call, now_ms: i64) -> Reply {
        self.is_failing = true;
        let reply = self.handle(call, now_ms);
        self.is_failing = false;
        reply
    }

    fn respond(&mut self, call: &Call, now_ms: i64) -> Reply {
        if call.method == Method::GET && call.path == "/" {
            return Reply::json(200, &json!({"service": "stripe stand-in", "livemode": false}));
        }
        if call.path.starts_with("/3d_secure/") {
            return three_d_secure_page::handle(self, call, now_ms);
        }
        if call.path.starts_with("/setup/") {
            return onboarding_page::handle(self, call, now_ms);
        }
        if call.path.starts_with("/express/") {
            return dashboard_page::handle(self, call, now_ms);
        }
        if call.path.starts_with("/stand_in/") {
            return controls::handle(self, call, now_ms);
        }
        let request_id = self.mint("req_", 14);
        let answered = match call.path.starts_with("/v2/") {
            true => self.answer_v2(call, &request_id, now_ms),
            false => self.answer(call, &request_id, now_ms),
        };
        let mut reply = match answered {
            Ok(reply) => reply,
            Err(error) => Reply::json(error.status, &error.body_at(&call.path, &request_id)),
        };
        let version = call.stripe_version.as_deref().unwrap_or(API_VERSION);
        reply = reply.with("request-id", request_id).with("stripe-version", version);
        match &call.idempotency_key {
            Some(key) if call.method == Method::POST => reply.with("idempotency-key", key.as_str()),
            _ => reply,
        }
    }

    /// Authentication, then the idempotency key, then the endpoint.
    fn answer(&mut self, call: &Call, request_id: &str, now_ms: i64) -> Result<Reply, StripeError> {
        let mut params = Params::parse(&call.query, &call.body)?;
        let key = Key::of(call, &mut params)?;
        key.must_permit(&call.method)?;
        self.must_have_permission(call)?;
        let version = ApiVersion::named(call)?.unwrap_or_default();
        let claim = Claim::of(call, fingerprint(&params))?;
        if let Some(claim) = &claim
            && let Some(reply) = claim.replay(self.records.replies.get(&claim.scope), now_ms)?
        {
            return Ok(reply);
        }
        let executed = if self.is_failing {
            Err(StripeError::injected().after_execution())
        } else {
            self.execute(call, (key, version), params, request_id, now_ms)
        };
        let (reply, keep) = match executed {
            Ok(body) => (Reply::json(200, &body), true),
            Err(error) => (Reply::json(error.status, &error.body(request_id)), error.executed),
        };
        if let Some(claim) = claim.filter(|_| keep) {
            let scope = claim.scope.clone();
            self.records.replies.put(&scope, claim.save(&reply, request_id, now_ms));
        }
        Ok(reply)
    }

    fn execute(
        &mut self,
        call: &Call,
        (key, version): (Key, ApiVersion),
        mut params: Params,
        request_id: &str,
        now_ms: i64,
    ) -> Result<Value, StripeError> {
        let account = call.stripe_account.clone();
        if let Some(id) = &account {
            key.must_be_secret()?;
            accounts::connected(&self.records, id)?;
        }
        params.ignore(&["_stripe_version", "_stripe_account"]);
        let paths = params.array("expand");
        let mut request = Request {
            sandbox: self,
            key,
            version,
            now_ms,
            id: Some(request_id.to_owned()),
            idempotency_key: call.idempotency_key.clone().filter(|_| call.method == Method::POST),
            account,
        };
        let mut body = routes::execute(&mut request, &call.method, &call.path, params)?;
        // The request has executed by now, so that a refusal to expand is an outcome of it.
        expand::expand(&self.records, &mut body, &paths, now_ms.div_euclid(1000))
            .map_err(StripeError::after_execution)?;
        Ok(body)
    }
}
