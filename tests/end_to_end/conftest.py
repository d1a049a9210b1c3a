"""Tables that the end-to-end tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.examples import mined, views, write_tables

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example tables."""
    folder = tmp_path_factory.mktemp("tables")
    write_tables(folder)
    return folder


@pytest.fixture(scope="session")
def finished(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with a hold-out; only read it."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    mined(folder, *views(tables))
    return folder
