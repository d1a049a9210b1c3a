"""Batches that run in other processes give the same activations, and the same errors."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pytest
import torch
from tests.capture.test_backends import BACKENDS, Backend
from tests.capture.toys import INPUTS, TOKENS, Reader, Signed, n_hooks, network
from torch import nn

from redescribe.capture.batches import Batch
from redescribe.capture.capture import capture
from redescribe.capture.passes import Sent, _cut, other_processes
from redescribe.capture.plan import CapturePlan
from redescribe.core.captured import LayerUnits
from redescribe.errors import CaptureError, WorkerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = np.random.default_rng(0).normal(size=(21, 2)).astype(np.float32)


def files_of(folder: Path) -> dict[str, bytes]:
    """The values and the description of a store."""
    names = ("activations.npy", "store.json")
    return {name: (folder / name).read_bytes() for name in names}


@pytest.mark.parametrize("form", ["array", "batches", "generator", "named"])
def test_a_store_is_the_same_in_every_byte(tmp_path: Path, form: str) -> None:
    def inputs() -> Any:  # noqa: ANN401 - four forms
        batches = [torch.tensor(ROWS[i : i + 2]) for i in range(0, 21, 2)]
        named = {"input": ROWS}
        forms = {"array": ROWS, "batches": batches, "generator": iter(batches)}
        return forms.get(form, named)

    options: dict[str, Any] = {"batch_size": 2, "ids": range(21), "layers": ["relu", "h*"]}
    for name, n_jobs in (("here", None), ("elsewhere", 2)):
        capture(network(), inputs(), out=tmp_path / name, n_jobs=n_jobs, **options)
    assert files_of(tmp_path / "here") == files_of(tmp_path / "elsewhere")


def test_a_configured_back_end_counts_and_threads_do_not() -> None:
    assert other_processes(None) is None
    assert other_processes(1) is None
    for backend, elsewhere in {"threading": False, "loky": True}.items():
        with joblib.parallel_config(backend=backend, n_jobs=2):
            assert (other_processes(None) is not None) is elsewhere


def test_tokens_and_their_masks_go_along() -> None:
    mask = np.array([[1, 1, 0], [1, 1, 1]])
    data = {"values": np.tile(TOKENS, (5, 1)), "attention_mask": np.tile(mask, (5, 1))}
    options: dict[str, Any] = {"layers": "signed", "reduce": "each", "batch_size": 3}
    here = capture(Reader(), data, **options)
    elsewhere = capture(Reader(), data, n_jobs=2, **options)
    np.testing.assert_array_equal(here.values, elsewhere.values)
    assert here.entities == elsewhere.entities
    assert len(here.entities) == 25


@pytest.mark.filterwarnings("ignore:__array__ impl:DeprecationWarning")  # within Keras
@pytest.mark.parametrize("backend", BACKENDS.values(), ids=BACKENDS)
def test_networks_of_every_framework_travel(backend: Backend) -> None:
    model = backend.make()
    options: dict[str, Any] = {"layers": [backend.hidden, backend.relu], "batch_size": 1}
    here = capture(model, INPUTS, **options)
    elsewhere = capture(model, INPUTS, n_jobs=2, **options)
    np.testing.assert_array_equal(here.values, elsewhere.values)


def test_the_network_is_left_as_it_was() -> None:
    model = network().train()
    capture(model, ROWS, layers="relu", batch_size=2, n_jobs=2)
    assert model.training
    assert n_hooks(model) == 0


def test_an_error_of_a_batch_is_what_it_is_here(tmp_path: Path) -> None:
    rows = ROWS.copy()
    rows[7] = np.nan
    out = tmp_path / "acts"
    with pytest.raises(CaptureError, match="NaN or infinite in batch 3"):
        capture(network(), rows, layers="hidden", out=out, batch_size=2, n_jobs=2)
    assert not list(tmp_path.iterdir())


def test_layers_that_change_between_blocks_are_an_error() -> None:
    batches = [np.zeros((2, n), np.float32) for n in (3,) * 8 + (4,)]
    model = nn.Sequential(Signed(), nn.Flatten())
    with pytest.raises(CaptureError, match=r"had 6 units in the first batch and now"):
        capture(model, batches, layers="1", n_jobs=2)


class Deadly(nn.Module):
    """Ends its process at an input of 99, while a file is there."""

    def __init__(self, while_there: Path) -> None:
        super().__init__()
        self.fc = nn.Linear(2, 2)
        self.while_there = while_there
        with torch.no_grad():
            self.fc.weight.copy_(torch.eye(2))
            self.fc.bias.zero_()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if (x == 99).any() and self.while_there.exists():
            os.kill(os.getpid(), signal.SIGKILL)
        result: torch.Tensor = self.fc(x)
        return result


@pytest.mark.skipif(os.name != "posix", reason="signals of posix")
def test_a_capture_whose_worker_is_killed_goes_on(tmp_path: Path) -> None:
    bomb, out = tmp_path / "bomb", tmp_path / "acts"
    bomb.touch()
    rows = np.tile(ROWS, (30, 1))  # several waves of blocks
    rows[-3] = 99
    options: dict[str, Any] = {"layers": "fc", "batch_size": 2, "n_jobs": 2, "out": out}
    with pytest.raises(WorkerError, match=r"Finished parts are kept"):
        capture(Deadly(bomb), rows, **options)
    (kept,) = (path for path in tmp_path.iterdir() if path not in {bomb, out})
    n_kept = json.loads((kept / "progress.json").read_text())["state"]["n_entities"]
    assert 0 < n_kept < len(rows)
    bomb.unlink()
    heard: list[int] = []
    view = capture(Deadly(bomb), rows, progress=Heard(heard), **options)
    np.testing.assert_array_equal(view.values, rows.T)
    assert heard[0] == n_kept
    assert sum(heard) == len(rows)


class Heard:
    """Notes every step of a stage."""

    def __init__(self, steps: list[int]) -> None:
        self.steps = steps

    def stage(self, _name: str, _total: int) -> Any:  # noqa: ANN401 - a context manager
        return nullcontext(self.steps.append)


SCRIPT = """
import numpy as np
from torch import nn, Tensor
import redescribe

