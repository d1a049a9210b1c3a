"""A finished run that the tests copy and damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.faults.damage import mined

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with permutations; only copy it."""
    folder = tmp_path_factory.mktemp("faults") / "run"
    mined(folder)
    return folder
