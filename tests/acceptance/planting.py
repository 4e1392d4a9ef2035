"""Plants errors in the table, one at a time, and undoes each."""

import contextlib
import copy
import unittest

import audit
import fixture
from audited_payments import AuditedPayments
from stripe_lists import Lists

ENTRY = audit.ENTRY


class Planting(unittest.TestCase):
    """Payments of every kind at rest, and edits of their items. An edit maps keys to items; `None` deletes an item."""

    flags = []

    @classmethod
    def setUpClass(cls):
        # Only the test reconciles, so nothing mends what is planted.
        cls.stack = fixture.start(cls, flags=["--reconcile-every", "0", *cls.flags])
        cls.payments = AuditedPayments(cls.stack)
        cls.creator, cls.other_creator = cls.payments.creator, cls.payments.other_creator
        cls.table, cls.lists = fixture.table(cls.stack), Lists.read()

    def setUp(self):
        self.items = fixture.all_items(self.stack)
        self.assertEqual(audit.findings(self.lists, self.items), [])

    def state(self, payment):
        return f"PAYMENT#{self.payments[payment]['payment_id']}", "STATE"

    def key(self, payment, start, end=""):
        """The key of the payment's only entry whose id has this start and end."""
        partition, _ = self.state(payment)
        found = [key for key in self.items
                 if key[0] == partition and key[1].startswith(ENTRY + start) and key[1].endswith(end)]
        self.assertEqual(len(found), 1, f"{payment} {start}: {found}")
        return found[0]

    def platform_key(self, kind):
        """The key of the platform's own entry for a transaction of this type."""
        transaction = next(each.id for each in self.lists.without_payment if each.type == kind)
        [key] = [key for key in self.items if key[0].startswith("PLATFORM#") and key[1] == ENTRY + transaction]
        return key

    def changed(self, key, change):
        """The item after `change` of a copy."""
        item = copy.deepcopy(self.items[key])
        change(item)
        return {key: item}

    def posted(self, key, **amounts):
        """The entry with other amounts on some accounts; zero removes a posting."""

        def change(item):
            names = {posting["account"].split(":")[0]: posting["account"] for posting in item["postings"]}
            kept = [posting for posting in item["postings"] if posting["account"].split(":")[0] not in amounts]
            item["postings"] = kept + [{"account": names.get(account, account), "amount": amount, "currency": "usd"}
                                       for account, amount in amounts.items() if amount]

        return self.changed(key, change)

    @contextlib.contextmanager
    def planted(self, edits):
        try:
            self.write(edits)
            yield fixture.all_items(self.stack)
        finally:
            self.write({key: self.items.get(key) for key in edits})

    def write(self, items):
        for (partition, name), item in items.items():
            if item is None:
                self.table.delete_item(Key={"PK": partition, "SK": name})
            else:
                self.table.put_item(Item={**item, "PK": partition, "SK": name})

    def finds(self, error, edits, key=None, what=None):
        """The audit names `error` of the entry at `key`, or of `what` in its partition; without the edits, nothing."""
        partition, name = key or next(iter(edits))
        wanted = partition, what or name.removeprefix(ENTRY), error
        with self.planted(edits) as items:
            found = audit.findings(self.lists, items)
        named = [finding for finding in found if (finding.where, finding.what, finding.error) == wanted]
        self.assertEqual(len(named), 1, f"{wanted} in {list(map(str, found))}")
        print(f"     {named[0]}", flush=True)
        self.assertEqual(audit.findings(self.lists, fixture.all_items(self.stack)), [])
