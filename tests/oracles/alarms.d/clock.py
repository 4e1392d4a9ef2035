"""The virtual clock of the binaries (clock.c): it runs as the machine's, and tests advance it."""

import mmap
import os
import struct
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Clock:
    def __init__(self, directory):
        path = os.path.join(directory, "clock")
        with open(path, "wb") as file:
            file.write(bytes(8))
        with open(path, "r+b") as file:
            self.shared = mmap.mmap(file.fileno(), 8)
        self.offset_ns = 0
        self.variables = {"LD_PRELOAD": os.path.join(directory, "clock.so"), "CLOCK_OFFSET_FILE": path}

    def now(self):
        return time.time() + self.offset_ns / 1e9

    def advance(self, seconds):
        self.offset_ns += int(seconds * 1e9)
        self.shared[:] = struct.pack("q", self.offset_ns)


def compiled(directory):
    """Compiles the clock into a directory, once."""
    compiler = os.environ.get("CC", "cc")
    target = os.path.join(directory, "clock.so")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", target, os.path.join(HERE, "clock.c")], check=True)
