"""The published command on the published activations: every neuron, every number."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pyarrow import parquet

from redescribe.cli.main import run
from redescribe.core.grammar import parse_query
from redescribe.readers.tables import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redescribe.core.view import View

pytestmark = pytest.mark.reference

ENVIRONMENT = "REDESCRIBE_REFERENCE_DATA"
PARAMETERS = [
    *("--discretizer", "equal-width", "--min-jaccard", "0.5"),
    *("--min-support", "10", "--max-support", "136", "--hold-out", "0"),
]


@pytest.fixture(scope="module")
def sources() -> dict[str, Path]:
    folder = os.environ.get(ENVIRONMENT, "")
    if not folder:
        pytest.skip(f"{ENVIRONMENT} names no folder with the published results")
    return {"a": Path(folder) / "mlp-s-111.arff", "b": Path(folder) / "mlp-s-112.arff"}


@pytest.fixture(scope="module")
def mined(sources: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference") / "run"
    views = [
        text for name, path in sources.items() for text in ("--view", f"{name}={path}")
    ]
    assert run(["mine", *views, *PARAMETERS, "-o", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def exported(mined: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("export") / "findings.csv"
    assert run(["export", str(mined), "-o", str(path)]) == 0
    return pd.read_csv(path)


def test_every_describable_neuron_is_described(mined: Path) -> None:
    targets = parquet.read_table(mined / "targets.parquet").to_pandas()
    assert len(targets) == 64
    assert (targets["state"] == "described").sum() == 48
    assert (targets["state"] == "not_described").sum() == 0
    assert targets["reason"].isin(["constant", "all_missing"]).sum() == 12


def test_best_findings_agree_and_are_short(exported: pd.DataFrame) -> None:
    order = exported.sort_values(["jaccard_mined", "n_literals"], ascending=[False, True])
    best = order.groupby("target").first()
    assert len(best) == 48
    assert best["jaccard_mined"].mean() >= 0.92
    assert best["n_literals"].mean() <= 3.6


def test_every_finding_has_a_p_value_and_keeps_the_bounds(exported: pd.DataFrame) -> None:
    assert exported["log10_p_mined"].notna().all()
    assert exported["p_mined"].between(0, 0.01, inclusive="right").all()
    assert exported["support_mined"].between(10, 136).all()
    assert exported["jaccard_mined"].min() >= 0.5
    assert "q_value" not in exported.columns


def test_every_number_follows_from_the_exported_text(
    exported: pd.DataFrame, sources: Mapping[str, Path]
) -> None:
    views: dict[str, View] = {name: read(path, name=name) for name, path in sources.items()}
    for row in exported.to_dict("records"):
        queries = [parse_query(row[f"query_{name}"], name) for name in views]
        left, right = (query.on(views[query.view]).mask for query in queries)
        support, union = int((left & right).sum()), int((left | right).sum())
        assert support == row["support_mined"]
        assert support / union == pytest.approx(row["jaccard_mined"], abs=1e-12)
        assert sum(map(len, queries)) == row["n_literals"]
        assert row["target"].startswith(("a:", "b:"))
