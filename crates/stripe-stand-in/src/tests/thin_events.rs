use super::*;

fn account(sandbox: &mut Sandbox) -> String {
    text(&parsed(&v2_post(sandbox, "/v2/core/accounts", &v2_account())), "/id").to_owned()
}

fn types(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|event| text(event, "/type")).collect()
}

#[test]
fn an_accounts_changes_are_thin_events_and_nothing_else() {
    let mut sandbox = sandbox();
    let id = account(&mut sandbox);
    post(&mut sandbox, &format!("/stand_in/accounts/{id}/restore"), "");
    post(&mut sandbox, &format!("/v1/accounts/{id}"), "email=other@example.com");
    let list = parsed(&v2_get(&mut sandbox, &format!("/v2/core/events?object_id={id}")));
    assert_eq!(
        types(&list),
        [
            "v2.core.account.updated",
            "v2.core.account[requirements].updated",
            "v2.core.account[configuration.merchant].capability_status_updated",
            "v2.core.account[configuration.merchant].capability_status_updated",
            "v2.core.account[configuration.recipient].capability_status_updated",
            "v2.core.account[configuration.recipient].capability_status_updated",
            "v2.core.account.created",
        ]
    );
    assert_eq!(text(&list, "/data/5/data/updated_capability"), "stripe_balance.stripe_transfers");
    assert_eq!(event_types(&mut sandbox), [""; 0], "no account.updated");
}

#[test]
fn a_thin_event_goes_to_event_destinations_alone_and_has_no_object() {
    let mut sandbox = sandbox();
    let id = account(&mut sandbox);
    intent(&mut sandbox);
    let attempts = sandbox.due_deliveries(NOW, 10);
    let by_endpoint: Vec<usize> = attempts.iter().map(|attempt| attempt.endpoint).collect();
    assert_eq!(by_endpoint, [0, 1]);
    let body: Value = serde_json::from_str(&attempts[1].body).unwrap();
    assert_eq!((text(&body, "/object"), text(&body, "/type")), ("v2.core.event", "v2.core.account.created"));
    assert_eq!(text(&body, "/created"), "2026-10-01T00:00:00.000Z");
    assert_eq!(text(&body, "/related_object/id"), id);
    assert_eq!((body.get("data"), body.get("changes")), (None, None));
    assert_eq!(text(&body, "/reason/request/id").get(..4), Some("req_"));
}

#[test]
fn a_ping_names_its_destination() {
    let mut sandbox = sandbox();
    post(&mut sandbox, "/stand_in/event_destinations/ping", "");
    let attempt = sandbox.due_deliveries(NOW, 10).remove(0);
    let body: Value = serde_json::from_str(&attempt.body).unwrap();
    assert_eq!(text(&body, "/type"), "v2.core.event_destination.ping");
    assert_eq!(text(&body, "/related_object/type"), "v2.core.event_destination");
    let fetched = parsed(&v2_get(&mut sandbox, &format!("/v2/core/events/{}", attempt.event_id)));
    assert_eq!(fetched["id"], body["id"]);
}

#[test]
fn events_are_paged_by_address_forwards_and_back() {
    let mut sandbox = sandbox();
    let ids: Vec<String> = (0..5).map(|_| account(&mut sandbox)).collect();
    let of = |page: &Value| -> Vec<String> {
        let data = page["data"].as_array().unwrap();
        data.iter().map(|event| text(event, "/related_object/id").to_owned()).collect()
    };
    let first = parsed(&v2_get(&mut sandbox, "/v2/core/events?limit=2&types[0]=v2.core.account.created"));
    assert_eq!(
        (of(&first), &first["previous_page_url"]),
        (vec![ids[4].clone(), ids[3].clone()], &Value::Null)
    );
    let second = parsed(&v2_get(&mut sandbox, text(&first, "/next_page_url")));
    let third = parsed(&v2_get(&mut sandbox, text(&second, "/next_page_url")));
    assert_eq!((of(&third), &third["next_page_url"]), (vec![ids[0].clone()], &Value::Null));
    let back = parsed(&v2_get(&mut sandbox, text(&third, "/previous_page_url")));
    assert_eq!(of(&back), of(&second));
    let start = parsed(&v2_get(&mut sandbox, text(&back, "/previous_page_url")));
    assert_eq!((of(&start), &start["previous_page_url"]), (of(&first), &Value::Null));
    assert_eq!(v2_get(&mut sandbox, "/v2/core/events?page=2").status, 400);
}

#[test]
fn events_are_listed_by_time() {
    let mut sandbox = sandbox();
    account(&mut sandbox);
    let mut count = |query: &str| {
        let reply = v2_get(&mut sandbox, &format!("/v2/core/events?{query}"));
        parsed(&reply)["data"].as_array().map(Vec::len)
    };
    assert_eq!(count("created[gte]=2026-10-01T00:00:00Z"), Some(1));
    assert_eq!(count("created[gt]=2026-10-01T00:00:00.000Z"), Some(0));
    assert_eq!(count("created[lt]=2026-10-01T02:00:00%2B01:00"), Some(1));
    assert_eq!(count("created[gt]=yesterday"), None);
}

#[test]
fn a_returned_link_is_an_event_without_a_related_object() {
    let mut sandbox = sandbox();
    let id = account(&mut sandbox);
    let pages = json!({"refresh_url": "https://app.test/again"});
    let body =
        json!({"account": id, "use_case": {"type": "account_onboarding", "account_onboarding": pages}});
    let link = parsed(&v2_post(&mut sandbox, "/v2/core/account_links", &body));
    let page = text(&link, "/url").strip_prefix("http://127.0.0.1:12111").unwrap().to_owned();
    sandbox.handle(&Call::new(Method::POST, format!("{page}/leave")), NOW);
    let list = parsed(&v2_get(&mut sandbox, "/v2/core/events?types[0]=v2.core.account_link.returned"));
    assert_eq!(text(&list, "/data/0/data/account_id"), id);
    assert_eq!(list["data"][0].get("related_object"), None);
}
