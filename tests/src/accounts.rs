//! Creators and their connected accounts: what operators and creators ask of us, and what changes at Stripe.

use crate::api::text;
use crate::{Answer, App, Caller};
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

    /// Submits the page of an onboarding, for example with `finish`.
    ///
    /// # Panics
    /// When the page is not open to the creator.
    pub async fn onboard(&self, link: &Value, action: &str) {
        let page = self.http.post(format!("{}/{action}", text(link, "url")));
        let answer = Answer::to(page.header("accept", "application/json")).await;
        assert_eq!((answer.status, &answer.body["deed"]), (200, &Value::from(action)), "{answer:?}");
    }

    /// Pays out a part of a creator's balance at Stripe.
    ///
    /// # Panics
    /// When the balance is lower.
    pub async fn pay_out(&self, creator: &str, amount: i64) {
        let explained = self.operator().explained(creator).await;
        let url = format!("{}/v1/payouts", self.stack.endpoints().stripe);
        let request = self.http.post(url).bearer_auth("sk_test_x");
        let request = request.header("stripe-account", text(&explained, "stripe_account_id"));
        let answer = Answer::to(request.body(format!("amount={amount}&currency=usd"))).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

impl Caller<'_> {
    /// `POST …/onboarding`, with a page of the app to come back to.
    pub async fn start_onboarding(&self, creator: &str) -> Answer {
        self.post_onboarding(creator, self.onboarding_urls()).await
    }

    /// `POST …/onboarding` with a country.
    pub async fn start_onboarding_in(&self, creator: &str, country: impl Into<Value>) -> Answer {
        let mut body = self.onboarding_urls();
        body["country"] = country.into();
        self.post_onboarding(creator, body).await
    }

    fn onboarding_urls(&self) -> Value {
        let page = format!("{}/creator.html", self.home());
        json!({"return_url": page, "refresh_url": format!("{page}?again")})
    }

    async fn post_onboarding(&self, creator: &str, body: Value) -> Answer {
        self.post(&format!("/v1/creators/{creator}/onboarding"), body).await
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

fn eligibility(creator: &str) -> String {
    format!("/v1/admin/creators/{creator}/eligibility")
}
