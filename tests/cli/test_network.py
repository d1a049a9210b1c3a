"""`redescribe layers` and `redescribe capture`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from tests.capture.toys import HIDDEN, INPUTS, RECTIFIED

from redescribe.store.activations import ActivationStore

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

MODULE = """
from torch import nn
from tests.capture.toys import network

def build():
    return network()

def maps():
    return nn.Sequential(nn.Unflatten(1, (1, 1, 2)), nn.Conv2d(1, 3, 1))
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "nets.py").write_text(MODULE)
    np.save(tmp_path / "x.npy", INPUTS)
    frame = pd.DataFrame({"id": ["p", "q", "r"], "a": INPUTS[:, 0], "b": INPUTS[:, 1]})
    frame.to_csv(tmp_path / "x.csv", index=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_layers_are_listed(cli: CommandLine, here: Path) -> None:
    outcome = cli("layers", "nets.py:maps", "--inputs", "x.npy")
    assert outcome.status == 0, outcome.err
    assert "Conv2d" in outcome.out
    assert "n×3×1×2" in outcome.out
    outcome = cli("layers", "nets.py:maps", "--inputs", "x.npy", "--json")
    rows = json.loads(outcome.out)
    assert rows[1] == {
        "layer": "1", "kind": "Conv2d", "shape": [None, 3, 1, 2], "n_units": 3,
        "reduce": "max", "n_parameters": 6, "note": "",
    }  # fmt: skip
    without = json.loads(cli("layers", "nets.py:maps", "--json").out)
    assert [row["shape"] for row in without] == [[], []]


def test_a_capture_can_be_read(cli: CommandLine, here: Path) -> None:
    outcome = cli(
        "capture", "nets.py:build", "--inputs", "x.csv", "--layers", "relu",
        "--layers", "hid*", "-o", "acts", "--name", "net",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert outcome.out == "6 units × 3 entities in acts\n"
    assert "6 units of 2 layers × 3 entities → 72 B (float32)" in outcome.err
    view = ActivationStore.open(here / "acts").view("v")
    np.testing.assert_array_equal(view.values, np.hstack([RECTIFIED, HIDDEN]).T)
    assert view.names[0] == "net@relu:0"
    assert view.entities.ids == ("p", "q", "r")


def test_shards_of_a_capture_are_merged(cli: CommandLine, here: Path) -> None:
    command = ["capture", "nets.py:build", "--inputs", "x.csv", "--layers", "relu"]
    command += ["--batch-size", "1", "--quiet"]
    for number in range(2):
        shard = ["--shard", f"{number}/2", "-o", f"part{number}"]
        assert cli(*command, *shard, "--jobs", "2").status == 0
    outcome = cli("merge", "part0")
    assert outcome.status == 2
    assert "give --output" in outcome.err
    outcome = cli("merge", "part1", "-o", "acts")
    assert outcome.status == 2
    assert "All shards are needed, each once: 0 to 1. Got 1/2." in outcome.err
    outcome = cli("merge", "part1", "part0", "-o", "acts")
    assert (outcome.status, outcome.out) == (0, "3 units × 3 entities in acts\n")
    view = ActivationStore.open(here / "acts").view("v")
    np.testing.assert_array_equal(view.values, RECTIFIED.T)
    assert view.entities.ids == ("p", "q", "r")
    outcome = cli("merge", "part1", "part0", "-o", "again", "--json")
    assert json.loads(outcome.out) == {"n_units": 3, "n_entities": 3}


def test_the_plan_is_given_as_json(cli: CommandLine, here: Path) -> None:
    outcome = cli(
        "capture", "nets.py:maps", "--inputs", "x.npy", "--layers", "1", "--json",
        "--reduce", "max", "--reduce", "mean", "--neurons", "2", "-o", "acts",
        "--dtype", "float16", "--quiet",
    )  # fmt: skip
    assert (outcome.status, outcome.err) == (0, "")
    plan = json.loads(outcome.out)
    assert (plan["n_units"], plan["n_available"], plan["n_bytes"]) == (4, 6, 24)
    assert [layer["reducer"] for layer in plan["layers"]] == ["max", "mean"]


def test_captured_activations_are_mined(cli: CommandLine, here: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(200, 2))
    ids = [f"e{i}" for i in range(200)]
    table = pd.DataFrame({"id": ids, "a": rows[:, 0], "b": rows[:, 1]})
    table.to_csv("big.csv", index=False)
    captured = cli(
        "capture", "nets.py:build", "--inputs", "big.csv", "--layers", "hidden",
        "--layers", "relu", "-o", "acts", "--quiet",
    )  # fmt: skip
    assert captured.status == 0, captured.err
    outcome = cli(
        "mine", "--view", "net=acts:hidden", "--view", "x=big.csv", "-o", "run", "--quiet",
        "--no-negation", "--no-disjunction",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    found = pd.read_parquet("run/assessed.parquet")
    assert found["query_net"].str.contains("hidden:").any()
    assert not found["query_net"].str.contains("relu:").any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--layers", "hiden"], "Did you mean 'hidden'"),
        (["--layers", "conv*"], "No layer matches 'conv*'"),
        (["--layers", "hidden", "--reduce", "median"], "There is no reducer 'median'"),
        (["--layers", "hidden", "--neurons", "few"], "how many units are drawn"),
        (["--layers", "hidden", "--dtype", "float64"], "There is no dtype 'float64'"),
        (["--layers", "hidden", "--columns", "a"], "columns are for tables"),
    ],
)
def test_what_cannot_be_captured(
    cli: CommandLine, here: Path, options: list[str], message: str
) -> None:
    arguments = ["nets.py:build", "--inputs", "x.npy", "-o", "acts", *options]
    outcome = cli("capture", *arguments)
    assert outcome.status == 2
    assert message in outcome.err
    assert not (here / "acts").exists()


def test_a_taken_folder_is_refused(cli: CommandLine, here: Path) -> None:
    arguments = ["nets.py:build", "--inputs", "x.npy", "--layers", "relu", "-o", "acts"]
    assert cli("capture", *arguments).status == 0
    outcome = cli("capture", *arguments)
    assert outcome.status == 2
    assert "already exists" in outcome.err


FRAMEWORKS = ("torch", "transformers", "onnx", "onnxruntime", "keras", "numba", "pyarrow")


@pytest.mark.parametrize("command", [[], ["capture"], ["layers"]])
def test_help_loads_no_framework(command: list[str]) -> None:
    arguments = [*command, "--help"]
    script = (
        "import sys; from redescribe.cli.main import run; "
        f"run({arguments!r}); "
        f"print('loaded', *[m for m in {FRAMEWORKS} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "loaded"
