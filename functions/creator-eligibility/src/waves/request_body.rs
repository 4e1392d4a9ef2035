//! The bodies of requests that change a wave.

use crate::operator_request::{reason, wave};
use payments::{
    CreatorId, HaltRule, ListChange, Percentage, Reason, RuleChange, Timestamp, WAVE_CREATORS_MAX, WaveEdit,
    WaveEditError, WaveName,
};
use payments_http::{Caller, Problem, Request, json_body, json_body_within};
use payments_services::Services;
use serde::Deserialize;

/// Room for a thousand ids of 255 characters, each escaped, and the other fields.
const BODY_MAX_BYTES: usize = 576 * 1_024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EditBody {
    #[serde(default)]
    add: Option<Vec<String>>,
    #[serde(default)]
    remove: Option<Vec<String>>,
    #[serde(default)]
    deny: Option<Vec<String>>,
    #[serde(default)]
    percentage: Option<Percentage>,
    #[serde(default)]
    starts_at: Option<Timestamp>,
    #[serde(default)]
    halt: Option<HaltBody>,
    pub(super) reason: String,
}

/// Unlike the stored rule, it has no field that is not documented.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct HaltBody {
    dispute_rate_ppm: u32,
    failure_rate_ppm: u32,
    min_payments: u32,
}

impl From<HaltBody> for HaltRule {
    fn from(body: HaltBody) -> Self {
        let HaltBody { dispute_rate_ppm, failure_rate_ppm, min_payments } = body;
        Self { dispute_rate_ppm, failure_rate_ppm, min_payments }
    }
}

impl EditBody {
    pub(super) fn of(request: &Request) -> Result<Self, Problem> {
        json_body_within(request, BODY_MAX_BYTES)
    }

    pub(super) fn edit(&self) -> Result<WaveEdit, Problem> {
        let halt = self.halt.map(HaltRule::from);
        let rule = RuleChange { percentage: self.percentage, starts_at: self.starts_at, halt };
        let mut lists = Vec::new();
        for (ids, change) in
            [(&self.add, ListChange::Add), (&self.remove, ListChange::Remove), (&self.deny, ListChange::Deny)]
        {
            for (at, id) in ids.iter().flatten().enumerate() {
                let creator = CreatorId::parse(id).map_err(|error| {
                    let field = format!("{}[{at}]", change.as_str());
                    Problem::invalid_field(&field, error)
                })?;
                lists.push((creator, change));
            }
        }
        WaveEdit::new(rule, lists).map_err(|error| refused(&error))
    }
}

fn refused(error: &WaveEditError) -> Problem {
    let problem = Problem::invalid_request(format!("The change is not valid: {error}."));
    match error {
        WaveEditError::TooManyCreators => problem.limit(i64::try_from(WAVE_CREATORS_MAX).unwrap_or(i64::MAX)),
        WaveEditError::InTwoLists => problem,
        WaveEditError::RateTooHigh => problem.field("halt"),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasonBody {
    reason: String,
}

pub(super) fn asked(services: &Services, request: &Request) -> Result<(Caller, WaveName, Reason), Problem> {
    let caller = Caller::operator(services, request)?;
    let name = wave(request)?;
    let body: ReasonBody = json_body(request)?;
    Ok((caller, name, reason(&body.reason)?))
}
