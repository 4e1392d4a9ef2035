//! Stripe refuses a payment for a reason that we can name, or for a fault of the set-up that an operator must mend.

use black_box::{Answer, Breakable, listen_to_logs, logged, order, ten_dollars, text};
use serde_json::{Value, json};

async fn pay(stack: &Breakable, sender: &str) -> Answer {
    stack.app.user(sender).pay("k", ten_dollars()).await
}

async fn row(stack: &Breakable, sender: &str) -> Value {
    stack.app.row_of(sender).await.expect("a row")
}

async fn anas_account(stack: &Breakable) -> String {
    text(&stack.app.operator().explained("ana").await, "stripe_account_id").to_owned()
}

fn refusal(code: Option<&str>, param: Option<&str>, message: &str) -> Value {
    json!({"error": {"type": "invalid_request_error", "code": code, "param": param, "message": message}})
}

/// The answer is the same on every retry, and the payment is closed.
async fn is_refused_for_good(stack: &Breakable, sender: &str) -> Answer {
    let first = pay(stack, sender).await;
    stack.create.stripe_is_back();
    let again = pay(stack, sender).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(row(stack, sender).await["status"]["S"], "canceled");
    assert_eq!(stack.app.intents().await.len(), 0);
    first
}

#[tokio::test]
async fn an_account_that_may_no_longer_be_paid_is_looked_at_at_once() {
    for action in ["restrict", "reject", "deauthorize"] {
        let stack = Breakable::start().await;
        let account = anas_account(&stack).await;
        // Nobody tells us: the news of the account is lost.
        stack.app.change_account(&account, action).await;
        assert_eq!(stack.app.user("sam").get("/v1/creators/ana").await.body["can_receive"], true);
        let refused = is_refused_for_good(&stack, "sam").await;
        assert_eq!(refused.problem(), (403, "creator_not_receiving"), "{action}");
        assert_eq!(refused.reasons(), ["account_restricted"], "{action}");
        let profile = stack.app.user("kim").get("/v1/creators/ana").await;
        assert_eq!(profile.reasons(), ["account_restricted"], "{action}");
        stack.create.asked_of_stripe();
        assert_eq!(pay(&stack, "kim").await.problem(), (403, "creator_not_receiving"));
        assert_eq!(stack.create.asked_of_stripe().len(), 0, "{action}: Stripe is asked once");
    }
}

#[tokio::test]
async fn an_amount_that_is_too_small_after_conversion_is_refused_with_stripes_minimum() {
    let stack = Breakable::start().await;
    let converted = "Amount must convert to at least 50 cents. 0.83 EUR converts to approximately $0.45.";
    stack.create.stripe_replies(400, &refusal(Some("amount_too_small"), Some("amount"), converted));
    for _ in 0..2 {
        let refused = pay(&stack, "sam").await;
        assert_eq!(refused.problem(), (422, "amount_below_minimum"), "{refused:?}");
        assert_eq!(
            (refused.reasons(), &refused.body["field"]),
            (vec!["amount_below_minimum"], &json!("amount"))
        );
        assert!(text(&refused.body, "detail").contains("50 cents"), "{refused:?}");
    }
    assert_eq!(row(&stack, "sam").await["status"]["S"], "canceled");
}

#[tokio::test]
async fn each_refusal_of_the_amount_the_currency_or_the_country_has_its_own_answer() {
    let region = "Cannot create a destination charge for connected accounts in JP because funds would be settled on \
                  the platform and the connected account is outside the platform's region.";
    for (reply, problem, reasons) in [
        (
            refusal(Some("amount_too_large"), Some("amount"), ""),
            (422, "amount_above_maximum"),
            vec!["amount_above_maximum"],
        ),
        (
            refusal(None, Some("currency"), "Invalid currency: usd"),
            (422, "currency_unsupported"),
            vec!["currency_unsupported"],
        ),
        (refusal(None, None, region), (403, "creator_not_receiving"), vec!["country_unsupported"]),
        (refusal(Some("a_code_of_next_year"), None, ""), (422, "payment_refused"), vec![]),
    ] {
        let stack = Breakable::start().await;
        stack.create.stripe_replies(400, &reply);
        let refused = is_refused_for_good(&stack, "sam").await;
        assert_eq!((refused.problem(), refused.reasons()), (problem, reasons), "{reply}");
    }
}

#[tokio::test]
async fn a_fault_of_the_set_up_closes_nothing_alerts_the_operator_and_is_over_once_it_is_mended() {
    listen_to_logs();
    let permission = "The provided key 'rk_test_*x' lacks 'rak_payment_intent_write'.";
    for (status, reply, fault) in [
        (403, refusal(None, None, permission), "permission"),
        (401, refusal(None, None, "Invalid API Key provided: sk_test_*x"), "key"),
        (
            400,
            refusal(Some("testmode_charges_only"), None, "Your account is not activated."),
            "platform_account",
        ),
        (400, refusal(None, None, "Your account cannot currently make live charges."), "platform_account"),
        (
            400,
            refusal(None, Some("statement_descriptor_suffix"), "The descriptor is too long."),
            "statement_descriptor",
        ),
    ] {
        let stack = Breakable::start().await;
        let before = logged().len();
        stack.create.stripe_replies(status, &reply);
        let refused = pay(&stack, "sam").await;
        assert_eq!(refused.problem(), (503, "unavailable"), "{reply}");
        assert_eq!(refused.retry_after.as_deref(), Some("60"));
        assert_eq!(row(&stack, "sam").await["status"]["S"], "created", "{reply}");
        let lines: Vec<_> = logged().into_iter().skip(before).map(|logged| logged.line).collect();
        let named: Vec<_> = lines.iter().filter(|line| line["fault"] == fault).collect();
        assert_eq!(named.len(), 1, "{lines:?}");
        let counted = lines.iter().filter(|line| line["metric"] == "StripeSetUpFault").count();
        assert_eq!(counted, 1, "{lines:?}");
        assert!(!lines.iter().any(|line| line.to_string().contains("k_test_")), "{lines:?}");
        stack.create.stripe_is_back();
        assert_eq!(pay(&stack, "sam").await.status, 201, "{reply}");
        assert_eq!(stack.app.intents().await.len(), 1);
    }
}

#[tokio::test]
async fn stripes_message_is_logged_unless_the_request_has_an_address() {
    listen_to_logs();
    let stack = Breakable::start().await;
    let message = "Your account cannot currently make live charges.";
    stack.create.stripe_replies(400, &refusal(None, None, message));
    let told = async |email: Option<&str>, key: &str| {
        let before = logged().len();
        let caller = match email {
            Some(email) => stack.app.user_with_email("sam", email),
            None => stack.app.user("sam"),
        };
        assert_eq!(caller.pay(key, order("ana", 1_000)).await.status, 503);
        let lines = logged().into_iter().skip(before);
        let mut told = lines.filter(|logged| logged.line["fault"] == "platform_account");
        told.next().expect("a line").line["stripe_message"].clone()
    };
    assert_eq!(told(None, "a").await, message);
    assert_eq!(told(Some("sam@example.com"), "b").await, Value::Null);
}
