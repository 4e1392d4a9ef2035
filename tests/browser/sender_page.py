"""The sender's page in a browser: a sender pays a creator. Run by tests/browser/run."""

import json

from selenium.webdriver.common.keys import Keys

from sender import FEE, TOTAL, SenderTest


class SendMoney(SenderTest):
    def test_the_profile_of_a_creator_who_cannot_receive_shows_why_and_has_no_button(self):
        for creator in ("bo", "cy"):
            with self.subTest(creator=creator):
                self.page.open(f"#/creators/{creator}")
                self.page.sees("profile", creator, "Cannot receive money right now")
                messages = [reason["message"] for reason in self.stack.get(f"/v1/creators/{creator}", "sam")["reasons"]]
                self.assertTrue(messages, "the API gives no reasons")
                self.page.sees("reasons", *messages)
                self.assertEqual(self.page.all("send-money"), [])
                self.page.screenshot(f"profile-{creator}")

    def test_a_sender_pays_with_the_keyboard_alone(self):
        page = self.page
        page.open()
        page.tab_to("find")
        page.type("ana" + Keys.ENTER)
        page.sees("profile", "ana", "Can receive money")
        page.screenshot("profile-ana")
        page.tab_to("send-money")
        page.press(Keys.ENTER)
        page.sees("amount-view", "Send money to ana")
        page.tab_to("amount")
        page.type("10.00")
        page.sees("quote", "ana receives exactly", "$10.00", "Card processing fee", FEE, "You pay", TOTAL)
        page.tab_to("message")
        page.type("For last night’s room")
        page.screenshot("amount")
        page.tab_to("continue")
        page.press(Keys.ENTER)
        page.sees("card-view", f"Pay {TOTAL} by card")
        page.tab_to("card-number")
        page.type("4242424242424242")
        page.tab_to("card-expiry")
        page.type("12/34")
        page.tab_to("card-cvc")
        page.type("123")
        page.screenshot("card")
        page.press(Keys.ENTER)
        payment_id = self.sees_receipt()
        page.sees("receipt-message", "For last night’s room")
        page.screenshot("receipt")
        payment = self.stack.get(f"/v1/payments/{payment_id}", "sam")
        self.assertEqual((payment["status"], payment["amount"]), ("succeeded", 1000))

    def test_a_sender_gives_feedback(self):
        page = self.page
        self.choose_ten_dollars()
        self.pay_with("card-success")
        payment_id = self.sees_receipt()
        page.click("feedback-send")
        page.sees("feedback-alert", "Choose a rating from 1 to 5")
        page.tab_to("rating-1")
        page.press(Keys.ARROW_RIGHT * 3)
        page.find("comment").send_keys("Quick and clear")
        page.screenshot("receipt-feedback")
        page.requests()
        page.click("feedback-send")
        page.sees("feedback", "Thank you")
        [sent] = [json.loads(each["postData"]) for each in page.requests() if each["url"].endswith("/v1/feedback")]
        self.assertEqual(sent, {"rating": 4, "payment_id": payment_id, "text": "Quick and clear"})

    def test_a_card_is_entered_once_and_the_next_payment_is_one_tap(self):
        page = self.page
        self.choose_ten_dollars()
        self.assertEqual(page.all("saved-cards"), [])
        page.click("keep-card")
        self.pay_with("card-success")
        self.sees_receipt()
        self.choose_ten_dollars()
        page.sees("saved-cards", "Visa •••• 4242", "Another card")
        page.screenshot("saved-card")
        page.requests()
        page.click("pay")
        self.sees_receipt()
        sent = [each["postData"] for each in page.requests() if each["url"].endswith("/confirm")]
        self.assertEqual([form.split("&")[0].startswith("payment_method=pm_1") for form in sent], [True])
        self.choose_ten_dollars()
        page.click("saved-remove")
        page.until(lambda: page.all("saved-cards") == [], "the card was not removed")
        self.assertEqual(self.stack.get("/v1/payment-methods", "sam")["items"], [])
        self.pay_with("card-success")
        self.sees_receipt()

    def test_a_declined_card_leaves_the_payment_ready_for_another_card(self):
        self.choose_ten_dollars()
        self.pay_with("card-declined")
        self.page.sees("alert", "declined", "You have not been charged", "another card")
        self.page.screenshot("declined")
        self.pay_with("card-success")
        self.sees_receipt()

    def test_a_failed_3d_secure_check_can_be_tried_again_and_completed(self):
        self.choose_ten_dollars()
        self.pay_with("card-3ds")
        self.page.sees("bank-dialog", "Verify this payment", TOTAL)
        self.page.screenshot("3d-secure")
        self.page.click("bank-fail")
        self.page.sees("alert", "could not verify your identity", "You have not been charged")
        self.pay_with("card-3ds")
        self.page.click("bank-complete")
        self.sees_receipt()

    def test_a_reload_repeats_the_same_payment(self):
        self.choose_ten_dollars()
        self.page.driver.refresh()
        self.page.sees("card-view", f"Pay {TOTAL} by card")
        before, after = self.page.creates()
        self.assertEqual(before, after)
        self.pay_with("card-success")
        self.sees_receipt()
        # The next attempt to pay is another payment, with its own key.
        self.choose_ten_dollars()
        [(key, _)] = self.page.creates()
        self.assertNotEqual(key, before[0])

    def test_a_lost_connection_is_retried_as_the_same_payment(self):
        page = self.page
        page.open("#/creators/ana/send")
        page.find("amount").send_keys("10.00")
        page.sees("quote-total", TOTAL)
        page.without_network_to("*/v1/payments")
        page.click("continue")
        page.sees("problem", "could not be reached", "charged at most once")
        page.screenshot("lost-connection")
        page.without_network_to()
        page.click("problem-retry")
        page.sees("card-view", f"Pay {TOTAL} by card")
        lost, arrived = page.creates()
        self.assertEqual(lost, arrived)
        page.without_network_to("*/v1/payment_intents/*")
        self.pay_with("card-success")
        page.sees("alert", "could not be reached", "charged at most once")
        page.without_network_to()
        page.click("pay")
        self.sees_receipt()

    def test_card_data_goes_to_stripe_and_never_to_our_api(self):
        self.choose_ten_dollars()
        self.pay_with("card-success")
        self.sees_receipt()
        sent = [(each["url"], str(each)) for each in self.page.requests()]
        self.assertEqual([url for url, everything in sent if "4242424242424242" in everything], [])
        with_card = [url for url, everything in sent if "pm_card_visa" in everything]
        self.assertTrue(with_card, "the card was sent nowhere")
        for url in with_card:
            self.assertTrue(url.startswith(f"{self.stack.stripe}/v1/payment_intents/"), url)

    def test_test_mode_says_that_wallets_come_with_stripes_own_form(self):
        self.choose_ten_dollars()
        self.page.sees("test-cards", "Test mode", "Apple Pay and Google Pay")
        self.assertEqual(self.page.all("payment-element"), [])

    def test_a_phone_shows_every_step_without_scrolling_sideways(self):
        page = self.page
        page.on_a_phone()
        page.in_the_dark()

        page.open()
        page.sees("welcome", "Send money to a creator")
        self.fits("welcome")
        page.open("#/creators/bo")
        page.sees("profile", "Cannot receive money right now")
        self.fits("profile-bo")
        page.open("#/creators/ana")
        page.sees("profile", "Can receive money")
        self.fits("profile-ana")
        page.click("send-money")
        page.find("amount").send_keys("10.00")
        page.sees("quote-total", TOTAL)
        self.fits("amount")
        page.click("continue")
        page.sees("card-view", f"Pay {TOTAL} by card")
        self.fits("card")
        self.pay_with("card-3ds")
        page.sees("bank-dialog", "Verify this payment")
        self.fits("3d-secure")
        page.click("bank-complete")
        self.sees_receipt()
        self.fits("receipt")
