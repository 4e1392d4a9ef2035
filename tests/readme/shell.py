"""An interactive shell in a pseudo-terminal, into which a block is pasted."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

# Of both shells without anyone's settings: what they do by themselves.
COMMANDS = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}
# The shell prints marks, so that what a command prints is told from what the line editor shows. The typed text names them by
# variables: the marks themselves are never echoed.
MARKS = {"MARK_PROMPT": "\x1d<prompt>", "MARK_MORE": "\x1d<more>", "MARK_RUN": "\x1d<run>"}
SET_UP = {
    "bash": """PS0="$MARK_RUN" PS1="$MARK_PROMPT"'$?;' PS2="$MARK_MORE" """,
    "zsh": """unsetopt prompt_sp; preexec() { printf %s "$MARK_RUN" }; PS1="$MARK_PROMPT%?;" PS2="$MARK_MORE" """,
}
PROMPT = re.compile(MARKS["MARK_PROMPT"] + r"(\d+);")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[=>]|\x1b\][^\x07]*\x07|\r")
COLUMNS = 20_000  # A line that is never broken.
LIMIT_S = 60


class Stuck(Exception):
    """The shell waits for more, or a command does not end."""


def printed_before(prompt):
    """What the commands before a prompt printed, without what the line editor showed."""
    return "".join(prompt.string[: prompt.start()].split(MARKS["MARK_RUN"])[1:])


class Shell:
    def __init__(self, name, folder, environment):
        self.name = name
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(COMMANDS[name][0], COMMANDS[name], environment | MARKS | {"TERM": "xterm"})
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
        self.type(SET_UP[name])
        self.read_until(PROMPT.search, "the first prompt")

    def type_lines(self, text):
        """Types a block line by line, as older terminals paste; returns the exit statuses of its commands and what they print."""
        statuses, printed = [], ""
        for line in text.splitlines():
            self.type(line)
            shown = self.read_until(lambda text: PROMPT.search(text) or MARKS["MARK_MORE"] in text, line)
            prompt = PROMPT.search(shown)
            if prompt:
                statuses.append(int(prompt[1]))
                printed += printed_before(prompt)
        if not prompt:
            raise Stuck(f"{self.name} waits for more after: {line}")
        return statuses, printed

    def paste(self, text):
        """Pastes a block in one piece, as terminals do that bracket it; returns the last command's exit status, and what all print."""
        self.type(f"\x1b[200~{text.strip()}\x1b[201~")
        prompt = PROMPT.search(self.read_until(PROMPT.search, text))
        return [int(prompt[1])], printed_before(prompt)

    def type(self, line):
        os.write(self.terminal, line.encode() + b"\n")

    def press_ctrl_c(self):
        os.write(self.terminal, b"\x03")

    def read_until(self, is_enough, after):
        raw, until = b"", time.monotonic() + LIMIT_S
        while time.monotonic() < until:
            if select.select([self.terminal], [], [], 0.2)[0]:
                raw += os.read(self.terminal, 65_536)
                text = CONTROL.sub("", raw.decode(errors="replace"))
                if is_enough(text):
                    return text
        raise Stuck(f"{self.name} printed no more than this within {LIMIT_S} s after {after!r}:\n{raw.decode(errors='replace')}")

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.terminal)
