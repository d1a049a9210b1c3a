"""The figures draw what the numbers say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.report import examples

from redescribe import plot
from redescribe.core.breakdown import Breakdown
from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex
from redescribe.core.query import Interval
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import ParameterError, UnknownNameError

pyplot = pytest.importorskip("matplotlib.pyplot")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe.core.assessed import AssessedSet


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return examples.dataset(examples.PLAIN, hold_out=0.3, missing=True)


@pytest.fixture(scope="module")
def found(dataset: Dataset) -> AssessedSet:
    return examples.assessed(dataset)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")


def drawn(ax: Any) -> None:  # noqa: ANN401
    """Lay the figure out: what cannot be drawn raises, and warnings are errors."""
    ax.figure.canvas.draw()


def test_jaccards_are_those_of_the_table(found: AssessedSet) -> None:
    ax = plot.jaccards(found)
    drawn(ax)
    shown = np.concatenate([c.get_offsets() for c in ax.collections])
    table = [
        (f.redescription.mined.jaccard, f.assessment.hold_out.jaccard)
        for f in found
        if f.assessment is not None and f.assessment.hold_out.union
    ]
    assert sorted(map(tuple, shown.tolist())) == sorted(table)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    n_confirmed = sum(f.assessment is not None and f.assessment.confirmed for f in found)
    assert labels[0] == f"confirmed ({n_confirmed})"


def test_jaccards_need_a_hold_out() -> None:
    data = examples.dataset(examples.PLAIN, hold_out=0)
    with pytest.raises(ParameterError, match="Nothing was held out"):
        plot.jaccards(examples.assessed(data))


def test_co_occurrence_shows_the_best_finding_of_a_pair(found: AssessedSet) -> None:
    first, second = found.findings[0].redescription.queries
    ax = plot.co_occurrence(found, first.view, second.view, top=50)
    drawn(ax)
    assert ax.images[0].get_array().max() == pytest.approx(
        max(
            f.assessment.hold_out.jaccard
            for f in found
            if f.assessment is not None
            and {q.view for q in f.redescription.queries} >= {first.view, second.view}
        )
    )


def test_co_occurrence_names_what_is_wrong(found: AssessedSet) -> None:
    with pytest.raises(UnknownNameError, match="no view 'nothing'"):
        plot.co_occurrence(found, "nothing", found.views[0])
    view = found.views[0]
    none = replace(found, findings=())
    with pytest.raises(ParameterError, match="No finding relates"):
        plot.co_occurrence(none, view, found.views[1])


def test_parts_add_up_to_the_hold_out(found: AssessedSet, dataset: Dataset) -> None:
    held_out = dataset.hold_out_part
    for finding in found.top(3):
        ax = plot.parts(finding, dataset)
        drawn(ax)
        widths = [patch.get_width() for patch in ax.patches]
        redescription = finding.redescription
        counted = Breakdown.of(redescription.supports_on(held_out), redescription.missing)
        expected = [c.n_entities for c in counted.combinations]
        assert widths == expected + [counted.n_unknown] * bool(counted.n_unknown)
        assert sum(widths) == held_out.n_entities


def test_without_a_hold_out_the_mined_entities_are_drawn() -> None:
    data = examples.dataset(examples.PLAIN, hold_out=0)
    ax = plot.parts(examples.assessed(data).findings[0], data)
    assert ax.get_title(loc="left") == "R1, 60 mined entities"
    ax = plot.literals(examples.assessed(data).findings[0], data)
    assert ax.get_title(loc="left") == "R1, 60 of 60 mined entities"


def test_literals_have_an_axis_each(found: AssessedSet, dataset: Dataset) -> None:
    longest = max(found, key=lambda finding: len(finding.redescription))
    ax = plot.literals(longest, dataset, n_lines=9)
    drawn(ax)
    assert len(ax.get_xticks()) == len(longest.redescription)
    assert len(ax.lines) == len(longest.redescription) + 9
    assert "9 of 18" in ax.get_title(loc="left")


def test_every_finding_can_be_drawn(found: AssessedSet, dataset: Dataset) -> None:
    for finding in found:
        ax = plot.literals(finding, dataset)
        drawn(ax)
        assert len(ax.get_xticks()) == len(finding.redescription)
        pyplot.close("all")


def test_the_same_lines_are_drawn_twice(found: AssessedSet, dataset: Dataset) -> None:
    first, second = (plot.literals(found.findings[0], dataset, n_lines=9) for _ in "ab")
    for one, other in zip(first.lines, second.lines, strict=True):
        assert np.array_equal(one.get_ydata(), other.get_ydata(), equal_nan=True)


def test_literals_need_a_line(found: AssessedSet, dataset: Dataset) -> None:
    with pytest.raises(ParameterError, match="n_lines must be at least 1"):
        plot.literals(found.findings[0], dataset, n_lines=0)


def test_activations_count_every_known_entity() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(60, 1))
    values[:5] = np.nan
    kind = Attribute("kind", AttributeKind.NOMINAL, ("odd", "even"))
    codes = np.arange(60.0).reshape(1, -1) % 2
    labels = View("labels", EntityIndex.numbered(60), (kind,), codes)
    dataset = Dataset.of([View.of("net", values, names=["a"]), labels])
    ax = plot.activations(dataset, "net:a", by="labels:kind")
    drawn(ax)
    assert sum(patch.get_height() for patch in ax.patches) >= 55
    assert ax.get_title() == "5 missing"
    names = {text.get_text() for text in ax.get_legend().get_texts()}
    assert names == {"kind odd", "kind even"}


def test_thresholds_of_findings_are_drawn(found: AssessedSet, dataset: Dataset) -> None:
    query, literal = next(
        (query, literal)
        for finding in found
        for query in finding.redescription.queries
        for literal in query.literals
        if isinstance(literal, Interval) and np.isfinite(literal.low)
    )
    target = f"{query.view}:{literal.attribute}"
    ax = plot.activations(dataset, target, found=found)
    assert literal.low in [line.get_xdata()[0] for line in ax.lines]
    assert not plot.activations(dataset, target).lines


def test_activations_name_what_is_wrong(dataset: Dataset) -> None:
    view = next(v for v in dataset.views if not all(a.is_numeric for a in v.attributes))
    label = next(a.name for a in view.attributes if not a.is_numeric)
    with pytest.raises(ParameterError, match="no numbers to draw"):
        plot.activations(dataset, f"{view.name}:{label}")
    numeric = next(
        f"{v.name}:{a.name}" for v in dataset.views for a in v.attributes if a.is_numeric
    )
    with pytest.raises(ParameterError, match="numbers, not classes"):
        plot.activations(dataset, numeric, by=numeric)
    with pytest.raises(UnknownNameError):
        plot.activations(dataset, "nothing:x")


def test_given_axes_are_used(found: AssessedSet) -> None:
    _, ax = pyplot.subplots()
    assert plot.jaccards(found, ax=ax) is ax
