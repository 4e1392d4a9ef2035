"""Audits the books: computes them from Stripe's lists alone, and names every deviation of the table.

At rest: all is delivered and reconciled, no amount is to be recovered or paid again, and no fee is unknown.
"""

import collections
import dataclasses
import types

from expected_balances import creators_share, expected_balances
from expected_entries import ExpectedEntries, opposite, platform_entry
from payment_amounts import PaymentAmounts, entry_id
from payment_item import flat, ids, payment_item

ENTRY = "ENTRY#"


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """A deviation: where (the item's partition), what (an entry, an account, a field), and both values."""

    where: str
    what: str
    error: str
    booked: str = ""
    expected: str = ""

    def __str__(self):
        return f"{self.where} {self.what}: {self.error}; booked {self.booked or '-'}, by Stripe {self.expected or '-'}"


def text(postings):
    return ", ".join(f"{account} {amount} {currency}" for (account, currency), amount in sorted(postings.items()))


def sums(item):
    """The postings of a ledger entry, by (account, currency)."""
    found = collections.Counter()
    for posting in item.get("postings") or item.get("entry", {}).get("postings", []):
        found[posting["account"], posting["currency"]] += int(posting["amount"])
    return dict(found)


def entries_by_partition(items):
    """The postings of all ledger entries, by partition and entry id."""
    found = collections.defaultdict(dict)
    for (partition, name), item in items.items():
        if name.startswith(ENTRY):
            found[partition][name.removeprefix(ENTRY)] = sums(item)
    return found


def balances(entries):
    """The balances by (account, currency), without zeros."""
    found = collections.Counter()
    for postings in entries:
        found.update(postings)
    return {key: amount for key, amount in found.items() if amount}


def findings(lists, items):
    """Every deviation of the table's items, by (PK, SK), from Stripe's lists."""
    booked = entries_by_partition(items)
    found = [*malformed_entries(items), *deviations_of_balance(lists, booked)]
    for payment in lists.payments.values():
        partition = f"PAYMENT#{payment.id}"
        amounts = PaymentAmounts(payment, booked.get(partition, {}))
        transactions = {entry_id(transaction): transaction.id for transaction in payment.transactions}
        found += compare_entries(partition, amounts.booked, ExpectedEntries(amounts).all(), transactions)
        found += compare_balances(partition, amounts)
        found += compare_item(partition, amounts, items.get((partition, "STATE")))
        found += wrong_destinations(partition, payment, items)
    expected = collections.defaultdict(dict)
    for transaction in lists.without_payment:
        partition, entry, postings = platform_entry(transaction)
        expected[partition][entry] = postings
    payments = {f"PAYMENT#{payment}" for payment in lists.payments}
    for partition in sorted((booked.keys() | expected.keys()) - payments):
        found += compare_entries(partition, booked.get(partition, {}), expected[partition])
    return sorted(found)


def malformed_entries(items):
    for (partition, name), item in items.items():
        if not name.startswith(ENTRY):
            continue
        by_currency = collections.Counter()
        for (_, currency), amount in sums(item).items():
            by_currency[currency] += amount
        left = {currency: amount for currency, amount in by_currency.items() if amount}
        if left:
            yield Finding(partition, name.removeprefix(ENTRY), "does not sum to zero", str(left), "0")
        if item.get("entry_id") != name.removeprefix(ENTRY):
            yield Finding(partition, name.removeprefix(ENTRY), "is filed under another id", str(item.get("entry_id")))


def compare_entries(partition, booked, expected, transactions=types.MappingProxyType({})):
    """`transactions` has the balance transactions that entries book."""
    for entry in sorted(expected.keys() - booked.keys()):
        of = f" for {transactions[entry]}" if entry in transactions else ""
        yield Finding(partition, entry, "is missing", "", text(expected[entry]) + of)
    for entry in sorted(booked.keys() - expected.keys()):
        same = [other for other in expected if expected[other] == booked[entry]]
        error = f"is booked twice, as {same[0]} too" if same else "has nothing at Stripe"
        yield Finding(partition, entry, error, text(booked[entry]))
    for entry in sorted(expected.keys() & booked.keys()):
        if booked[entry] != expected[entry]:
            error = deviation(booked[entry], expected[entry])
            yield Finding(partition, entry, error, text(booked[entry]), text(expected[entry]))


def deviation(booked, expected):
    """What is wrong with an entry. The platform bears the rest of most entries, so it is looked at last."""
    if booked == opposite(expected):
        return "has the wrong sign"
    differing = {key for key in booked.keys() | expected.keys() if booked.get(key) != expected.get(key)}
    differing = {key for key in differing if key[0] != "platform"} or differing
    only_booked, only_expected = differing - expected.keys(), differing - booked.keys()
    if only_booked and {account for account, _ in only_booked} == {account for account, _ in only_expected}:
        return "has the wrong currency"
    if only_booked and only_expected:
        return "has the wrong account"
    if only_expected:
        return f"leaves out {text({key: expected[key] for key in only_expected})}"
    return "has the wrong amount"


def compare_balances(partition, amounts):
    booked, expected = balances(amounts.booked.values()), expected_balances(amounts)
    for account in sorted(booked.keys() | expected.keys()):
        ours, theirs = booked.get(account, 0), expected.get(account, 0)
        if ours != theirs:
            yield Finding(partition, " ".join(account), "has the wrong balance", str(ours), str(theirs))
    account = amounts.creator, amounts.currency
    ours, theirs = booked.get(account, 0), creators_share(amounts) if amounts.payment.succeeded else 0
    if ours != theirs:
        yield Finding(partition, " ".join(account), "is not the creator's share", str(ours), str(theirs))


def compare_item(partition, amounts, item):
    """Compares what the payment's own item says of money with Stripe's objects."""
    if item is None:
        yield Finding(partition, "STATE", "is missing", "", amounts.payment.intent.id)
        return
    stored, expected = flat(item), payment_item(amounts)
    for field, value in expected.items():
        if stored.get(field) != value:
            yield Finding(partition, field, "differs", str(stored.get(field, "")), str(value))
    for name in sorted(ids(stored) - ids(expected)):
        yield Finding(partition, name, "has nothing at Stripe")


def wrong_destinations(partition, payment, items):
    for transfer in payment.transfers:
        creator = items.get((f"ACCOUNT#{transfer.destination}", "CREATOR"), {}).get("creator_id")
        if creator != payment.creator:
            yield Finding(partition, transfer.id, "went to another creator's account", str(creator), payment.creator)


def deviations_of_balance(lists, booked):
    """The lists are complete, and what the books give the platform is Stripe's balance."""
    listed = collections.Counter()
    for transaction in lists.transactions:
        listed[transaction.currency] += transaction.net
    held = balances(postings for entries in booked.values() for postings in entries.values())
    for currency in sorted(listed.keys() | lists.balance.keys()):
        balance, platform = lists.balance.get(currency, 0), held.get(("platform", currency), 0)
        platform += held.get(("stripe_balance", currency), 0) + lists.other_business.get(currency, 0)
        for what, amount in (("Stripe's lists", listed[currency]), ("the books", platform)):
            if amount != balance:
                yield Finding("balance", currency, f"differs from {what}", str(amount), str(balance))
