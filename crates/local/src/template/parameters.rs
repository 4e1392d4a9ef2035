//! The template's parameters: values are checked by the template's own rules, as CloudFormation does.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::Value;

use super::intrinsics::text;

/// Parameters of what only a deployment has: alarms, logs, throttling, schedules, secrets in Secrets Manager.
pub(super) const WITHOUT_LOCAL_EFFECT: [&str; 13] = [
    "AlarmTopicArn",
    "DeploymentPreference",
    "EventArchive",
    "LogRetentionDays",
    "PaymentIdKeyArn",
    "ReconciliationSchedule",
    "SigningKeyArn",
    "Stage",
    "StreamParallelization",
    "StripeSecretArn",
    "StripeWebhookSecretsArn",
    "ThrottlingBurstLimit",
    "ThrottlingRateLimit",
];
/// How far a name may be from one of the template to be suggested, by Jaro-Winkler's measure.
const NEAR: f64 = 0.85;

/// A parameter that CloudFormation would refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    #[error("template.yaml has no parameter {name}{}", suggestion(.near))]
    Unknown {
        name: String,
        /// The template's names that resemble it, the nearest first.
        near: Vec<String>,
    },
    #[error("parameter {name} is \"{value}\"; it has to be {allowed}{}", other_source(.name))]
    Refused { name: String, value: String, allowed: String },
}

fn suggestion(near: &[String]) -> String {
    match near {
        [] => "; its section Parameters lists them".to_owned(),
        _ => format!("; did you mean {}?", near.join(" or ")),
    }
}

/// The flag and the variable that set a parameter too.
fn other_source(name: &str) -> &'static str {
    match name {
        "SenderLimits" => " (--sender-limits and SENDER_LIMITS set it too)",
        "SenderCreatorLimits" => " (--sender-creator-limits and SENDER_CREATOR_LIMITS set it too)",
        "AddressLimits" => " (--address-limits and ADDRESS_LIMITS set it too)",
        _ => "",
    }
}

/// Checks given values against the declarations.
pub(super) fn check(declared: &Value, given: &BTreeMap<String, String>) -> Result<(), ParameterError> {
    for (name, value) in given {
        let Some(declaration) = declared.get(name.as_str()) else {
            return Err(ParameterError::Unknown { name: name.clone(), near: near(declared, name) });
        };
        if let Some(allowed) = refusal(declaration, value) {
            return Err(ParameterError::Refused { name: name.clone(), value: value.clone(), allowed });
        }
    }
    Ok(())
}

fn near(declared: &Value, name: &str) -> Vec<String> {
    let wanted = name.to_lowercase();
    let likeness = |known: &String| {
        let known = known.to_lowercase();
        if known.contains(&wanted) || wanted.contains(&known) {
            1.0
        } else {
            strsim::jaro_winkler(&known, &wanted)
        }
    };
    let names = declared.as_object().into_iter().flatten().map(|(known, _)| known);
    let mut near: Vec<(f64, &String)> =
        names.map(|known| (likeness(known), known)).filter(|(likeness, _)| *likeness >= NEAR).collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.into_iter().map(|(_, known)| known.clone()).take(3).collect()
}

/// What is allowed in place of a value that is not.
fn refusal(declaration: &Value, value: &str) -> Option<String> {
    if let Some(allowed) = declaration["AllowedValues"].as_array() {
        let allowed: Vec<String> = allowed.iter().map(text).collect();
        return (!allowed.iter().any(|one| one == value)).then(|| format!("one of {}", allowed.join(", ")));
    }
    if declaration["Type"] == "Number" {
        return outside(declaration, value);
    }
    let length = u64::try_from(value.chars().count()).unwrap_or(u64::MAX);
    let is_too_short = declaration["MinLength"].as_u64().is_some_and(|least| length < least);
    let is_too_long = declaration["MaxLength"].as_u64().is_some_and(|most| length > most);
    let pattern = declaration["AllowedPattern"].as_str().unwrap_or_default();
    // A pattern that cannot be read here accepts everything; a test reads all of the template's.
    let is_unlike = Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(value));
    (is_too_short || is_too_long || is_unlike).then(|| match declaration["ConstraintDescription"].as_str() {
        Some(constraint) => constraint.to_owned(),
        None if is_unlike => format!("of the form {pattern}"),
        None => "of another length".to_owned(),
    })
}

fn outside(declaration: &Value, value: &str) -> Option<String> {
    let bound = |name: &str| declaration[name].as_i64();
    let (least, most) = (bound("MinValue"), bound("MaxValue"));
    let fits =
        |number: i64| least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most);
    if value.parse().is_ok_and(fits) {
        return None;
    }
    Some(match (least, most) {
        (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
        (Some(least), None) => format!("a whole number of at least {least}"),
        (None, Some(most)) => format!("a whole number of at most {most}"),
        (None, None) => "a whole number".to_owned(),
    })
}
