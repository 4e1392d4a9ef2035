//! The books: all of the stand-in's state, and the one function that changes it.

use crate::auth::Key;
use crate::call::Call;
use crate::chaos::Chaos;
use crate::deliveries::Pending;
use crate::errors::StripeError;
use crate::form::Params;
use crate::idempotency::Claim;
use crate::objects::accounts::{self, Readiness};
use crate::records::Records;
use crate::reply::Reply;
use crate::schedule::Agenda;
use crate::{API_VERSION, controls, expand, ids, onboarding, routes, three_d_secure};
use http::Method;
use serde_json::{Value, json};

/// What the stand-in is told about its world. Not part of the books: it can differ at every start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where browsers reach the stand-in: the base of 3-D Secure's addresses.
    pub base_url: String,
    /// How many webhook endpoints are sent each event.
    pub endpoints: usize,
    /// The API version of events, and of replies to calls that name none.
    pub api_version: String,
    /// What ids are drawn from beside their counter. The same seed and calls give the same ids.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:12111".to_owned(),
            endpoints: 1,
            api_version: API_VERSION.to_owned(),
            seed: 0x5354_414e_4449_4e00,
        }
    }
}

/// Stripe's side of the money: every object, kept reply and undelivered event.
#[derive(Clone, Debug, Default)]
pub struct Books {
    pub(crate) settings: Settings,
    pub(crate) records: Records,
    pub(crate) pending: Pending,
    pub(crate) agenda: Agenda,
    pub(crate) chaos: Chaos,
    /// Whether nobody is told of the change under way.
    pub(crate) is_untold: bool,
}

/// One authenticated request while it executes.
pub(crate) struct Request<'b> {
    pub(crate) books: &'b mut Books,
    pub(crate) key: Key,
    /// Unix milliseconds.
    pub(crate) now_ms: i64,
    /// `None` when no API call caused it, but the payer on the 3-D Secure page, a bank, or time.
    pub(crate) id: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    /// The connected account on whose behalf the platform calls.
    pub(crate) account: Option<String>,
}

impl Request<'_> {
    /// Unix seconds, which is how Stripe dates its objects.
    pub(crate) fn now(&self) -> i64 {
        self.now_ms.div_euclid(1000)
    }

    pub(crate) fn mint(&mut self, prefix: &str, length: usize) -> String {
        self.books.mint(prefix, length)
    }
}

impl Books {
    /// Empty books.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    pub(crate) fn from_records(settings: Settings, records: Records) -> Self {
        let pending = Pending::of(&records);
        let agenda = Agenda::of(&records);
        Self { settings, records, pending, agenda, ..Self::default() }
    }

    /// Where browsers reach the stand-in, once its port is known.
    pub fn set_base_url(&mut self, base_url: String) {
        self.settings.base_url = base_url;
    }

    /// How many webhook endpoints the next events are for.
    pub fn set_endpoints(&mut self, endpoints: usize) {
        self.settings.endpoints = endpoints;
    }

    /// Answers one call at `now_ms` (Unix milliseconds). Bad input gets Stripe's error; nothing panics.
    pub fn handle(&mut self, call: &Call, now_ms: i64) -> Reply {
        // Whoever keeps a journal has taken the last call's changes; nobody else needs them.
        self.records.forget_changes();
        self.advance(now_ms);
        if call.method == Method::POST {
            self.perhaps_untold(|books| books.respond(call, now_ms))
        } else {
            self.respond(call, now_ms)
        }
    }

    fn respond(&mut self, call: &Call, now_ms: i64) -> Reply {
        if call.method == Method::GET && call.path == "/" {
            return Reply::json(200, &json!({"service": "stripe stand-in", "livemode": false}));
        }
        if call.path.starts_with("/3d_secure/") {
            return three_d_secure::visit(self, call, now_ms);
        }
        if call.path.starts_with("/setup/") {
            return onboarding::visit(self, call, now_ms);
        }
        if call.path.starts_with("/stand_in/") {
            return controls::act(self, call, now_ms);
        }
        let request_id = self.mint("req_", 14);
        let mut reply = match self.answer(call, &request_id, now_ms) {
            Ok(reply) => reply,
            Err(error) => Reply::json(error.status, &error.body(&request_id)),
        };
        let version = call.stripe_version.as_deref().unwrap_or(&self.settings.api_version);
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
        let claim = Claim::of(call, &params)?;
        if let Some(claim) = &claim
            && let Some(reply) = claim.replay(self.records.replies.get(&claim.scope), now_ms)?
        {
            return Ok(reply);
        }
        let executed = self.execute(call, key, params, request_id, now_ms);
        let (reply, keep) = match executed {
            Ok(body) => (Reply::json(200, &body), true),
            Err(error) => (Reply::json(error.status, &error.body(request_id)), error.executed),
        };
        if let Some(claim) = claim.filter(|_| keep) {
            let scope = claim.scope.clone();
            self.records.replies.put(&scope, claim.keep(&reply, request_id, now_ms));
        }
        Ok(reply)
    }

    fn execute(
        &mut self,
        call: &Call,
        key: Key,
        mut params: Params,
        request_id: &str,
        now_ms: i64,
    ) -> Result<Value, StripeError> {
        let account = call.stripe_account.clone();
        if let Some(id) = &account {
            key.must_be_secret()?;
            accounts::known(&self.records, id)?;
        }
        params.ignore(&["_stripe_version", "_stripe_account"]);
        let paths = params.array("expand");
        let mut request = Request {
            books: self,
            key,
            now_ms,
            id: Some(request_id.to_owned()),
            idempotency_key: call.idempotency_key.clone().filter(|_| call.method == Method::POST),
            account,
        };
        let mut body = routes::execute(&mut request, &call.method, &call.path, params)?;
        // The request has executed by now, whatever becomes of its answer.
        expand::expand(&self.records, &mut body, &paths).map_err(StripeError::after_execution)?;
        Ok(body)
    }

    /// Puts a connected account with a chosen id on the books, which no API call can do: for demo data.
    /// An account that is there already is left as it is.
    pub fn seed_account(&mut self, id: &str, country: &str, readiness: Readiness, now_ms: i64) {
        accounts::seed(self, id, country, readiness, now_ms);
    }

    /// What happens without an API call: a payer at 3-D Secure, a bank's decision.
    pub(crate) fn uncalled(&mut self, now_ms: i64) -> Request<'_> {
        Request { books: self, key: Key::Secret, now_ms, id: None, idempotency_key: None, account: None }
    }

    pub(crate) fn mint(&mut self, prefix: &str, length: usize) -> String {
        self.records.minted += 1;
        ids::id(self.settings.seed, self.records.minted, prefix, length)
    }
}
