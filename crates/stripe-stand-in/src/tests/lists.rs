use super::*;
use serde_json::json;

/// Five intents, one each second; their ids, oldest first.
fn five_intents(sandbox: &mut Sandbox) -> Vec<String> {
    (0..5)
        .map(|second| {
            let call = post_call(
                "/v1/payment_intents",
                None,
                &format!("amount=500&currency=usd&metadata[n]={second}"),
            );
            text(&parsed(&sandbox.handle(&call, NOW + second * 1000)), "/id").to_owned()
        })
        .collect()
}

fn ids(sandbox: &mut Sandbox, query: &str) -> (Vec<String>, bool) {
    let list = parsed(&get(sandbox, &format!("/v1/payment_intents?{query}")));
    let data = list["data"].as_array().unwrap();
    let ids = data.iter().map(|intent| text(intent, "/id").to_owned()).collect();
    (ids, list["has_more"].as_bool().unwrap())
}

#[test]
fn lists_are_newest_first_and_paged_by_cursors_in_both_directions() {
    let mut sandbox = sandbox();
    let mut all = five_intents(&mut sandbox);
    all.reverse();
    assert_eq!(ids(&mut sandbox, "limit=2"), (all[..2].to_vec(), true));
    assert_eq!(ids(&mut sandbox, &format!("limit=2&starting_after={}", all[1])), (all[2..4].to_vec(), true));
    assert_eq!(ids(&mut sandbox, &format!("limit=2&starting_after={}", all[3])), (all[4..].to_vec(), false));
    assert_eq!(ids(&mut sandbox, &format!("limit=2&ending_before={}", all[3])), (all[1..3].to_vec(), true));
    assert_eq!(ids(&mut sandbox, &format!("limit=2&ending_before={}", all[1])), (all[..1].to_vec(), false));
}

#[test]
fn lists_are_filtered_by_creation_time() {
    let mut sandbox = sandbox();
    let all = five_intents(&mut sandbox);
    let at = |second: i64| NOW / 1000 + second;
    let query = format!("created[gt]={}&created[lte]={}", at(1), at(3));
    assert_eq!(ids(&mut sandbox, &query).0, [all[3].clone(), all[2].clone()]);
    assert_eq!(ids(&mut sandbox, &format!("created={}", at(4))).0, [all[4].clone()]);
}

#[test]
fn a_page_has_1_to_100_objects_and_its_cursor_must_exist() {
    let mut sandbox = sandbox();
    for query in ["limit=0", "limit=101", "limit=x", "starting_after=pi_nobody", "nonsense=1"] {
        assert_eq!(get(&mut sandbox, &format!("/v1/payment_intents?{query}")).status, 400, "{query}");
    }
}

#[test]
fn search_finds_intents_by_metadata_and_status() {
    let mut sandbox = sandbox();
    let all = five_intents(&mut sandbox);
    let mut search =
        |query: &str| parsed(&get(&mut sandbox, &format!("/v1/payment_intents/search?query={query}")));
    let found = search("metadata['n']:'3'%20AND%20status:'requires_payment_method'");
    assert_eq!(found["data"][0]["id"], json!(all[3]));
    assert_eq!((&found["object"], &found["has_more"]), (&json!("search_result"), &json!(false)));
    assert_eq!(search("metadata[\"n\"]:\"9\"")["data"], json!([]));
    assert_eq!(search("metadata['n']:'3'%20OR%20metadata['n']:'4'")["error"]["param"], "query");
}
