//! Whom the gateway and the functions take callers for, with the tokens of several identity providers
//! (`docs/IDENTITY.md`), and ids of every form that a provider may give its users.

use black_box::{Answer, App, Caller, in_path, order, ten_dollars};
use local::stack::{Options, Stack, StackError};
use local::template::{Route, Template};
use local::token::Subject;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A recipe's parameters, and the claims of a user and an operator under them.
const FIXTURES: [(&str, &str); 5] = [
    ("auth0", include_str!("identity/auth0.json")),
    ("cognito", include_str!("identity/cognito.json")),
    ("cognito_scope", include_str!("identity/cognito_scope.json")),
    ("entra", include_str!("identity/entra.json")),
    ("keycloak", include_str!("identity/keycloak.json")),
];

async fn app_with(parameters: &[(&str, &str)]) -> App {
    let parameters =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    App::start_with(Options { parameters, ..Options::default() }).await
}

fn claims(of: &Value) -> Map<String, Value> {
    of.as_object().expect("claims").clone()
}

/// A subject whose token has the claims of a fixture and no other, but for its times.
fn subject(claims: Map<String, Value>) -> Subject {
    let sub = claims["sub"].as_str().expect("a subject").to_owned();
    let no_audience = Map::from_iter([("aud".to_owned(), Value::Null)]);
    Subject { sub, claims: no_audience.into_iter().chain(claims).collect(), ..Subject::default() }
}

#[tokio::test]
async fn gateway_and_functions_take_the_tokens_of_each_provider_for_the_same_callers() {
    for (provider, fixture) in FIXTURES {
        let fixture: Value = serde_json::from_str(fixture).expect("JSON");
        let parameters = fixture["parameters"].as_object().expect("parameters");
        let parameters: Vec<(&str, &str)> =
            parameters.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("a text"))).collect();
        let app = app_with(&parameters).await;
        let (user, operator) = (claims(&fixture["user"]), claims(&fixture["operator"]));
        let as_user = app.caller(&subject(user.clone()));
        let paid = as_user.pay("k", ten_dollars()).await;
        assert_eq!(paid.status, 201, "{provider}: {paid:?}");
        assert_eq!(app.intents().await[0]["receipt_email"], fixture["receipt_email"], "{provider}");
        assert_eq!(roles(&as_user).await, (403, 404), "{provider}");
        assert_eq!(roles(&app.caller(&subject(operator))).await, (200, 200), "{provider}");

        let audience = if user.contains_key("aud") { "aud" } else { "client_id" };
        for claim in [audience, "iss"] {
            let mut foreign = user.clone();
            foreign.insert(claim.to_owned(), json!("https://elsewhere.example"));
            let refused = app.caller(&subject(foreign)).get("/v1/creators/ana").await;
            assert_eq!(refused.status, 401, "{provider} {claim}");
        }
    }
}

/// The statuses of a route of operators, and of one that shows operators what users must not see.
async fn roles(caller: &Caller<'_>) -> (u16, u16) {
    let rollout = caller.get("/v1/admin/rollout").await.status;
    (rollout, caller.get("/v1/creators/ana/earnings").await.status)
}

/// The routes of operators, with a path of each.
fn admin_routes() -> Vec<(Route, String)> {
    let routes = Template::load(&BTreeMap::new()).expect("template.yaml").routes;
    let admin = routes.into_iter().filter(|route| route.path.starts_with("/v1/admin/"));
    let ids = [
        ("{creator_id}", "ana"),
        ("{sender_id}", "sam"),
        ("{name}", "first"),
        ("{payment_id}", "pay_00000000000000000000000000000000"),
        ("{event_id}", "evt_1"),
        ("{stripe_id}", "ch_1"),
    ];
    let filled = |path: &str| ids.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id));
    let routes: Vec<(Route, String)> = admin.map(|route| (route.clone(), filled(&route.path))).collect();
    assert!(routes.len() > 20 && routes.iter().all(|(_, path)| !path.contains('{')), "{routes:?}");
    routes
}

