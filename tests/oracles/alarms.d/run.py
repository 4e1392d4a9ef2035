"""Plants each fault in a stage of its own, and compares what rang with what should. Names of faults can be given."""

import concurrent.futures
import os
import re
import sys
import tempfile
import time
import traceback

import clock
import days
import faults
import faulty_books  # noqa: F401 - it adds its faults, as the others do
import faulty_events  # noqa: F401
import faulty_releases  # noqa: F401
import outages  # noqa: F401
from deployed import ROOT, Deployed
from stage import Stage

# Stages wait for each other more than they compute.
AT_ONCE = 4
# Long enough for each alarm's periods, and for a run of reconciliation that ends.
LATER_S = 12 * 3600


def planted(template, built, fault):
    """What is wrong with a fault, what rang, and which metrics were made up."""
    began = time.monotonic()
    stage = None
    try:
        stage = Stage(template, built, fault.flags, STRIPE_REQUESTS_PER_SECOND="1000", **fault.variables)
        fault.plant(stage)
        rang, still = stage.rang(LATER_S)
        wrong = []
        if rang != fault.alarms:
            wrong.append(f"rang without reason: {sorted(rang - fault.alarms)}, silent: {sorted(fault.alarms - rang)}")
        if still:
            wrong.append(f"never ends: {sorted(still)}")
        made_up = stage.synthesised
    except Exception:
        wrong, rang, made_up = [traceback.format_exc() + (stage.log_text()[-1500:] if stage else "")], set(), set()
    finally:
        if stage:
            stage.close()
    print(f"{'FAILED' if wrong else 'ok':6} {time.monotonic() - began:5.1f} s  {fault.name}: {', '.join(sorted(rang)) or 'nothing'}",
          flush=True)
    for each in wrong:
        print(f"       {each}", flush=True)
    return [f"{fault.name}: {each}" for each in wrong], rang, made_up


def runbook():
    """What is wrong with the row of each alarm in docs/RUNBOOK.md, `None` if nothing."""
    text = (ROOT / "docs/RUNBOOK.md").read_text()
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    rows = {}
    for line in text.splitlines():
        missing = set(re.findall(r"\]\(#([\w-]+)\)", line)) - anchors
        for name in re.findall(r"`(\w+Alarm)`", line.split(" | ")[0] if line.startswith("| `") else ""):
            rows[name] = f"leads to {missing}, which is not there" if missing else None
    return rows


def main(names):
    template = Deployed()
    # What takes long begins early.
    every = [*days.DAYS, *faults.FAULTS]
    chosen = [fault for fault in every if not names or any(name in fault.name for name in names)]
    with tempfile.TemporaryDirectory() as built:
        clock.compiled(built)
        with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("AT_ONCE", AT_ONCE))) as pool:
            results = list(pool.map(lambda fault: planted(template, built, fault), chosen))
    wrong = [each for found, _, _ in results for each in found]
    heard = set().union(*(rang for _, rang, _ in results))
    rows = runbook()
    found = {name: rows.get(name, "is missing") for name in sorted(heard)}
    wrong += [f"docs/RUNBOOK.md: the row of {name} {fault}" for name, fault in found.items() if fault]
    if not names:
        wrong += [f"{name} was never heard" for name in sorted(template.alarms.keys() - heard)]
    print("\n".join(each.splitlines()[-1] for each in wrong))
    made_up = sorted(set().union(*(made_up for _, _, made_up in results)))
    print(f"{len(chosen)} stages, {len(heard)} of {len(template.alarms)} alarms rang; made up here: {', '.join(made_up) or 'nothing'}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(sys.argv[1:])
