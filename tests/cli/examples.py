"""Small tables of the same 120 tumours in every format, and commands on them."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pyarrow import parquet

from redescribe.cli.main import run
from redescribe.datasets.wdbc import wdbc_views

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

N_ENTITIES = 120
MEAN = ("mean_radius", "mean_texture", "mean_compactness", "mean_concavity")
WORST = ("worst_area", "worst_texture", "worst_smoothness")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


class CommandLine:
    """Runs commands in this process."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str | Path) -> Outcome:
        self._capture.readouterr()
        status = run([str(argument) for argument in arguments])
        printed = self._capture.readouterr()
        return Outcome(status, printed.out, printed.err)


def frame() -> pd.DataFrame:
    """The tumours: id, seven attributes, whether a tumour is large, and its diagnosis."""
    attributes, labels = wdbc_views()
    names = (*MEAN, *WORST)
    columns = {name: attributes.column(name)[:N_ENTITIES] for name in names}
    malignant = labels.column("diagnosis")[:N_ENTITIES]
    table = pd.DataFrame({"id": attributes.entities.ids[:N_ENTITIES], **columns})
    table["large"] = np.where(table["worst_area"] > 800, "true", "false")
    table["diagnosis"] = np.where(malignant == 1, "malignant", "benign")
    return table


def write_tables(folder: Path) -> None:
    """Write all columns as CSV and Parquet, and each view in other formats."""
    table = frame()
    table.to_csv(folder / "all.csv", index=False)
    table.to_parquet(folder / "all.parquet", index=False)
    for name, columns in (("mean", MEAN), ("worst", WORST)):
        part = table[["id", *columns]]
        part.to_csv(folder / f"{name}.csv", index=False)
        part.to_csv(folder / f"{name}.tsv", index=False, sep="\t")
        part.to_parquet(folder / f"{name}.parquet", index=False)
        write_arff(folder / f"{name}.arff", part)
        values = part[list(columns)].to_numpy()
        np.save(folder / f"{name}.npy", values)
        np.savez(folder / f"{name}.npz", values=values, ids=list(part["id"]), names=columns)


def write_arff(path: Path, table: pd.DataFrame) -> None:
    """Write a table whose first column is a text and whose others are numbers."""
    first, *others = table.columns
    header = ["@relation tumours", f"@attribute {first} string"]
    header += [f"@attribute {name} numeric" for name in others]
    rows = table.to_csv(index=False, header=False)
    path.write_text("\n".join([*header, "@data", rows]))


def views(folder: Path, ending: str = "csv") -> list[str]:
    """The two options `--view` of the views mean and worst."""
    names = ("mean", "worst")
    return [
        text
        for name in names
        for text in ("--view", f"{name}={folder / f'{name}.{ending}'}")
    ]


def mined(output: Path, *arguments: str) -> pd.DataFrame:
    """The findings of `mine` with these arguments; for fixtures of a whole session."""
    with redirect_stdout(StringIO()):
        status = run(["mine", *arguments, "--output", str(output), "--quiet"])
    assert status == 0
    return findings(output)


def findings(run_folder: Path) -> pd.DataFrame:
    """The table of findings of a run folder."""
    return parquet.read_table(run_folder / "assessed.parquet").to_pandas()


def queries(table: pd.DataFrame, *names: str) -> list[str]:
    """The texts of the queries of all findings over some views."""
    texts: Sequence[pd.Series] = [table[f"query_{name}"].dropna() for name in names]
    return [str(text) for column in texts for text in column]
