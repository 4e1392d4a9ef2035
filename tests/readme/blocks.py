"""README's blocks: what a reader pastes, and the answers that it shows."""

import re
import textwrap
from dataclasses import dataclass, field

PASTED = ("bash", "sh")
SHOWN = ("json", "text")
FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass
class Block:
    """A block to paste, with the answers that follow it up to the next one."""

    line: int
    commands: str
    answers: list = field(default_factory=list)


def blocks(text):
    found = []
    for fence in FENCE.finditer(text):
        language, content = fence[2], textwrap.dedent(fence[3])
        if language in PASTED:
            line = text.count("\n", 0, fence.start()) + 1
            found.append(Block(line, content))
        elif language in SHOWN:
            found[-1].answers.append((language, content))
    return found
