"""A run folder can be read without redescribe, as the text in it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import redescribe as rd

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def read(finished: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names that the lines of README.txt without redescribe define."""
    monkeypatch.chdir(finished)
    text = (finished / "README.txt").read_text(encoding="utf-8")
    lines = re.findall(r"^    (?! )(.*)$", text, re.MULTILINE)
    ours = lines.index("import redescribe as rd")
    names: dict[str, Any] = {}
    exec("\n".join(lines[:ours]), names)  # noqa: S102 - our own text
    with_us: dict[str, Any] = {}
    exec("\n".join(lines[ours:]), with_us)  # noqa: S102 - our own text
    return names | {"ours": with_us["findings"]}


def test_tables_and_parameters(read: dict[str, Any], finished: Path) -> None:
    pd.testing.assert_frame_equal(read["findings"], read["ours"])
    assert len(read["findings"]) == len(rd.load(finished)) == read["run"]["counts"]["kept"]
    assert len(read["targets"]) == 7
    assert read["run"]["seed"] == 0
    assert read["run"]["parameters"]["split"]["hold_out"] == 0.3


def test_bits_of_the_supports(read: dict[str, Any], finished: Path) -> None:
    """Entity e of the mined ones is bit e % 64 of word e // 64."""
    words, findings = read["words"], read["findings"]
    entities = pd.read_parquet(finished / "entities.parquet")
    n_mined = int((entities["part"] == "mine").sum())
    e = np.arange(n_mined)
    satisfied = (words[:, :, 0, e // 64] >> (e % 64).astype(np.uint64)) & np.uint64(1)
    assert satisfied.shape == (len(findings), 2, n_mined)
    both, either = satisfied.all(axis=1).sum(axis=1), satisfied.any(axis=1).sum(axis=1)
    assert both.tolist() == findings["support_mined"].tolist()
    np.testing.assert_array_equal(both / either, findings["jaccard_mined"])
    for finding, masks in zip(rd.load(finished), satisfied, strict=True):
        for support, mask in zip(finding.redescription.supports, masks, strict=True):
            np.testing.assert_array_equal(support.mask, mask)


def test_values_of_the_views(finished: Path, tables: Path) -> None:
    for name in ("mean", "worst"):
        folder = finished / "views" / name
        names = pd.read_parquet(folder / "attributes.parquet")["name"]
        values = pd.DataFrame(np.load(folder / "values.npy").T, columns=names.tolist())
        source = pd.read_csv(tables / f"{name}.csv").drop(columns="id")
        pd.testing.assert_frame_equal(values, source)


def test_every_file_is_in_the_readme(finished: Path) -> None:
    text = (finished / "README.txt").read_text(encoding="utf-8")
    names = {path.name for path in finished.iterdir()} - {"README.txt"}
    assert {name for name in names if name not in text} == set()
