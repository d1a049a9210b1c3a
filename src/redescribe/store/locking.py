"""One writer of a run folder at a time, or many shards: a lock that dies with us."""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from redescribe.errors import StoreError

if TYPE_CHECKING:
    from typing import Protocol

    class _Locks(Protocol):
        LOCK_EX: int
        LOCK_SH: int
        LOCK_NB: int

        def flock(self, file: int, operation: int) -> None: ...


LOCK = ".redescribe-lock"
"""Readers ignore the file, and a folder that holds only it is free."""
_TRIES = 20


class FolderLock:
    """A lock on a folder, held until the object is gone or the process has ended.

    Parameters
    ----------
    file
        Descriptor of the locked file.
    path
        The file.
    """

    def __init__(self, file: int, path: Path) -> None:
        self._release = weakref.finalize(self, _release, file, str(path))


_held: weakref.WeakValueDictionary[Path, FolderLock] = weakref.WeakValueDictionary()
_mutex = threading.Lock()


def lock(folder: Path, *, shared: bool = False) -> FolderLock | None:
    """Lock a folder for this process; `shared` admits others that share it.

    The operating system drops the lock when the process ends, also after a kill. What this
    process has locked already it may use again.

    Returns
    -------
    lock
        None where the file system or the operating system has no locks, or nothing can be
        written.

    Raises
    ------
    StoreError
        If another process writes the folder.
    """
    with _mutex:
        known = _held.get(folder)
        if known is not None:
            return known
        found = _locked(folder, shared=shared)
        if found is not None:
            _held[folder] = found
        return found


def _locked(folder: Path, *, shared: bool) -> FolderLock | None:
    locks = _locks()
    if locks is None:
        return None
    path = folder / LOCK
    operation = (locks.LOCK_SH if shared else locks.LOCK_EX) | locks.LOCK_NB
    for _ in range(_TRIES):
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError:  # read-only, or full: what is written next says so
            return None
        try:
            locks.flock(file, operation)
        except BlockingIOError as error:
            os.close(file)
            raise StoreError(_taken(folder)) from error
        except OSError:  # a file system without locks
            os.close(file)
            return None
        if _is_at(file, path):
            return FolderLock(file, path)
        os.close(file)  # its last owner removed it in between
    return None


def check_unlocked(folder: Path) -> None:
    """Check that nobody has a folder for itself; nothing is written, nothing is locked.

    Raises
    ------
    StoreError
        If another process does.
    """
    locks = _locks()
    if locks is None or folder in _held:
        return
    try:
        file = os.open(folder / LOCK, os.O_RDWR)
    except OSError:
        return
    try:
        locks.flock(file, locks.LOCK_SH | locks.LOCK_NB)
    except BlockingIOError as error:
        raise StoreError(_taken(folder)) from error
    except OSError:  # a file system without locks
        return
    finally:
        os.close(file)


def _taken(folder: Path) -> str:
    return (
        f"{folder} is being written by another process. Wait until it has ended, or choose "
        "another folder."
    )


def _release(file: int, path: str) -> None:
    """Remove the file, unless others share it, and give up the lock."""
    locks = _locks()
    with suppress(OSError):
        if locks is not None and _is_at(file, Path(path)):
            locks.flock(file, locks.LOCK_EX | locks.LOCK_NB)
            Path(path).unlink()
    with suppress(OSError):
        os.close(file)


def _is_at(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except OSError:
        return False


def _locks() -> _Locks | None:
    """The module `fcntl`, which not every operating system has."""
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:
        return None
    return cast("_Locks", fcntl)
