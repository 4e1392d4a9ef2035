use super::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[test]
fn the_same_key_and_parameters_in_any_order_get_the_first_reply_again() {
    let mut sandbox = sandbox();
    let first = sandbox.handle(&post_call("/v1/payment_intents", Some("k"), "amount=500&currency=usd"), NOW);
    let replayed =
        sandbox.handle(&post_call("/v1/payment_intents", Some("k"), "currency=usd&amount=500"), NOW + 5);
    assert_eq!((replayed.status, &replayed.body), (200, &first.body));
    assert_eq!(replayed.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.header("idempotent-replayed"), None);
    assert_eq!(replayed.header("idempotency-key"), Some("k"));
    assert_eq!(count(&mut sandbox, "/v1/payment_intents"), 1);
}

#[test]
fn the_same_key_for_another_request_is_refused() {
    let mut sandbox = sandbox();
    sandbox.handle(&post_call("/v1/payment_intents", Some("k"), "amount=500&currency=usd"), NOW);
    for (path, body) in
        [("/v1/payment_intents", "amount=501&currency=usd"), ("/v1/accounts", "amount=500&currency=usd")]
    {
        let reply = sandbox.handle(&post_call(path, Some("k"), body), NOW);
        assert_eq!((reply.status, text(&parsed(&reply), "/error/type")), (400, "idempotency_error"));
    }
}

#[test]
fn a_decline_is_replayed_and_does_not_charge_again() {
    let mut sandbox = sandbox();
    let intent = intent(&mut sandbox);
    let path = format!("/v1/payment_intents/{}/confirm", text(&intent, "/id"));
    let call = post_call(&path, Some("k"), "payment_method=pm_card_chargeDeclined");
    let first = sandbox.handle(&call, NOW);
    let replayed = sandbox.handle(&call, NOW);
    assert_eq!((replayed.status, &replayed.body), (402, &first.body));
    assert_eq!(count(&mut sandbox, "/v1/charges"), 1);
}

#[test]
fn a_request_that_failed_validation_leaves_its_key_free() {
    let mut sandbox = sandbox();
    let refused = sandbox.handle(&post_call("/v1/payment_intents", Some("k"), "amount=1&currency=usd"), NOW);
    assert_eq!(refused.status, 400);
    let reply = sandbox.handle(&post_call("/v1/payment_intents", Some("k"), "amount=500&currency=usd"), NOW);
    assert_eq!(reply.status, 200);
}

#[test]
fn a_key_expires_after_a_day_and_belongs_to_its_account() {
    let mut sandbox = sandbox();
    let call = post_call("/v1/payment_intents", Some("k"), "amount=500&currency=usd");
    let first = sandbox.handle(&call, NOW);
    assert_eq!(sandbox.handle(&call, NOW + DAY_MS).body, first.body);
    assert_ne!(sandbox.handle(&call, NOW + DAY_MS + 1).body, first.body);
    let mut connected = call;
    connected.stripe_account = Some(CREATOR.to_owned());
    assert_eq!(sandbox.handle(&connected, NOW).header("idempotent-replayed"), None);
}

#[test]
fn a_key_is_at_most_255_characters_long() {
    let mut sandbox = sandbox();
    let mut create = |length: usize| {
        let key = "k".repeat(length);
        sandbox.handle(&post_call("/v1/payment_intents", Some(&key), "amount=500&currency=usd"), NOW).status
    };
    assert_eq!((create(255), create(256)), (200, 400));
}