class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(-x)

if __name__ == "__main__":
    rows = np.arange(12, dtype=np.float32).reshape(6, 2) - 6
    view = redescribe.capture(Own(), rows, layers="relu", batch_size=1, n_jobs=2)
    print(view.values.sum())
"""


def test_classes_of_a_script_travel(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    ran = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(ran.stdout) == 21


def test_a_model_of_a_file_travels(tmp_path: Path) -> None:
    (tmp_path / "nets.py").write_text(SCRIPT)
    model = f"{tmp_path / 'nets.py'}:Own"
    view = capture(model, ROWS, layers="relu", n_jobs=2, batch_size=2)
    np.testing.assert_array_equal(view.values, np.maximum(-ROWS, 0).T)


def test_blocks_are_few_per_worker_and_not_too_large() -> None:
    def sent(n: int, n_values: int) -> Iterator[Sent]:
        rows = np.broadcast_to(np.float32(0), (10, n_values))
        for number in range(n):
            yield Sent(Batch(number, (rows,)), 10, "")

    plan = CapturePlan((LayerUnits.whole("fc", 5),), 1000, "float32", "cpu", 1.0)

    def sizes(n: int, n_values: int, n_workers: int) -> list[int]:
        return [len(block) for block in _cut(sent(n, n_values), n_workers, plan)]

    assert sizes(100, 2, 5) == [5] * 20
    assert sizes(100, 2, 2) == [13] * 7 + [9]
    assert sizes(100, 2, 1) == [16] * 6 + [4]
    assert sizes(4, 2_000_000, 1) == [1] * 4
    assert sizes(0, 2, 1) == []
