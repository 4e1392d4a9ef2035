//! Redirects: a won dispute or a failed refund pays a creator again, whose account may be gone by then. An operator sends it
//! to the account that the creator has today. The redirect is a fact of the payment, and each transfer instruction freezes
//! its own destination, so a transfer under way is not sent twice.

use payments::{AccountId, Currency, InstructionOutcome, NothingOwed, Payment, PaymentId, Reason};
use payments_bookkeeping::{AppliedFacts, Bookkeeping};
use payments_http::{Body, Caller, Problem, Request, Response, StatusCode, json, json_body, path_payment};
use payments_services::Services;
use payments_store::{Applied, Stored};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RedirectBody {
    reason: String,
}

#[derive(Serialize)]
struct RedirectView {
    payment_id: PaymentId,
    /// Where retransfers of this payment go.
    stripe_account_id: AccountId,
    /// What is still to be paid, in minor units.
    amount: i64,
    currency: Currency,
    /// Stripe's code for the last transfer that it refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

pub(crate) async fn post(services: &Services, request: &Request) -> Result<Response<Body>, Problem> {
    let caller = Caller::operator(services, request)?;
    let RedirectBody { reason } = json_body(request)?;
    let reason = Reason::parse(&reason).map_err(|error| Problem::invalid_field("reason", error))?;
    let id = path_payment(request)?;
    let stored = services.store.payment(&id).await?.ok_or_else(Problem::not_found)?;
    let to = account_of_today(services, &stored.value).await?;
    let known = redirect(services, stored, &to, caller, reason).await?;
    let payment = Bookkeeping::now(services).execute_or_defer(known).await;
    json(StatusCode::OK, &RedirectView::of(&payment.value, to))
}

/// The creator's account, which must be able to receive.
async fn account_of_today(services: &Services, payment: &Payment) -> Result<AccountId, Problem> {
    let creator = &payment.terms.creator;
    let receiver = services.store.receiver(creator).await?;
    let account = receiver.account.filter(|account| services.config.policy.may_be_paid(account));
    let account = account.ok_or_else(|| {
        let detail =
            "The creator has no account that Stripe lets receive. They have to finish an onboarding first.";
        conflict("account_restricted", detail)
    })?;
    Ok(account.id)
}

async fn redirect(
    services: &Services,
    stored: Stored<Payment>,
    to: &AccountId,
    caller: Caller,
    reason: Reason,
) -> Result<AppliedFacts, Problem> {
    let (terms, transfers) = (&stored.value.terms, &stored.value.state.transfers);
    let from = transfers.redirect().unwrap_or(&terms.parameters.destination);
    let audited = services.audited(caller.user, reason);
    let now = audited.at;
    let audit = audited.redirect_change(&terms.creator, stored.value.id(), from, to);
    let decide = |payment: &Payment| {
        let decided = payment.decide_redirect(to)?;
        Ok(decided.map_or_else(Vec::new, |fact| payment.with_decisions(vec![fact], now)))
    };
    match services.store.apply_audited_facts(stored, &audit, decide).await? {
        Applied::Changed { payment, decided, .. } => Ok(AppliedFacts { payment, changed: true, decided }),
        Applied::Unchanged(payment) => Ok(AppliedFacts { payment, changed: false, decided: None }),
        Applied::Rejected(NothingOwed) => {
            Err(conflict("nothing_owed", "Nothing of this payment is to be paid to the creator again."))
        }
    }
}

impl RedirectView {
    fn of(payment: &Payment, to: AccountId) -> Self {
        let last = payment.state.transfers.last_instruction.as_ref().map(|last| &last.outcome);
        let refused = match last {
            Some(InstructionOutcome::Refused(code)) => Some(code.clone()),
            Some(InstructionOutcome::Pending | InstructionOutcome::Executed) | None => None,
        };
        Self {
            payment_id: payment.id().clone(),
            stripe_account_id: to,
            amount: (-payment.state.to_recover()).max(0),
            currency: payment.terms.chosen.currency(),
            refused,
        }
    }
}

fn conflict(code: &'static str, detail: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, "Not in this state of the payment", detail)
}
