// What each kind of difference in the drift report means, in a sentence. The runbook has the rest.

const HINTS = {
  owed: "A share is not moved yet: to be recovered from the creator if positive, to be paid to them if negative. It is retried by itself.",
  ended_currency: "A share is not moved, in a currency that has ended. Settle it with the creator outside Stripe.",
  refund_not_made: "A refund is accepted, and Stripe has not made it yet. It is retried by itself.",
  unbooked: "Money moved at Stripe that the ledger lacks. Look at the transaction in Stripe’s dashboard, and report it.",
  unappliable: "An object differs from the payment that it names, or names an unknown one. Resolve it in Stripe’s dashboard.",
  contradiction: "Stripe reported the payment as paid and as closed. It counts as paid. If it should not be, refund it.",
  ledger: "The stored entries are not those that the payment’s state implies: someone wrote to the table.",
  unreachable: "The payment could not be read from Stripe. It is retried by itself.",
  unclaimed_account: "An account was made for a creator who cannot take it. Nobody was sent to it.",
  unreadable_item: "An item of the table cannot be read by this release.",
  rollout_copy: "A copy of the rollout differs from the others: someone wrote to the table.",
  conflict: "Stripe shows another value than what was known first. The first value is in the ledger. Compare with Stripe’s dashboard.",
  unsettled_transfer: "A transfer names this payment, and its charge is not paid here.",
  creator_below_zero: "More was taken from the creator than they received. Compare with Stripe’s dashboard, and report it.",
  unknown_transaction: "A balance transaction has a type or a currency that this release does not know.",
  amounts_differ: "A balance transaction has other amounts than what is booked for it.",
  balance_differs: "The opening balance and everything booked since is not Stripe’s balance. See the statement.",
};

/** The sentence for a kind, or nothing for one that a later release adds. */
export const differenceHint = (kind) => HINTS[kind] ?? "";
