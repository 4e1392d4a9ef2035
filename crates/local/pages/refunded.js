// What the refunds of a payment add up to. Each says its part of the chosen amount, and in the list of a payment's refunds also
// its part of the processing fee, which is more than 0 where the platform bears the fee.

const sum = (numbers) => numbers.reduce((all, each) => all + each, 0);
const withStatus = (refunds, status) => refunds.filter((refund) => refund.status === status);

/** What has been refunded of the processing fee. */
export const refundedFee = (refunds) => sum(withStatus(refunds, "succeeded").map(({ processing_fee: fee }) => fee));

/** What goes back to the sender by the refunds of a status, the processing fee included. */
export const returned = (refunds, status) => sum(withStatus(refunds, status).map(({ amount, processing_fee: fee }) => amount + fee));
