//! Does what was planned, one step after the other.

use super::{Step, Wanted};
use crate::aws::{Aws, AwsError};
use crate::endpoints::{FINGERPRINT, PLACEHOLDER, Purpose, fingerprint_of};
use crate::facts::signing_secrets;
use crate::stack::{Stack, StackError};
use crate::stripe::new_key;
use payments::Secret;
use payments_stripe::{EndpointObject, EndpointUpdate, NewEndpoint, Session, StripeError};

/// A step failed. Another run begins with what is there.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("Stripe: {0}")]
    Stripe(#[from] StripeError),
    #[error(transparent)]
    Aws(#[from] AwsError),
    #[error(transparent)]
    Stack(#[from] StackError),
    #[error("the signing secrets cannot be read: {0}")]
    Secrets(String),
    #[error("Stripe made {0} without telling its secret")]
    NoSecret(String),
}

/// Where the steps are done.
pub struct Target<'a> {
    pub aws: &'a Aws,
    pub stack: &'a Stack,
    pub session: &'a Session,
    pub wanted: Wanted<'a>,
}

/// Does the steps, and reports each that is done.
///
/// # Errors
/// [`SetupError`] of the first step that fails.
pub async fn set_up(
    target: &Target<'_>,
    steps: &[Step],
    mut done: impl FnMut(&Step),
) -> Result<(), SetupError> {
    for step in steps {
        match step {
            Step::Create(purpose) => target.create(*purpose).await?,
            Step::Update { purpose, id, change } => target.update(*purpose, id, change).await?,
            Step::DropPlaceholder => target.put_secrets(None)?,
            Step::Disable { purpose, id } => {
                let change = EndpointUpdate { disabled: Some(true), ..EndpointUpdate::default() };
                target.update(*purpose, id, &change).await?;
            }
        }
        done(step);
    }
    Ok(())
}

impl Target<'_> {
    /// The endpoint, then its secret, then the mark that its secret is kept: without the mark it is replaced.
    async fn create(&self, purpose: Purpose) -> Result<(), SetupError> {
        let new = NewEndpoint {
            url: self.wanted.url,
            enabled_events: purpose.events(),
            connect: purpose != Purpose::Platform,
            metadata: purpose.metadata(self.wanted.deployment),
        };
        let key = new_key(purpose.name());
        let made: EndpointObject = match purpose {
            Purpose::Platform | Purpose::Connected => {
                self.session.create_webhook_endpoint(&new, &key).await?
            }
            Purpose::Thin => self.session.create_thin_destination(&new, &key).await?,
        };
        let secret = made.secret.as_ref().ok_or_else(|| SetupError::NoSecret(made.id.clone()))?;
        self.put_secrets(Some(secret))?;
        let metadata = [(FINGERPRINT.to_owned(), fingerprint_of(secret))].into();
        self.update(purpose, &made.id, &EndpointUpdate { metadata, ..EndpointUpdate::default() }).await
    }

    async fn update(&self, purpose: Purpose, id: &str, change: &EndpointUpdate) -> Result<(), SetupError> {
        let key = new_key("change");
        match purpose {
            Purpose::Platform | Purpose::Connected => {
                self.session.update_webhook_endpoint(id, change, &key).await?;
            }
            Purpose::Thin => {
                let fields = EndpointUpdate { disabled: None, ..change.clone() };
                if fields != EndpointUpdate::default() {
                    self.session.update_thin_destination(id, &fields, &key).await?;
                }
                if let Some(disabled) = change.disabled {
                    self.session.set_thin_destination_enabled(id, !disabled, &new_key("status")).await?;
                }
            }
        }
        Ok(())
    }

    /// Puts a secret beside those that are there now, without the documents' value.
    fn put_secrets(&self, new: Option<&Secret>) -> Result<(), SetupError> {
        let mut secrets = signing_secrets(self.aws, self.stack).map_err(SetupError::Secrets)?;
        secrets.retain(|secret| secret != PLACEHOLDER);
        let new = new.map(|secret| String::from_utf8_lossy(secret.expose()).into_owned());
        secrets.splice(0..0, new);
        let arn = self.stack.required("StripeWebhookSecretsArn")?;
        let command = [
            "secretsmanager",
            "put-secret-value",
            "--secret-id",
            arn,
            "--secret-string",
            "file:///dev/stdin",
        ];
        self.aws.write(&command, secrets.join(",").as_bytes())?;
        Ok(())
    }
}
