"""Compares the table's ledger with Stripe's balance transactions, to the cent."""

import collections

import stripe

import fixture

# Reporting categories of Stripe's balance transactions: those of senders' cards, and those of creators' shares.
CARD = {"charge", "refund", "refund_failure", "dispute", "dispute_reversal"}
SHARE = {"transfer", "transfer_reversal"}


def all_of(kind, **filters):
    return list(kind.list(limit=100, **filters).auto_paging_iter())


def balances(items):
    """The balance of each (payment, account). Checks that every entry sums to zero."""
    found = collections.Counter()
    for (partition, name), item in items.items():
        if not name.startswith("ENTRY#"):
            continue
        sums = collections.Counter()
        for posting in item["postings"]:
            amount, currency = int(posting["amount"]), posting["currency"]
            sums[currency] += amount
            found[partition.removeprefix("PAYMENT#"), posting["account"]] += amount
        assert set(sums.values()) <= {0}, f"{partition} {name} does not sum to zero: {sums}"
    return found


def by_account(balances):
    sums = collections.Counter()
    for (_, account), amount in balances.items():
        sums[account] += amount
    return sums


class BalanceTransactions:
    """The platform's balance transactions, with the payment of each."""

    def __init__(self):
        self.transactions = all_of(stripe.BalanceTransaction, expand=["data.source"])
        intents = {intent.id: intent.metadata["payment_id"] for intent in all_of(stripe.PaymentIntent)}
        charges = {charge.id: intents[charge.payment_intent] for charge in all_of(stripe.Charge)}
        transfers = all_of(stripe.Transfer)
        self.destinations, self.payments = {}, {**intents, **charges}
        for transfer in transfers:
            self.payments[transfer.id] = charges.get(transfer.source_transaction) or transfer.transfer_group
            self.destinations[transfer.id] = transfer.destination

    def category(self, transaction):
        category = transaction.reporting_category
        assert category in CARD | SHARE, f"unknown reporting category: {transaction}"
        return category

    def payment(self, transaction):
        source = transaction.source
        return self.payments[
            {"charge": "id", "transfer": "id"}.get(source.object) and source.id
            or (source.transfer if source.object == "transfer_reversal" else source.payment_intent)
        ]

    def expected(self, creators):
        """The expected balance of each (payment, account). `creators` maps connected accounts to creators."""
        balances = collections.Counter()
        for transaction in self.transactions:
            payment = self.payment(transaction)
            if self.category(transaction) in CARD:
                balances[payment, "card"] -= transaction.amount
            else:
                source = transaction.source
                transfer = source.transfer if source.object == "transfer_reversal" else source.id
                balances[payment, f"creator:{creators[self.destinations[transfer]]}"] -= transaction.amount
            balances[payment, "stripe_fees"] += transaction.fee
        return balances

    @staticmethod
    def balance():
        """The platform's balance, available and pending."""
        balance = stripe.Balance.retrieve()
        return sum(part.amount for part in [*balance.available, *balance.pending])


def differences(stack, creators):
    """The balances that differ, as (payment, account): (ledger, Stripe)."""
    ours = balances(fixture.all_items(stack))
    theirs = BalanceTransactions().expected(creators)
    compared = {key for key in ours.keys() | theirs.keys() if key[1] in ("card", "stripe_fees") or "creator:" in key[1]}
    return {key: (ours[key], theirs[key]) for key in compared if ours[key] != theirs[key]}
