"""Models and inputs from files and functions; pickles that run code are refused."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import torch
from tests.capture.toys import HIDDEN, INPUTS, network

from redescribe.capture.capture import capture
from redescribe.capture.files import read_inputs
from redescribe.capture.loading import load
from redescribe.errors import CaptureError, ReadError, RedescribeError, UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """
import numpy as np
from tests.capture.toys import network

LOADED = network()

def build():
    return network()

def rows():
    return np.array([[1.0, 2.0], [-1.0, 0.5], [0.0, 0.0]])

def fails():
    raise RuntimeError("no weights here")

def text():
    return "no model"
"""


class Evil:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("ran",)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "nets_of_mine.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "source", ["nets_of_mine:build", "nets_of_mine.py:build", "nets_of_mine.py:LOADED"]
)
def test_a_function_or_name_gives_the_model(here: Path, source: str) -> None:
    paths = list(sys.path)
    view = capture(source, INPUTS, layers="hidden")
    np.testing.assert_array_equal(view.values, HIDDEN.T)
    assert sys.path == paths


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ("nets_of_mine.py:biuld", UnknownNameError, "Did you mean 'build'"),
        ("no_such_module_at_all:build", CaptureError, "cannot be imported: ModuleNotFound"),
        ("none.py:build", CaptureError, r"no file 'none\.py'"),
        ("nets_of_mine.py:fails", CaptureError, "fails: RuntimeError: no weights here"),
        ("broken.py:build", CaptureError, "cannot be imported: SyntaxError"),
        ("nets_of_mine.py:text", CaptureError, "A str cannot be captured"),
        ("nowhere", CaptureError, "There is no model 'nowhere'. A model is a Hugging Face"),
        ("empty", CaptureError, r"is a folder without config\.json"),
        ("nets_of_mine.py", CaptureError, r"ends in '\.py', which is no model"),
    ],
)
def test_what_is_no_model(
    here: Path, source: str, error: type[Exception], message: str
) -> None:
    (here / "broken.py").write_text("def (")
    (here / "empty").mkdir()
    with pytest.raises(error, match=message):
        capture(source, INPUTS, layers="hidden")


def test_weights_are_loaded_into_a_network(here: Path) -> None:
    torch.save({name: value + 1 for name, value in network().state_dict().items()}, "w.pt")
    model = load("nets_of_mine:build", weights="w.pt")
    view = capture(model, INPUTS, layers="hidden")
    want = HIDDEN + INPUTS.sum(axis=1, keepdims=True) + 1
    np.testing.assert_allclose(view.values, want.T)
    torch.save({"state_dict": network().state_dict(), "epoch": 3}, "checkpoint.ckpt")
    model = load("nets_of_mine:build", weights="checkpoint.ckpt")
    np.testing.assert_array_equal(capture(model, INPUTS, layers="hidden").values, HIDDEN.T)


def test_pickles_that_run_code_are_refused_unless_trusted(here: Path) -> None:
    torch.save(network(), "whole.pt")
    with pytest.raises(CaptureError, match=r"is refused.*--weights.*--trust-pickle"):
        load("whole.pt")
    model = load("whole.pt", trust_pickle=True)
    np.testing.assert_array_equal(capture(model, INPUTS, layers="hidden").values, HIDDEN.T)
    torch.save(Evil(), "evil.pt")
    for call in ({}, {"weights": "evil.pt"}):
        with pytest.raises(CaptureError, match="runs code when it is read"):
            load("nets_of_mine:build" if call else "evil.pt", **call)  # type: ignore[arg-type]
    assert not (here / "ran").exists()


def test_files_that_are_no_network(here: Path) -> None:
    torch.save(network().state_dict(), "state.pt")
    with pytest.raises(CaptureError, match=r"has weights .*--weights state\.pt"):
        load("state.pt")
    torch.save({"other": torch.ones(1)}, "other.pt")
    with pytest.raises(CaptureError, match=r"weights in .* do not fit"):
        load("nets_of_mine:build", weights="other.pt")
    with pytest.raises(CaptureError, match="no file"):
        load("nets_of_mine:build", weights="none.pt")
    with pytest.raises(CaptureError, match="Weights are for PyTorch models"):
        load("nets_of_mine:rows", weights="state.pt")
    (here / "text.pt").write_text("no pickle")
    with pytest.raises(CaptureError, match=r"text\.pt"):
        load("text.pt")


def _tables(folder: Path) -> None:
    frame = pd.DataFrame(
        {"id": ["p", "q", "r"], "a": INPUTS[:, 0], "b": INPUTS[:, 1], "t": ["x", "y", "x"]}
    )
    frame.to_csv(folder / "x.csv", index=False)
    frame.to_parquet(folder / "x.parquet")
    frame.drop(columns="id").to_csv(folder / "plain.csv", index=False)
    np.save(folder / "x.npy", INPUTS.reshape(3, 1, 2))
    np.savez(folder / "x.npz", only=INPUTS)
    np.savez(folder / "named.npz", a=INPUTS, b=INPUTS[:, :1])


@pytest.mark.parametrize("file", ["x.csv", "x.parquet"])
def test_tables_are_inputs(here: Path, file: str) -> None:
    _tables(here)
    read = read_inputs(file, columns=("a", "b"))
    np.testing.assert_array_equal(read.data, INPUTS)
    assert read.data.dtype == np.float32
    assert read.ids is not None
    assert read.ids.ids == ("p", "q", "r")
    texts = read_inputs(file, text_column="t", id_column="id")
    assert texts.data == ["x", "y", "x"]


def test_arrays_are_inputs(here: Path) -> None:
    _tables(here)
    assert read_inputs("x.npy").data.shape == (3, 1, 2)
    assert read_inputs("x.npz").data.shape == (3, 2)
    assert {n: a.shape for n, a in read_inputs("named.npz").data.items()} == {
        "a": (3, 2),
        "b": (3, 1),
    }
    np.testing.assert_array_equal(read_inputs("nets_of_mine.py:rows").data, INPUTS)
    assert read_inputs("plain.csv", columns=("a",)).ids is None


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        ("x.csv", {}, "Column 't' of the inputs holds texts"),
        ("x.csv", {"text_column": "a"}, "'a' of the inputs is numeric, no texts"),
        ("x.npy", {"columns": ("a",)}, "columns are for tables"),
        ("gaps.csv", {"columns": ("a",)}, "1 values of the inputs are missing"),
        ("gaps.csv", {"text_column": "t"}, "1 texts of 't' are missing"),
        ("x.txt", {}, "no reader"),
        ("none.npy", {}, "none.npy"),
    ],
)
def test_what_are_no_inputs(
    here: Path, source: str, options: dict[str, Any], message: str
) -> None:
    _tables(here)
    (here / "x.txt").write_text("x")
    frame = pd.DataFrame({"a": [1.0, None], "t": ["x", None]})
    frame.to_csv(here / "gaps.csv", index=False)
    with pytest.raises(RedescribeError, match=message) as raised:
        read_inputs(source, **options)
    assert isinstance(raised.value, (CaptureError, ReadError))
