"""`kernel`: the only place where functions are compiled, with all flags.

The cache on disk lies in a folder named by a hash of all kernel sources, the numba version
and the processor: numba alone checks only the file of the function itself and would keep
stale machine code of the functions it calls.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")


def cache_key() -> str:
    """Return a hash of every kernel source, the numba version and the processor."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    cpu = os.environ.get("NUMBA_CPU_NAME") or _cpu_name()
    digest.update(f"{numba.__version__} {cpu} {sys.version_info[:2]}".encode())
    return digest.hexdigest()[:16]


def cache_directory() -> Path | None:
    """Return the folder for compiled kernels, or None where caching is switched off."""
    if os.environ.get("REDESCRIBE_NUMBA_CACHE") == "0" or numba.config.DISABLE_JIT:
        return None
    base = os.environ.get("XDG_CACHE_HOME") or _default_cache_home()
    directory = Path(base) / "redescribe" / f"kernels-{cache_key()}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return directory if os.access(directory, os.W_OK) else None


def kernel(function: Function) -> Function:
    """Compile `function`: no Python objects, no lock held, exact floating point, cached."""
    if _CACHE is None:
        return numba.njit(nogil=True, cache=False)(function)  # type: ignore[no-any-return]
    # numba reads this setting once, while it decorates; other packages keep theirs.
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_CACHE)
    try:
        return numba.njit(nogil=True, cache=True)(function)  # type: ignore[no-any-return]
    finally:
        numba.config.CACHE_DIR = before


def _cpu_name() -> str:
    from llvmlite import binding  # noqa: PLC0415 - shipped with numba

    return f"{binding.get_host_cpu_name()} {platform.machine()}"


def _default_cache_home() -> str:
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return str(Path.home() / "Library" / "Caches")
    return str(Path.home() / ".cache")


_CACHE = cache_directory()
