"""Commands in processes of their own, killed at a moment."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redescribe.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_STEP = 0.001
"""Seconds between two looks at the process."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one process of a command ended.

    Attributes
    ----------
    status
        Its exit status; None if it was killed before it came to its end.
    seconds
        From its start to its end.
    """

    status: int | None
    seconds: float

    @property
    def killed(self) -> bool:
        """Whether it was killed before it came to its end."""
        return self.status is None


def attempt(arguments: Sequence[str], log: Path, *, kill_after: float | None) -> Attempt:
    """Run a command in a process group of its own; kill the group after some seconds.

    The process is a copy of this one, which has the packages and the kernels loaded: a
    moment drawn at random then falls into the work and not into its imports. It shares
    nothing with this process but files.

    Parameters
    ----------
    arguments
        Of `redescribe`.
    log
        Where the command prints to.
    kill_after
        Seconds; None lets it end.
    """
    sys.stdout.flush()
    started = time.monotonic()
    process = os.fork()
    if process == 0:
        _be_the_command(arguments, log)
    _lead_a_group(process)
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        seconds = time.monotonic() - started
        if ended:
            break
        if kill_after is not None and seconds >= kill_after:
            os.killpg(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
            break
        time.sleep(_STEP)
    code = os.waitstatus_to_exitcode(status)
    return Attempt(None if code == -signal.SIGKILL else code, seconds)


def _be_the_command(arguments: Sequence[str], log: Path) -> None:
    """What the new process does; it never returns."""
    status = 1
    try:
        _lead_a_group(os.getpid())
        with log.open("ab", buffering=0) as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        status = run(arguments)
    except BaseException:  # noqa: BLE001 - it must end here, whatever happened
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _lead_a_group(process: int) -> None:
    """Both processes say it, since either may come first."""
    try:
        os.setpgid(process, process)
    except (PermissionError, ProcessLookupError):  # done already, or ended already
        return
