"""Settings of all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# No deadline: the first example pays for compilation. The same examples in every run, so
# that a failure belongs to a change; `--hypothesis-profile explore` looks for new ones.
settings.register_profile("same", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile("same")


@pytest.fixture(scope="session", autouse=True)
def plain_reports() -> Iterator[None]:
    """Commands write the plain report, whether or not the front end is built here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("redescribe.report.write.built_front_end", lambda: None)
        yield
