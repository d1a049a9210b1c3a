"""The union of the families of finished runs, against corrections computed by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.study.test_stages import mtimes

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.resampling import Resampling
from redescribe.core.view import View
from redescribe.errors import (
    EntityMismatchError,
    ParameterError,
    StoreError,
    ViewError,
)
from redescribe.mining.params import MineParams
from redescribe.search.params import SearchParams, Thresholds
from redescribe.significance.params import AssessParams
from redescribe.significance.resample_params import ResampleParams
from redescribe.store.results import load
from redescribe.store.run import RunFolder
from redescribe.study.merge import merge
from redescribe.study.stages import run_stages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from redescribe.core.assessed import AssessedSet, Finding

N_ENTITIES = 120
SPLIT = SplitParams(seed=5)


def view(name: str, seed: int = 0, n_entities: int = N_ENTITIES) -> View:
    """Three columns that follow common ones; `z` with much noise: it is not confirmed."""
    common = np.random.default_rng(1).normal(size=(n_entities, 3))
    noise = np.random.default_rng([seed, *name.encode()]).normal(size=common.shape)
    return View.of(name, common + (1.5 if name == "z" else 0.4) * noise)


def data(*names: str, split: SplitParams = SPLIT) -> Dataset:
    return Dataset.of([view(name) for name in names], split)


def params(threshold: float = 0.3, **settings: Any) -> MineParams:  # noqa: ANN401 - any parameter
    thresholds = Thresholds(min_jaccard=threshold)
    return MineParams(search=SearchParams(thresholds=thresholds), **settings)


def made(folder: Path, dataset: Dataset, **settings: Any) -> AssessedSet:  # noqa: ANN401
    assess = settings.pop("assess", AssessParams(alpha=0.05))
    resample = settings.pop("resample", None)
    return run_stages(dataset, folder, params(**settings), assess, resample_params=resample)


def name_of(finding: Finding) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """What a redescription says, of what."""
    found = finding.redescription
    texts = tuple((query.view, str(query)) for query in found.queries)
    return found.target, found.kind.value, texts


def by_name(assessed: AssessedSet) -> dict[Any, Finding]:
    return {name_of(finding): finding for finding in assessed}


def stepped(p: list[float], method: str) -> list[float]:
    """Corrected p-values by their definitions, in a double loop."""
    m = len(p)
    if method == "holm":
        return [
            min(1.0, max(x * sum(y >= x for y in p) for x in p if x <= own)) for own in p
        ]
    factor = sum(1 / i for i in range(1, m + 1)) if method == "by" else 1.0
    return [
        min(1.0, *(factor * m * x / sum(y <= x for y in p) for x in p if x >= own))
        for own in p
    ]


@pytest.mark.parametrize("method", ["bh", "by", "holm"])
def test_q_values_are_those_of_the_union(tmp_path: Path, method: str) -> None:
    assess = AssessParams(alpha=0.05, correction=method)  # type: ignore[arg-type]
    # The second run finds what the first one found of x by y, and more by z.
    first = made(tmp_path / "xy", data("x", "y"), assess=assess)
    second = made(tmp_path / "xyz", data("x", "y", "z"), targets=("x",), assess=assess)
    merged = merge(tmp_path / "xy", tmp_path / "xyz", out=tmp_path / "both")
    one, two, both = map(by_name, (first, second, merged))
    shared = one.keys() & two.keys()
    assert shared
    assert both.keys() == one.keys() | two.keys()
    assert len(merged) == len(first) + len(second) - len(shared) == len(both)
    assert merged.evidence.family_size == len(merged)
    log10_p = {}
    for name, finding in both.items():
        own = [family[name].assessment for family in (one, two) if name in family]
        assert finding.assessment is not None
        for known in own:
            assert known is not None
            assert finding.assessment.log10_p_value == known.log10_p_value
            assert finding.assessment.hold_out == known.hold_out
            assert finding.assessment.jaccard_low == known.jaccard_low
        log10_p[name] = finding.assessment.log10_p_value
    expected = stepped([10**p for p in log10_p.values()], method)
    for name, q in zip(log10_p, expected, strict=True):
        tested = both[name].assessment
        assert tested is not None
        assert tested.log10_q_value == pytest.approx(np.log10(q), abs=1e-9)
        reached = tested.hold_out.jaccard >= 0.3
        assert tested.confirmed is bool(tested.log10_q_value <= np.log10(0.05) and reached)
    confirmed = [f.assessment.confirmed for f in merged if f.assessment is not None]
    assert 0 < sum(confirmed) < len(confirmed)
    assert [finding.id for finding in merged] == [
        f"R{i}" for i in range(1, len(merged) + 1)
    ]


def test_runs_of_disjoint_targets_are_the_run_of_all(tmp_path: Path) -> None:
    """Each target keeps findings of its own, so the families add up."""
    whole = made(tmp_path / "whole", data("x", "y"))
    for name in "xy":
        made(tmp_path / name, data("x", "y"), targets=(name,))
    merged = merge(tmp_path / "x", tmp_path / "y", out=tmp_path / "out")
    assert merged.rows() == whole.rows()
    assert merged.target_rows() == whole.target_rows()
    assert merged.counts == whole.counts
    again = merge(tmp_path / "y", tmp_path / "x", out=tmp_path / "turned")
    assert again.rows() == whole.rows()


def test_run_json_records_sources_and_openings(tmp_path: Path) -> None:
    first = made(tmp_path / "xy", data("x", "y"))
    second = made(tmp_path / "xz", data("x", "z"), seed=3)
    third = made(tmp_path / "yz", data("y", "z"))
    keys = {name: RunFolder.open(tmp_path / name).key for name in ("xy", "xz", "yz")}
    two = merge(tmp_path / "xy", tmp_path / "xz", out=tmp_path / "two")
    three = merge(tmp_path / "two", tmp_path / "yz", out=tmp_path / "three")
    document = json.loads((tmp_path / "two" / "run.json").read_text())
    sources = document["parameters"]["merge"]["sources"]
    assert [(s["run"], s["key"], s["family_size"], s["n_candidates"]) for s in sources] == [
        (name, keys[name], len(found), found.evidence.n_candidates)
        for name, found in (("xy", first), ("xz", second))
    ]
    assert sources[1]["parameters"]["mine"]["seed"] == 3
    candidates = first.evidence.n_candidates + second.evidence.n_candidates
    assert document["counts"]["candidates"] == two.evidence.n_candidates == candidates
    repeated = document["parameters"]["merge"]["n_repeated"]
    assert repeated == len(first) + len(second) - len(two)
    names = [opening["run"] for opening in document["openings"]]
    assert names == ["xy", "xz", "two"]
    assert [opening.run for opening in two.evidence.opened_before] == ["xy", "xz"]
    opened = [opening.run for opening in three.evidence.opened_before]
    assert opened == ["xy", "xz", "two", "yz"]
    assert len(three) <= len(two) + len(third)
    assert "The hold-out had been opened 4 times before" in three.caveat
    assert load(tmp_path / "three") == three
    for run, found in (("xy", first), ("yz", third)):
        record = json.loads((tmp_path / run / "run.json").read_text())["openings"]
        assert record == [
            {
                "run": run,
                "key": keys[run],
                "family_size": len(found),
                "n_candidates": found.evidence.n_candidates,
            }
        ]


def test_a_merged_run_has_all_views_and_is_only_read_again(tmp_path: Path) -> None:
    made(tmp_path / "xy", data("x", "y"))
    made(tmp_path / "zx", data("z", "x"))
    merged = merge(tmp_path / "xy", tmp_path / "zx", out=tmp_path / "out")
    run = RunFolder.open(tmp_path / "out")
    assert merged.views == run.dataset().names == ("x", "y", "z")
    for name in "xyz":
        np.testing.assert_array_equal(run.dataset().view(name).values, view(name).values)
    assert run.document["stages"] == {"mine": "done", "select": "done", "assess": "done"}
    before = mtimes(tmp_path)
    assert merge(tmp_path / "xy", tmp_path / "zx", out=tmp_path / "out") == merged
    assert merge(tmp_path / "out") == merged
    assert mtimes(tmp_path) == before
    assert {row["query_y"] is None for row in merged.rows()} == {True, False}


def test_what_belongs_to_one_search_is_left_out(tmp_path: Path) -> None:
    resample = ResampleParams(permutations=9, bootstrap=30)
    first = made(tmp_path / "xy", data("x", "y"), resample=resample)
    made(tmp_path / "xz", data("x", "z"))
    merged = merge(tmp_path / "xy", tmp_path / "xz", out=tmp_path / "out")
    assert all(finding.p_search is None for finding in merged)
    assert all(target.search is None for target in merged.targets)
    assert merged.evidence.resampling == Resampling(n_bootstrap=30)
    stability = {name: finding.stability for name, finding in by_name(merged).items()}
    for name, finding in by_name(first).items():
        assert stability[name] == finding.stability is not None


def test_without_a_hold_out_nothing_is_opened(tmp_path: Path) -> None:
    whole = SplitParams(hold_out=0)
    made(tmp_path / "xy", data("x", "y", split=whole))
    made(tmp_path / "xz", data("x", "z", split=whole))
    merged = merge(tmp_path / "xy", tmp_path / "xz", out=tmp_path / "out")
    assert merged.evidence.in_sample_only
    assert merged.evidence.opened_before == ()
    assert RunFolder.open(tmp_path / "out").document["openings"] == []


def test_a_replaced_run_is_remembered(tmp_path: Path) -> None:
    """Another family in the same folder is another opening of the same hold-out."""
    first = made(tmp_path, data("x", "y"))
    mine, assess = params(), AssessParams(alpha=0.01)
    again = run_stages(data("x", "y"), tmp_path, mine, assess, force=True)
    (before,) = again.evidence.opened_before
    assert before.family_size == len(first)
    assert "The hold-out had been opened once before" in again.caveat
    same = run_stages(data("x", "y"), tmp_path, mine, assess, force=True)
    assert same.evidence == again.evidence  # the same family is no further one
    other = run_stages(
        data("x", "y", split=SplitParams(seed=6)), tmp_path, mine, assess, force=True
    )
    assert other.evidence.opened_before == ()


def shorter() -> Dataset:
    return Dataset.of([view(name, n_entities=119) for name in "xz"], SPLIT)


def renamed() -> Dataset:
    ids = EntityIndex(tuple(f"e{i}" for i in range(N_ENTITIES)))
    views = [replace(view(name), entities=ids) for name in "xz"]
    return Dataset.of(views, SPLIT)


def changed() -> Dataset:
    return Dataset.of([view("x", seed=1), view("z")], SPLIT)


@pytest.mark.parametrize(
    ("other", "settings", "error", "message"),
    [
        (shorter, {}, EntityMismatchError, "they have 120 and 119"),
        (renamed, {}, EntityMismatchError, "first to differ are '0' and 'e0'"),
        (
            lambda: data("x", "z", split=SplitParams(seed=6)),
            {},
            EntityMismatchError,
            "hold out different entities",
        ),
        (
            lambda: data("x", "z", split=SplitParams(hold_out=0)),
            {},
            EntityMismatchError,
            r"hold out different entities \(36 and 0, 0 in common\)",
        ),
        (changed, {}, ViewError, "View 'x' has other columns or values in 'other'"),
        (
            lambda: data("x", "z"),
            {"assess": AssessParams(alpha=0.01)},
            ParameterError,
            r"alpha=0.05 and 'other' with 0.01.*--alpha",
        ),
        (
            lambda: data("x", "z"),
            {"assess": AssessParams(alpha=0.05, correction="by")},  # type: ignore[arg-type]
            ParameterError,
            r"correction=bh and 'other' with by",
        ),
        (
            lambda: data("x", "z"),
            {"threshold": 0.4},
            ParameterError,
            r"min_jaccard 0.3 and 0.4",
        ),
        (
            lambda: data("x", "z"),
            {"neurons": "random:2"},
            ParameterError,
            r"different samples of targets \(6 targets; 2 of 6 targets",
        ),
    ],
)
def test_what_does_not_belong_together_is_refused(
    tmp_path: Path,
    other: Callable[[], Dataset],
    settings: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    made(tmp_path / "xy", data("x", "y"))
    made(tmp_path / "other", other(), **settings)
    with pytest.raises(error, match=message):
        merge(tmp_path / "xy", tmp_path / "other", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_no_family_counts_twice(tmp_path: Path) -> None:
    for name in ("y", "z"):
        made(tmp_path / name, data("x", name))
    merge(tmp_path / "y", tmp_path / "z", out=tmp_path / "yz")
    made(tmp_path / "copy", data("x", "y"))
    for folders in (("y", "copy"), ("yz", "z")):
        with pytest.raises(StoreError, match="hold the same findings"):
            merge(*(tmp_path / name for name in folders), out=tmp_path / "out")
    with pytest.raises(StoreError, match="one of the runs to merge"):
        merge(tmp_path / "y", tmp_path / "z", out=tmp_path / "y", force=True)
