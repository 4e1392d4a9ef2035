use super::*;
use std::collections::BTreeSet;

const ENDPOINT: &str = "url=https://example.com/hook&enabled_events[]=payment_intent.succeeded&enabled_events[]=charge.failed\
    &api_version=2026-09-30.endive&metadata[a]=b";

fn destination() -> Value {
    json!({
        "name": "thin", "type": "webhook_endpoint", "event_payload": "thin", "events_from": ["@accounts"],
        "enabled_events": ["v2.core.account.updated"],
        "webhook_endpoint": {"url": "https://example.com/hook"},
        "include": ["webhook_endpoint.signing_secret"],
    })
}

#[test]
fn an_endpoints_secret_is_shown_when_it_is_made_and_never_again() {
    let mut sandbox = sandbox();
    let made = parsed(&post(&mut sandbox, "/v1/webhook_endpoints", ENDPOINT));
    assert!(text(&made, "/secret").starts_with("whsec_") && text(&made, "/id").starts_with("we_"));
    let path = format!("/v1/webhook_endpoints/{}", text(&made, "/id"));
    for reply in [get(&mut sandbox, &path), post(&mut sandbox, &path, "disabled=true")] {
        assert_eq!(parsed(&reply).get("secret"), None, "{}", reply.body);
    }
    let listed = parsed(&get(&mut sandbox, "/v1/webhook_endpoints"))["data"][0].clone();
    assert_eq!((text(&listed, "/status"), listed.get("secret")), ("disabled", None));
    assert_eq!(listed["application"], Value::Null);
    let connect = parsed(&post(&mut sandbox, "/v1/webhook_endpoints", &format!("{ENDPOINT}&connect=true")));
    assert!(text(&connect, "/application").starts_with("ca_"));
}

#[test]
fn what_stripe_does_not_know_is_refused() {
    let mut sandbox = sandbox();
    for (body, param) in [
        ("url=https://example.com&enabled_events[]=charge.succeded", "enabled_events[0]"),
        ("url=https://example.com", "enabled_events"),
        ("enabled_events[]=*", "url"),
        ("url=http://127.0.0.1:8080&enabled_events[]=*", "url"),
        ("url=example.com&enabled_events[]=*", "url"),
        ("url=https://example.com&enabled_events[]=*&api_version=2026-09-31.endive", "api_version"),
        ("url=https://example.com&enabled_events[]=*&disabled=true", "disabled"),
    ] {
        let reply = post(&mut sandbox, "/v1/webhook_endpoints", body);
        assert_eq!((reply.status, text(&parsed(&reply), "/error/param")), (400, param), "{}", reply.body);
    }
    let made = parsed(&post(&mut sandbox, "/v1/webhook_endpoints", ENDPOINT));
    let path = format!("/v1/webhook_endpoints/{}", text(&made, "/id"));
    for unchangeable in ["api_version=2026-08-26.dahlia", "connect=true"] {
        assert_eq!(error_code(&post(&mut sandbox, &path, unchangeable)), "parameter_unknown");
    }
}

#[test]
fn an_account_has_sixteen_endpoints_at_most_whether_enabled_or_not() {
    let mut sandbox = sandbox();
    for _ in 0..15 {
        let made = parsed(&post(&mut sandbox, "/v1/webhook_endpoints", ENDPOINT));
        post(&mut sandbox, &format!("/v1/webhook_endpoints/{}", text(&made, "/id")), "disabled=true");
    }
    assert_eq!(v2_post(&mut sandbox, "/v2/core/event_destinations", &destination()).status, 200);
    let refused = post(&mut sandbox, "/v1/webhook_endpoints", ENDPOINT);
    assert!(refused.status == 400 && refused.body.contains("maximum of 16"), "{}", refused.body);
    let first = parsed(&get(&mut sandbox, "/v1/webhook_endpoints"))["data"][0]["id"].clone();
    let path = format!("/v1/webhook_endpoints/{}", first.as_str().unwrap());
    let call = Call { method: Method::DELETE, ..get_call(&path) };
    assert_eq!(parsed(&sandbox.handle(&call, NOW))["deleted"], true);
    assert_eq!(get(&mut sandbox, &path).status, 404);
    assert_eq!(post(&mut sandbox, "/v1/webhook_endpoints", ENDPOINT).status, 200);
}

#[test]
fn a_destination_shows_what_is_included_and_its_secret_once() {
    let mut sandbox = sandbox();
    let made = parsed(&v2_post(&mut sandbox, "/v2/core/event_destinations", &destination()));
    assert!(text(&made, "/webhook_endpoint/signing_secret").starts_with("whsec_"));
    assert_eq!(made["webhook_endpoint"]["url"], Value::Null);
    assert_eq!((text(&made, "/events_from/0"), text(&made, "/event_payload")), ("@accounts", "thin"));
    let path = format!("/v2/core/event_destinations/{}", text(&made, "/id"));
    assert_eq!(parsed(&v2_get(&mut sandbox, &path))["webhook_endpoint"], Value::Null);
    let included = parsed(&v2_get(&mut sandbox, &format!("{path}?include[0]=webhook_endpoint.url")));
    assert_eq!(text(&included, "/webhook_endpoint/url"), "https://example.com/hook");
    assert_eq!(included["webhook_endpoint"]["signing_secret"], Value::Null);
    let secret = format!("{path}?include[0]=webhook_endpoint.signing_secret");
    assert_eq!(v2_get(&mut sandbox, &secret).status, 400);
    let disabled = parsed(&v2_post(&mut sandbox, &format!("{path}/disable"), &json!({})));
    assert_eq!(
        (text(&disabled, "/status"), text(&disabled, "/status_details/disabled/reason")),
        ("disabled", "user")
    );
    let changed = json!({"metadata": {"a": "b"}, "enabled_events": ["v2.core.account.created"]});
    let changed = parsed(&v2_post(&mut sandbox, &path, &changed));
    assert_eq!((text(&changed, "/metadata/a"), text(&changed, "/status")), ("b", "disabled"));
}

