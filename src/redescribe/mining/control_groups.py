"""The memory that Linux control groups leave to this process."""

from __future__ import annotations

from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEMBERSHIP, _MOUNT = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def control_group_limits(membership: Path = _MEMBERSHIP, mount: Path = _MOUNT) -> list[int]:
    """Return the limits of the control groups that this process is in, in bytes.

    A container has one, a job of a cluster's queue another; the smallest counts.

    Parameters
    ----------
    membership
        The file that names the groups: lines HIERARCHY:CONTROLLERS:GROUP.
    mount
        Where the groups are described, of version 1 and 2.

    Returns
    -------
    list of int
        Empty where there are none or no limit is set.
    """
    found = (_limit(path) for path in _files(membership, mount))
    return [limit for limit in found if limit is not None]


def _files(membership: Path, mount: Path) -> Iterator[Path]:
    try:
        lines = membership.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, group = rest.partition(":")
        if not controllers:
            root, name = mount, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = mount / "memory", "memory.limit_in_bytes"
        else:
            continue
        # In a container, the names may be those outside: its own group is the root.
        inner = PurePosixPath(group.lstrip("/"))
        for at in chain([inner], inner.parents):
            yield root / at / name


def _limit(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such group, or "max"
        return None
