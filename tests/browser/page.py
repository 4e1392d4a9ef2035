"""What a user does on the pages. Every wait is for something that the user would see."""

import base64
import contextlib
import json
import os
import pathlib
import time
import unittest

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import browser, leave
from local_stack import ROOT

SCREENSHOTS = ROOT / "target" / "screenshots"
# A test that passes is not held up by it; a busy machine is slow.
TIMEOUT_S = 60
POLL_S = 0.03
MAX_TABS = 60
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
# WCAG 2.2, 1.4.10: nothing scrolls sideways at 320 CSS pixels.
NARROWEST = {"width": 320, "height": 640, "deviceScaleFactor": 2, "mobile": True}

# axe-core's script, or nothing where it could not be installed.
AXE = os.environ.get("AXE_CORE", "")
AXE_RUN = """const [rules, done] = arguments;
axe.run(document, { resultTypes: ["violations"], ...rules }).then(({ violations }) => done(violations.flatMap(({ id, help, nodes }) =>
  nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(" ")}: ${failureSummary}`))), (error) => done([String(error)]));"""

# The visible elements with this id or data-testid.
VISIBLE = """const found = [...document.querySelectorAll(`[id="${arguments[0]}"], [data-testid="${arguments[0]}"]`)]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && each.getBoundingClientRect().width > 0);"""

# The visible elements of a selector with this text; of a label, its field.
NAMED = """const [selector, name, end] = arguments;
return [...document.querySelectorAll(selector)]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && each.innerText.trim().split(end || "\\n")[0] === name)
  .map((each) => each.control ?? each);"""

HURRY = """for (const name of ["setTimeout", "setInterval"]) {
  const set = window[name];
  window[name] = (act, after, ...rest) => set(act, %s.includes(after) ? 200 : after, ...rest);
}"""
FEWER = """const ask = window.fetch;
window.fetch = (address, ...rest) => ask(String(address).replace(/\\blimit=100\\b/, "limit=%d"), ...rest);"""


