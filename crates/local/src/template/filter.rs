//! Lambda's event filtering, as far as the template uses it
//! (<https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html>).

use serde_json::Value;

/// Whether a record matches one of the patterns, or there are none.
pub(super) fn passes(patterns: &[Value], record: &Value) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, Some(record)))
}

/// A pattern is an object of patterns, each of which must match, or a list of values, one of which must.
#[expect(clippy::wildcard_enum_match_arm, reason = "any other type of JSON")]
fn matches(pattern: &Value, value: Option<&Value>) -> bool {
    match pattern {
        Value::Object(parts) => {
            parts.iter().all(|(name, part)| matches(part, value.and_then(|value| value.get(name))))
        }
        Value::Array(rules) => rules.iter().any(|rule| rule_matches(rule, value)),
        _ => false,
    }
}

fn rule_matches(rule: &Value, value: Option<&Value>) -> bool {
    let text = || value.and_then(Value::as_str).unwrap_or_default();
    match rule.get("prefix").and_then(Value::as_str) {
        Some(prefix) => value.is_some() && text().starts_with(prefix),
        None => match rule.get("exists").and_then(Value::as_bool) {
            Some(exists) => value.is_some() == exists,
            None => value == Some(rule),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_record_matches_every_part_and_one_rule_of_each() {
        let pattern = json!({"eventName": ["MODIFY", "REMOVE"], "dynamodb": {"Keys": {"PK": {"S": [{"prefix": "A#"}, "B"]}}}});
        let record = |name, pk| json!({"eventName": name, "dynamodb": {"Keys": {"PK": {"S": pk}}}});
        for (name, pk, expected) in [
            ("MODIFY", "A#1", true),
            ("REMOVE", "B", true),
            ("INSERT", "A#1", false),
            ("MODIFY", "B#", false),
        ] {
            assert_eq!(passes(std::slice::from_ref(&pattern), &record(name, pk)), expected, "{name} {pk}");
        }
        assert!(!passes(&[pattern], &json!({"eventName": "MODIFY"})));
        assert!(passes(&[], &json!({})));
    }

    #[test]
    fn a_pattern_can_require_an_attribute() {
        let pattern = json!({"a": {"S": [{"exists": true}]}});
        assert!(passes(std::slice::from_ref(&pattern), &json!({"a": {"S": "x"}})));
        assert!(!passes(&[pattern], &json!({"a": {"N": "1"}})));
    }
}
