//! The AWS CLI as a child process. Secrets go through its standard input and output, never through arguments.

use serde_json::Value;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// AWS did not answer as expected.
#[derive(Debug, thiserror::Error)]
pub enum AwsError {
    #[error("{program} cannot be run: {source}")]
    Program { program: String, source: std::io::Error },
    /// The CLI's own words, such as `AccessDenied`, which hold no secret: none is an argument.
    #[error("`aws {command}` failed: {message}")]
    Refused { command: String, message: String },
    #[error("`aws {command}` answered something else than JSON")]
    NotJson { command: String },
}

/// The AWS CLI, with the region and the credentials of its own configuration.
#[derive(Debug, Clone)]
pub struct Aws {
    program: PathBuf,
}

impl Aws {
    /// Runs `program`, which is found in `PATH` unless it is a path.
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self { program }
    }

    /// Runs a command and reads its JSON.
    ///
    /// # Errors
    /// [`AwsError`].
    pub fn read(&self, arguments: &[&str]) -> Result<Value, AwsError> {
        self.run(arguments, None)
    }

    /// Runs a command that reads `secret` from its standard input.
    ///
    /// # Errors
    /// [`AwsError`].
    pub fn write(&self, arguments: &[&str], secret: &[u8]) -> Result<Value, AwsError> {
        self.run(arguments, Some(secret))
    }

    fn run(&self, arguments: &[&str], input: Option<&[u8]>) -> Result<Value, AwsError> {
        let failed = |source| AwsError::Program { program: self.program.display().to_string(), source };
        let command = arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ");
        let mut child = Command::new(&self.program)
            .args(arguments)
            .args(["--output", "json"])
            .env("AWS_PAGER", "")
            .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
            // A child that ends without reading says why itself.
            let _ = stdin.write_all(input);
        }
        let Output { status, stdout, stderr } = child.wait_with_output().map_err(failed)?;
        if !status.success() {
            let message = String::from_utf8_lossy(&stderr).split_whitespace().collect::<Vec<_>>().join(" ");
            return Err(AwsError::Refused { command, message });
        }
        // Some commands answer nothing.
        let text = if stdout.iter().all(u8::is_ascii_whitespace) { b"{}".as_slice() } else { &stdout };
        serde_json::from_slice(text).map_err(|_| AwsError::NotJson { command })
    }
}
