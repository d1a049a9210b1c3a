"""What the report shows: counts, order, parts, and which findings are read first."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING

import pytest
from tests.report import examples

from redescribe.core.assessed import AssessedSet, Evidence
from redescribe.core.measures import contingency
from redescribe.errors import EntityMismatchError
from redescribe.report import excerpt, summarize
from redescribe.report.summarize import summarize as summary_of

if TYPE_CHECKING:
    from redescribe.core.dataset import Dataset


@pytest.fixture(scope="module")
def data() -> Dataset:
    return examples.dataset()


@pytest.fixture(scope="module")
def found(data: Dataset) -> AssessedSet:
    return examples.assessed(data)


def test_data_are_plain_values(found: AssessedSet, data: Dataset) -> None:
    def check(value: object) -> None:
        if isinstance(value, tuple):
            for part in value:
                check(part)
        elif is_dataclass(value) and not isinstance(value, Evidence):
            assert type(value).__module__ == "redescribe.report.data"
            for field in fields(value):
                check(getattr(value, field.name))
        else:
            assert value is None or isinstance(value, str | int | float | Evidence)

    summary = summary_of(found, data)
    check(summary)
    assert summary == summary_of(found, data)


def test_parts_are_those_of_the_hold_out(found: AssessedSet, data: Dataset) -> None:
    rows = {row.id: row for group in summary_of(found, data).groups for row in group.rows}
    for finding in found:
        supports = finding.redescription.supports_on(data.hold_out_part)
        parts = rows[finding.id].parts
        assert parts.held_out
        assert parts.n_entities == 18
        if len(supports) == 2:
            assert parts.both == contingency(*supports).both


def test_parts_of_three_rules_show_the_jaccard(found: AssessedSet, data: Dataset) -> None:
    rows = [row for group in summary_of(found, data).groups for row in group.rows]
    (row,) = [row for row in rows if len(row.views) == 3]
    parts = row.parts
    assert parts.n_rules == 3
    assert (parts.both, parts.n_entities - parts.neither) == (row.support, row.union)
    assert [(pair.first, pair.second) for pair in row.pairs] == [
        *(("net", "radius"), ("net", "smoker"), ("radius", "smoker"))
    ]
    assert all(not one.pairs for one in rows if len(one.views) == 2)


@pytest.mark.parametrize("hold_out", [0.3, 0])
def test_parts_are_those_of_the_mining_part_without_a_dataset(hold_out: float) -> None:
    data = examples.dataset(hold_out=hold_out)
    found = examples.assessed(data)
    rows = [row for group in summary_of(found).groups for row in group.rows]
    assert len(rows) == len(found)
    for row in rows:
        assert not row.parts.held_out
        assert row.parts.n_entities == data.split.mined.size
        assert row.parts.both == row.support_mined


def test_parts_with_missing_values_add_up() -> None:
    data = examples.dataset(missing=True)
    rows = summary_of(examples.assessed(data), data).read_first
    assert all(row.parts.n_entities == 18 for row in rows)
    assert any(row.parts.unknown for row in rows)


def test_other_dataset_is_refused(found: AssessedSet) -> None:
    with pytest.raises(EntityMismatchError, match="they were assessed on"):
        summary_of(found, examples.dataset(hold_out=0.5))


def test_neurons_are_known_without_a_dataset(found: AssessedSet) -> None:
    words = {text for row in summary_of(found).read_first for text in row.words}
    assert "unit 0 of layer fc of network net is above 0" in words


def test_shares_are_said_of_mined_entities(found: AssessedSet, data: Dataset) -> None:
    summary = summary_of(found, data)
    assert any("(top " in words for row in summary.read_first for words in row.words)


def test_no_target_and_no_statement_is_read_first_twice(
    found: AssessedSet, data: Dataset
) -> None:
    first = summary_of(found, data).read_first
    targets = [row.target for row in first]
    statements = [frozenset(row.queries) for row in first]
    assert len(set(targets)) == len(targets)
    assert len(set(statements)) == len(statements)
    assert all(row.confirmed for row in first)


def test_unconfirmed_findings_are_read_first_where_none_is_confirmed(
    found: AssessedSet,
) -> None:
    poor = tuple(
        replace(f, assessment=replace(f.assessment, confirmed=False))
        for f in found
        if f.assessment is not None
    )
    summary = summary_of(replace(found, findings=poor))
    assert summary.read_first
    assert summary.n_confirmed == 0


def test_example_is_the_shortest_with_neurons_on_one_side(
    found: AssessedSet, data: Dataset
) -> None:
    summary = summary_of(found, data)
    assert summary.example in summary.read_first
    assert summary.example is not None
    assert len(summary.example.queries) == 2
    assert "net" in summary.example.views


def test_groups_with_a_network_come_first(found: AssessedSet) -> None:
    groups = excerpt.by_views(found)
    assert list(groups) == [
        ("net", "radius"),
        ("net", "smoker"),
        ("net", "radius", "smoker"),
    ]
    assert sum(map(len, groups.values())) == len(found)


def test_long_tables_are_cut_and_say_so(
    found: AssessedSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summarize, "MAX_FINDINGS", 4)
    monkeypatch.setattr(summarize, "MAX_TARGETS", 3)
    summary = summary_of(found)
    shown = [len(group.rows) for group in summary.groups]
    assert sum(shown) == 4
    assert min(shown) >= 1
    assert sum(group.n_total for group in summary.groups) == len(found)
    assert (len(summary.targets), summary.n_targets) == (3, 11)


def test_empty_family(data: Dataset) -> None:
    summary = summary_of(examples.nothing(data), data)
    assert (summary.example, summary.read_first, summary.groups) == (None, (), ())
    assert summary.n_confirmed == 0
