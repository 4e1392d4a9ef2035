"""Runs the tests and prints one line for each, and the totals."""

import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).parent
MODULES = (
    "main_job refusals webhooks bad_input tokens kill_and_restart after_payment waves written_books planted_errors"
    " converted_payments all_faults"
).split()


class LineResult(unittest.TestResult):
    passed = 0
    failed = 0

    def _line(self, word, check):
        name = getattr(check, "test_case", check)._testMethodName.removeprefix("test_").replace("_", " ")
        which = ", ".join(map(str, getattr(check, "params", {}).values()))
        print(f"{word:<4} {name}{': ' + which if which else ''}", flush=True)

    def _fail(self, check, error):
        self.failed += 1
        self._line("FAIL", check)
        print(self._exc_info_to_string(error, getattr(check, "test_case", check)), flush=True)

    def addSuccess(self, test):
        self.passed += 1
        self._line("ok", test)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self._fail(subtest, error)
        else:
            self.passed += 1
            self._line("ok", subtest)

    def addFailure(self, test, error):
        self._fail(test, error)

    def addError(self, test, error):
        # A module that fails to load has no test method.
        if isinstance(test, unittest.TestCase):
            self._fail(test, error)
        else:
            self.failed += 1
            print(f"FAIL {test}\n{self._exc_info_to_string(error, self)}", flush=True)


def main(chosen):
    sys.path.insert(0, str(HERE))
    result = LineResult()
    result.failureException = AssertionError
    unittest.TestLoader().loadTestsFromNames(chosen or MODULES).run(result)
    print(f"\n{result.passed} passed, {result.failed} failed")
    return 1 if result.failed or not result.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