class Page:
    def __init__(self, address, *flags):
        self.address = address
        self.flags = flags
        self.driver = browser(flags)

    def close(self):
        leave(self.flags, [self.address])

    # Seeing

    def until(self, condition, what):
        end = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end:
            # An element that is replaced while it is inspected is searched for again.
            with contextlib.suppress(StaleElementReferenceException):
                if found := condition():
                    return found
            time.sleep(POLL_S)
        self.save_screenshot("failed")
        raise AssertionError(what)

    def all(self, name):
        """The visible elements with this id or data-testid."""
        return self.driver.execute_script(f"{VISIBLE} return found;", name)

    def find(self, name):
        return self.until(lambda: self.all(name), f"{name!r} is not visible")[0]

    def shown(self, name):
        """The text of what is visible under this name, or None."""
        return self.driver.execute_script(f"{VISIBLE} return found[0]?.innerText.trim();", name)

    def text(self, name):
        self.find(name)
        return self.shown(name)

    def sees(self, name, *texts):
        """Waits until `name` is visible and contains all of `texts`."""
        shown = None

        def contains():
            nonlocal shown
            shown = self.shown(name)
            return shown is not None and all(part in shown for part in texts)

        try:
            self.until(contains, f"{name!r} never contained {texts}")
        except AssertionError as error:
            error.add_note(f"it shows {shown!r}")
            raise

    def screenshot(self, name):
        """An image for a person, in target/screenshots, if `SCREENSHOTS` is set: no test looks at it."""
        if os.environ.get("SCREENSHOTS"):
            self.save_screenshot(name)

    def save_screenshot(self, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        whole = {"captureBeyondViewport": True, "clip": {**size, "scale": 1}}
        image = self.driver.execute_cdp_cmd("Page.captureScreenshot", whole)["data"]
        (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(image))

    # Doing

    def open(self, route=""):
        # Goes through a blank page, so that the same address is loaded again.
        self.driver.get("about:blank")
        self.driver.get(f"{self.address}/{route}")

    def on(self, name, act):
        """Acts on an element; if the page has replaced it meanwhile, on the one in its place."""
        self.until(lambda: [act(self.find(name))], f"{name!r} was replaced again and again")

    def click(self, name):
        self.on(name, lambda element: element.click())

    def fill(self, name, text):
        """Replaces the text of a field, by selecting it all and typing."""
        self.on(name, lambda element: element.send_keys(Keys.CONTROL, "a", Keys.NULL, text))

    def type(self, text):
        ActionChains(self.driver).send_keys(text).perform()

    def press(self, key):
        self.type(key)

    def control(self, name):
        """The visible links and buttons with this text."""
        return self.driver.execute_script(NAMED, "a, button, summary", name, "")

    def field(self, label):
        """The visible fields with this label, without what stands in parentheses after it."""
        return self.driver.execute_script(NAMED, "label", label, " (")

    def act_on(self, search, name, act):
        """Acts on the first that is found; if the page has replaced it meanwhile, on the one in its place."""
        self.until(lambda: [act(found[0]) for found in [search(name)] if found], f"nothing named {name!r} is visible")

    def tab_to_element(self, element, name):
        """Presses Tab until the focus is on `element`."""
        for _ in range(MAX_TABS):
            self.press(Keys.TAB)
            if self.driver.execute_script("return document.activeElement === arguments[0]", element):
                return
        raise AssertionError(f"{name!r} cannot be reached with Tab")

    def tab_to(self, name):
        self.on(name, lambda element: self.tab_to_element(element, name))

    def on_a_phone(self):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)

    def on_the_narrowest_phone(self):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", NARROWEST)

    def on_a_desktop(self):
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def in_the_dark(self):
        self.in_colours("dark")

    def in_colours(self, scheme):
        """`scheme` is "light" or "dark"."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def without_network_to(self, *patterns):
        """Fails requests to these addresses as on a lost connection, until called again without any."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": list(patterns)})

    def hurry(self, *milliseconds):
        """What pages that are opened from now on do after these times, they do soon: a test need not wait as long as a person."""
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": HURRY % list(milliseconds)})

    def read_in_pages_of(self, limit):
        """Lists that are read from now on by a hundred are read by so many: a test of the next page needs few items."""
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FEWER % limit})

    # Looking behind the page

    def hears(self, text):
        """Waits until the text is announced to screen readers."""
        announcer = self.driver.find_element(By.ID, "announcer")
        self.until(lambda: text in announcer.get_attribute("textContent"), f"{text!r} was not announced")

    def width(self):
        return self.driver.execute_script("return document.documentElement.scrollWidth")

    def check_view(self, name):
        """Fails if what is shown is wider than the narrowest phone, or if axe-core finds a problem in light or dark colours.

        Leaves a screenshot of the phone, dark, and of the desktop, light, which is how it leaves the page.
        """
        self.in_colours("dark")
        self.on_the_narrowest_phone()
        self.screenshot(f"{name}-narrow")
        assert self.width() <= NARROWEST["width"], f"{name} is {self.width()} px wide on the narrowest phone"
        problems = self.accessibility_problems()
        self.in_colours("light")
        self.on_a_desktop()
        self.screenshot(name)
        # What has no colour and no width is the same as before.
        problems += self.accessibility_problems("color-contrast", "target-size", "scrollable-region-focusable")
        assert problems == [], "\n".join([f"{name} has accessibility problems:", *problems])

    def accessibility_problems(self, *rules):
        """What axe-core finds wrong by these rules, or by all; the test is skipped where axe-core could not be installed."""
        if not AXE:
            raise unittest.SkipTest("axe-core could not be installed")
        if not self.driver.execute_script("return Boolean(window.axe)"):
            self.driver.execute_script(pathlib.Path(AXE).read_text())
        return self.driver.execute_async_script(AXE_RUN, {"runOnly": rules} if rules else {})

    def requests(self):
        """Every request since the last call, from Chromium's network log."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [each["params"]["request"] for each in messages if each["method"] == "Network.requestWillBeSent"]

    def creates(self):
        """(idempotency key, body) of every request to create a payment since the last read of the log."""
        sent = [each for each in self.requests() if each["url"] == f"{self.address}/v1/payments"]
        headers = [{name.lower(): value for name, value in each["headers"].items()} for each in sent]
        return [(keys["idempotency-key"], each["postData"]) for keys, each in zip(headers, sent, strict=True)]

    def script_errors(self):
        """Errors of the page's scripts, without failed network requests, which a declined card also logs."""
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if entry["level"] == "SEVERE" and entry["source"] != "network"
        ]
