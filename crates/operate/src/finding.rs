//! What a check found, as text and as JSON.

use serde::Serialize;
use std::fmt::Write as _;

/// What nobody can accept for a live stage: it would lose payments, or let others read or forge them.
pub const NEVER_ACCEPTED_LIVE: [&str; 4] =
    ["authorizer", "deletion_protection", "signing_secrets", "stripe_key"];

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Ok,
    /// The stage does not work as it should, or must not go live so.
    Wrong,
    /// It works, and somebody should know.
    Warning,
    /// No API tells.
    NotCheckable,
}

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check's name, which stays the same.
    pub check: &'static str,
    pub state: State,
    pub what: String,
    /// How to mend it, or where to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Finding {
    /// A check that found nothing wrong.
    pub fn ok(check: &'static str, what: impl Into<String>) -> Self {
        Self { check, state: State::Ok, what: what.into(), mend: None }
    }

    /// Something is wrong.
    pub fn wrong(check: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { check, state: State::Wrong, what: what.into(), mend: Some(mend.into()) }
    }

    /// Something to know.
    pub fn warning(check: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { state: State::Warning, ..Self::wrong(check, what, mend) }
    }

    /// Something that only a person can see.
    pub fn not_checkable(check: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { state: State::NotCheckable, ..Self::wrong(check, what, mend) }
    }

    /// Wrong for a live stage, and a warning for another.
    #[must_use]
    pub fn unless_live(self, livemode: bool) -> Self {
        match (self.state, livemode) {
            (State::Wrong, false) => Self { state: State::Warning, ..self },
            (State::Wrong | State::Ok | State::Warning | State::NotCheckable, _) => self,
        }
    }
}

/// All findings about a stage.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub stack: String,
    pub livemode: bool,
    /// Whether nothing is wrong. Warnings, and what cannot be checked, do not count.
    pub passed: bool,
    pub findings: Vec<Finding>,
}

impl Report {
    /// Sums up findings. Those that an operator `accepted` by name are warnings, but for [`NEVER_ACCEPTED_LIVE`].
    #[must_use]
    pub fn new(stack: &str, livemode: bool, mut findings: Vec<Finding>, accepted: &[String]) -> Self {
        for finding in &mut findings {
            let is_accepted = accepted.iter().any(|name| name == finding.check)
                && !(livemode && NEVER_ACCEPTED_LIVE.contains(&finding.check));
            if finding.state == State::Wrong && is_accepted {
                finding.state = State::Warning;
                finding.what.push_str(" (accepted)");
            }
        }
        let passed = findings.iter().all(|finding| finding.state != State::Wrong);
        Self { stack: stack.to_owned(), livemode, passed, findings }
    }

    /// The report as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        // Serializing fails for keys that are not strings, which a report does not have.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The report for a person, what is wrong first.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for state in [State::Wrong, State::Warning, State::NotCheckable, State::Ok] {
            for finding in self.findings.iter().filter(|finding| finding.state == state) {
                let Finding { check, what, mend, .. } = finding;
                let _ = writeln!(text, "{:<13} {check}: {what}", label(state));
                if let Some(mend) = mend {
                    let _ = writeln!(text, "{:<13} → {mend}", "");
                }
            }
        }
        let mode = if self.livemode { "live" } else { "test" };
        let verdict = if self.passed { "nothing is wrong" } else { "not ready" };
        let _ = writeln!(text, "{} ({mode}): {verdict}", self.stack);
        text
    }
}

fn label(state: State) -> &'static str {
    match state {
        State::Ok => "ok",
        State::Wrong => "WRONG",
        State::Warning => "warning",
        State::NotCheckable => "not checkable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accepted_finding_is_a_warning_and_a_live_stage_must_have_what_a_test_stage_should() {
        let wrong = || Finding::wrong("limits", "none", "set them");
        let report = |accepted: &[String]| Report::new("s", true, vec![wrong()], accepted);
        assert!(!report(&[]).passed && report(&["limits".to_owned()]).passed);
        for check in NEVER_ACCEPTED_LIVE {
            let report = |livemode| {
                let wrong = Finding::wrong(check, "not so", "mend it");
                Report::new("s", livemode, vec![wrong], &[check.to_owned()])
            };
            assert!(!report(true).passed && report(false).passed, "{check}");
        }
        assert_eq!(
            (wrong().unless_live(true).state, wrong().unless_live(false).state),
            (State::Wrong, State::Warning)
        );
    }
}
