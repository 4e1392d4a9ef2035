"""A creator's own terms and blocks, and the page on a phone and by keyboard. Run by tests/browser/run."""

from creator import CreatorTest


class Settings(CreatorTest):
    def test_terms_are_saved_and_senders_see_them(self):
        page = self.page
        self.open_as("ana", "#/settings")
        page.fill("min_amount", "0.01")
        page.fill("presets", "5 ten")
        page.click("terms-save")
        page.sees("presets-error", "in digits")
        page.fill("presets", "5 10.50")
        page.click("terms-save")
        page.sees("terms-alert", "min_amount")
        page.fill("min_amount", "3")
        page.click("terms-save")
        page.sees("terms-saved", "Saved")
        terms = self.stack.get("/v1/creators/ana", "sam")
        self.assertEqual((terms["min_amount"], terms["presets"]), (300, [500, 1050]))
        page.open("#/creators/ana/send")
        page.sees("amount-view", "$5.00", "$10.50", "From $3.00")

    def test_terms_changed_on_another_device_are_not_overwritten(self):
        page = self.page
        self.open_as("cy", "#/settings")
        page.fill("min_amount", "4")
        page.without_network_to("*/v1/creators/cy/settings")
        self.stack.call("PUT", "/v1/creators/cy/settings", {"sub": "cy"}, {"presets": [700]})
        page.without_network_to()
        page.click("terms-save")
        page.sees("terms-alert", "changed since you began to type")
        page.click("reload")
        page.until(lambda: page.find("presets").get_attribute("value") == "7.00", "the other device's amounts never appeared")
        page.click("terms-save")
        page.sees("terms-saved", "Saved")
        settings = self.stack.get("/v1/creators/cy/settings", "cy")
        self.assertEqual((settings["min_amount"], settings["presets"]), (400, [700]))

    def test_a_blocked_sender_is_listed_until_they_are_unblocked(self):
        page = self.page
        self.open_as("ana", "#/settings")
        page.sees("no-blocked", "You have not blocked anyone")
        page.fill("block-sender", "not an id")
        page.click("block")
        page.sees("block-sender-error", "letters")
        page.fill("block-sender", "sid")
        page.click("block")
        page.sees("block-done", "sid cannot send you money")
        page.sees("blocked-sid", "sid", "Since")
        reasons = self.stack.get("/v1/creators/ana", "sid")["reasons"]
        self.assertEqual([reason["code"] for reason in reasons], ["unavailable_to_you"])
        page.open("creator#/settings")
        page.sees("blocked-sid", "sid")
        page.check_view("creator-settings")
        page.click("unblock-sid")
        page.hears("sid can send you money again")
        page.sees("no-blocked", "You have not blocked anyone")
        self.assertTrue(self.stack.get("/v1/creators/ana", "sid")["can_receive"])

    def test_a_phone_shows_every_section_without_scrolling_sideways_and_tab_reaches_every_control(self):
        page = self.page
        page.on_a_phone()
        page.in_the_dark()
        for creator in ("ana", "cy"):
            self.open_as(creator)
            self.fits(f"creator-{creator}")
        self.reaches({
            "creator": ("creator", "creator-save", "email", "country", "onboard", "all-payments"),
            "creator#/payments": ("csv", "from", "to", "standing", "sender_id", "filter", "filter-reset"),
            "creator#/payouts": ("dashboard",),
            "creator#/settings": ("min_amount", "presets", "terms-save", "block-sender", "block"),
        })
