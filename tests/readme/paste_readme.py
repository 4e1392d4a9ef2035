"""Pastes README into shells as a reader does: `cargo run` in one terminal, every other block in another."""

import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile

from answers import missing
from blocks import blocks
from local_stack import ROOT, free_ports
from shell import Shell, Stuck

# Each kind of platform, and how its runs paste.
PLATFORMS = {"accounts-v2": Shell.type_lines, "accounts-v1": Shell.paste}
# What README's addresses are in a run: the only words of it that are not pasted as they stand.
API, STRIPE = "http://127.0.0.1:3000", "http://127.0.0.1:12111"
START = "cargo run\n"
# The API's and the gateway's refusals, and a shell's.
REFUSALS = ("urn:creator-payments:problem:", '{"message":', "command not found", "no matches found")


class Run:
    def __init__(self, shell, platform):
        self.name = f"{shell}/{platform}"
        self.shell = shell
        self.paste = PLATFORMS[platform]
        ports = free_ports(3)
        self.api, self.stripe, _ = (f"http://127.0.0.1:{port}" for port in ports)
        flags = zip(("--api-port", "--stripe-port", "--dynamodb-port"), map(str, ports), strict=True)
        shims = pathlib.Path(__file__).parent / "shims"
        self.environment = {
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "LOCAL_STACK": os.environ["LOCAL_STACK"],
            "PATH": f"{shims}:{os.environ['PATH']}",
            "STACK_API": self.api,
            "STACK_FLAGS": " ".join(["--ephemeral", "--platform", platform, *(word for flag in flags for word in flag)]),
            # What a reader has set before the deployment's blocks.
            "STRIPE_KEY": "sk_test_reader",
        }

    def failures(self, readme):
        """What is wrong with each block, after all that come before it."""
        found = []
        with tempfile.TemporaryDirectory() as folder:
            terminals = [Shell(self.shell, folder, self.environment) for _ in range(2)]
            stack, walk = terminals
            try:
                for block in blocks(readme):
                    text = block.commands.replace(API, self.api).replace(STRIPE, self.stripe)
                    try:
                        problem = self.start(stack, text) if text == START else self.follow(walk, text, block.answers)
                    except Stuck as stuck:
                        problem = str(stuck)
                    if problem:
                        found.append(f"{self.name}: the block at line {block.line}: {problem}")
                        break
                else:
                    stack.press_ctrl_c()
                    stack.read_until(lambda shown: "\x1d<prompt>" in shown, "Ctrl-C")
            finally:
                stack.press_ctrl_c()
                for terminal in terminals:
                    terminal.close()
        return found

    def start(self, terminal, text):
        terminal.type(text.strip())
        shown = terminal.read_until(lambda shown: "Ctrl-C stops it" in shown or "\x1d<prompt>" in shown, text)
        return None if self.api in shown and self.stripe in shown else f"the stack does not start:\n{shown}"

    def follow(self, terminal, text, answers):
        statuses, printed = self.paste(terminal, text)
        if any(statuses):
            return f"exit statuses {statuses}:\n{printed}"
        expected = "\n".join(content for _, content in answers)
        refusal = next((each for each in REFUSALS if each in printed and each not in expected), None)
        if refusal:
            return f"{refusal!r} in:\n{printed}"
        absent = missing(answers, printed)
        return f"README shows {absent!r}, and not this:\n{printed}" if absent is not None else None


def main():
    readme = (ROOT / "README.md").read_text()
    shells = [shell for shell in ("bash", "zsh") if shutil.which(shell)]
    for shell in {"bash", "zsh"} - set(shells):
        print(f"skipped: README in {shell}, which is not installed and could not be")
    runs = [Run(shell, platform) for platform in PLATFORMS for shell in shells]
    runs = [run for run in runs if run.name in sys.argv[1:] or not sys.argv[1:]]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = [failure for failures in pool.map(lambda run: run.failures(readme), runs) for failure in failures]
    print("\n\n".join(found) or f"README's {len(blocks(readme))} blocks in {', '.join(run.name for run in runs)}: as shown")
    sys.exit(bool(found) or not runs)


main()
