"""Redescriptions of other tools as runs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.redescription import Kind, TargetState
from redescribe.core.view import View
from redescribe.errors import ParameterError, ReadError, StoreError, UnknownNameError
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.readers.exitnerdom_settings import ImportedSettings, read_settings
from redescribe.significance.assess import assess
from redescribe.store.run import RunFolder
from redescribe.study.exitnerdom import (
    ImportedParams,
    import_rr,
    imported_views,
    read_rr_folder,
)
from redescribe.study.imported import Described, keep_imported
from redescribe.writers.rr import write_rr_folder

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.query import Query

VALUES = np.random.default_rng(1).normal(size=(60, 2))
IDS = EntityIndex(tuple(f"p {number}" for number in range(60)))
VIEWS = [
    View.of("x", VALUES, names=["worst radius", "b"], entities=IDS),
    View.of("y", 3 * VALUES + 1, names=["c", "b"], entities=IDS),
]
DATA = Dataset.of(VIEWS, SplitParams(hold_out=0))


def query(text: str, view: str) -> Query:
    return parse_query(text, view)


@pytest.fixture(scope="module")
def mined() -> AssessedSet:
    params = MineParams()
    return assess(mine(DATA, params), DATA)


def listed(found: AssessedSet) -> Counter[object]:
    """What must survive: target, kind, supports and their measures."""
    every = [finding.redescription for finding in found]
    return Counter(
        (
            one.target,
            one.kind,
            one.supports,
            f"{one.log10_p_mined:.9f} {one.work_mined:.9f}",
        )
        for one in every
    )


def write_csv(folder: Path) -> Path:
    """Both views and settings that name them."""
    for view in VIEWS:
        header = ",".join(["id", *view.names])
        rows = [
            ",".join([entity, *map(repr, values.tolist())])
            for entity, values in zip(view.entities.ids, view.values.T, strict=True)
        ]
        (folder / f"{view.name}.csv").write_text("\n".join([header, *rows]) + "\n")
    settings = folder / "Settings.set"
    settings.write_text("Input1 = x.csv\nInput2 = y.csv\nminJS = 0.6\nMinSupport = 5\n")
    return settings


def test_our_own_files_come_back_as_the_same_findings(
    mined: AssessedSet, tmp_path: Path
) -> None:
    settings = read_settings(write_csv(tmp_path))
    paths = write_rr_folder(mined, VIEWS, tmp_path / "rr")
    assert len(paths) == 4
    report = import_rr(settings, tmp_path / "rr", tmp_path / "run")
    assert (report.n_stated, report.differences) == (len(mined), ())
    assert (report.n_without_p, report.n_other_p) == (0, 0)
    again = RunFolder.open(tmp_path / "run").read_assessed()
    assert again == report.assessed

    assert listed(again) == listed(mined)
    assert again.evidence.in_sample_only
    assert again.evidence.min_jaccard == 0.6
    document = RunFolder.open(tmp_path / "run").document
    assert document["stages"] == {"mine": "done", "select": "done", "assess": "done"}
    states = {report.state for report in again.targets}
    assert states == {TargetState.DESCRIBED}


def test_findings_over_three_views_come_back(tmp_path: Path) -> None:
    write_csv(tmp_path)
    third = View.of("z", -VALUES, names=["d", "worst radius"], entities=IDS)
    rows = zip(IDS.ids, third.values.T.tolist(), strict=True)
    lines = [",".join([entity, *map(repr, values)]) for entity, values in rows]
    (tmp_path / "z.csv").write_text("\n".join(["id,d,worst radius", *lines]) + "\n")
    settings = tmp_path / "Settings.set"
    settings.write_text(settings.read_text() + "Input3 = z.csv\n")
    views = [*VIEWS, third]
    data = Dataset.of(views, SplitParams(hold_out=0))
    mined = assess(mine(data, MineParams(targets=("x:b",))), data)
    sizes = Counter(len(finding.redescription.queries) for finding in mined)
    assert sizes[3] > 0
    assert sizes[2] > 0
    write_rr_folder(mined, views, tmp_path / "rr")
    report = import_rr(read_settings(settings), tmp_path / "rr", tmp_path / "run")
    assert report.differences == ()
    assert report.n_other_p == 0
    assert listed(report.assessed) == listed(mined)


def test_a_second_import_is_the_same_and_another_is_refused(
    mined: AssessedSet, tmp_path: Path
) -> None:
    settings = read_settings(write_csv(tmp_path))
    paths = write_rr_folder(mined, VIEWS, tmp_path / "rr")
    first = import_rr(settings, tmp_path / "rr", tmp_path / "run").assessed
    assert import_rr(settings, tmp_path / "rr", tmp_path / "run").assessed == first
    paths[0].unlink()
    with pytest.raises(StoreError, match="holds a run with other inputs"):
        import_rr(settings, tmp_path / "rr", tmp_path / "run")
    other = import_rr(settings, tmp_path / "rr", tmp_path / "run", force=True)
    assert len(other.assessed) < len(first)


def test_differences_name_the_file_and_the_line(mined: AssessedSet, tmp_path: Path) -> None:
    settings = read_settings(write_csv(tmp_path))
    path = write_rr_folder(mined, VIEWS, tmp_path / "rr")[0]
    for other in (tmp_path / "rr").glob("*.rr"):
        if other != path:
            other.unlink()
    text = path.read_text()
    path.write_text(text.replace("Support union: ", "Support union: 9", 1))
    report = import_rr(settings, tmp_path / "rr", tmp_path / "run")
    (difference,) = report.differences
    assert difference.startswith(f"{path.name}, line 3: The file states union 9")


def test_files_without_names_of_targets(tmp_path: Path) -> None:
    path = write_rr_folder([], VIEWS, tmp_path)
    assert path == ()
    with pytest.raises(ReadError, match=r"There is no \.rr file in"):
        read_rr_folder(tmp_path, VIEWS)
    (tmp_path / "some.rr").write_text(
        "Redescriptions: \nRules: \nW1R: b >= 0.0 <= 1.0 \nW2R: c >= 0.0 <= 9.0 AND b >= "
        "0.0 <= 9.0 \nJS: 0\np-value :0\nSupport intersection: 0\nSupport union: 0\n"
        "Covered examples (intersection): \n\nUnion elements: \n\n"
    )
    (file,) = read_rr_folder(tmp_path, VIEWS)
    (stated,) = file.redescriptions
    assert file.target == ()
    found = file.described(stated)
    assert (found.view, found.attribute, found.kind) == ("x", "b", Kind.INDIVIDUAL)


def test_the_target_of_the_queries_themselves() -> None:
    pair = (query("b > 0 AND c > 0", "y"), query("b > 0", "x"))
    found = Described.of_first(pair)
    assert (found.view, found.attribute, found.kind) == ("x", "b", Kind.INDIVIDUAL)
    found = Described.of_first(pair, Kind.INTERACTION)
    assert (found.view, found.attribute, found.kind) == ("y", "b", Kind.INTERACTION)
    found = Described.of_first((pair[0], query('b > 0 AND "worst radius" < 1', "x")))
    assert (found.view, found.kind) == ("y", Kind.INTERACTION)


def test_what_is_kept(tmp_path: Path) -> None:
    pair = (query("b > 1", "y"), query("b > 0", "x"))
    one = Described("x", "b", Kind.INDIVIDUAL, pair)
    assessed = keep_imported([one, one], DATA, tmp_path / "run", {"import": "test"})
    (finding,) = assessed.findings
    redescription = finding.redescription
    assert [q.view for q in redescription.queries] == ["x", "y"]
    assert redescription.mined.jaccard == 1
    assert redescription.work_mined > 0.2
    assert redescription.log10_p_mined < -10
    assert finding.assessment is None
    parameters = RunFolder.open(tmp_path / "run").document["parameters"]
    assert isinstance(parameters, dict)
    assert parameters["import"] == "test"
    held_out = keep_imported(
        [one], Dataset.of(VIEWS), tmp_path / "other", {}, min_jaccard=0.5
    )
    tested = held_out.findings[0].assessment
    assert tested is not None
    assert tested.confirmed


def test_wrong_redescriptions(tmp_path: Path) -> None:
    single = Described("x", "b", Kind.INDIVIDUAL, (query("b > 1", "x"),))
    with pytest.raises(ReadError, match="has one query; it needs two or more"):
        keep_imported([single], DATA, tmp_path / "a", {})
    pair = (query("b > 1", "x"), query("z > 1", "y"))
    with pytest.raises(UnknownNameError, match="no attribute 'z'"):
        keep_imported([Described.of_first(pair)], DATA, tmp_path / "b", {})
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="The settings name 0 views; mining needs two"):
        imported_views(ImportedSettings(()))
    settings = ImportedSettings((), {"TreeParams": {"max_depth": 0}})
    with pytest.raises(ParameterError, match="max_depth"):
        ImportedParams.of(settings)
