"""The Python of the README runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import torch
from torch import nn

if TYPE_CHECKING:
    import pytest

README = Path(__file__).parents[2] / "README.md"


class _Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(0)
            self.conv1 = nn.Conv1d(1, 4, 2)
            self.fc1 = nn.Linear(8, 8)
            self.fc2 = nn.Linear(8, 4)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        maps = self.conv1(values[:, None, :])
        hidden = torch.relu(self.fc1(maps.flatten(1)))
        return torch.as_tensor(self.fc2(hidden))


def test_the_python_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    values = np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32)
    table = pd.DataFrame(values, columns=["u", "v", "w"])
    table["id"] = [f"p{i}" for i in range(200)]
    names: dict[str, Any] = {
        "model": _Model(),
        "inputs": torch.tensor(values),
        "table": table,
    }
    exec(found.group(1), names)  # noqa: S102 - our own README
    assert len(names["findings"]) > 0
    assert (tmp_path / "findings").is_dir()
