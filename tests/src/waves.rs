//! The waves by which operators open receiving.

use crate::{Answer, App, Caller};
use reqwest::Method;
use serde_json::{Value, json};

impl App {
    /// Halts a wave in the table, as a wave halts by itself.
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

    /// `PUT` of a wave, if it has a version.
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
}

fn wave_path(wave: &str) -> String {
    format!("/v1/admin/waves/{wave}")
}
