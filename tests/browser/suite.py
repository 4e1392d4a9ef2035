"""Runs files of tests, given by name, in as many processes as `JOBS` says (2): each has one browser for all its files, and a page mostly
waits. Prints each file's results in one piece, and at the end what took longest. What the stacks print is in target/browser.log."""

import concurrent.futures
import io
import os
import sys
import time
import unittest

from local_stack import ROOT

LOG = ROOT / "target" / "browser.log"
SLOWEST = 8


class Timed(unittest.TextTestResult):
    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        self.times = [*getattr(self, "times", []), (time.monotonic() - self.began, str(test).split(" ")[0])]
        super().stopTest(test)


def quiet():
    with open(LOG, "ab") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())


def run(module):
    tests = unittest.defaultTestLoader.loadTestsFromName(module)
    stream = io.StringIO()
    result = unittest.TextTestRunner(stream, verbosity=2, resultclass=Timed).run(tests)
    return stream.getvalue(), getattr(result, "times", []), result.wasSuccessful()


def main(modules):
    began = time.monotonic()
    jobs = int(os.environ.get("JOBS", "2"))
    LOG.unlink(missing_ok=True)
    times, failed = [], []
    with concurrent.futures.ProcessPoolExecutor(jobs, initializer=quiet) as pool:
        running = {pool.submit(run, module): module for module in modules}
        for done in concurrent.futures.as_completed(running):
            text, taken, is_good = done.result()
            print(text, flush=True)
            times += taken
            failed += [] if is_good else [running[done]]
    print("The slowest tests:", *(f"{seconds:6.1f} s {name}" for seconds, name in sorted(times, reverse=True)[:SLOWEST]), sep="\n  ")
    print(f"{len(times)} tests of {len(modules)} files in {time.monotonic() - began:.0f} s, {jobs} files at a time:", end=" ")
    print(f"FAILED: {', '.join(failed)}" if failed else "OK")
    return bool(failed) or not times


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
