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
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")

# numba fills its configuration at run time, so type checkers know none of its names.
_CONFIG: Any = numba.config


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
    if os.environ.get("REDESCRIBE_NUMBA_CACHE") == "0" or _CONFIG.DISABLE_JIT:
        return None
    base = os.environ.get("XDG_CACHE_HOME") or _default_cache_home()
    directory = Path(base) / "redescribe" / f"kernels-{cache_key()}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return directory if os.access(directory, os.W_OK) else None


def kernel(function: Function) -> Function:
    """Compile `function`: no Python objects, no lock held, exact floating point, cached.

    x / 0 is infinite or NaN: a test that raises would keep loops from becoming vectors.
    """
    if _CACHE is None:
        return _compiled(function, cache=False)
    # numba reads this setting once, while it decorates; other packages keep theirs.
    before = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = str(_CACHE)
    try:
        return _compiled(function, cache=True)
    finally:
        _CONFIG.CACHE_DIR = before


def _compiled(function: Function, *, cache: bool) -> Function:
    dispatcher: Any = numba.njit(nogil=True, error_model="numpy", cache=cache)(function)
    # A dispatcher is called like the function it compiles.
    return cast("Function", dispatcher)


def _cpu_name() -> str:
    # Shipped with numba, without types.
    binding = import_module("llvmlite.binding")
    return f"{binding.get_host_cpu_name()} {platform.machine()}"


def _default_cache_home() -> str:
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return str(Path.home() / "Library" / "Caches")
    return str(Path.home() / ".cache")


_CACHE = cache_directory()
