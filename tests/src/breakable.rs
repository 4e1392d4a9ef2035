//! A stack whose functions can be interrupted at any request, with a clock that tests advance.

use crate::rotating_secrets::RotatingSecrets;
use crate::{App, Hops, functions};
use lambda_http::{Body, Error, Request, Response, service_fn};
use local::Endpoints;
use local::function::Function;
use local::functions::{AwsServices, config};
use local::stack::{Options, Platform, Stack};
use payments::{Countries, FeeBearer, SenderLimits, Timestamp};
use payments_services::{Clock, Secrets, SystemClock, sdk_config};
use payments_store::Store;
use payments_stripe::{ApiBase, Stripe, TimeLimits};
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Time for two or three attempts: long enough to overcome one fault, and soon over in an outage.
const STRIPE_LIMITS: TimeLimits =
    TimeLimits { attempt: Duration::from_secs(6), overall: Duration::from_millis(1_200) };

/// A seeded stack that ignores Stripe's own deliveries unless it is told to hear them: a test delivers events itself, so
/// that no webhook repairs what the test is about.
pub struct Breakable {
    /// Calls to the stack. The gateway answers 500 for a function that crashes.
    pub app: App,
    /// As `stripe-webhook` has them, without hops.
    pub services: Arc<payments_services::Services>,
    /// Of `create-payment-intent`.
    pub create: Hops,
    /// Of `stripe-webhook`.
    pub webhook: Hops,
    /// Of `payment-history`.
    pub history: Hops,
    /// Of `creator-eligibility`.
    pub eligibility: Hops,
    /// Of `creator-onboarding`.
    pub onboarding: Hops,
    /// Of `refund-payment`.
    pub refund: Hops,
    /// Of `reconcile-payments`.
    pub reconcile: Hops,
    /// As `reconcile-payments` has them, over its hops.
    pub reconciler: Arc<payments_services::Services>,
    clock: Arc<ShiftedClock>,
    stripe_key: Arc<Mutex<String>>,
    hears_stripe: Arc<AtomicBool>,
}

