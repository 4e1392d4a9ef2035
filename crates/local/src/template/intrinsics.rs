//! CloudFormation's functions, as far as they can be evaluated without a deployment.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The values of parameters and conditions in one template.
pub(super) struct Scope<'a> {
    parameters: BTreeMap<&'a str, String>,
    conditions: Option<&'a Map<String, Value>>,
}

impl<'a> Scope<'a> {
    /// Takes the `given` parameters, and defaults for the others.
    pub(super) fn new(template: &'a Value, given: &'a BTreeMap<String, String>) -> Self {
        let declared = template["Parameters"].as_object().into_iter().flatten();
        let mut parameters: BTreeMap<&str, String> = declared
            .filter_map(|(name, parameter)| Some((name.as_str(), text(parameter.get("Default")?))))
            .collect();
        parameters.extend(given.iter().map(|(name, value)| (name.as_str(), value.clone())));
        Self { parameters, conditions: template["Conditions"].as_object() }
    }

    /// `value` with every function evaluated; `None` for `AWS::NoValue`. A value that only a deployment has (a
    /// resource's attribute, a parameter without a default) is replaced by its name.
    #[expect(clippy::wildcard_enum_match_arm, reason = "any other type of JSON")]
    pub(super) fn resolve(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Array(items) => Some(items.iter().filter_map(|item| self.resolve(item)).collect()),
            Value::Object(map) => match map.iter().next() {
                Some((name, argument)) if map.len() == 1 && is_function(name) => self.call(name, argument),
                _ => Some(Value::Object(
                    map.iter().filter_map(|(key, value)| Some((key.clone(), self.resolve(value)?))).collect(),
                )),
            },
            scalar => Some(scalar.clone()),
        }
    }

    fn call(&self, name: &str, argument: &Value) -> Option<Value> {
        let items = argument.as_array().map(Vec::as_slice).unwrap_or_default();
        match (name, items) {
            ("Ref", _) if argument == "AWS::NoValue" => None,
            ("Ref", _) => Some(Value::String(self.reference(&text(argument)))),
            ("Fn::If", [condition, yes, no]) => {
                self.resolve(if self.holds(&text(condition)) { yes } else { no })
            }
            ("Fn::Split", [separator, list]) => {
                let list = text(&self.resolve(list)?);
                Some(list.split(&text(separator)).map(Value::from).collect())
            }
            ("Fn::Select", [index, list]) => {
                let list = self.resolve(list)?;
                list.get(usize::try_from(index.as_u64()?).ok()?).cloned()
            }
            ("Fn::Join", [separator, list]) => {
                let list = self.resolve(list)?;
                let parts: Vec<String> = list.as_array()?.iter().map(text).collect();
                Some(Value::String(parts.join(&text(separator))))
            }
            ("Fn::Sub", _) => Some(Value::String(self.substitute(&text(items.first().unwrap_or(argument))))),
            ("Fn::GetAtt", [resource, attribute]) => {
                Some(format!("{}.{}", text(resource), text(attribute)).into())
            }
            _ => Some(Value::String(text(argument))),
        }
    }

    fn reference(&self, name: &str) -> String {
        self.parameters.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn substitute(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else { break };
            out.push_str(before);
            out.push_str(&self.reference(name));
            rest = after;
        }
        out + rest
    }

    fn holds(&self, condition: &str) -> bool {
        self.conditions.and_then(|conditions| conditions.get(condition)).is_some_and(|rule| self.test(rule))
    }

    fn test(&self, rule: &Value) -> bool {
        let Some((name, argument)) = rule.as_object().and_then(|map| map.iter().next()) else {
            return false;
        };
        let items = argument.as_array().map(Vec::as_slice).unwrap_or_default();
        match (name.as_str(), items) {
            ("Fn::Equals", [left, right]) => self.resolve(left) == self.resolve(right),
            ("Fn::Not", [rule]) => !self.test(rule),
            ("Fn::And", rules) => rules.iter().all(|rule| self.test(rule)),
            ("Fn::Or", rules) => rules.iter().any(|rule| self.test(rule)),
            ("Condition", _) => self.holds(&text(argument)),
            _ => false,
        }
    }
}

fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

/// A scalar as text, the form in which CloudFormation passes it.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