#[test]
fn a_destination_takes_known_fields_and_types_alone() {
    let mut sandbox = sandbox();
    for (field, value) in [
        ("enabled_events", json!(["v2.core.account[payments].updated"])),
        ("enabled_events", json!(["account.updated"])),
        ("enabled_events", json!([])),
        ("event_payload", json!("thick")),
        ("events_from", json!(["@everyone"])),
        ("snapshot_api_version", json!("2026-09-30.endive")),
        ("webhook_endpoint", json!({"url": "http://localhost:1"})),
        ("status", json!("enabled")),
        ("name", Value::Null),
    ] {
        let mut body = destination();
        body[field] = value;
        let reply = v2_post(&mut sandbox, "/v2/core/event_destinations", &body);
        assert_eq!(
            (reply.status, error_code(&reply).as_str()),
            (400, "invalid_fields"),
            "{field}: {}",
            reply.body
        );
    }
}

#[test]
fn the_endpoints_of_v1_are_destinations_too() {
    let mut sandbox = sandbox();
    post(&mut sandbox, "/v1/webhook_endpoints", &format!("{ENDPOINT}&connect=true"));
    v2_post(&mut sandbox, "/v2/core/event_destinations", &destination());
    let listed = parsed(&v2_get(&mut sandbox, "/v2/core/event_destinations"));
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    let of_v1 =
        listed["data"].as_array().unwrap().iter().find(|it| text(it, "/id").starts_with("we_")).unwrap();
    assert_eq!((text(of_v1, "/event_payload"), text(of_v1, "/events_from/0")), ("snapshot", "@accounts"));
    assert_eq!(text(of_v1, "/snapshot_api_version"), "2026-09-30.endive");
    assert_eq!(count(&mut sandbox, "/v1/webhook_endpoints"), 1);
}

#[test]
fn a_restricted_key_may_do_what_it_is_permitted_and_is_refused_before_its_parameters_are_read() {
    let permissions = BTreeSet::from(["rak_charge_write", "rak_balance_read"].map(str::to_owned));
    let restricted_keys = [("rk_test_ops".to_owned(), permissions)].into();
    let mut sandbox = sandbox_of(Settings { restricted_keys, ..settings() });
    let mut status = |method: Method, path: &str, key: &str| {
        let call = Call::new(method, path).signed_in(key, None, "unknown=1");
        sandbox.handle(&call, NOW).status
    };
    assert_eq!(status(Method::POST, "/v1/refunds/re_1", "rk_test_ops"), 404, "permitted");
    assert_eq!(status(Method::GET, "/v1/charges/ch_1", "rk_test_ops"), 400, "writing includes reading");
    assert_eq!(status(Method::POST, "/v1/transfers/tr_1", "rk_test_ops"), 403);
    assert_eq!(status(Method::GET, "/v1/webhook_endpoints", "rk_test_ops"), 403);
    assert_eq!(status(Method::POST, "/v1/transfers/tr_1", "rk_test_other"), 404, "nothing is said of it");
}

#[test]
fn a_country_says_where_its_platforms_pay_to() {
    let mut sandbox = sandbox();
    let pays_to = |sandbox: &mut Sandbox, country: &str| {
        let spec = parsed(&get(sandbox, &format!("/v1/country_specs/{country}")));
        let countries = spec["supported_transfer_countries"].as_array().unwrap().clone();
        countries.iter().map(|it| it.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(pays_to(&mut sandbox, "US").contains(&"DE".to_owned()));
    assert_eq!(pays_to(&mut sandbox, "AU"), ["AU"]);
    assert_eq!(get(&mut sandbox, "/v1/country_specs/XX").status, 404);
}

#[test]
fn a_platform_without_accounts_v2_cannot_even_list_them() {
    let mut sandbox = sandbox_of(Settings { platform: Platform::AccountsV1Only, ..Settings::default() });
    let reply = v2_get(&mut sandbox, "/v2/core/accounts");
    assert_eq!((reply.status, error_code(&reply).as_str()), (400, "accounts_v2_access_blocked"));
    assert_eq!(
        error_code(&v2_post(&mut sandbox, "/v2/core/accounts", &v2_account())),
        "accounts_v2_access_blocked"
    );
    assert_eq!(post(&mut sandbox, "/v1/accounts", "type=express&country=US").status, 200);
}
