#!/usr/bin/env python3
"""Measures how long functions take from exec to their first request for an event.

    cargo functions
    tests/startup/measure.py target/release/examples/hello target/release/{create-payment-intent,stripe-webhook,\
creator-eligibility,creator-onboarding,payment-history,refund-payment,reconcile-payments,publish-payment-events}

The first binary is the baseline: the minimal function of `crates/payments-http/examples/hello.rs`. The
binaries take turns to start against a stand-in for the Lambda Runtime API on 127.0.0.1, so that load on
the machine affects all of them. Instructions, counted by valgrind's callgrind, do not depend on load;
without valgrind they are neither measured nor checked.

Exits 1 when a binary is over its budget (docs/ARCHITECTURE.md, Budgets), 2 when one does not start.
"""

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

BUDGET_TIMES_HELLO = 1.5
BUDGET_INSTRUCTIONS = 2_500_000
BUDGET_RESIDENT_KB = 10 * 1024

START_TIMEOUT_S = 10
CALLGRIND_TIMEOUT_S = 120

# The environment that Lambda and the template set: enough for each function to start. Nothing here exists.
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "example",
    "AWS_SESSION_TOKEN": "example",
    "AWS_REGION": "eu-west-1",
    "AWS_LAMBDA_FUNCTION_NAME": "measured",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    "AWS_LAMBDA_LOG_GROUP_NAME": "measured",
    "AWS_LAMBDA_LOG_STREAM_NAME": "measured",
    "TABLE_NAME": "creator-payments",
    "LOG_LEVEL": "info",
    "LIVEMODE": "false",
    "ALLOWED_ORIGINS": "https://app.example",
    "EVENT_BUS_NAME": "default",
    **{
        name: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:example"
        for name in (
            "STRIPE_SECRET_ARN",
            "STRIPE_WEBHOOK_SECRETS_ARN",
            "SIGNING_KEY_ARN",
            "PAYMENT_ID_KEY_ARN",
        )
    },
}


class NotStarted(Exception):
    """A function ended, or did not request an event in time."""


class RuntimeApi:
    """A stand-in for the Lambda Runtime API that accepts the request for the next event and never answers it."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        host, port = self.listener.getsockname()
        self.environment = {**ENVIRONMENT, "AWS_LAMBDA_RUNTIME_API": f"{host}:{port}"}

    def wait_for_next(self, process, timeout_s):
        """The time of the function's request, and its connection, which stays open while the process is measured."""
        deadline = time.perf_counter() + timeout_s
        self.listener.settimeout(0.1 if timeout_s > START_TIMEOUT_S else 0.02)
        while time.perf_counter() < deadline:
            try:
                connection, _ = self.listener.accept()
            except TimeoutError:
                if process.poll() is not None:
                    raise NotStarted(f"it ended with status {process.returncode}")
                continue
            connection.settimeout(timeout_s)
            request = b""
            while b"\r\n\r\n" not in request:
                part = connection.recv(4096)
                if not part:
                    raise NotStarted("it closed the connection")
                request += part
            arrived = time.perf_counter()
            if not request.startswith(b"GET /2018-06-01/runtime/invocation/next "):
                raise NotStarted(f"it requested {request.splitlines()[0]!r}")
            return arrived, connection
        raise NotStarted(f"no request for an event within {timeout_s} s")


def start(command, api):
    return subprocess.Popen(
        command, env=api.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def stop(process):
    """Ends the process and returns the last line of its standard error."""
    process.kill()
    errors = b"" if process.stderr.closed else process.communicate()[1]
    return (errors.decode(errors="replace").strip().splitlines() or [""])[-1]


def peak_resident_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"^VmHWM:\s+(\d+) kB", status.read(), re.MULTILINE).group(1))


def time_one_start(binary, api):
    """Milliseconds from exec to the first request for an event, and the peak of resident memory in kB."""
    began = time.perf_counter()
    process = start([binary], api)
    try:
        arrived, connection = api.wait_for_next(process, START_TIMEOUT_S)
        with connection:
            return (arrived - began) * 1_000, peak_resident_kb(process.pid)
    except NotStarted as error:
        raise NotStarted(f"{os.path.basename(binary)}: {error}; {stop(process)}") from None
    finally:
        stop(process)


def count_instructions(binary, api):
    """Instructions in user space from exec to the first request for an event; the same in every run except
    for a few thousand. The function waits for its event while callgrind writes its count."""
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "callgrind.out")
        process = start(["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", binary], api)
        try:
            _, connection = api.wait_for_next(process, CALLGRIND_TIMEOUT_S)
            with connection:
                # SIGTERM ends the program under valgrind, which then writes its count.
                process.terminate()
                process.communicate(timeout=CALLGRIND_TIMEOUT_S)
        finally:
            stop(process)
        with open(output, encoding="utf-8", errors="replace") as counted:
            return int(re.search(r"^(?:summary|totals): (\d+)", counted.read(), re.MULTILINE).group(1))


def measure(binaries, runs):
    api = RuntimeApi()
    timed = {binary: [] for binary in binaries}
    for _ in range(runs):
        for binary in binaries:
            timed[binary].append(time_one_start(binary, api))
    has_valgrind = shutil.which("valgrind") is not None
    return {
        binary: {
            "ms": statistics.median(ms for ms, _ in starts),
            "resident_kb": max(kb for _, kb in starts),
            "instructions": count_instructions(binary, api) if has_valgrind else None,
        }
        for binary, starts in timed.items()
    }


def over_budget(result, hello):
    """Descriptions of what is over budget."""
    findings = []
    if result["ms"] > BUDGET_TIMES_HELLO * hello["ms"]:
        findings.append(f"slower than {BUDGET_TIMES_HELLO} × hello")
    if (result["instructions"] or 0) > BUDGET_INSTRUCTIONS:
        findings.append("too many instructions")
    if result["resident_kb"] > BUDGET_RESIDENT_KB:
        findings.append("too much memory")
    return findings


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", nargs="+", metavar="BINARY", help="binaries to measure, the baseline first")
    parser.add_argument("--runs", type=int, default=21, help="starts of each (default 21)")
    arguments = parser.parse_args()

    try:
        results = measure([os.path.abspath(binary) for binary in arguments.binaries], arguments.runs)
    except (NotStarted, OSError) as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2

    hello = next(iter(results.values()))
    print(f"{'function':<28} {'ms':>7} {'× hello':>8} {'instructions':>13} {'resident MB':>12}  over budget")
    failed = False
    for binary, result in results.items():
        findings = over_budget(result, hello)
        failed = failed or bool(findings)
        instructions = f"{result['instructions']:,}" if result["instructions"] is not None else "–"
        print(
            f"{os.path.basename(binary):<28} {result['ms']:>7.2f} {result['ms'] / hello['ms']:>8.2f} "
            f"{instructions:>13} {result['resident_kb'] / 1024:>12.1f}  {', '.join(findings) or 'no'}"
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
