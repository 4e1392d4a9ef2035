//! Creators and their connected accounts: what operators and creators ask of us, and what changes at Stripe.

use crate::api::text;
use crate::{Answer, App, Caller};
use payments::{Onboarding, Policy, Receiver};
use reqwest::Method;
use serde_json::{Value, json};

impl App {
    /// Opens an account at Stripe that may receive.
    pub async fn ready_account(&self, country: &str) -> String {
        let account = self.stripe(Method::POST, "/stand_in/accounts", &[("country", country)]).await.body;
        text(&account, "id").to_owned()
    }

    /// A creator whose account is ready, left to the rollout.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn ready_creator(&self, creator: &str) {
        let account = self.ready_account("US").await;
        let set = self.operator().set_account(creator, "by_rollout", &account).await;
        assert_eq!((set.status, set.reasons()), (200, vec!["not_in_a_wave"]), "{set:?}");
    }

    /// The accounts at Stripe that were opened for a creator.
    pub async fn accounts_of(&self, creator: &str) -> Vec<String> {
        let accounts = self.listed("/v1/accounts?limit=100").await.into_iter();
        let theirs = accounts.filter(|account| account["metadata"]["creator_id"] == creator);
        theirs.map(|account| text(&account, "id").to_owned()).collect()
    }

    /// Changes an account as Stripe or its owner does, for example with `restrict`.
    ///
    /// # Panics
    /// When there is no such account or action.
    pub async fn change_account(&self, account: &str, action: &str) {
        let path = format!("/stand_in/accounts/{account}/{action}");
        let answer = self.stripe(Method::POST, &path, &[]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// The state of an onboarding by what is stored. The creator's settings may ask Stripe first.
    ///
    /// # Panics
    /// When the stored receiver is none.
    pub async fn stored_state(&self, creator: &str) -> Value {
        let rows = self.items(&format!("CREATOR#{creator}")).await;
        let row = rows.into_iter().find(|row| row["SK"]["S"] == "RECEIVER");
        let Some(row) = row else { return "not_started".into() };
        let receiver: Receiver = serde_json::from_value(plain(&row["receiver"])).expect("a receiver");
        serde_json::to_value(Onboarding::of(&receiver, &Policy::default())).expect("JSON")
    }

    /// Submits the page of an onboarding, for example with `finish`.
    ///
    /// # Panics
    /// When the page is not open to the creator.
    pub async fn onboard(&self, link: &Value, action: &str) {
        let page = self.http.post(format!("{}/{action}", text(link, "url")));
        let answer = Answer::to(page.header("accept", "application/json")).await;
        assert_eq!((answer.status, &answer.body["deed"]), (200, &Value::from(action)), "{answer:?}");
    }

    /// Pays out a part of a creator's balance at Stripe, and returns the payout's id.
    ///
    /// # Panics
    /// When the balance is lower.
    pub async fn pay_out(&self, creator: &str, amount: i64) -> String {
        self.post_as(creator, "/v1/payouts", format!("amount={amount}&currency=usd")).await
    }

    /// Reverses a payout that arrived, by a debit of the creator's bank, and returns the debit's id.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn reverse_payout(&self, creator: &str, payout: &str) -> String {
        self.post_as(creator, &format!("/v1/payouts/{payout}/reverse"), String::new()).await
    }

    /// Posts to Stripe on behalf of a creator's account, and returns the object's id.
    async fn post_as(&self, creator: &str, path: &str, form: String) -> String {
        let explained = self.operator().explained(creator).await;
        let url = format!("{}{path}", self.stack.endpoints().stripe);
        let request = self.http.post(url).bearer_auth("sk_test_x");
        let request = request.header("stripe-account", text(&explained, "stripe_account_id"));
        let answer = Answer::to(request.body(form)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        text(&answer.body, "id").to_owned()
    }
}

impl App {
    /// Lets a payout arrive at the creator's bank, or a debit at Stripe.
    ///
    /// # Panics
    /// When there is no such payout.
    pub async fn complete_payout(&self, payout: &str) {
        let answer = self.stripe(Method::POST, &format!("/stand_in/payouts/{payout}/pay"), &[]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Sends a payout back, or refuses a debit, as a creator's bank does.
    ///
    /// # Panics
    /// When there is no such payout, or it failed before.
    pub async fn fail_payout(&self, payout: &str, code: &str) {
        let path = format!("/stand_in/payouts/{payout}/fail");
        let answer = self.stripe(Method::POST, &path, &[("failure_code", code)]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

impl Caller<'_> {
    /// `POST …/onboarding`, with the creator's address and a page of the app to come back to.
    pub async fn start_onboarding(&self, creator: &str) -> Answer {
        self.start_onboarding_with(creator, json!({})).await
    }

    /// `POST …/onboarding` with other fields than those of [`Self::start_onboarding`]; null for none.
    pub async fn start_onboarding_with(&self, creator: &str, fields: Value) -> Answer {
        let page = format!("{}/creator.html", self.home());
        let email = format!("{creator}@example.com");
        let mut body = json!({"return_url": page, "refresh_url": format!("{page}?again"), "email": email});
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        self.post(&format!("/v1/creators/{creator}/onboarding"), body).await
    }

    /// `POST …/dashboard-link`, with a page of the app to come back to.
    pub async fn open_dashboard(&self, creator: &str) -> Answer {
        let page = format!("{}/creator.html?again", self.home());
        self.post(&format!("/v1/creators/{creator}/dashboard-link"), json!({"refresh_url": page})).await
    }

    /// `POST …/onboarding` with a country.
    pub async fn start_onboarding_in(&self, creator: &str, country: impl Into<Value>) -> Answer {
        self.start_onboarding_with(creator, json!({"country": country.into()})).await
    }

    /// The state of an onboarding, as the creator's settings show it.
    pub async fn onboarding_state(&self, creator: &str) -> Value {
        let settings = self.get(&format!("/v1/creators/{creator}/settings")).await;
        settings.body["onboarding"]["state"].clone()
    }

    /// Sets whether a creator may receive, as an operator.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn set_receiving(&self, creator: &str, receiving: &str) {
        let body = json!({"receiving": receiving, "reason": "test"});
        let answer = self.put(&eligibility(creator), body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Sets whether a creator may receive, and their account, as an operator.
    pub async fn set_account(&self, creator: &str, receiving: &str, account: &str) -> Answer {
        let body = json!({"receiving": receiving, "reason": "test", "stripe_account_id": account});
        self.put(&eligibility(creator), body).await
    }

    /// Why a creator may or may not receive.
    pub async fn explained(&self, creator: &str) -> Value {
        self.get(&eligibility(creator)).await.body
    }
}

/// An attribute of an item as plain JSON.
fn plain(attribute: &Value) -> Value {
    let (kind, value) = attribute.as_object().and_then(|typed| typed.iter().next()).expect("an attribute");
    match (kind.as_str(), value) {
        ("M", Value::Object(fields)) => {
            fields.iter().map(|(name, value)| (name.clone(), plain(value))).collect()
        }
        ("L", Value::Array(values)) => values.iter().map(plain).collect(),
        ("N", Value::String(digits)) => serde_json::from_str(digits).expect("a number"),
        (_, value) => value.clone(),
    }
}

fn eligibility(creator: &str) -> String {
    format!("/v1/admin/creators/{creator}/eligibility")
}
