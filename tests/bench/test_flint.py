"""The benchmark of FLINT on Wine: it runs, and what it prints is good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from benchmarks import flint

if TYPE_CHECKING:
    import pytest


def test_wine_reaches_what_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        rows = flint.table("wine", (0,))
    finally:
        torch.set_num_threads(n_threads)
    base = rows["BASE-f"]["accuracy f"]
    for name in ("by design", "post hoc"):
        assert rows[name]["fidelity"] >= 95
        assert rows[name]["accuracy f"] >= base - 1.5
        assert rows[name]["dead"] <= 2
        assert rows[name]["CNS(2)"] <= 1.6
    assert "BASE-f" in capsys.readouterr().out
