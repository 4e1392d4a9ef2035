use super::*;
use crate::{Delivered, signature_header};

const THREE_DAYS_MS: i64 = 3 * 24 * 60 * 60 * 1000;

#[test]
fn an_undelivered_event_is_retried_at_growing_intervals_for_three_days() {
    let mut sandbox = sandbox();
    intent(&mut sandbox);
    let mut refuse_at = |now: i64| {
        let attempts = sandbox.due_deliveries(now, 10);
        assert_eq!(attempts.len(), 1);
        sandbox.delivered(&attempts[0], Delivered::No, now);
        sandbox.next_delivery_ms()
    };
    let mut now = NOW;
    let waits = [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000];
    for wait in waits {
        assert_eq!(refuse_at(now), Some(now + wait));
        now += wait;
    }
    assert!(refuse_at(NOW + THREE_DAYS_MS - 1).is_some());
    assert_eq!(refuse_at(NOW + THREE_DAYS_MS + 60_000), None);
    let undelivered = parsed(&get(&mut sandbox, "/v1/events?delivery_success=false"));
    assert_eq!(undelivered["data"][0]["pending_webhooks"], 1);
}

#[test]
fn a_delivered_event_is_not_sent_again_and_no_longer_pending() {
    let mut sandbox = sandbox();
    intent(&mut sandbox);
    let attempts = sandbox.due_deliveries(NOW, 10);
    assert!(sandbox.due_deliveries(NOW, 10).is_empty(), "under way");
    sandbox.delivered(&attempts[0], Delivered::Yes, NOW);
    assert_eq!(sandbox.next_delivery_ms(), None);
    let list = parsed(&get(&mut sandbox, "/v1/events?delivery_success=true"));
    assert_eq!(list["data"][0]["pending_webhooks"], 0);
}

#[test]
fn an_event_that_is_being_retried_does_not_delay_others() {
    let mut sandbox = sandbox();
    intent(&mut sandbox);
    let failed = sandbox.due_deliveries(NOW, 10);
    sandbox.delivered(&failed[0], Delivered::No, NOW);
    intent(&mut sandbox);
    let due = sandbox.due_deliveries(NOW, 10);
    assert_eq!(due.len(), 1);
    assert_ne!(due[0].event_id, failed[0].event_id);
}

fn listed(sandbox: &mut Sandbox, query: &str) -> Vec<String> {
    let reply = get(sandbox, &format!("/v1/events?limit=100&{query}"));
    assert_eq!(reply.status, 200, "{query}: {}", reply.body);
    let list = parsed(&reply)["data"].as_array().unwrap().clone();
    list.iter().map(|event| text(event, "/type").to_owned()).collect()
}

#[test]
fn events_are_listed_by_type_by_pattern_and_by_several_types() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    confirm(&mut sandbox, &intent, "pm_card_visa");
    assert_eq!(listed(&mut sandbox, "type=charge.succeeded"), ["charge.succeeded"]);
    assert_eq!(
        listed(&mut sandbox, "type=payment_intent.*"),
        ["payment_intent.succeeded", "payment_intent.created"]
    );
    assert_eq!(
        listed(&mut sandbox, "types[]=charge.succeeded&types[]=transfer.created"),
        ["charge.succeeded", "transfer.created"]
    );
    assert_eq!(listed(&mut sandbox, "type=charge"), [""; 0]);
    let (both, too_many) = ("type=a&types[]=b".to_owned(), "types[]=a&".repeat(21));
    for query in
        [both, too_many, "delivery_success=perhaps".to_owned(), "ending_before=evt_nobody".to_owned()]
    {
        assert_eq!(get(&mut sandbox, &format!("/v1/events?{query}")).status, 400, "{query}");
    }
    assert_eq!(listed(&mut sandbox, &"types[]=a&".repeat(20)), [""; 0]);
}

#[test]
fn the_platforms_list_has_no_events_of_connected_accounts_although_its_endpoint_gets_them() {
    let (mut sandbox, _) = paid("pm_card_visa");
    pay_out(&mut sandbox, 600, NOW);
    assert_eq!(listed(&mut sandbox, "type=payout.*"), [""; 0]);
    let mut of_account = get_call("/v1/events?type=payout.*");
    of_account.stripe_account = Some(CREATOR.to_owned());
    let event = parsed(&sandbox.handle(&of_account, NOW))["data"][0].clone();
    assert_eq!(text(&event, "/type"), "payout.created");
    let one = format!("/v1/events/{}", text(&event, "/id"));
    assert_eq!(get(&mut sandbox, &one).status, 404);
    let due = sandbox.due_deliveries(NOW, 100);
    assert!(due.iter().any(|attempt| attempt.event_id == text(&event, "/id")));
}