async fn ask(caller: &Caller<'_>, route: &Route, path: &str) -> Answer {
    let method = Method::from_bytes(route.method.as_bytes()).expect("a method");
    let request = caller.request(method.clone(), path);
    Answer::to(if method == Method::GET { request } else { request.json(&json!({})) }).await
}

#[tokio::test]
async fn nobody_without_the_operators_scope_reaches_a_route_of_operators() {
    let app = app_with(&[("OperatorScope", "payments-api/admin")]).await;
    let scoped = |scope: &str| Subject { sub: "eve".into(), scope: Some(scope.into()), ..Subject::default() };
    let outsiders = ["", "payments:admin", "payments-api/administrator", "payments-api/ admin"];
    let member = app.operator();
    for (route, path) in admin_routes() {
        for scope in outsiders {
            let refused = ask(&app.caller(&scoped(scope)), &route, &path).await;
            assert_eq!(
                (refused.status, &refused.body),
                (403, &json!({"message": "Forbidden"})),
                "{}",
                route.key()
            );
        }
        let answer = ask(&member, &route, &path).await;
        assert!(![401, 403].contains(&answer.status), "{answer:?}");
    }
}

#[tokio::test]
async fn nobody_outside_the_operators_group_reaches_a_route_of_operators_through_any_function() {
    let app = app_with(&[("OperatorGroup", "operators")]).await;
    let outsiders = [
        json!({}),
        json!({"groups": ["users"]}),
        json!({"groups": ["not-operators"], "roles": ["operators"]}),
    ];
    let member = app.operator();
    for (route, path) in admin_routes() {
        for groups in &outsiders {
            let scope = Some("payments:admin".to_owned());
            let eve = Subject { sub: "eve".into(), scope, claims: claims(groups), ..Subject::default() };
            let refused = ask(&app.caller(&eve), &route, &path).await;
            assert_eq!(refused.problem(), (403, "forbidden"), "{} {groups}", route.key());
        }
        let answer = ask(&member, &route, &path).await;
        assert!(![401, 403].contains(&answer.status), "{answer:?}");
    }
}

#[tokio::test]
async fn a_group_whose_name_has_blanks_is_refused_at_the_start() {
    let parameters = vec![("OperatorGroup".to_owned(), "payments operators".to_owned())];
    let refused = Stack::start(Options { parameters, ..Options::default() }).await.err();
    let Some(StackError::Template(error)) = refused else { panic!("started with such a group") };
    assert!(error.to_string().contains("OperatorGroup is \"payments operators\"; it has to be"), "{error}");
}

#[tokio::test]
async fn a_receipt_goes_to_no_address_that_the_provider_has_not_verified() {
    let app = App::start().await;
    for (key, verified, receipt) in [
        ("k1", json!(false), Value::Null),
        ("k2", json!("false"), Value::Null),
        ("k3", json!(true), json!("sam@example.com")),
        ("k4", json!("true"), json!("sam@example.com")),
    ] {
        let verified = Map::from_iter([("email_verified".to_owned(), verified)]);
        let email = Some("sam@example.com".to_owned());
        let sam = Subject { sub: "sam".into(), email, claims: verified, ..Subject::default() };
        let paid = app.caller(&sam).pay(key, ten_dollars()).await;
        assert_eq!(paid.status, 201, "{paid:?}");
        let intents = app.intents().await;
        let paid = intents.iter().find(|intent| intent["id"] == paid.body["stripe_payment_intent_id"]);
        assert_eq!(paid.expect("an intent")["receipt_email"], receipt, "{key}");
    }
}

#[tokio::test]
async fn a_form_repeats_its_request_with_other_line_breaks_and_an_empty_message_is_none() {
    let app = App::start().await;
    let sam = app.user("sam");
    let with = |message: Value| {
        let mut body = ten_dollars();
        body["message"] = message;
        body
    };
    let form = sam.pay("k1", with(json!("Thank you\r\nSam"))).await;
    let again = sam.pay("k1", with(json!("Thank you\nSam"))).await;
    assert_eq!((again.status, &again.body["payment_id"]), (201, &form.body["payment_id"]));
    let path = format!("/v1/payments/{}", form.body["payment_id"].as_str().expect("an id"));
    assert_eq!(sam.get(&path).await.body["message"], "Thank you\nSam");
    let empty = sam.pay("k2", with(json!(""))).await;
    let none = sam.pay("k2", ten_dollars()).await;
    assert_eq!((none.status, &none.body["payment_id"]), (201, &empty.body["payment_id"]));
}

