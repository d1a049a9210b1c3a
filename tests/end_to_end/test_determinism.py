"""Same inputs and parameters: same tables, whatever the threads, chunks and hashes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pyarrow import parquet
from tests.cli.examples import views

if TYPE_CHECKING:
    from pathlib import Path


def content_hash(folder: Path) -> str:
    """A hash of the values in both tables, not of the files that hold them."""
    digest = hashlib.sha256()
    for name in ("assessed.parquet", "targets.parquet"):
        table = parquet.read_table(folder / name)
        digest.update(repr((table.schema.names, table.to_pylist())).encode())
    return digest.hexdigest()


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
