"""What an operator does who sees the page for the first time: each task begins at the page's address and uses the names of links, buttons
and fields that are shown. With a pointer, and with the keyboard alone in the dark on the narrowest phone. Run by tests/browser/run."""

from selenium.webdriver.common.keys import Keys

from operating import OperatorTest
from other_users import send
from page import NARROWEST
from undelivered import put_back


class WithAPointer(OperatorTest):
    def press(self, name):
        self.page.act_on(self.page.control, name, lambda control: control.click())

    def enter(self, label, text):
        self.page.act_on(self.page.field, label, lambda field: field.send_keys(Keys.CONTROL, "a", Keys.NULL, text))

    def begin(self):
        self.page.open("operator")
        self.page.sees("overview", "General percentage")

    def sees(self, view, *texts):
        self.page.sees(view, *texts)

    def receives(self, creator):
        return self.stack.get(f"/v1/creators/{creator}", "sam")["can_receive"]

    def open_a_wave(self, name):
        self.addCleanup(self.roll_back, name)
        self.begin()
        self.press("Open a wave")
        self.enter("Name", name)
        self.enter("Creators to add, by ID", "bo")
        self.enter("Reason", "The first group")
        self.press("Next: preview, then confirm")
        self.sees("difference", "Nothing has been saved yet", "bo", "can receive after the change")
        self.assertFalse(self.receives("bo"), "a preview opened the wave")
        self.press("Confirm: open this wave")
        self.sees("wave-view", f"Wave {name}", "Above 1% disputed or 30% failed, from 50 payments")
        self.page.hears(f"The wave {name} is opened")

    def test_a_wave_is_opened(self):
        self.open_a_wave("opened")
        self.assertTrue(self.receives("bo"))

    def test_a_wave_is_halted_and_resumed(self):
        self.open_a_wave("halted")
        self.press("Halt this wave")
        self.sees("halt-reason-error", "Enter a reason")
        self.enter("Reason", "Complaints from senders")
        self.press("Halt this wave")
        self.sees("halted", "An operator halted this wave")
        self.page.hears("The wave is halted")
        self.sees("audit", "Complaints from senders", "Halted by hand")
        self.assertFalse(self.receives("bo"))
        self.press("Rollout")
        self.sees("wave-halted", "Halted")
        self.press("halted")
        self.enter("Reason", "It was one sender")
        self.press("Resume this wave")
        self.sees("wave-state", "Open")
        self.sees("audit", "It was one sender")
        self.assertTrue(self.receives("bo"))

    def test_receiving_is_stopped_for_everyone_with_one_press_and_resumed_with_a_reason(self):
        canceled_until = self.rollout().get("cancel_open_until")
        self.begin()
        self.press("Stop all receiving")
        self.sees("switch-title", "Nobody can receive")
        self.page.hears("Receiving is stopped for everyone")
        self.sees("audit", "Emergency stop", "paused: false → true", "olga")
        self.assertTrue(self.rollout()["paused"])
        self.assertEqual(self.rollout().get("cancel_open_until"), canceled_until, "open payments are canceled only by choice")
        reasons = self.stack.get("/v1/creators/ana", "sam")["reasons"]
        self.assertEqual(reasons[0]["code"], "paused")
        self.press("Resume receiving")
        self.sees("switch-reason-error", "Enter a reason")
        self.assertTrue(self.rollout()["paused"])
        self.enter("Reason", "It was a false alarm")
        self.press("Resume receiving")
        self.sees("switch-title", "Only enabled creators can receive")
        self.sees("audit", "It was a false alarm")
        self.assertFalse(self.rollout()["paused"])

    def test_a_payment_is_found_among_the_events_and_refunded(self):
        payment = send(self.stack, "ana", 1700, sender="rita")
        self.begin()
        self.press("ana received $17.00")
        self.sees("payment-view", payment, "rita")
        self.enter("Reason", "Sent twice")
        self.press("Refund $17.00")
        self.sees("payment-history", "Refund of $17.00", "Sent twice")
        self.page.hears("The refund of $17.00 is accepted")
        self.sees("no-refund", "All of it is refunded")
        self.assertEqual(self.stack.get(f"/v1/payments/{payment}", "rita")["refunded_amount"], 1700)

    def test_a_parked_event_is_redriven_once_its_cause_is_fixed(self):
        payment, item = self.parked("evt_to_redrive")
        put_back(self.stack, item)
        self.begin()
        self.press("Quarantine")
        self.sees("parked", "payment_intent.succeeded", "the payment is not known")
        self.press("payment_intent.succeeded")
        self.sees("parked-view", "evt_to_redrive", "Waiting")
        self.press("Redrive")
        self.sees("redrive-outcome", "The event is applied")
        self.sees("parked-state", "Redriven")
        self.assertEqual(self.stack.get(f"/v1/payments/{payment}", "pam")["status"], "succeeded")


class WithTheKeyboardOnAPhone(WithAPointer):
    def setUp(self):
        super().setUp()
        self.page.on_the_narrowest_phone()
        self.page.in_the_dark()

    def press(self, name):
        self.page.act_on(self.page.control, name, lambda control: self.page.tab_to_element(control, name))
        self.page.press(Keys.ENTER)

    def enter(self, label, text):
        self.page.act_on(self.page.field, label, lambda field: self.page.tab_to_element(field, label))
        # Tab selects what a field has; in a text area it does not.
        self.page.type(text)

    def sees(self, view, *texts):
        super().sees(view, *texts)
        self.assertLessEqual(self.page.width(), NARROWEST["width"], f"{view} is wider than the narrowest phone")
