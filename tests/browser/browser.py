"""One Chromium for every test that starts it alike: a test has a tab of its own, and leaves nothing behind."""

import contextlib
import multiprocessing.util
import tempfile

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service

# --no-sandbox: containers often run as root. The other flags keep Chromium from connecting to anything but the stack.
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --lang=en-US --window-size=1200,1100"
).split()
LOGS = ("performance", "browser")

RUNNING = {}


def browser(flags):
    """The Chromium with these flags, with an empty tab and empty logs."""
    if flags not in RUNNING:
        RUNNING[flags] = start(flags)
    for log in LOGS:
        RUNNING[flags].get_log(log)
    return RUNNING[flags]


def start(flags):
    profile = tempfile.TemporaryDirectory(prefix="send-money-", ignore_cleanup_errors=True)
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    # A page is ready once its scripts have run; what they load is waited for by what it shows.
    options.page_load_strategy = "eager"
    for flag in (*FLAGS, *flags, f"--user-data-dir={profile.name}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", dict.fromkeys(LOGS, "ALL"))
    # An explicit driver path keeps Selenium from searching for or downloading one.
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    # At the end of this process, also if it is one of a pool, which `atexit` does not hear of.
    multiprocessing.util.Finalize(None, end, (driver, profile), exitpriority=1)
    return driver


def end(driver, profile):
    with contextlib.suppress(WebDriverException):
        driver.quit()
    profile.cleanup()


def leave(flags, origins):
    """Replaces every tab by an empty one, and forgets cookies and what these origins stored. What was emulated ends with its tab."""
    driver = RUNNING[flags]
    try:
        used = driver.window_handles
        driver.switch_to.new_window("tab")
        empty = driver.current_window_handle
        for tab in used:
            driver.switch_to.window(tab)
            driver.close()
        driver.switch_to.window(empty)
        driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        for origin in origins:
            driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    except WebDriverException:
        # The next test starts another one; this one ends with the process.
        del RUNNING[flags]
