"""A program that locks a folder until its input ends: its arguments are both."""

from __future__ import annotations

import sys
from pathlib import Path

from redescribe.store.locking import lock

if __name__ == "__main__":
    held = lock(Path(sys.argv[1]), shared=sys.argv[2] == "shared")
    sys.stdout.write("locked\n")
    sys.stdout.flush()
    sys.stdin.read()
