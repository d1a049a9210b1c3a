"""Tables and finished runs that the tests of the command line share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from tests.cli.examples import CommandLine, mined, views, write_tables

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example tables."""
    folder = tmp_path_factory.mktemp("tables")
    write_tables(folder)
    return folder


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Runs a command and returns what it printed."""
    return CommandLine(capsys)


@pytest.fixture(scope="session")
def finished(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with a hold-out; only read it."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    mined(folder, *views(tables))
    return folder


@pytest.fixture(scope="session")
def three_views(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run over three views, the diagnosis in every finding; only read it."""
    folder = tmp_path_factory.mktemp("three") / "run"
    labels = ["--view", f"labels={tables / 'all.csv'}:diagnosis"]
    mined(folder, *views(tables), *labels, "--required-view", "labels")
    return folder


@pytest.fixture(scope="session")
def labelled(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with labels that no finding is about; only read it."""
    folder = tmp_path_factory.mktemp("labelled") / "run"
    labels = ["--view", f"labels={tables / 'all.csv'}:diagnosis,large"]
    chosen = ["--target", "mean", "--partner", "worst"]
    mined(folder, *views(tables), *labels, *chosen)
    return folder


@pytest.fixture(scope="session")
def incomplete(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with missing values, mined pessimistically; only read it."""
    folder = tmp_path_factory.mktemp("incomplete")
    table = pd.read_csv(tables / "mean.csv")
    table.loc[::9, "mean_radius"] = None
    table.to_csv(folder / "mean.csv", index=False)
    source = ["--view", f"mean={folder / 'mean.csv'}", "--missing", "pessimistic"]
    worst = ["--view", f"worst={tables / 'worst.csv'}"]
    mined(folder / "run", *source, *worst, "--target", "mean:mean_radius")
    return folder / "run"


@pytest.fixture(scope="session")
def in_sample(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run without a hold-out; only read it."""
    folder = tmp_path_factory.mktemp("in-sample") / "run"
    mined(folder, *views(tables), "--hold-out", "0")
    return folder