impl Breakable {
    /// Starts the stack.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        Self::start_where(FeeBearer::Sender).await
    }

    /// Starts a stack where senders are limited.
    /// # Panics
    /// When it does not start.
    pub async fn start_with_limits(limits: SenderLimits) -> Self {
        Self::start_with(FeeBearer::Sender, Some(limits), true, Options::default()).await
    }

    /// Starts a stack without a reader of the stream, which would count tens of thousands of items while a test waits.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_without_stream() -> Self {
        Self::start_with(FeeBearer::Sender, None, false, Options::default()).await
    }

    /// Starts a stack where `fee_bearer` bears the processing fee of refunds.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_where(fee_bearer: FeeBearer) -> Self {
        Self::start_with(fee_bearer, None, true, Options::default()).await
    }

    /// Starts a stack with options.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_as(options: Options) -> Self {
        Self::start_with(FeeBearer::Sender, None, true, options).await
    }

    /// Starts a stack on a platform of v1 that opens accounts of v2 by now. The demo creators' accounts are of v1.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_between_apis() -> Self {
        Self::start_with(FeeBearer::Sender, None, true, Self::between_apis()).await
    }

    /// Starts a stack as [`Self::start_between_apis`], without a reader of the stream.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_between_apis_without_stream() -> Self {
        Self::start_with(FeeBearer::Sender, None, false, Self::between_apis()).await
    }

    /// Starts a stack whose payments are created as in live mode.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_live() -> Self {
        Self::start_wired(FeeBearer::Sender, None, false, Options::default(), true).await
    }

    /// Starts a stack whose webhook hears Stripe's own deliveries.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with_deliveries() -> Self {
        let stack = Self::start().await;
        stack.hears_stripe.store(true, Ordering::Relaxed);
        stack
    }

    fn between_apis() -> Options {
        Options { platform: Platform::AccountsV1, account_kind: Some("accounts_v2"), ..Options::default() }
    }

    async fn start_with(
        fee_bearer: FeeBearer,
        limits: Option<SenderLimits>,
        reads_stream: bool,
        options: Options,
    ) -> Self {
        Self::start_wired(fee_bearer, limits, reads_stream, options, false).await
    }

    async fn start_wired(
        fee_bearer: FeeBearer,
        limits: Option<SenderLimits>,
        reads_stream: bool,
        options: Options,
        creates_live: bool,
    ) -> Self {
        let [create, webhook, history, eligibility, onboarding, refund, reconcile] = [
            "create-payment-intent",
            "stripe-webhook",
            "payment-history",
            "creator-eligibility",
            "creator-onboarding",
            "refund-payment",
            "reconcile-payments",
        ]
        .map(Hops::of);
        let clock = Arc::new(ShiftedClock::default());
        let stripe_key = Arc::new(Mutex::new("sk_test_local".to_owned()));
        let hears_stripe = Arc::new(AtomicBool::new(false));
        let wiring = Wiring {
            clock: clock.clone(),
            stripe_key: stripe_key.clone(),
            fee_bearer,
            limits,
            hears_stripe: hears_stripe.clone(),
            creates_live,
        };
        let (mut services, mut reconciler) = (None, None);
        let stack = Stack::start_with(options, |endpoints| {
            // A test's own reads and writes are no function's.
            services = Some(wiring.app(endpoints, "stripe-webhook", &Hops::default(), clock.clone())?);
            let mut all = functions(endpoints)?;
            if !reads_stream {
                all.remove("publish-payment-events");
            }
            all.insert("create-payment-intent", wiring.create(endpoints, &create)?);
            all.insert("stripe-webhook", wiring.webhook(endpoints, &webhook)?);
            all.insert("payment-history", wiring.history(endpoints, &history)?);
            all.insert("creator-eligibility", wiring.eligibility(endpoints, &eligibility)?);
            all.insert("creator-onboarding", wiring.onboarding(endpoints, &onboarding)?);
            all.insert("refund-payment", wiring.refund(endpoints, &refund)?);
            let app = wiring.app(endpoints, "reconcile-payments", &reconcile, clock.clone())?;
            let app = reconciler.insert(Arc::new(app)).clone();
            all.insert("reconcile-payments", breakable(app, &reconcile, reconcile_payments::handle));
            Ok(all)
        });
        let app = App::over(stack.await.expect("the stack starts"));
        let services = Arc::new(services.expect("the stack has functions"));
        let reconciler = reconciler.expect("the stack has functions");
        Self {
            app,
            services,
            create,
            webhook,
            history,
            eligibility,
            onboarding,
            refund,
            reconcile,
            reconciler,
            clock,
            stripe_key,
            hears_stripe,
        }
    }

    /// The hops of every function that calls Stripe.
    #[must_use]
    pub fn all_hops(&self) -> [&Hops; 7] {
        let Self { create, webhook, history, eligibility, onboarding, refund, reconcile, .. } = self;
        [create, webhook, history, eligibility, onboarding, refund, reconcile]
    }

    /// Advances the clock of every function but the webhook, whose signatures are made now.
    pub fn pass_seconds(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The time of that clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Replaces the secret key of Stripe; a function fetches it once its own is five minutes old.
    pub fn rotate_stripe_key(&self, key: &str) {
        key.clone_into(&mut self.stripe_key.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The machine's time and some seconds more.
#[derive(Default)]
struct ShiftedClock(AtomicI64);

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_seconds(self.0.load(Ordering::Relaxed))
    }
}

/// The functions as their `main`s wire them, over hops.
struct Wiring {
    clock: Arc<ShiftedClock>,
    stripe_key: Arc<Mutex<String>>,
    fee_bearer: FeeBearer,
    limits: Option<SenderLimits>,
    hears_stripe: Arc<AtomicBool>,
    creates_live: bool,
}

impl Wiring {
    fn create(&self, endpoints: &Endpoints, hops: &Hops) -> Result<Function, Error> {
        let mut app = self.app(endpoints, "create-payment-intent", hops, self.clock.clone())?;
        app.config.livemode = self.creates_live;
        Ok(breakable(app, hops, create_payment_intent::handle))
    }

    /// With the machine's clock, since signatures are made now.
    fn webhook(&self, endpoints: &Endpoints, hops: &Hops) -> Result<Function, Error> {
        let app = self.app(endpoints, "stripe-webhook", hops, Arc::new(SystemClock))?;
        let hears_stripe = self.hears_stripe.clone();
        Ok(breakable(app, hops, move |app, request| {
            let is_ignored = is_from_stripe(&request) && !hears_stripe.load(Ordering::Relaxed);
            async move {
                if is_ignored { Response::default() } else { stripe_webhook::handle(app, request).await }
            }
        }))
    }

    fn history(&self, endpoints: &Endpoints, hops: &Hops) -> Result<Function, Error> {
        let app = self.app(endpoints, "payment-history", hops, self.clock.clone())?;
        Ok(breakable(app, hops, payment_history::handle))
    }

    fn eligibility(&self, endpoints: &Endpoints, hops: &Hops) -> Result<Function, Error> {
        let app = self.app(endpoints, "creator-eligibility", hops, self.clock.clone())?;
        Ok(breakable(app, hops, creator_eligibility::handle))
    }

    fn onboarding(&self, endpoints: &Endpoints, hops: &Hops) -> Result<Function, Error> {
        let mut app = self.app(endpoints, "creator-onboarding", hops, self.clock.clone())?;
        // Without countries of our own, so that Stripe refuses one.
        app.config.policy.countries = Countries::default();
        Ok(breakable(app, hops, creator_onboarding::handle))
    }

    fn refund(&self, endpoints: &Endpoints, hops: &Hops) -> Result<Function, Error> {
        let mut app = self.app(endpoints, "refund-payment", hops, self.clock.clone())?;
        app.config.refunds.fee_bearer = self.fee_bearer;
        Ok(breakable(app, hops, refund_payment::handle))
    }

    fn app(
        &self,
        endpoints: &Endpoints,
        name: &str,
        hops: &Hops,
        clock: Arc<dyn Clock>,
    ) -> Result<payments_services::Services, Error> {
        let mut config = config(endpoints, name)?;
        if let Some(limits) = &self.limits {
            config.policy.senders = limits.clone();
        }
        let sdk = sdk_config(|name| name.starts_with("AWS_").then(|| "local".to_owned()));
        let secrets = Box::new(RotatingSecrets::of(endpoints, self.stripe_key.clone()));
        let aws = hops.recorded(AwsServices { sdk, secrets });
        Ok(payments_services::Services {
            store: store(endpoints, hops, &aws),
            stripe: stripe(endpoints, hops, &config)?,
            secrets: Secrets::new(aws.secrets, clock.clone()),
            clock,
            config,
        })
    }
}

/// A function that is dropped where its hops crash, as a killed process ends.
fn breakable<F, Fut>(app: impl Into<Arc<payments_services::Services>>, hops: &Hops, handle: F) -> Function
where
    F: Fn(Arc<payments_services::Services>, Request) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Response<Body>> + Send + 'static,
{
    let (app, hops) = (app.into(), hops.clone());
    Function::new(service_fn(move |request| {
        let (answer, hops) = (handle(app.clone(), request), hops.clone());
        async move {
            tokio::select! {
                answer = answer => Ok(answer),
                () = hops.crashed() => Err("crashed"),
            }
        }
    }))
}

/// The stand-in's own deliveries have a user agent; a test's do not.
fn is_from_stripe(request: &Request) -> bool {
    let agent = request.headers().get("user-agent");
    agent.is_some_and(|agent| agent.as_bytes().starts_with(b"Stripe/"))
}

fn store(endpoints: &Endpoints, hops: &Hops, aws: &AwsServices) -> Store {
    let inner = aws.sdk.http_client().expect("the configuration brings an HTTP client");
    let sdk = aws.sdk.to_builder().http_client(hops.http_client(inner)).build();
    Store::new(&sdk, Some(&endpoints.dynamodb), &endpoints.table)
}

fn stripe(endpoints: &Endpoints, hops: &Hops, config: &payments_services::Config) -> Result<Stripe, Error> {
    let (base, deployment) = (ApiBase::parse(&endpoints.stripe)?, config.deployment.clone());
    Ok(Stripe::new(hops.transport(), base, deployment).with_limits(STRIPE_LIMITS))
}
