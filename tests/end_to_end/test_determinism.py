"""Same inputs and parameters: same tables, whatever the threads, chunks and hashes."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from benchmarks.content_hash import content_hash
from tests.cli.examples import views

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("hash_seed", "jobs", "chunk_size"), [("0", "1", "1"), ("4711", "2", "16")]
)
def test_processes_agree(
    tables: Path,
    finished: Path,
    tmp_path: Path,
    hash_seed: str,
    jobs: str,
    chunk_size: str,
) -> None:
    command = [sys.executable, "-m", "redescribe", "mine", *views(tables), "--quiet"]
    options = ["--jobs", jobs, "--chunk-size", chunk_size, "-o", str(tmp_path / "run")]
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    subprocess.run([*command, *options], env=environment, check=True, capture_output=True)
    assert content_hash(tmp_path / "run") == content_hash(finished)
