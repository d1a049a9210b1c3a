"""The harness: strategies by name, inputs, and the tables of their results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import inputs
from benchmarks.measure import Table
from benchmarks.quality import Outcome, first
from benchmarks.strategies import BASE, CHOICES, LENGTHS, Results, mine_all, registered
from tests.bench.test_quality import description

if TYPE_CHECKING:
    import pytest


def test_strategies_that_are_not_there_are_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert [one.name for one in registered(("trees", "nonesuch"))] == ["trees"]
    assert "Left out: the strategy 'nonesuch'" in capsys.readouterr().out


def test_a_planted_target_is_described_on_both_parts() -> None:
    case = inputs.planted()[0]
    (outcome,) = mine_all(BASE, [case])
    (target,) = outcome.described
    assert outcome.describable == outcome.mentioned == {target}
    assert target.startswith("length 1, seed 0: own:")
    assert all(one.mined >= 0.5 for one in outcome.described[target])
    best = first(outcome.described[target])
    assert best is not None
    assert best.held_out > 0.8
    assert outcome.n_candidates
    assert min(outcome.wall, outcome.peak) > 0


def test_planted_cases_have_keys_of_their_own() -> None:
    cases = inputs.planted()
    names = {case.name for case in cases}
    n_cases = len(inputs.PLANTED_LENGTHS) * len(inputs.PLANTED_SEEDS)
    assert len(names) == len(cases) == n_cases
    assert all(case.targets == (f"own:{case.attribute}",) for case in cases)


def outcome(held_out: float, *, describable: frozenset[str] | None = None) -> Outcome:
    found = {"a": (description(0.9, 2, held_out=held_out), description(0.8, 5))}
    return Outcome(2.0, 1.0, 100.0, found, frozenset("ab"), 7, describable)


def test_rows_of_an_input() -> None:
    base = [outcome(0.5, describable=frozenset("abc")), outcome(0.5)]
    results = Results("input", {BASE: base, "other": [outcome(0.75), outcome(0.25)]})
    assert results.costs()[0] == ("input", BASE, 2.0, 1.0, 100.0, 7.0, "")
    assert results.first_ranked()[1] == (
        *("input", "other", "2 / 3", 4),
        *(0.9, 0.9, 0.5, 0.25, 2.0),
    )
    rows = results.comparisons()
    assert [row[:3] for row in rows] == [("input", "other", choice) for choice in CHOICES]
    assert rows[0][3:] == (1, "+0.000", "+0.000", 2.0, 2.0)
    assert list(CHOICES)[-len(LENGTHS) :] == [f"at most {n} literals" for n in LENGTHS]


def test_nothing_described_gives_empty_cells() -> None:
    nothing = Outcome(1.0, 1.0, 1.0, {}, frozenset(), note="time limit")
    results = Results("input", {BASE: [outcome(0.5)], "other": [nothing]})
    assert results.costs()[1] == ("input", "other", 1.0, 1.0, 1.0, None, "time limit")
    assert results.largest()[1] == ("input", "other", *(None,) * 5)
    assert results.comparisons()[0][3:] == (0, *(None,) * 4)


def test_tables_in_markdown() -> None:
    table = Table("t", ("name", "n", "x"), (("a", 1234, 0.5), ("b", 2, None)))
    assert table.markdown() == (
        "| name | n | x |\n| --- | ---: | ---: |\n| a | 1,234 | 0.5 |\n| b | 2 | - |\n"
    )
    assert Table("t", ("name",), ()).markdown() == "| name |\n| ---: |\n"
