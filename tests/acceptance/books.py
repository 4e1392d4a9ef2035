"""Money as the table's ledger has it, and as Stripe has it, to be compared to the cent."""

import collections

import stripe

import world

# What Stripe's balance transactions say of senders' cards; the rest are transfers and their reversals.
CARD = {"charge", "refund", "refund_failure", "dispute", "dispute_reversal"}
SHARE = {"transfer", "transfer_reversal"}


def all_of(kind, **filters):
    return list(kind.list(limit=100, **filters).auto_paging_iter())


def ledger(everything):
    """The balance of each (payment, account), of entries of which each sums to zero."""
    balances = collections.Counter()
    for (partition, name), item in everything.items():
        if not name.startswith("ENTRY#"):
            continue
        sums = collections.Counter()
        for posting in item["postings"]:
            amount, currency = int(posting["amount"]), posting["currency"]
            sums[currency] += amount
            balances[partition.removeprefix("PAYMENT#"), posting["account"]] += amount
        assert set(sums.values()) <= {0}, f"{partition} {name} does not sum to zero: {sums}"
    return balances


def by_account(balances):
    sums = collections.Counter()
    for (_, account), amount in balances.items():
        sums[account] += amount
    return sums


class Stripe:
    """Everything that moved the platform's balance, and whose it is."""

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
        assert category in CARD | SHARE, f"money of an unknown kind: {transaction}"
        return category

    def payment(self, transaction):
        source = transaction.source
        return self.payments[
            {"charge": "id", "transfer": "id"}.get(source.object) and source.id
            or (source.transfer if source.object == "transfer_reversal" else source.payment_intent)
        ]

    def expected(self, creators):
        """What the ledger must have of each (payment, account); `creators` by their connected accounts."""
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
        """What the platform has."""
        return sum(part.amount for part in stripe.Balance.retrieve().available)


def differences(stack, creators, balances=None):
    """Each (payment, account) whose balances differ, as (ledger, Stripe); empty when the books agree."""
    ours = ledger(world.everything(stack)) if balances is None else balances
    theirs = Stripe().expected(creators)
    compared = {key for key in ours.keys() | theirs.keys() if key[1] in ("card", "stripe_fees") or "creator:" in key[1]}
    return {key: (ours[key], theirs[key]) for key in compared if ours[key] != theirs[key]}
