"""Runs the walk against a local stack of each kind of platform."""

import os
import subprocess
import sys

from local_stack import ROOT, LocalStack

WALK = ROOT / "clients/typescript/build/test/walk.js"

LOG = ROOT / "target/typescript-walk.log"
LOG.parent.mkdir(exist_ok=True)

for platform in ("accounts-v2", "accounts-v1"):
    stack = LocalStack(log=LOG, flags=["--platform", platform])
    try:
        stack.wait_until_ready()
        environment = os.environ | {"API": stack.api, "STRIPE": stack.stripe}
        walk = subprocess.run(["node", str(WALK)], env=environment, check=False)
    finally:
        stack.stop()
    if walk.returncode != 0:
        sys.exit(f"the walk failed on {platform}; the stack's log is in {LOG}")
