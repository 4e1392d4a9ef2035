"""Stripe's own lists, by payment: all that the audit knows about money."""

import dataclasses

import stripe

# Reporting categories of Stripe's balance transactions: those of senders' cards, and those of creators' shares.
CARD = {"charge", "refund", "refund_failure", "dispute", "dispute_reversal"}
SHARE = {"transfer", "transfer_reversal"}


def all_of(kind, **filters):
    return list(kind.list(limit=100, **filters).auto_paging_iter())


def metadata(stripe_object, key):
    return stripe_object.metadata.to_dict().get(key) if stripe_object.metadata else None


@dataclasses.dataclass
class Payment:
    """A payment as Stripe has it: its intent, and everything that refers to it."""

    intent: stripe.PaymentIntent
    charges: list = dataclasses.field(default_factory=list)
    transfers: list = dataclasses.field(default_factory=list)
    refunds: list = dataclasses.field(default_factory=list)
    disputes: list = dataclasses.field(default_factory=list)
    transactions: list = dataclasses.field(default_factory=list)

    def __post_init__(self):
        self.id, self.creator = metadata(self.intent, "payment_id"), metadata(self.intent, "creator_id")
        self.currency, self.total = self.intent.currency, self.intent.amount
        self.chosen = self.intent.transfer_data.amount
        self.succeeded = self.intent.status == "succeeded"


class Lists:
    """The lists, and the payment of each balance transaction. Objects without our metadata are other business."""

    def __init__(self, intents, charges, transfers, refunds, disputes, transactions, balance):
        self.transactions, self.balance = transactions, balance
        found = [Payment(intent) for intent in intents if metadata(intent, "payment_id")]
        self.payments = {payment.id: payment for payment in found}
        self._of = {payment.intent.id: payment for payment in found}
        for name, objects in (("charges", charges), ("refunds", refunds), ("disputes", disputes)):
            for each in objects:
                self._put(name, each, self._of.get(each.payment_intent))
        for transfer in transfers:
            payment = self._of.get(transfer.source_transaction) or self.payments.get(transfer.transfer_group)
            self._put("transfers", transfer, payment)
        self.without_payment, self.other_business = [], {}
        for transaction in transactions:
            payment = self._of.get(self._origin(transaction.source))
            if payment:
                payment.transactions.append(transaction)
            elif transaction.reporting_category not in CARD | SHARE:
                self.without_payment.append(transaction)
            else:
                sums = self.other_business
                sums[transaction.currency] = sums.get(transaction.currency, 0) + transaction.net

    def _put(self, name, stripe_object, payment):
        if payment:
            getattr(payment, name).append(stripe_object)
            self._of[stripe_object.id] = payment

    @staticmethod
    def _origin(source):
        """The id of the object in the lists above from which a balance transaction comes."""
        is_object = isinstance(source, stripe.StripeObject)
        return getattr(source, "transfer", None) or source.id if is_object else source

    @classmethod
    def read(cls):
        kinds = stripe.PaymentIntent, stripe.Charge, stripe.Transfer, stripe.Refund, stripe.Dispute
        transactions = all_of(stripe.BalanceTransaction, expand=["data.source"])
        return cls(*map(all_of, kinds), transactions, cls.read_balance())

    @staticmethod
    def read_balance():
        """The platform's balance by currency, available and pending."""
        balance, sums = stripe.Balance.retrieve(), {}
        for part in [*balance.available, *balance.pending]:
            sums[part.currency] = sums.get(part.currency, 0) + part.amount
        return sums
