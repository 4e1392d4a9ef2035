//! Every parameter of the project's template, with a value that it accepts and what it refuses.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;
use serde_json::Value;

use super::{ParameterError, WITHOUT_LOCAL_EFFECT};
use crate::template::{TEMPLATE, Template, TemplateError, yaml};

/// A parameter, a value other than its default, and one that is refused.
const PARAMETERS: [(&str, &str, &str); 45] = [
    ("Stage", "prod", "Prod"),
    ("DeploymentId", "blue", "-blue"),
    ("TableName", "payments-of-mine", "a b"),
    ("DeploymentPreference", "AllAtOnce", "Sometimes"),
    ("AlarmTopicArn", "arn:aws:sns:us-east-1:123456789012:alarms", "alarms"),
    ("LogLevel", "debug", "loud"),
    ("LogRetentionDays", "7", "8"),
    ("JwtIssuer", "https://id.example.com", "http://id.example.com"),
    ("JwtAudience", "app,other", "app, other"),
    ("OperatorScope", "payments-api/admin", "payments admin"),
    ("OperatorGroup", "operators", "payment operators"),
    ("ClientAddressHeader", "CloudFront-Viewer-Address", "X Address"),
    ("CdnSecretHeader", "x-edge", ""),
    ("CdnSecretArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:cdn-AbCdEf", "cdn"),
    ("AllowedOrigins", "https://app.example.org", "https://app.example.org/"),
    ("ThrottlingRateLimit", "5", "0"),
    ("ThrottlingBurstLimit", "5", "0"),
    ("Livemode", "true", "yes"),
    ("StripeSecretArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-AbCdEf", "sk_test_1"),
    ("StripeWebhookSecretsArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:hook-AbCdEf", ""),
    ("SigningKeyArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:sign-AbCdEf", "key"),
    ("PaymentIdKeyArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:id-AbCdEf", "key"),
    ("AccountKind", "controller_none", "standard"),
    ("AccountCapabilities", "transfers", "card_payments"),
    ("PlatformCountry", "GB", "gb"),
    ("Countries", "DE,FR", "DE, FR"),
    ("OnBehalfOf", "true", "True"),
    ("DefaultCurrency", "eur", "EUR"),
    ("SettlementCurrencies", "usd,eur", "usd;eur"),
    ("MaxAmounts", "usd=5000", "usd=0"),
    ("FeeSchedule", "usd=31000+30", "usd=3.1%"),
    ("SenderLimits", "hour=3", "hours=3"),
    ("SenderCreatorLimits", "day=3", "day=-1"),
    ("AddressLimits", "", "day"),
    ("SenderHoldAfterLostDisputeDays", "30", "3651"),
    ("RefundWindowDays", "0", "181"),
    ("RefundFeeBearer", "platform", "creator"),
    ("EarlyFraudWarningPolicy", "refund_below:usd=5000", "refund_below"),
    ("StatementDescriptorSuffix", "TIP {creator}", "TIP*"),
    ("StatementDescriptorPrefixLength", "5", "11"),
    ("ReconciliationSchedule", "rate(1 hour)", "hourly"),
    ("ReconciliationStripeRate", "5", "1001"),
    ("EventBusName", "payments", "my bus"),
    ("EventArchive", "yes", "true"),
    ("StreamParallelization", "2", "eleven"),
];

fn declared() -> Value {
    yaml::parse(TEMPLATE).unwrap()["Parameters"].clone()
}

fn load(name: &str, value: &str) -> Result<Template, TemplateError> {
    Template::load(&BTreeMap::from([(name.to_owned(), value.to_owned())]))
}

#[test]
fn the_table_of_this_test_has_every_parameter_of_the_template() {
    let declared = declared();
    let known: BTreeSet<&str> = declared.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(PARAMETERS.iter().map(|(name, ..)| *name).collect::<BTreeSet<_>>(), known);
}

#[test]
fn each_parameter_reaches_what_the_stack_runs_or_is_named_as_one_without_effect() {
    let default = format!("{:?}", Template::load(&BTreeMap::new()).unwrap());
    for (name, value, _) in PARAMETERS {
        let changed = format!("{:?}", load(name, value).unwrap_or_else(|error| panic!("{error}"))) != default;
        assert!(changed || WITHOUT_LOCAL_EFFECT.contains(&name), "{name} has no effect and is not named");
    }
}

#[test]
fn a_refused_value_is_named_with_its_parameter_and_what_is_allowed() {
    for (name, _, refused) in PARAMETERS {
        let Err(TemplateError::Parameter(ParameterError::Refused { name: named, value, allowed })) =
            load(name, refused)
        else {
            panic!("{name} accepts {refused}");
        };
        assert_eq!((named.as_str(), value.as_str()), (name, refused));
        assert!(!allowed.is_empty(), "{name}");
    }
    let message = |name, value| load(name, value).unwrap_err().to_string();
    assert_eq!(
        message("RefundWindowDays", "200"),
        "parameter RefundWindowDays is \"200\"; it has to be a whole number from 0 to 180"
    );
    assert_eq!(
        message("RefundFeeBearer", "me"),
        "parameter RefundFeeBearer is \"me\"; it has to be one of sender, platform"
    );
    assert!(message("SenderLimits", "1").ends_with("(--sender-limits and SENDER_LIMITS set it too)"));
}

#[test]
fn an_unknown_name_lists_the_near_ones() {
    let message = |name| load(name, "x").unwrap_err().to_string();
    assert_eq!(
        message("Curency"),
        "template.yaml has no parameter Curency; its section Parameters lists them"
    );
    assert!(message("DefaultCurency").ends_with("; did you mean DefaultCurrency?"));
    assert!(message("countries").contains("did you mean Countries"));
    assert!(message("RefundWindow").contains("did you mean RefundWindowDays"));
    assert!(message("SenderLimit").contains("SenderLimits"));
}

#[test]
fn every_pattern_of_the_template_can_be_read_here() {
    for (name, declaration) in declared().as_object().unwrap() {
        if let Some(pattern) = declaration["AllowedPattern"].as_str() {
            assert!(Regex::new(pattern).is_ok(), "{name}: {pattern}");
        }
    }
}
