"""One writer of a run folder at a time, or many shards: a lock that dies with us."""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING, cast

from redescribe.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    class _Locks(Protocol):
        LOCK_EX: int
        LOCK_SH: int
        LOCK_NB: int

        def flock(self, file: int, operation: int) -> None: ...


class FolderLock:
    """A lock on a folder, held until the object is gone or the process has ended.

    Parameters
    ----------
    handle
        Descriptor of the locked folder.
    shared
        Whether others share it.
    """

    def __init__(self, handle: int, *, shared: bool) -> None:
        self.handle, self.shared = handle, shared
        self._release = weakref.finalize(self, os.close, handle)

    def take_alone(self, folder: Path) -> None:
        """Share it no longer; a `StoreError`, and it is shared as before, if others do."""
        try:
            _take(folder, self.handle, shared=False)
        except StoreError:
            _take(folder, self.handle, shared=True)  # a try that fails loses the lock
            raise
        self.shared = False


_held: weakref.WeakValueDictionary[Path, FolderLock] = weakref.WeakValueDictionary()
_mutex = threading.Lock()


def lock(folder: Path, *, shared: bool = False) -> FolderLock | None:
    """Lock a folder for this process; `shared` admits others that share it.

    The operating system drops the lock when the process ends, also after a kill. What this
    process has locked already it may use again; what it shares, it may get for itself when
    no other process shares it.

    The folder itself is locked: no file is made in it.

    Returns
    -------
    lock
        None where the file system or the operating system has no locks.

    Raises
    ------
    StoreError
        If another process writes the folder.
    """
    with _mutex:
        known = _held.get(folder)
        if known is not None:
            if known.shared and not shared:
                known.take_alone(folder)
            return known
        found = _locked(folder, shared=shared)
        if found is not None:
            _held[folder] = found
        return found


def check_unlocked(folder: Path) -> None:
    """Check that nobody has a folder for itself; it may be missing.

    Raises
    ------
    StoreError
        If another process does.
    """
    if folder.exists() and folder not in _held:
        _locked(folder, shared=True)


def _locked(folder: Path, *, shared: bool) -> FolderLock | None:
    if _locks() is None:
        return None
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # what is written next says what is wrong
        return None
    try:
        has_lock = _take(folder, handle, shared=shared)
    except StoreError:
        os.close(handle)
        raise
    if not has_lock:
        os.close(handle)
        return None
    return FolderLock(handle, shared=shared)


def _take(folder: Path, handle: int, *, shared: bool) -> bool:
    """Lock what a descriptor stands for; false where the file system has no locks."""
    locks = cast("_Locks", _locks())
    try:
        locks.flock(handle, (locks.LOCK_SH if shared else locks.LOCK_EX) | locks.LOCK_NB)
    except BlockingIOError as error:
        em = (
            f"{folder} is being written by another process. Wait until it has ended, or "
            "choose another folder."
        )
        raise StoreError(em) from error
    except OSError:
        return False
    return True


def _locks() -> _Locks | None:
    """The module `fcntl`, which not every operating system has."""
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:
        return None
    return cast("_Locks", fcntl)
