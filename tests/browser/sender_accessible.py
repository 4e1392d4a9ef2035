"""Every view of the sender's page: nothing scrolls sideways at 320 px, axe-core finds nothing, the keyboard reaches all of it in
order. Run by tests/browser/run."""

from selenium.webdriver.common.keys import Keys

from sender import TOTAL, SenderTest


class Accessible(SenderTest):
    def test_the_way_to_a_payment_is_accessible(self):
        page = self.page
        page.open()
        page.sees("samples", "Can receive money")
        page.check_view("sender-home")
        page.open("#/creators/ana")
        page.find("send-money")
        page.check_view("sender-profile")
        page.open("#/creators/bo")
        page.sees("profile", "Cannot receive money right now")
        page.check_view("sender-profile-closed")
        page.open("#/creators/ana/send")
        page.fill("amount", "10")
        page.sees("quote-total", TOTAL)
        page.check_view("sender-amount")
        page.fill("amount", "ten")
        page.click("continue")
        page.sees("amount-error", "in digits")
        page.check_view("sender-amount-wrong")
        self.choose_ten_dollars()
        page.check_view("sender-card")
        self.pay_with("card-declined")
        page.sees("alert", "declined")
        page.check_view("sender-declined")
        page.click("keep-card")
        self.pay_with("card-3ds")
        page.find("bank-dialog")
        page.check_view("sender-3d-secure")
        page.click("bank-complete")
        self.sees_receipt()
        self.choose_ten_dollars()
        page.find("saved-cards")
        page.check_view("sender-saved-card")

    def test_what_was_paid_is_accessible(self):
        page = self.page
        self.sign_in("ada")
        page.open("#/payments")
        page.find("no-payments")
        page.check_view("sender-history-empty")
        page.open("#/cards")
        page.find("no-cards")
        page.check_view("sender-cards-empty")
        self.choose_ten_dollars()
        page.click("keep-card")
        self.pay_with("card-success")
        self.sees_receipt()
        page.sees("receipt-card", "Visa")
        page.check_view("sender-receipt")
        page.click("refund-open")
        page.fill("refund-amount", "20")
        page.click("refund-send")
        page.sees("refund-amount-error", "At most")
        page.check_view("sender-refund")
        page.fill("refund-amount", "10")
        page.click("refund-send")
        page.sees("receipt-state", "Refunded")
        page.check_view("sender-refunded")
        page.open("#/payments")
        page.sees("payments", "ana")
        page.check_view("sender-history")
        page.open("#/cards")
        page.sees("kept-cards", "Visa")
        page.check_view("sender-cards")

    def test_the_keyboard_visits_the_card_form_in_the_order_in_which_it_is_filled_in(self):
        page = self.page
        self.choose_ten_dollars()
        visited = []
        for _ in range(20):
            page.press(Keys.TAB)
            visited.append(page.driver.switch_to.active_element.get_attribute("id"))
            if visited[-1] == "pay":
                break
        self.assertEqual(visited, ["card-number", "card-expiry", "card-cvc", "keep-card", "pay"])

    def test_a_refund_is_requested_with_the_keyboard_alone(self):
        page = self.page
        self.pay_ten_dollars()
        page.tab_to("refund-open")
        page.press(Keys.ENTER)
        page.press(Keys.TAB)
        self.assertEqual(page.driver.switch_to.active_element.get_attribute("id"), "refund-amount")
        page.fill("refund-amount", "2.50")
        page.press(Keys.TAB)
        page.type("Sent twice")
        page.press(Keys.TAB)
        page.press(Keys.ENTER)
        page.sees("receipt-state", "Refunded in part")
        focused = lambda: page.driver.switch_to.active_element.get_attribute("data-testid")
        page.until(lambda: focused() == "receipt-title", "the receipt's title has the focus")

    def test_the_colours_follow_the_system(self):
        page = self.page
        page.open()
        page.find("welcome")
        for scheme, is_right in (("light", lambda ground, ink: ground > ink), ("dark", lambda ground, ink: ground < ink)):
            with self.subTest(scheme=scheme):
                page.in_colours(scheme)
                for part in ("body", ".card", ".bar", "#find", "#find-open"):
                    ground, ink = self.brightness(part)
                    # The one button that stands out has light text on a dark ground in light colours.
                    self.assertTrue(is_right(ground, ink) != (part == "#find-open"), f"{part} is {ground} under {ink}")

    def brightness(self, selector):
        """The sums of red, green and blue of an element's ground and of its text."""
        return self.page.driver.execute_script(
            """const { backgroundColor, color } = getComputedStyle(document.querySelector(arguments[0]));
            return [backgroundColor, color].map((text) => text.match(/[0-9.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0));""",
            selector,
        )

    def test_what_a_sender_reads_has_no_words_of_the_trade_outside_test_mode(self):
        self.page.open()
        text = self.page.driver.execute_script(
            """const all = [document, ...[...document.querySelectorAll("template")].map((each) => each.content)];
            for (const root of all) for (const part of root.querySelectorAll("script, .test-mode")) part.remove();
            return all.map((root) => (root.body ?? root).textContent).join(" ");"""
        )
        for word in ("intent", "ledger", "stand-in", "webhook", "idempoten", "payload", "redrive"):
            self.assertNotIn(word, text.lower())
