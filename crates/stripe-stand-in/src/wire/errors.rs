//! Stripe's error bodies and the statuses they come with (docs.stripe.com/api/errors, /error-codes).

use serde_json::{Map, Value, json};

/// An error with Stripe's status, code and message.
#[derive(Clone, Debug)]
pub(crate) struct StripeError {
    pub(crate) status: u16,
    kind: &'static str,
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) param: Option<String>,
    pub(crate) decline_code: Option<String>,
    /// `charge`, `payment_intent`, `payment_method`: the objects that the error has.
    pub(crate) objects: Map<String, Value>,
    /// Whether the endpoint began to execute. Only then is the reply saved for the idempotency key.
    pub(crate) executed: bool,
}

impl StripeError {
    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            code: None,
            message: message.into(),
            param: None,
            decline_code: None,
            objects: Map::new(),
            executed: false,
        }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message)
    }

    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "invalid_request_error", message)
    }

    /// 402: a declined card, saved for the idempotency key.
    pub(crate) fn card(code: &str, decline_code: Option<&str>, message: &str) -> Self {
        let mut error = Self::new(402, "card_error", message).code(code);
        error.decline_code = decline_code.map(str::to_owned);
        error.executed = true;
        error
    }

    /// 403: the key may not do this.
    pub(crate) fn permission(message: impl Into<String>) -> Self {
        Self::new(403, "invalid_request_error", message)
    }

    pub(crate) fn idempotency(status: u16, message: String) -> Self {
        Self::new(status, "idempotency_error", message)
    }

    /// 500: the outcome is unknown to the caller.
    pub(crate) fn api(message: &str) -> Self {
        Self::new(500, "api_error", message)
    }

    /// 500: a fault that the chaos decides.
    pub(crate) fn injected() -> Self {
        Self::api("An unknown error occurred. (Injected by the stand-in.)")
    }

    /// 429: too many calls. Nothing was executed (docs.stripe.com/rate-limits).
    pub(crate) fn rate_limit() -> Self {
        let message = "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.";
        Self::new(429, "invalid_request_error", message).code("rate_limit")
    }

    /// 429: another call or process holds the object (docs.stripe.com/rate-limits#object-lock-timeouts).
    pub(crate) fn lock_timeout() -> Self {
        let message = "This object cannot be accessed right now because another API request or Stripe process is \
                       currently accessing it. If you see this error intermittently, retry the request. If you \
                       see this error frequently and are making multiple concurrent requests to a single object, \
                       make your requests serially or at a lower rate.";
        Self::new(429, "invalid_request_error", message).code("lock_timeout")
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::invalid(format!("Missing required param: {name}.")).code("parameter_missing").param(name)
    }

    pub(crate) fn empty(name: &str) -> Self {
        Self::invalid(format!(
            "You passed an empty string for '{name}'. We assume empty values are an attempt to unset a \
             parameter; however '{name}' cannot be unset. You should remove '{name}' from your request or \
             supply a non-empty value."
        ))
        .code("parameter_invalid_empty")
        .param(name)
    }

    /// 404: the object in the path does not exist.
    pub(crate) fn no_such(kind: &str, id: &str, param: &str) -> Self {
        let mut error = Self::no_such_param(kind, id, param);
        error.status = 404;
        error
    }

    /// 400: a parameter names an object that does not exist.
    pub(crate) fn no_such_param(kind: &str, id: &str, param: &str) -> Self {
        Self::invalid(format!("No such {kind}: '{id}'")).code("resource_missing").param(param)
    }

    /// 403: the account does not exist, or is not connected to the platform.
    pub(crate) fn no_such_account(id: &str) -> Self {
        Self::new(
            403,
            "invalid_request_error",
            format!(
                "The provided key does not have access to account '{id}' (or that account does not exist). \
                 Application access may have been revoked."
            ),
        )
        .code("account_invalid")
    }

    pub(crate) fn unrecognized_url(method: &str, path: &str) -> Self {
        Self::new(
            404,
            "invalid_request_error",
            format!(
                "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can \
                 help at https://support.stripe.com/."
            ),
        )
    }

    pub(crate) fn code(mut self, code: &str) -> Self {
        self.code = Some(code.to_owned());
        self
    }

    pub(crate) fn param(mut self, param: &str) -> Self {
        self.param = Some(param.to_owned());
        self
    }

    pub(crate) fn object(mut self, name: &str, value: Value) -> Self {
        self.objects.insert(name.to_owned(), value);
        self
    }

    /// Marks the error as an outcome of executing the request.
    pub(crate) fn after_execution(mut self) -> Self {
        self.executed = true;
        self
    }

    /// The body of an error at `path`: the namespaces differ in shape.
    pub(crate) fn body_at(&self, path: &str, request_id: &str) -> Value {
        if path.starts_with("/v2/") { self.v2_body() } else { self.body(request_id) }
    }

    /// The shape of v2: every error has a code, and none the links of v1.
    fn v2_body(&self) -> Value {
        let kind = if self.status == 429 { "rate_limit" } else { self.kind };
        let code = self.code.as_deref().unwrap_or(kind);
        let mut error = json!({"type": kind, "code": code, "message": self.message});
        if let Some(param) = &self.param {
            error["param"] = param.as_str().into();
        }
        json!({ "error": error })
    }

    pub(crate) fn body(&self, request_id: &str) -> Value {
        let mut error = self.objects.clone();
        error.insert("type".into(), self.kind.into());
        error.insert("message".into(), self.message.as_str().into());
        error.insert(
            "request_log_url".into(),
            format!("https://dashboard.stripe.com/test/logs/{request_id}").into(),
        );
        if let Some(code) = &self.code {
            error.insert("code".into(), code.as_str().into());
            let page = code.replace('_', "-");
            error.insert("doc_url".into(), format!("https://stripe.com/docs/error-codes/{page}").into());
        }
        if let Some(param) = &self.param {
            error.insert("param".into(), param.as_str().into());
        }
        if let Some(decline_code) = &self.decline_code {
            error.insert("decline_code".into(), decline_code.as_str().into());
        }
        json!({ "error": error })
    }
}
