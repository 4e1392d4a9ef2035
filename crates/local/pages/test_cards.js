// Stripe takes card numbers from its own elements alone. This page has none, so it sends the id of a test card instead
// of the number typed (docs.stripe.com/testing).

const TEST_CARDS = {
  4242424242424242: "visa",
  4000056655665556: "visa_debit",
  5555555555554444: "mastercard",
  378282246310005: "amex",
  6011111111111117: "discover",
  4000000000000002: "chargeDeclined",
  4000000000009995: "chargeDeclinedInsufficientFunds",
  4000000000000069: "chargeDeclinedExpiredCard",
  4000000000000127: "chargeDeclinedIncorrectCvc",
  4000000000000119: "chargeDeclinedProcessingError",
  4000002760003184: "authenticationRequired",
  4000000000000259: "createDispute",
  4000000000005423: "createIssuerFraudRecord",
  4000000000005126: "refundFail",
  4000000000007726: "pendingRefund",
};

/** The name of the test card with this number, as in `pm_card_visa` and `tok_visa`; null for any other number. */
export function testCard(number) {
  return TEST_CARDS[number] ?? null;
}
