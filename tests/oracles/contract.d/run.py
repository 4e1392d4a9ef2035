"""Runs schemathesis over the local stack, as an operator who is a creator as well."""

import os
import pathlib
import subprocess
import sys

from local_stack import LocalStack

# `checks.py` has what holds in place of them.
NOT_CHECKED = "positive_data_acceptance,unsupported_method"
# Its authentication is the signature, which the document cannot express.
SIGNED = "/v1/stripe/webhooks"
LIMIT_S = 75

stack = LocalStack(flags=["--reconcile-every", 0, "--sender-limits", "", "--sender-creator-limits", ""])
try:
    stack.wait_until_ready()
    token = stack.token({"sub": "ana", "scope": "payments:admin"})
    command = [sys.argv[1], "run", "infra/openapi.yaml", "--url", stack.api, "--no-color"]
    command += ["--header", f"Authorization: Bearer {token}", "--exclude-checks", NOT_CHECKED]
    command += ["--exclude-path", SIGNED, "--phases", "examples,coverage,fuzzing"]
    command += ["--max-examples", "15", "--seed", "1", "--max-time", str(LIMIT_S), "--suppress-health-check", "all"]
    hooks = {"SCHEMATHESIS_HOOKS": str(pathlib.Path(__file__).with_name("checks.py"))}
    sys.exit(subprocess.run(command, check=False, env=os.environ | hooks).returncode)
finally:
    stack.stop()
