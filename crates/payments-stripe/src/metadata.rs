//! The metadata that the platform writes on Stripe's objects and reads back.

use payments::{
    AccountRequest, Context, CreatorId, DeploymentId, IntentParameters, PaymentId, RefundRequest,
    RefundRequestId, SenderCustomer, TransferInstruction, UserId,
};
use std::collections::{BTreeMap, HashMap};

/// Names the payment that an object belongs to. An intent without it is not the platform's.
pub const PAYMENT_ID_METADATA_KEY: &str = "payment_id";
/// Names the deployment that wrote the metadata: others on the same Stripe account have payments of their own.
pub const DEPLOYMENT_METADATA_KEY: &str = "deployment";
/// Names the refund request that a refund fulfils.
pub const REFUND_ID_METADATA_KEY: &str = "refund_id";
/// The creator's share of a refund, in minor units.
pub const CREATOR_AMOUNT_METADATA_KEY: &str = "creator_amount";
/// The platform's part of a refund, in minor units.
pub const PLATFORM_AMOUNT_METADATA_KEY: &str = "platform_amount";
/// The number of the transfer instruction that a transfer or a reversal executes.
pub const INSTRUCTION_METADATA_KEY: &str = "move";
/// Names the creator whom an account, or a payment, is for.
pub const CREATOR_ID_METADATA_KEY: &str = "creator_id";
/// Names the sender whom a Customer is for.
pub const SENDER_ID_METADATA_KEY: &str = "sender_id";
/// Names the request that created a Customer.
pub(crate) const CUSTOMER_REQUEST: &str = "customer_request";
/// What a payment is for in the app.
pub(crate) const CONTEXT_METADATA_KEY: &str = "context";
/// Names the request that created an account.
pub const ACCOUNT_REQUEST_METADATA_KEY: &str = "account_request";

type Read = BTreeMap<String, String>;
type Written = HashMap<String, String>;

pub(crate) fn payment_id(metadata: &Read) -> Option<PaymentId> {
    PaymentId::parse(metadata.get(PAYMENT_ID_METADATA_KEY)?).ok()
}

pub(crate) fn refund_id(metadata: &Read) -> Option<RefundRequestId> {
    RefundRequestId::parse(metadata.get(REFUND_ID_METADATA_KEY)?).ok()
}

pub(crate) fn instruction_number(metadata: &Read) -> Option<u32> {
    metadata.get(INSTRUCTION_METADATA_KEY)?.parse().ok()
}

pub(crate) fn creator_id(metadata: &Read) -> Option<CreatorId> {
    CreatorId::parse(metadata.get(CREATOR_ID_METADATA_KEY)?).ok()
}

pub(crate) fn of_account(
    deployment: &DeploymentId,
    creator: &CreatorId,
    request: &AccountRequest,
) -> Written {
    written(
        deployment,
        [(CREATOR_ID_METADATA_KEY, creator.to_string()), (ACCOUNT_REQUEST_METADATA_KEY, request.tag())],
    )
}

pub(crate) fn of_customer(deployment: &DeploymentId, sender: &UserId, request: &SenderCustomer) -> Written {
    written(deployment, [(SENDER_ID_METADATA_KEY, sender.to_string()), (CUSTOMER_REQUEST, request.tag())])
}

/// On the intent, whose charge inherits it.
pub(crate) fn of_payment(deployment: &DeploymentId, parameters: &IntentParameters) -> Written {
    labelled(deployment, parameters, parameters.labels.context.as_ref(), [])
}

/// On what the creator may see: the charge's transfer, and the payment that it makes on the creator's account.
pub(crate) fn of_transfer(deployment: &DeploymentId, parameters: &IntentParameters) -> Written {
    labelled(deployment, parameters, parameters.labels.for_creator.context.as_ref(), [])
}

pub(crate) fn of_refund(
    deployment: &DeploymentId,
    parameters: &IntentParameters,
    id: &RefundRequestId,
    request: &RefundRequest,
) -> Written {
    labelled(
        deployment,
        parameters,
        parameters.labels.context.as_ref(),
        [
            (REFUND_ID_METADATA_KEY, id.to_string()),
            (CREATOR_AMOUNT_METADATA_KEY, request.creator.to_string()),
            (PLATFORM_AMOUNT_METADATA_KEY, request.platform.to_string()),
        ],
    )
}

pub(crate) fn of_instruction(
    deployment: &DeploymentId,
    parameters: &IntentParameters,
    decided: &TransferInstruction,
) -> Written {
    let context = parameters.labels.for_creator.context.as_ref();
    labelled(deployment, parameters, context, [(INSTRUCTION_METADATA_KEY, decided.number.to_string())])
}

/// Names the payment, its creator and its context.
fn labelled<const N: usize>(
    deployment: &DeploymentId,
    parameters: &IntentParameters,
    context: Option<&Context>,
    more: [(&str, String); N],
) -> Written {
    let context = context.map(|context| (CONTEXT_METADATA_KEY.to_owned(), context.as_str().to_owned()));
    let named = [
        (PAYMENT_ID_METADATA_KEY, parameters.payment_id.to_string()),
        (CREATOR_ID_METADATA_KEY, parameters.labels.creator.to_string()),
    ];
    written(deployment, named).into_iter().chain(written(deployment, more)).chain(context).collect()
}

/// Everything that this deployment writes names it.
fn written<const N: usize>(deployment: &DeploymentId, pairs: [(&str, String); N]) -> Written {
    let named = [(DEPLOYMENT_METADATA_KEY, deployment.to_string())];
    named.into_iter().chain(pairs).map(|(key, value)| (key.to_owned(), value)).collect()
}
