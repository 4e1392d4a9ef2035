"""What a creator received: as it arrives, later with filters and as CSV, and on its way to the bank. Run by tests/browser/run."""

import concurrent.futures
import csv
import io
import pathlib
import tempfile

from creator import CreatorTest
from other_users import call_stripe, create_account, send


class Received(CreatorTest):
    def test_payments_arrive_live_with_message_and_sender_and_anonymous_ones_without(self):
        page = self.page
        page.hurry(1_000, 3_000)
        self.open_as("ana")
        page.sees("feed-state", "Live")
        loaded = page.driver.execute_script("return performance.timeOrigin")
        first = send(self.stack, "ana", 1000, message="For last night’s room")
        page.sees(f"payment-{first}", "sam", "$10.00", "For last night’s room")
        page.hears("sam sent you $10.00")
        second = send(self.stack, "ana", 250, sender="sue", anonymous=True, message="Guess who")
        page.sees(f"payment-{second}", "An anonymous sender", "$2.50", "Guess who")
        self.assertNotIn("sue", page.text("creator-view"))
        page.sees("received-usd", "$12.50")
        page.sees("net-usd", "$12.50")
        page.sees("earnings-plots", "Received per day, USD", "$12.50")
        page.check_view("creator-received")
        self.assertEqual(self.rows("payments"), [second, first], "the newest is not on top")
        body, key = {"amount": 400}, {"idempotency-key": "back"}
        self.stack.call("POST", f"/v1/payments/{first}/refunds", {"sub": "sam"}, body, key)
        page.sees(f"payment-{first}", "$4.00 refunded")
        page.sees("refunded-usd", "−$4.00")
        page.sees("net-usd", "$8.50")
        self.assertEqual(page.driver.execute_script("return performance.timeOrigin"), loaded, "the page was loaded again")
        # A page that is opened later shows recent payments as well.
        page.driver.refresh()
        page.sees(f"payment-{second}", "$2.50")
        page.sees(f"payment-{first}", "$4.00 refunded")
        self.assertEqual(self.rows("payments"), [second, first])


class History(CreatorTest):
    def open_to(self, creator):
        create_account(self.stack, creator)
        body = {"receiving": "enabled", "reason": "Receives"}
        self.stack.operate("PUT", f"/v1/admin/creators/{creator}/eligibility", body)

    def receive(self, creator, *amounts):
        """Payments that settle side by side. Returns all ids, newest first: the order of settlement, which is that of the webhooks."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            sent = set(pool.map(lambda amount: send(self.stack, creator, amount, sender=f"sender-{amount}"), amounts))
        self.page.until(lambda: sent <= set(self.received(creator)), "the settlements")
        return self.received(creator)

    def received(self, creator):
        ids, cursor = [], ""
        while cursor is not None:
            page = self.stack.get(f"/v1/payments?role=receiver&limit=100{cursor and f'&cursor={cursor}'}", creator)
            ids += [each["payment_id"] for each in page["items"]]
            cursor = page["next_cursor"]
        return ids

    def sees_all(self, *payments):
        """Waits until the list shows exactly these payments, newest first."""
        self.page.until(lambda: self.rows("received") == list(payments), f"{payments} were never shown")

    def test_all_that_was_received_is_shown_page_by_page(self):
        page = self.page
        self.open_to("paula")
        ids = self.receive("paula", *range(100, 127))
        self.open_as("paula", "#/payments")
        page.sees("count", "25 payments shown")
        self.sees_all(*ids[:25])
        page.click("older-payments")
        page.sees("count", "27 payments shown, which is all")
        self.sees_all(*ids)
        self.assertEqual(page.all("older-payments"), [])
        page.check_view("creator-payments")

    def test_payments_are_filtered_by_status_sender_and_day(self):
        page = self.page
        self.open_to("petra")
        [kept] = self.receive("petra", 500)
        [back, _] = self.receive("petra", 600)
        [other, _, _] = self.receive("petra", 700)
        self.stack.call("POST", f"/v1/payments/{back}/refunds", {"sub": "sender-600"}, {}, {"idempotency-key": "all"})
        lost = send(self.stack, "petra", 800, sender="dan", card="pm_card_createDispute")
        path = f"/v1/admin/payments/{lost}/evidence"
        page.until(lambda: self.stack.operate("GET", path)["disputes"], "the dispute")
        self.open_as("petra", "#/payments")
        self.sees_all(lost, other, back, kept)
        self.filter("disputed", lost)
        self.filter("refunded", back)
        self.filter("kept", other, kept)
        page.click("filter-reset")
        self.sees_all(lost, other, back, kept)
        page.fill("sender_id", "sender-500")
        page.click("filter")
        self.sees_all(kept)
        page.click("filter-reset")
        self.sees_all(lost, other, back, kept)
        page.driver.execute_script("arguments[0].value = '2020-01-02'", page.find("to"))
        page.click("filter")
        page.sees("no-received", "No payments match")

    def filter(self, standing, *payments):
        page = self.page
        page.driver.execute_script("arguments[0].value = arguments[1]", page.find("standing"), standing)
        page.click("filter")
        self.sees_all(*payments)

    def test_the_csv_has_every_page_and_one_header(self):
        page = self.page
        self.open_to("carla")
        ids = self.receive("carla", *range(200, 212))
        page.read_in_pages_of(5)
        self.open_as("carla", "#/payments")
        with tempfile.TemporaryDirectory() as folder:
            page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder})
            page.click("csv")
            page.hears("The CSV file is downloaded")
            file = pathlib.Path(folder) / "payments-carla.csv"
            page.until(file.exists, "the file was never downloaded")
            rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        self.assertEqual([row["payment_id"] for row in rows], ids)


class Payouts(CreatorTest):
    def test_payouts_say_what_became_of_them_and_older_ones_are_a_click_away(self):
        page, stack = self.page, self.stack
        account = create_account(stack, "pia")
        stack.operate("PUT", "/v1/admin/creators/pia/eligibility", {"receiving": "enabled", "reason": "Is paid out"})
        send(stack, "pia", 5000)
        payouts = [call_stripe(stack, "/v1/payouts", account, amount=100, currency="usd")["id"] for _ in range(27)]
        call_stripe(stack, f"/stand_in/payouts/{payouts[0]}/pay")
        page.hurry(5_000)
        self.open_as("pia", "#/payouts")
        page.sees(f"payout-{payouts[-1]}", "On the way", "$1.00", "Expected")
        self.assertEqual(page.all(f"payout-{payouts[0]}"), [], "more than one page is shown")
        page.click("older-payouts")
        page.sees(f"payout-{payouts[0]}", "Paid", "Arrived")
        debit = call_stripe(stack, f"/v1/payouts/{payouts[0]}/reverse", account)["id"]
        page.sees(f"payout-{debit}", "Being taken from your bank", "-$1.00")
        call_stripe(stack, f"/stand_in/payouts/{debit}/fail", failure_code="insufficient_funds")
        call_stripe(stack, f"/stand_in/payouts/{payouts[-1]}/fail", failure_code="no_account")
        page.sees(f"payout-{payouts[-1]}", "Failed", "no account with these details", "Begun")
        page.sees(f"payout-{debit}", "Not taken from your bank", "too little money")
        self.assertNotIn("Expected", page.text(f"payout-{debit}"))
        page.sees(f"payout-{payouts[0]}", "Arrived")
        page.check_view("creator-payouts")

    def test_a_creator_opens_their_dashboard_at_stripe(self):
        self.open_as("ana", "#/payouts")
        self.page.click("dashboard")
        self.page.until(lambda: "Dashboard" in self.page.driver.title, "the dashboard never opened")
