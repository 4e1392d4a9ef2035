//! Every problem that is answered: one of each code, and those that differ by place.

mod circumstances;
mod operating;
mod sending;

use super::{Answers, subject};
use black_box::Answer;
use payments_http::ProblemCode;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn every_problem_is_told_as_before() {
    let mut problems = Answers::of("problems");
    sending::of_a_sender(&mut problems).await;
    sending::of_a_limit_and_a_country(&mut problems).await;
    sending::of_a_quote(&mut problems).await;
    sending::of_a_refund(&mut problems).await;
    operating::of_a_creator(&mut problems).await;
    operating::of_an_operator(&mut problems).await;
    circumstances::of_work_under_way(&mut problems).await;
    circumstances::of_stripe(&mut problems).await;
    circumstances::of_a_caller(&mut problems).await;
    problems.goldens.hold();
    are_of_every_code(&problems.given);
}

fn are_of_every_code(given: &BTreeMap<String, Answer>) {
    for (name, answer) in given {
        assert_eq!(answer.problem().1, subject(name), "{name}");
    }
    let told: BTreeSet<&str> = given.keys().map(|name| subject(name)).collect();
    let codes: BTreeSet<&str> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(told, codes, "a golden problem of every code");
}

fn refused_by_stripe() -> Value {
    json!({"error": {"type": "invalid_request_error", "code": "parameter_invalid", "message": "No."}})
}
