"""The audit agrees with the books of payments that Stripe converts, and finds errors planted in their conversions."""

import audit
from planting import Planting


class ConvertedPayments(Planting):
    """The platform settles in euros, and says that it settles in dollars."""

    flags = ["--settlement-currency", "eur"]

    def test_every_conversion_that_is_missing_or_a_cent_off_is_named(self):
        conversions = [key for key in self.items if key[1].startswith("ENTRY#fx/")]
        self.assertGreater(len(conversions), 20)
        for key in conversions:
            entry = key[1].removeprefix("ENTRY#")
            wrong = self.changed(key, lambda item: item["postings"][0].update(amount=item["postings"][0]["amount"] + 1))
            for edits, error in (({key: None}, "is missing"), (wrong, "has the wrong amount")):
                edited = {at: item for at, item in {**self.items, **edits}.items() if item}
                found = [(each.where, each.what, each.error) for each in audit.findings(self.lists, edited)]
                self.assertIn((key[0], entry, error), found)
