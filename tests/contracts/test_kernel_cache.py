"""Compiled kernels are kept between processes, until a source changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from redescribe._kernels import _jit

COUNT = """
import numpy as np
from redescribe._kernels.bitset import set_size
assert set_size(np.array([7], np.uint64)) == 3
print(sum(set_size.stats.cache_hits.values()), sum(set_size.stats.cache_misses.values()))
"""


def hits_and_misses(cache_home: Path) -> tuple[int, int]:
    """Of one call of a kernel in a fresh interpreter."""
    dropped = {"NUMBA_DISABLE_JIT", "NUMBA_CACHE_DIR", "REDESCRIBE_NUMBA_CACHE"}
    environment = {k: v for k, v in os.environ.items() if k not in dropped}
    done = subprocess.run(
        [sys.executable, "-c", COUNT],
        env=environment | {"XDG_CACHE_HOME": str(cache_home)},
        check=True,
        capture_output=True,
        text=True,
    )
    hits, misses = map(int, done.stdout.split())
    return hits, misses


@pytest.mark.skipif(sys.platform != "linux", reason="the cache folder is set by XDG")
def test_a_second_process_compiles_nothing(tmp_path: Path) -> None:
    assert hits_and_misses(tmp_path) == (0, 1)
    assert hits_and_misses(tmp_path) == (1, 0)


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the kernels that `cache_key` takes for its own."""
    source = Path(_jit.__file__).parent
    copy = tmp_path / "kernels"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(_jit, "__file__", str(copy / "_jit.py"))
    return copy


def test_the_key_follows_every_source(kernels: Path) -> None:
    keys = [_jit.cache_key()]
    for path in sorted(kernels.glob("*.py")):
        path.write_text(
            path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8"
        )
        keys.append(_jit.cache_key())
    (kernels / "new.py").write_text("", encoding="utf-8")
    keys.append(_jit.cache_key())
    (kernels / "new.py").rename(kernels / "renamed.py")
    keys.append(_jit.cache_key())
    assert len(set(keys)) == len(keys)


def test_the_key_is_that_of_the_content(kernels: Path) -> None:
    before = _jit.cache_key()
    path = kernels / "bitset.py"
    text = path.read_bytes()
    path.write_bytes(b"")
    assert _jit.cache_key() != before
    path.write_bytes(text)
    assert _jit.cache_key() == before


def test_the_key_names_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _jit.cache_key()
    monkeypatch.setenv("NUMBA_CPU_NAME", "generic")
    assert _jit.cache_key() != before


@pytest.mark.skipif(sys.platform != "linux", reason="the cache folder is set by XDG")
def test_the_cache_can_be_switched_off_or_impossible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_jit._CONFIG, "DISABLE_JIT", 0)
    monkeypatch.delenv("REDESCRIBE_NUMBA_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    wanted = tmp_path / "redescribe" / f"kernels-{_jit.cache_key()}"
    assert _jit.cache_directory() == wanted
    assert wanted.is_dir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert _jit.cache_directory() is None
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("REDESCRIBE_NUMBA_CACHE", "0")
    assert _jit.cache_directory() is None
