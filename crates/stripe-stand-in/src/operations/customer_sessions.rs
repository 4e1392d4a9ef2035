//! Customer sessions (docs.stripe.com/api/customer_sessions), and what an element does with the secret of one.

use crate::objects::customer_sessions::{COMPONENTS, CustomerSession, Features};
use crate::operations::{customers, saved_payment_methods};
use crate::state::request::Request;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use serde_json::{Value, json};

/// How long a secret works.
const LIFETIME_S: i64 = 30 * 60;

/// How many payment methods the Payment Element shows unless told, and at most.
const REDISPLAY_LIMIT: i64 = 3;
const REDISPLAY_LIMIT_MAX: i64 = 10;

pub(crate) fn create(request: &mut Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    if !params.has("components") {
        return Err(StripeError::missing("components"));
    }
    let customer = customers::take(request, &mut params)?.ok_or_else(|| StripeError::missing("customer"))?;
    let (component, features) = enabled(&mut params)?;
    params.finish()?;
    let client_secret = request.mint("cuss_secret_", 48);
    let created = request.now();
    let session = CustomerSession {
        client_secret: client_secret.clone(),
        customer,
        created,
        expires_at: created + LIFETIME_S,
        component: component.to_owned(),
        features,
    };
    let object = session.json();
    request.sandbox.records.customer_sessions.put(&client_secret, session);
    Ok(object)
}

/// The one component that is enabled, with its features.
fn enabled(params: &mut Params) -> Result<(&'static str, Features), StripeError> {
    let mut found = None;
    for component in COMPONENTS {
        let prefix = format!("components[{component}]");
        if !params.has(&prefix) {
            continue;
        }
        let name = format!("{prefix}[enabled]");
        let is_enabled = params.boolean(&name)?.ok_or_else(|| StripeError::missing(&name))?;
        let features = features(params, component)?;
        if is_enabled && found.replace((component, features)).is_some() {
            let message = "You may only enable one component of a Customer Session.";
            return Err(StripeError::invalid(message).param("components"));
        }
    }
    found.ok_or_else(|| {
        StripeError::invalid("You must enable one component of a Customer Session.").param("components")
    })
}

/// Takes the features that a component has; any other is an unknown parameter.
fn features(params: &mut Params, component: &str) -> Result<Features, StripeError> {
    let name = |feature: &str| format!("components[{component}][features][payment_method_{feature}]");
    let (is_web, is_mobile) = (component == "payment_element", component == "mobile_payment_element");
    let mut features = Features::default();
    if !is_web && !is_mobile && component != "customer_sheet" {
        return Ok(features);
    }
    let filters = name("allow_redisplay_filters");
    features.allow_redisplay_filters = params.array(&filters);
    if features.allow_redisplay_filters.is_empty() {
        features.allow_redisplay_filters = vec!["always".to_owned()];
    }
    let known = |filter: &String| ["always", "limited", "unspecified"].contains(&filter.as_str());
    if !features.allow_redisplay_filters.iter().all(known) {
        return Err(
            StripeError::invalid("Invalid array: must be always, limited or unspecified").param(&filters)
        );
    }
    let mut choice = |feature: &str, allowed: &[&'static str]| {
        params.choice(&name(feature), allowed).map(|chosen| chosen.map(str::to_owned))
    };
    features.remove = choice("remove", &["disabled", "enabled"])?;
    if is_web || is_mobile {
        features.redisplay = choice("redisplay", &["disabled", "enabled"])?;
        features.save = choice("save", &["disabled", "enabled"])?;
    }
    if is_web {
        features.save_usage = choice("save_usage", &["off_session", "on_session"])?;
        let limit = params.integer(&name("redisplay_limit"))?;
        if limit.is_some_and(|limit| !(1..=REDISPLAY_LIMIT_MAX).contains(&limit)) {
            let message = format!("This value must be from 1 to {REDISPLAY_LIMIT_MAX}.");
            return Err(StripeError::invalid(message).param(&name("redisplay_limit")));
        }
        features.redisplay_limit = Some(limit.unwrap_or(REDISPLAY_LIMIT));
    } else if is_mobile {
        features.save_allow_redisplay_override =
            choice("save_allow_redisplay_override", &["always", "limited", "unspecified"])?;
    }
    Ok(features)
}

/// What an element gets for a session's secret: the session, and the payment methods that it shows.
pub(crate) fn open(request: &Request<'_>, mut params: Params) -> Result<Value, StripeError> {
    let secret = params.string("client_secret")?.ok_or_else(|| StripeError::missing("client_secret"))?;
    params.finish()?;
    let session = request.sandbox.records.customer_sessions.get(&secret);
    let session = session.filter(|session| !session.is_expired(request.now())).ok_or_else(|| {
        StripeError::invalid("The customer session's client secret is unknown or has expired.")
            .param("client_secret")
    })?;
    customers::existing(&request.sandbox.records, &session.customer)?;
    let shown = match session.features.redisplay.as_deref() {
        Some("enabled") => saved_payment_methods::shown_to(request, session),
        _ => Vec::new(),
    };
    Ok(json!({
        "component": session.component,
        "features": session.json()["components"][&session.component]["features"],
        "payment_methods": shown,
    }))
}
