"""Settings of all tests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# No deadline: the first example pays for compilation.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=200, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(scope="session", autouse=True)
def plain_reports() -> Iterator[None]:
    """Commands write the plain report, whether or not the front end is built here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("redescribe.report.write.built_front_end", lambda: None)
        yield