/// Ids that look like a part of another, like a path or like its encoding, and of the greatest length.
fn hostile_ids() -> Vec<String> {
    let ids = ["ana#sam", "CREATOR#ana/RECEIVER", "aB3+/=", "%2F?x=1", "ana%", "..", "'\"[]<>\\`{}^~"];
    ids.iter().map(|id| (*id).to_owned()).chain([format!("{}{}", "x/#%".repeat(63), "end")]).collect()
}

#[tokio::test]
async fn creators_and_senders_of_any_id_pay_each_other_and_are_found_in_paths() {
    let app = App::start().await;
    let operator = app.operator();
    for id in hostile_ids() {
        let path = in_path(&id);
        let (account, user) = (app.ready_account("US").await, app.user(&id));
        let enabled = json!({"receiving": "enabled", "reason": "test", "stripe_account_id": account});
        let set = operator.put(&format!("/v1/admin/creators/{path}/eligibility"), enabled).await;
        assert_eq!((set.status, &set.body["creator_id"]), (200, &json!(id)), "{set:?}");
        let terms = app.user("sam").get(&format!("/v1/creators/{path}")).await;
        assert_eq!((&terms.body["creator_id"], &terms.body["can_receive"]), (&json!(id), &json!(true)));

        let received = app.user("sam").pay(&id, order(&id, 1_000)).await;
        assert_eq!(received.status, 201, "{received:?}");
        assert_eq!(app.confirm(&received.body, "pm_card_visa").await.status, 200);
        let paid = user.until_status(&received.body, "succeeded").await;
        assert_eq!((&paid["creator_id"], &paid["sender_id"]), (&json!(id), &json!("sam")));
        let sent = user.pay("k", ten_dollars()).await;
        assert_eq!(sent.status, 201, "{sent:?}");

        let blocks = format!("/v1/creators/{path}/blocks/{}", in_path("eve/#"));
        assert_eq!(user.put(&blocks, json!({})).await.status, 204);
        let earnings = format!("/v1/creators/{path}/earnings");
        assert_eq!(user.get(&earnings).await.status, 200);
        assert_eq!(app.user("sam").get(&earnings).await.status, 404);
        let audit = operator.get(&format!("/v1/admin/creators/{path}/audit")).await;
        assert_eq!(audit.body["items"].as_array().map(Vec::len), Some(2), "{audit:?}");
        let sender = operator.get(&format!("/v1/admin/senders/{path}")).await;
        assert_eq!(sender.body["sender_id"], json!(id));
    }
}

#[tokio::test]
async fn a_creator_of_the_longest_id_opens_one_account() {
    let app = App::start().await;
    let id = "a/".repeat(127) + "b";
    let dee = app.user(&id);
    let page = format!("{}/creator.html", app.stack.endpoints().api);
    let body = json!({"return_url": page, "refresh_url": page, "email": "dee@example.com"});
    for _ in 0..2 {
        let link = dee.post(&format!("/v1/creators/{}/onboarding", in_path(&id)), body.clone()).await;
        assert_eq!(link.status, 200, "{link:?}");
    }
    assert_eq!(app.accounts_of(&id).await.len(), 1);
}

/// An HTTP API decodes a path before it chooses the route, so that once is not enough for a slash.
#[tokio::test]
async fn an_id_that_is_encoded_once_is_read_as_the_gateway_decodes_it() {
    let app = App::start().await;
    let sam = app.user("sam");
    let status = async |path: &str| sam.get(&format!("/v1/creators/{path}")).await.status;
    assert_eq!((status("a%2Fb").await, status("a%252Fb").await), (404, 200));
    assert_eq!(sam.get("/v1/creators/a%7Cb").await.body["creator_id"], "a|b");
    assert_eq!(sam.get("/v1/creators/a%257Cb").await.body["creator_id"], "a|b");
    assert_eq!(sam.get("/v1/creators/a%25").await.problem(), (404, "not_found"));
}
