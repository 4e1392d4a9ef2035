//! The stack, its API, its table and its alarms.

use super::with;
use crate::facts::Facts;
use crate::finding::Finding;
use serde_json::Value;

const READABLE: &str = "let this user read it, as an administrator can";
const WEBHOOK: &str = "POST /v1/stripe/webhooks";
const ADMIN: &str = " /v1/admin/";

pub(super) fn stack(facts: &Facts) -> Finding {
    let status = facts.stack.status.as_str();
    match status {
        "CREATE_COMPLETE" | "UPDATE_COMPLETE" => Finding::ok("stack", status),
        "UPDATE_ROLLBACK_COMPLETE" => Finding::warning(
            "stack",
            "the last deployment was rolled back",
            "the stack's events say why; the release before is in service",
        ),
        other => Finding::wrong("stack", format!("it is {other}"), "docs/SMOKE.md 2.3"),
    }
}

/// Every route but the webhook's asks for a token, and those of operators for their scope. The webhook's asks for none: Stripe has
/// none.
pub(super) fn authorizer(facts: &Facts) -> Finding {
    let check = "authorizer";
    let Some((authorizers, routes)) = facts.authorizers.as_ref().ok().zip(facts.routes.as_ref().ok()) else {
        let why = facts.authorizers.as_ref().err().or(facts.routes.as_ref().err()).cloned();
        return Finding::wrong(check, format!("cannot be read: {}", why.unwrap_or_default()), READABLE);
    };
    let mut wrong = Vec::new();
    if !items(routes).any(|route| route["RouteKey"] == WEBHOOK) {
        wrong.push(format!("there is no {WEBHOOK}"));
    }
    let issuer = facts.stack.parameter("JwtIssuer").unwrap_or_default();
    let audiences: Vec<&str> = facts.stack.parameter("JwtAudience").unwrap_or_default().split(',').collect();
    for authorizer in items(authorizers) {
        let jwt = &authorizer["JwtConfiguration"];
        let given: Vec<&str> =
            jwt["Audience"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if authorizer["AuthorizerType"] != "JWT" || jwt["Issuer"] != issuer || given != audiences {
            wrong.push(format!(
                "{} takes other tokens than those of JwtIssuer and JwtAudience",
                authorizer["Name"]
            ));
        }
    }
    let by_scope = facts.stack.parameter("OperatorGroup").is_none();
    let scope = facts.stack.parameter("OperatorScope").unwrap_or_default();
    for route in items(routes) {
        let key = route["RouteKey"].as_str().unwrap_or_default();
        if key == WEBHOOK {
            if route["AuthorizationType"] != "NONE" {
                wrong.push(format!("{key} asks for a token, which Stripe does not send"));
            }
            continue;
        }
        let scopes = route["AuthorizationScopes"].as_array();
        let has_scope = scopes.is_some_and(|scopes| scopes.iter().any(|it| it == scope));
        if route["AuthorizationType"] != "JWT" {
            wrong.push(format!("{key} asks for no token"));
        } else if key.contains(ADMIN) && by_scope && !has_scope {
            wrong.push(format!("{key} does not ask for {scope}"));
        }
    }
    let is_empty = items(authorizers).next().is_none() || items(routes).next().is_none();
    match (wrong.is_empty(), is_empty) {
        (true, false) => Finding::ok(check, "every route but the webhook's asks for a token"),
        (true, true) => {
            Finding::wrong(check, "the API has no authorizer or no route", "deploy the stack again")
        }
        (false, _) => {
            Finding::wrong(check, wrong.join("; "), "somebody changed the API: deploy the stack again")
        }
    }
}

pub(super) fn token_issuer(facts: &Facts) -> Finding {
    let check = "token_issuer";
    let configured = facts.stack.parameter("JwtIssuer").unwrap_or_default();
    let mend = "API Gateway reads the same page and refuses every token: correct JwtIssuer";
    with(check, &facts.issuer, mend, |issuer| match issuer == configured {
        true => Finding::ok(check, issuer),
        false => Finding::wrong(
            check,
            format!("the provider calls itself {issuer}, and JwtIssuer is {configured}"),
            format!("deploy with JwtIssuer={issuer}"),
        ),
    })
}

pub(super) fn deletion_protection(facts: &Facts) -> Finding {
    let check = "deletion_protection";
    let mend = "set DeletionProtection to true in samconfig.toml, and deploy";
    with(check, &facts.table, READABLE, |table| match table["Table"]["DeletionProtectionEnabled"].as_bool() {
        Some(true) => Finding::ok(check, "the table refuses to be deleted"),
        Some(false) | None => {
            Finding::wrong(check, "the table can be deleted", mend).unless_live(facts.config.livemode)
        }
    })
}

pub(super) fn backups(facts: &Facts) -> Finding {
    let check = "backups";
    with(check, &facts.backups, READABLE, |backups| {
        let described = &backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
        match described["PointInTimeRecoveryStatus"] == "ENABLED" {
            true => Finding::ok(check, "the table can be restored to each second"),
            false => Finding::wrong(
                check,
                "point-in-time recovery of the table is off",
                "aws dynamodb update-continuous-backups with PointInTimeRecoveryEnabled=true",
            )
            .unless_live(facts.config.livemode),
        }
    })
}

pub(super) fn alarm_destination(facts: &Facts) -> Finding {
    let check = "alarm_destination";
    let live = facts.config.livemode;
    with(check, &facts.subscriptions, READABLE, |subscriptions| {
        let Some(subscriptions) = subscriptions else {
            let mend = "deploy with AlarmTopicArn, a topic that reaches a person";
            return Finding::wrong(check, "alarms are sent to nobody", mend).unless_live(live);
        };
        let all = subscriptions["Subscriptions"].as_array().cloned().unwrap_or_default();
        let confirmed =
            |it: &&Value| it["SubscriptionArn"].as_str().is_some_and(|arn| arn.starts_with("arn:"));
        match all.iter().filter(confirmed).count() {
            0 => Finding::wrong(
                check,
                "nobody has confirmed a subscription of the alarms' topic",
                "subscribe to AlarmTopicArn and confirm; then docs/SMOKE.md 3.12",
            )
            .unless_live(live),
            number => {
                Finding::ok(check, format!("{number} subscriptions, which 3.12 of docs/SMOKE.md tries"))
            }
        }
    })
}

pub(super) fn alarms(facts: &Facts) -> Finding {
    let check = "alarms";
    with(check, &facts.alarms, READABLE, |alarms| {
        let ringing = alarms["MetricAlarms"].as_array().into_iter().flatten();
        let names: Vec<&str> = ringing.filter_map(|alarm| alarm["AlarmName"].as_str()).collect();
        match names.as_slice() {
            [] => Finding::ok(check, "none rings"),
            names => Finding::warning(check, names.join(", "), "docs/RUNBOOK.md, Alarms"),
        }
    })
}

fn items(answer: &Value) -> impl Iterator<Item = &Value> {
    answer["Items"].as_array().into_iter().flatten()
}
