//! The metadata that the platform writes on Stripe's objects and reads back.

use payments::{
    AccountRequest, CreatorId, DeploymentId, PaymentId, RefundRequest, RefundRequestId, TransferInstruction,
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
/// Names the creator for whom an account was created.
pub const CREATOR_ID_METADATA_KEY: &str = "creator_id";
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

pub(crate) fn of_payment(deployment: &DeploymentId, payment: &PaymentId) -> Written {
    written(deployment, [(PAYMENT_ID_METADATA_KEY, payment.to_string())])
}

pub(crate) fn of_refund(
    deployment: &DeploymentId,
    payment: &PaymentId,
    id: &RefundRequestId,
    request: &RefundRequest,
) -> Written {
    written(
        deployment,
        [
            (PAYMENT_ID_METADATA_KEY, payment.to_string()),
            (REFUND_ID_METADATA_KEY, id.to_string()),
            (CREATOR_AMOUNT_METADATA_KEY, request.creator.to_string()),
            (PLATFORM_AMOUNT_METADATA_KEY, request.platform.to_string()),
        ],
    )
}

pub(crate) fn of_instruction(
    deployment: &DeploymentId,
    payment: &PaymentId,
    decided: &TransferInstruction,
) -> Written {
    written(
        deployment,
        [
            (PAYMENT_ID_METADATA_KEY, payment.to_string()),
            (INSTRUCTION_METADATA_KEY, decided.number.to_string()),
        ],
    )
}

/// Everything that this deployment writes names it.
fn written<const N: usize>(deployment: &DeploymentId, pairs: [(&str, String); N]) -> Written {
    let named = [(DEPLOYMENT_METADATA_KEY, deployment.to_string())];
    named.into_iter().chain(pairs).map(|(key, value)| (key.to_owned(), value)).collect()
}
