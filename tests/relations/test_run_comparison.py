"""What became of findings between two runs, against an obvious comparison."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.report import examples

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.query import Interval
from redescribe.core.view import View
from redescribe.relations.comparability import Comparability, changed_settings
from redescribe.relations.run_comparison import compare_runs
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.redescription import Redescription

Named = tuple[str, str | None, str | None]


def pool(data: Dataset) -> list[Redescription]:
    """Many redescriptions of few targets: each neuron by one or two attributes."""
    numbers = data.views[1].name
    names = data.views[1].names[:4]
    found = []
    for i, first, second, cut in product(range(3), names, names, (-0.5, 0.0)):
        literals = [Interval(name, cut) for name in dict.fromkeys((first, second))]
        own = examples.query("net", Interval(f"net@fc:{i}", 0.0))
        found.append(examples.redescription(data, own, examples.query(numbers, *literals)))
    return found + examples.redescriptions(data)


def run(data: Dataset, chosen: list[Redescription]) -> tuple[AssessedSet, Dataset]:
    unique = {redescription.key: redescription for redescription in chosen}
    return assess(examples.family(data, list(unique.values())), data), data


def naive(before: AssessedSet, after: AssessedSet) -> set[Named]:
    """Every pair is looked at, again and again."""
    old, new = list(before), list(after)
    found: set[Named] = set()
    for a, b in product(before, after):
        if text(a) == text(b):
            found.add(("kept", a.id, b.id))
            old.remove(a)
            new.remove(b)
    while alike := [(a, b) for a, b in product(old, new) if place(a) == place(b)]:
        a, b = max(alike, key=share)  # the first of the best
        found.add(("changed", a.id, b.id))
        old.remove(a)
        new.remove(b)
    return (
        found | {("lost", a.id, None) for a in old} | {("added", None, b.id) for b in new}
    )


def text(finding: Finding) -> object:
    queries = finding.redescription.queries
    return finding.redescription.kind, [(query.view, str(query)) for query in queries]


def place(finding: Finding) -> object:
    redescription = finding.redescription
    views = sorted(query.view for query in redescription.queries)
    return redescription.target, redescription.kind, views


def share(pair: tuple[Finding, Finding]) -> float:
    first, second = (
        {
            (query.view, literal.attribute)
            for query in finding.redescription.queries
            for term in query.terms
            for literal in term.literals
        }
        for finding in pair
    )
    return len(first & second) / len(first | second)


@pytest.mark.parametrize("seed", range(8))
def test_changes_are_those_of_the_obvious_comparison(seed: int) -> None:
    data = examples.dataset()
    every = pool(data)
    generator = np.random.default_rng(seed)
    before, after = (
        run(data, [every[i] for i in generator.permutation(len(every))[:n]])
        for n in (25, 40)
    )
    found = compare_runs(before, after)
    named = {
        (
            change.change.value,
            change.before and change.before.id,
            change.after and change.after.id,
        )
        for change in found.changes
    }
    assert named == naive(before[0], after[0])
    assert len(named) == len(found.changes) == sum(found.counts.values())
    swapped = compare_runs(after, before).counts
    assert (swapped["lost"], swapped["added"]) == (
        found.counts["added"],
        found.counts["lost"],
    )
    assert swapped["kept"] == found.counts["kept"] > 0


def test_rows_have_the_numbers_of_both_runs() -> None:
    data = examples.dataset()
    found = examples.assessed(data)
    earlier = replace(found, findings=found.findings[1:], targets=found.targets[:2])
    result = compare_runs((earlier, data), (found, data), names=("a", "b"))
    assert result.counts == {"kept": len(found) - 1, "changed": 0, "added": 1, "lost": 0}
    added, kept, *_ = result.rows()
    first = found.findings[0]
    assert (added["change"], added["id_before"], added["id_after"]) == ("added", None, "R1")
    assert added["rules_after"] == str(first.redescription)
    assert added["jaccard_after"] == first.assessment.hold_out.jaccard  # type: ignore[union-attr]
    assert added["explained_in_both"] is True
    assert kept["jaccard_before"] == kept["jaccard_after"]
    other = next(c for c in result.changes if c.finding.redescription.view != "net")
    assert not other.explained
    untestable = [row for row in result.rows() if row["jaccard_after"] is None]
    assert len(untestable) == 1


def split(ids: list[int], *, seed: int = 0, hold_out: float = 0.5) -> Dataset:
    entities = EntityIndex(tuple(map(str, ids)))
    values = np.array(ids, float)[:, None]
    views = [View.of(name, values, entities=entities) for name in "xy"]
    return Dataset.of(views, SplitParams(hold_out=hold_out, seed=seed))


@pytest.mark.parametrize("second", [[*range(40)], [*range(10, 60)], [*range(39, -1, -1)]])
def test_entities_of_both_runs_are_counted(second: list[int]) -> None:
    first = split([*range(40)])
    later = split(second, seed=1)
    found = Comparability.of(first, later)
    ids = [set(data.entities.ids) for data in (first, later)]
    held = [{d.entities.ids[i] for i in d.split.held_out} for d in (first, later)]
    mined = [some - out for some, out in zip(ids, held, strict=True)]
    assert found.n_shared == len(ids[0] & ids[1])
    assert (found.n_before, found.n_after) == (len(ids[0] - ids[1]), len(ids[1] - ids[0]))
    assert found.n_tested == len(held[0] & held[1])
    assert found.n_mined_before == len(mined[0] & held[1]) > 0
    assert found.n_mined_after == len(held[0] & mined[1]) > 0
    assert found.views == ()
    text = " ".join(found.warnings("patients"))
    assert "The splits differ" in text
    assert ("do not describe the same patients" in text) == (ids[0] != ids[1])


def test_the_same_split_is_told_and_missing_hold_outs_too() -> None:
    data = split([*range(20)])
    (same,) = Comparability.of(data, data).warnings()
    assert "same 10 held-out entities test both" in same
    alone = Comparability.of(split([*range(20)], hold_out=0), data)
    assert alone.part == "mined"
    assert alone.warnings() == [
        "The earlier run has no hold-out, so J is compared on what each run searched: that "
        "is no evidence."
    ]
    apart = Comparability.of(data, split([*range(30, 50)])).warnings()
    assert [text.startswith("The runs do not describe the same") for text in apart] == [
        True
    ]


def test_views_with_other_values_are_named() -> None:
    data = split([*range(20)])
    values = data.views[1].values.copy()
    values[0, 3] += 1
    other = Dataset((data.views[0], replace(data.views[1], values=values)), data.split)
    found = Comparability.of(data, other)
    assert found.views == ("y",)
    assert "other attributes or values: y." in found.warnings()[0]
    third = Dataset((data.views[0], replace(data.views[1], name="z")), data.split)
    assert Comparability.of(data, third).views == ("y", "z")


def test_settings_that_one_run_lacks() -> None:
    before = {"parameters": {"mine": {"a": 1, "b": [2]}}, "versions": {"numpy": "2.0"}}
    after = {"parameters": {"mine": {"a": 1, "c": "x"}}, "versions": {"numpy": "2.1"}}
    found = [(s.name, s.before, s.after) for s in changed_settings(before, after)]
    assert found == [
        ("mine.b", "[2]", ""),
        ("versions.numpy", "2.0", "2.1"),
        ("mine.c", "", "x"),
    ]
