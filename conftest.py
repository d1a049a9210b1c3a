"""Settings of all tests and doctests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# No deadline: the first example pays for compilation. The same examples in every run, so
# that a failure belongs to a change; `--hypothesis-profile explore` looks for new ones.
settings.register_profile("same", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile("same")


def pytest_runtest_setup() -> None:
    """Weights that nothing else seeds are the same in every run: torch draws its seed.

    The seed is none that a test would use, so that other draws are others.
    """
    torch.manual_seed(271_828)


@pytest.fixture(scope="session", autouse=True)
def plain_reports() -> Iterator[None]:
    """Commands write the plain report, whether or not the front end is built here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("redescribe.report.write.built_front_end", lambda: None)
        yield
