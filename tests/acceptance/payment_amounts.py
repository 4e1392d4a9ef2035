"""What Stripe's lists say a payment's transactions are worth in its currency, and what of it is the creator's."""

from stripe_lists import CARD, metadata

# Amounts in these currencies are multiples of this (docs.stripe.com/currencies).
STEPS = {**dict.fromkeys(("isk", "ugx"), 100), **dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 10)}
DISPUTED = "dispute", "dispute_reversal"


def entry_id(transaction):
    """The entry that books a balance transaction; its conversion has an entry of its own."""
    source = transaction.source
    match transaction.reporting_category:
        case "charge":
            return f"fee/{transaction.id}"
        case "refund":
            return f"refund/{source.id}"
        case "refund_failure":
            return f"refund/{source.id}/failed"
        case "dispute" | "dispute_reversal":
            return f"dispute/{transaction.id}"
        case "transfer":
            return "settled" if source.source_transaction else f"transfer/{source.id}"
        case "transfer_reversal":
            return f"reversal/{source.id}"
        case other:
            return f"{other}/{transaction.id}"


def is_ours(refund):
    """Whether a refund was requested here. Any other was made in Stripe's dashboard."""
    return metadata(refund, "creator_amount") is not None


def has_failed(refund):
    return refund.status in ("failed", "canceled")


class PaymentAmounts:
    """A payment at Stripe, and the postings of its booked entries by id.

    Stripe's lists decide every amount but two: how a dashboard refund or a dispute was divided when less was left of
    the creator's share, and what a converted transaction is worth whose source has another currency than the payment.
    There what is booked counts, within its limits.
    """

    def __init__(self, payment, booked):
        self.payment, self.booked, self.currency = payment, booked, payment.currency
        self.creator, self.owed = f"creator:{payment.creator}", f"owed:{payment.creator}"

    def share(self, amount):
        """The creator's share of an amount of the charge, rounded down to the currency's step."""
        part = max(amount, 0) * self.payment.chosen // self.payment.total
        return part - part % STEPS.get(self.currency, 1)

    def share_of_refund(self, refund):
        """As our request says, or else in proportion."""
        return int(metadata(refund, "creator_amount")) if is_ours(refund) else self.share(refund.amount)

    def booked_part(self, entry):
        """What the creator bears in a booked entry."""
        return -self.booked.get(entry, {}).get((self.owed, self.currency), 0)

    def of_dispute(self, dispute):
        """The balance transactions of a dispute."""
        return [each for each in self.payment.transactions
                if each.reporting_category in DISPUTED and each.source.id == dispute]

    def amount(self, transaction):
        """The change by a transaction, in the payment's currency."""
        source, converted = transaction.source, transaction.amount
        if transaction.currency == self.currency:
            return converted
        alike = [each for each in self.payment.transactions
                 if each.source.id == source.id and each.reporting_category == transaction.reporting_category]
        if source.currency == self.currency and len(alike) == 1:
            return source.amount if converted > 0 else -source.amount
        return self._about_worth(transaction)

    def _about_worth(self, transaction):
        """What is booked if it differs by less than a unit of either currency from the worth at the charge's rate."""
        charge = next(each for each in self.payment.transactions if each.reporting_category == "charge")
        worth = round(transaction.amount * self.payment.total / charge.amount)
        account = "card" if transaction.reporting_category in CARD else self.creator
        booked = -self.booked.get(entry_id(transaction), {}).get((account, self.currency), 0)
        return booked if abs(booked - worth) <= 1 + self.payment.total // charge.amount else worth