#[test]
fn undelivered_events_are_paged_by_cursor_and_creation_time() {
    let mut sandbox = sandbox();
    for second in 0..6 {
        let call = post_call("/v1/payment_intents", None, "amount=500&currency=usd");
        sandbox.handle(&call, NOW + second * 1000);
    }
    let attempts = sandbox.due_deliveries(NOW + 5000, 10);
    let id = |n: usize| attempts[n].event_id.clone();
    for delivered in [1, 4] {
        sandbox.delivered(&attempts[delivered], Delivered::Yes, NOW + 5000);
    }
    let mut page = |query: String| {
        let list = parsed(&get(&mut sandbox, &format!("/v1/events?{query}")));
        let ids = list["data"].as_array().unwrap().iter().map(|event| text(event, "/id").to_owned());
        (ids.collect::<Vec<_>>(), list["has_more"].as_bool().unwrap())
    };
    let failed = "delivery_success=false";
    assert_eq!(page(format!("{failed}&limit=2")), (vec![id(5), id(3)], true));
    assert_eq!(page(format!("{failed}&limit=2&starting_after={}", id(3))), (vec![id(2), id(0)], false));
    assert_eq!(page(format!("{failed}&limit=2&ending_before={}", id(0))), (vec![id(3), id(2)], true));
    assert_eq!(page(format!("{failed}&limit=2&ending_before={}", id(3))), (vec![id(5)], false));
    // The event that a cursor names need not be in the list.
    assert_eq!(page(format!("{failed}&starting_after={}", id(4))), (vec![id(3), id(2), id(0)], false));
    let from_1_to_3 = format!("created[gte]={}&created[lt]={}", NOW / 1000 + 1, NOW / 1000 + 4);
    assert_eq!(page(format!("{failed}&{from_1_to_3}")), (vec![id(3), id(2)], false));
    assert_eq!(page("delivery_success=true".to_owned()), (vec![id(4), id(1)], false));
}

#[test]
fn an_event_is_listed_for_thirty_days() {
    const THIRTY_DAYS_MS: i64 = 30 * 24 * 60 * 60 * 1000;
    let mut sandbox = sandbox();
    intent(&mut sandbox);
    let id = sandbox.due_deliveries(NOW, 1).remove(0).event_id;
    let mut statuses_at = |now: i64| {
        let list = get_call("/v1/events");
        let one = get_call(&format!("/v1/events/{id}"));
        let listed = parsed(&sandbox.handle(&list, now))["data"].as_array().unwrap().len();
        (listed, sandbox.handle(&one, now).status)
    };
    assert_eq!(statuses_at(NOW + THIRTY_DAYS_MS), (1, 200));
    assert_eq!(statuses_at(NOW + THIRTY_DAYS_MS + 1000), (0, 404));
}

#[test]
fn the_body_delivered_is_the_event_as_the_api_shows_it() {
    let mut sandbox = sandbox();
    let call = post_call("/v1/payment_intents", Some("k"), DESTINATION_CHARGE);
    let reply = sandbox.handle(&call, NOW);
    let attempt = sandbox.due_deliveries(NOW, 1).remove(0);
    let sent: Value = serde_json::from_str(&attempt.body).unwrap();
    assert_eq!(sent, parsed(&get(&mut sandbox, &format!("/v1/events/{}", attempt.event_id))));
    assert_eq!(text(&sent, "/api_version"), crate::API_VERSION);
    assert_eq!(text(&sent, "/request/id"), reply.header("request-id").unwrap());
    assert_eq!(text(&sent, "/request/idempotency_key"), "k");
    assert_eq!(sent["data"]["object"], parsed(&reply));
}

#[test]
fn a_signature_is_made_with_every_active_secret() {
    // HMAC-SHA256 of "1790812800.{}" with these keys, computed with OpenSSL.
    let header = signature_header(b"{}", 1_790_812_800, &["whsec_local".to_owned(), "whsec_old".to_owned()]);
    assert_eq!(header, EXPECTED_SIGNATURE);
}

const EXPECTED_SIGNATURE: &str = "t=1790812800,v1=e9597e6e550d03280fecf84dbc47361c9117cc9086978fa3a8d4cc897de9bdf8,v1=c4c345ee9b165c2a523a5207dc056774326ebc4a786c103caa943e67dee40ec2";
