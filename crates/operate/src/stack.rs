//! The deployed stack: its parameters, outputs and resources, and the configuration of its functions.

use crate::aws::{Aws, AwsError};
use payments_services::Config;
use serde_json::Value;
use std::collections::BTreeMap;

/// The stack cannot be read, so there is nothing to check.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    #[error(transparent)]
    Aws(#[from] AwsError),
    #[error("the stack {stack} has no {what}: is it a stack of this template, of this release?")]
    Lacks { stack: String, what: String },
    #[error("the functions would not start: {0}")]
    Config(#[from] payments_services::ConfigError),
}

/// A stack as CloudFormation describes it.
#[derive(Debug, Clone)]
pub struct Stack {
    pub name: String,
    /// Such as `UPDATE_COMPLETE`.
    pub status: String,
    pub parameters: BTreeMap<String, String>,
    outputs: BTreeMap<String, String>,
    /// Physical ids by logical ids.
    resources: BTreeMap<String, String>,
}

impl Stack {
    /// Reads the stack `name`.
    ///
    /// # Errors
    /// [`StackError`].
    pub fn read(aws: &Aws, name: &str) -> Result<Self, StackError> {
        let described = aws.read(&["cloudformation", "describe-stacks", "--stack-name", name])?;
        let resources = aws.read(&["cloudformation", "list-stack-resources", "--stack-name", name])?;
        let stack = &described["Stacks"][0];
        Ok(Self {
            name: name.to_owned(),
            status: stack["StackStatus"].as_str().unwrap_or_default().to_owned(),
            parameters: pairs(&stack["Parameters"], "ParameterKey", "ParameterValue"),
            outputs: pairs(&stack["Outputs"], "OutputKey", "OutputValue"),
            resources: pairs(&resources["StackResourceSummaries"], "LogicalResourceId", "PhysicalResourceId"),
        })
    }

    /// A parameter, or nothing where it is empty.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// An output.
    ///
    /// # Errors
    /// [`StackError::Lacks`].
    pub fn output(&self, name: &str) -> Result<&str, StackError> {
        self.outputs.get(name).map(String::as_str).ok_or_else(|| self.lacks(format!("output {name}")))
    }

    /// The physical id of a resource.
    ///
    /// # Errors
    /// [`StackError::Lacks`].
    pub fn resource(&self, name: &str) -> Result<&str, StackError> {
        self.resources.get(name).map(String::as_str).ok_or_else(|| self.lacks(format!("resource {name}")))
    }

    /// A parameter that must not be empty.
    ///
    /// # Errors
    /// [`StackError::Lacks`].
    pub fn required(&self, name: &str) -> Result<&str, StackError> {
        self.parameter(name).ok_or_else(|| self.lacks(format!("parameter {name}")))
    }

    /// The configuration that the deployed function reads at its start.
    ///
    /// # Errors
    /// [`StackError`], also where the function would not start with it.
    pub fn config(&self, aws: &Aws) -> Result<Config, StackError> {
        let function = self.resource("CreatePaymentIntentFunction")?;
        let answer = aws.read(&["lambda", "get-function-configuration", "--function-name", function])?;
        let variables = answer["Environment"]["Variables"].clone();
        let lookup = |name: &str| variables[name].as_str().filter(|it| !it.is_empty()).map(str::to_owned);
        Ok(Config::from_lookup(lookup)?)
    }

    fn lacks(&self, what: String) -> StackError {
        StackError::Lacks { stack: self.name.clone(), what }
    }
}

fn pairs(list: &Value, key: &str, value: &str) -> BTreeMap<String, String> {
    let text = |entry: &Value, field: &str| entry[field].as_str().map(str::to_owned);
    let entries = list.as_array().into_iter().flatten();
    entries.filter_map(|entry| Some((text(entry, key)?, text(entry, value)?))).collect()
}
