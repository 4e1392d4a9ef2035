//! Every field of a request body that the contract makes an enum takes its words, as strings, and nothing else.

use crate::contract::{openapi, operations};
use black_box::{Answer, App};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use yaml_rust2::Yaml;

/// A field of a body that is an enum, in a body that is valid otherwise.
struct EnumField {
    route: String,
    /// The path to the field, such as `/halt/kind`.
    pointer: String,
    words: Vec<Value>,
    body: Value,
}

fn json_of(yaml: &Yaml) -> Value {
    match (yaml.as_hash(), yaml.as_vec()) {
        (Some(fields), _) => fields
            .iter()
            .map(|(name, value)| (name.as_str().expect("a name").to_owned(), json_of(value)))
            .collect(),
        (_, Some(elements)) => elements.iter().map(json_of).collect(),
        _ if yaml.is_null() => Value::Null,
        _ => yaml
            .as_str()
            .map_or_else(|| yaml.as_i64().map_or(json!(yaml.as_bool()), Value::from), Value::from),
    }
}

fn resolved<'a>(openapi: &'a Yaml, schema: &'a Yaml) -> &'a Yaml {
    match schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        Some(name) => &openapi["components"]["schemas"][name],
        None => schema,
    }
}

/// The enums among the properties of a schema, by their pointers.
fn enums(openapi: &Yaml, schema: &Yaml, at: &str, found: &mut Vec<(String, Vec<Value>)>) {
    let schema = resolved(openapi, schema);
    if let Some(words) = schema["enum"].as_vec() {
        found.push((at.to_owned(), words.iter().map(json_of).collect()));
    }
    for (name, property) in schema["properties"].as_hash().into_iter().flatten() {
        enums(openapi, property, &format!("{at}/{}", name.as_str().expect("a name")), found);
    }
    assert!(
        resolved(openapi, &schema["items"])["enum"].is_badvalue(),
        "{at}: a list of words needs its cases here"
    );
}

fn enum_fields() -> Vec<EnumField> {
    let openapi = openapi();
    let mut fields = Vec::new();
    for (route, operation) in operations(&openapi) {
        let content = &operation["requestBody"]["content"]["application/json"];
        let mut found = Vec::new();
        enums(&openapi, &content["schema"], "", &mut found);
        let example = content["examples"].as_hash().and_then(|examples| examples.values().next());
        for (pointer, words) in found {
            let body = json_of(&example.expect("an example")["value"]);
            fields.push(EnumField { route: route.clone(), pointer, words, body });
        }
    }
    fields
}

impl EnumField {
    async fn sent_with(&self, app: &App, value: &Value) -> Answer {
        let (method, path) = self.route.split_once(' ').expect("a route");
        let mut body = self.body.clone();
        body[&self.pointer[1..]] = Value::Null;
        *body.pointer_mut(&self.pointer).expect("the field") = value.clone();
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let key =
            format!("{}", value).bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        let request = app.operator().request(method, &path.replace("{creator_id}", "zed"));
        Answer::to(request.header("idempotency-key", key.to_string()).json(&body)).await
    }
}

#[tokio::test]
async fn an_enum_of_a_body_is_a_documented_string_and_anything_else_is_a_field_error() {
    let app = App::start().await;
    let fields = enum_fields();
    let named: BTreeSet<_> =
        fields.iter().map(|field| (field.route.as_str(), field.pointer.as_str())).collect();
    let expected = [
        ("POST /v1/payments", "/saved_cards"),
        ("PUT /v1/admin/creators/{creator_id}/eligibility", "/receiving"),
    ];
    assert_eq!(named, expected.into());
    for field in &fields {
        let name = field.pointer[1..].replace('/', ".");
        let word = field.words[0].as_str().expect("a word");
        let mut wrong = vec![
            json!(1),
            json!(0),
            json!(1.5),
            json!(-1),
            json!(true),
            json!(false),
            json!([word]),
            json!([]),
        ];
        wrong.extend([
            json!({word: null}),
            json!({word: {}}),
            json!({word: []}),
            json!({word: word}),
            json!({}),
        ]);
        wrong.extend([json!("unknown"), json!(""), json!(word.to_uppercase()), json!(format!(" {word}"))]);
        if !field.words.contains(&Value::Null) {
            wrong.push(Value::Null);
        }
        for value in wrong {
            let answer = field.sent_with(&app, &value).await;
            let refused = (answer.problem(), &answer.body["field"]);
            assert_eq!(refused, ((400, "invalid_request"), &json!(name)), "{} {value}", field.route);
            let detail = answer.body["detail"].as_str().expect("a detail");
            assert!(
                detail.starts_with("The body has a value of a wrong type or range, at line 1"),
                "{value}: {detail}"
            );
        }
        for word in &field.words {
            let answer = field.sent_with(&app, word).await;
            assert_ne!(answer.body["field"], json!(name), "{} {word}: {answer:?}", field.route);
        }
    }
}
