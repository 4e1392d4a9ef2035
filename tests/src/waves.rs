//! Creators of any number, and the waves that operators open to them.

use crate::api::text;
use crate::{Answer, App, Caller};
use reqwest::Method;
use serde_json::{Value, json};

impl App {
    /// A creator whose account is ready, left to the rollout.
    ///
    /// # Panics
    /// When there can be none.
    pub async fn ready_creator(&self, creator: &str) {
        let form = [
            ("type", "custom"),
            ("country", "US"),
            ("capabilities[transfers][requested]", "true"),
            ("tos_acceptance[date]", "1700000000"),
        ];
        let account = self.stripe(Method::POST, "/v1/accounts", &form).await.body;
        let body =
            json!({"receiving": "by_rollout", "reason": "ready", "stripe_account_id": text(&account, "id")});
        let set = self.operator().put(&eligibility(creator), body).await;
        assert_eq!((set.status, set.reasons()), (200, vec!["not_in_a_wave"]), "{set:?}");
    }

    /// Lets a wave be halted, past every function, as it halts by itself.
    ///
    /// # Panics
    /// When there is no such wave.
    pub async fn halt(&self, wave: &str) {
        for copy in 0..16 {
            let mut item = self.items(&format!("ROLLOUT#{copy}")).await.remove(0);
            let rules = item["rollout"]["M"]["waves"]["L"].as_array_mut().expect("waves");
            let rule = rules.iter_mut().find(|rule| rule["M"]["name"]["S"] == wave).expect("the wave");
            rule["M"]["halted"] = json!({"BOOL": true});
            self.put(&item).await;
        }
    }
}

impl Caller<'_> {
    /// `PUT` of a wave.
    pub async fn put_wave(&self, wave: &str, body: Value) -> Answer {
        self.put(&wave_path(wave), body).await
    }

    /// `PUT` of a wave whose version is known.
    pub async fn put_wave_if(&self, wave: &str, etag: &str, body: Value) -> Answer {
        Answer::to(self.request(Method::PUT, &wave_path(wave)).header("if-match", etag).json(&body)).await
    }

    /// What a `PUT` of a wave would change.
    pub async fn dry_run(&self, wave: &str, body: Value) -> Answer {
        self.put(&format!("{}?dry_run=true", wave_path(wave)), body).await
    }

    /// `POST …/rollback`.
    pub async fn roll_back(&self, wave: &str) -> Answer {
        self.post(&format!("{}/rollback", wave_path(wave)), json!({"reason": "undone"})).await
    }

    /// `POST …/resume`.
    pub async fn resume(&self, wave: &str) -> Answer {
        self.post(&format!("{}/resume", wave_path(wave)), json!({"reason": "looked into"})).await
    }

    /// Why a creator may or may not receive.
    pub async fn explained(&self, creator: &str) -> Value {
        self.get(&eligibility(creator)).await.body
    }
}

fn wave_path(wave: &str) -> String {
    format!("/v1/admin/waves/{wave}")
}

fn eligibility(creator: &str) -> String {
    format!("/v1/admin/creators/{creator}/eligibility")
}
