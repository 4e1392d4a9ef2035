"""Values held against the types of Stripe's npm package by TypeScript's compiler, and the package as a client of the stand-in."""

import json
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path("tests/oracles/openapi.d/npm")
PLACE = pathlib.Path("target/npm-openapi")
# Stripe's types have methods that the package adds to an answer, and `null` of an answer as a field that is not there.
HEAD = """import type Stripe from "stripe";
type Answer<T> = T extends unknown ? Omit<T, "fetchRelatedObject" | "fetchEvent" | "lastResponse"> : never;
"""
FLAGS = ["--noEmit", "--strict", "--strictNullChecks", "false", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"]
ERROR = re.compile(r"values\.ts\((\d+),\d+\): error TS\d+: (.*)")


def install():
    """Why the package cannot be had, or None."""
    if shutil.which("npm") is None:
        return "npm is not installed"
    PLACE.mkdir(parents=True, exist_ok=True)
    pins = (HERE / "package.json").read_text()
    installed = PLACE / "installed.json"
    if not installed.exists() or installed.read_text() != pins:
        (PLACE / "package.json").write_text(pins)
        if subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=PLACE, check=False).returncode:
            return "npm could not install Stripe's package"
        installed.write_text(pins)
    shutil.copy(HERE / "drive.js", PLACE)
    return None


def deviations(values):
    """What the types do not allow, of `(where, type, value)`, with the type as `Account` for `Stripe.V2.Core.Account`."""
    lines = [f"export const _{at}: {kind_of(kind)} = {json.dumps(value)};\n" for at, (_, kind, value) in enumerate(values)]
    (PLACE / "values.ts").write_text(HEAD + "".join(lines))
    done = subprocess.run(["node_modules/.bin/tsc", *FLAGS, "values.ts"], cwd=PLACE, capture_output=True, text=True, check=False)
    first = HEAD.count("\n") + 1
    found = [f"{values[int(line) - first][0]} (npm): {message}" for line, message in ERROR.findall(done.stdout)]
    assert bool(found) == bool(done.returncode), done.stdout + done.stderr
    return found


def kind_of(kind):
    return f"Stripe.V2.Core.{kind}" if kind.endswith("Params") else f"Answer<Stripe.V2.Core.{kind}>"


def drive(stand_in, secret, told):
    """What the package, as a client of the stand-in, could not do."""
    (PLACE / "told.json").write_text(json.dumps(told))
    done = subprocess.run(["node", "drive.js", stand_in.url, secret, "told.json"], cwd=PLACE, capture_output=True, text=True, check=False)
    return [f"the npm package: {done.stderr.strip()}"] if done.returncode else []
