"""Which description of a target is chosen, and how two programs are compared."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.quality import (
    Comparison,
    Description,
    Difference,
    Means,
    Outcome,
    chosen_by,
    compared,
    first,
    largest,
    largest_within,
)

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.redescription import Agreement
from redescribe.core.view import View


def description(
    mined: float,
    length: int = 2,
    *,
    held_out: float = 0.5,
    adjusted: float = 0.25,
    rank: float = 0.0,
    text: str = "",
) -> Description:
    return Description(
        mined=mined,
        adjusted=mined,
        held_out=held_out,
        held_out_adjusted=adjusted,
        length=length,
        rank=rank,
        text=text,
    )


SHORT = description(0.8, 2, rank=0.7)
MIDDLE = description(0.9, 3, rank=0.75)
LONG = description(0.95, 6, rank=0.6)


def test_first_and_largest_are_chosen_by_rank_and_by_mined_jaccard() -> None:
    found = (LONG, SHORT, MIDDLE)
    assert first(found) is MIDDLE
    assert largest(found) is LONG
    assert first(()) is None
    assert largest(()) is None


@pytest.mark.parametrize(
    ("max_length", "want"), [(1, None), (2, SHORT), (5, MIDDLE), (6, LONG)]
)
def test_lengths_are_restricted(max_length: int, want: Description | None) -> None:
    assert largest_within((LONG, SHORT, MIDDLE), max_length) is want


def test_of_equally_good_ones_the_shorter_and_then_the_earlier_text_is_chosen() -> None:
    found = [description(0.9, 3), description(0.9, text="b"), description(0.9, text="a")]
    assert largest(found) is found[2]
    assert first(found) is found[2]


def test_targets_without_a_short_description_are_left_out() -> None:
    outcome = Outcome(1.0, 1.0, 1.0, {"a": (LONG,), "b": (SHORT, LONG)}, frozenset("ab"))
    assert chosen_by(lambda found: largest_within(found, 2), outcome) == {"b": SHORT}


def test_descriptions_are_evaluated_on_both_parts() -> None:
    values = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    views = [View.of("x", values[:, :1]), View.of("y", values[:, 1:])]
    part = Dataset.of(views, SplitParams(hold_out=0))
    queries = (parse_query("x0 > 0.5", "x"), parse_query("x0 > 0.5", "y"))
    mined = Agreement(10, (5, 5), 5, 5, 1.0)
    found = Description.of(queries, mined, part)
    assert (found.mined, found.adjusted) == (1.0, 1.0)
    # Three and three of five entities, two of them common: by chance 1.8 of 4.2.
    assert found.held_out == 2 / 4
    assert found.held_out_adjusted == pytest.approx((0.5 - 1.8 / 4.2) / (1 - 1.8 / 4.2))
    assert found.length == 2
    assert found.rank == mined.cautious_jaccard(2) < 1
    assert found.text == "x0 > 0.5 <=> x0 > 0.5"


def test_means_are_over_all_descriptions() -> None:
    chosen = [description(0.5, 2, held_out=0.25), description(1.0, 5, held_out=0.5)]
    assert Means.of(chosen) == Means(0.75, 0.75, 0.375, 0.25, 3.5)
    assert Means.of([]) is None


def test_pairs_are_the_targets_that_both_describe_in_the_same_case() -> None:
    base = [
        {"a": description(1.0, 2, held_out=0.5), "b": description(1.0, 2, held_out=0.5)},
        {"a": description(1.0, 4, held_out=0.5), "c": description(1.0, 2, held_out=0.5)},
    ]
    other = [
        {"a": description(1.0, 3, held_out=0.7), "b": description(1.0, 1, held_out=0.4)},
        {"a": description(1.0, 5, held_out=0.9), "b": description(1.0, 9, held_out=0.0)},
    ]
    found = compared(other, base)
    # a: +0.2 and +0.4 in two splits, b: -0.1 in one; c is described by one of the two.
    differences = [0.3, -0.1]
    half = 1.96 * np.std(differences, ddof=1) / np.sqrt(2)
    assert found is not None
    assert found.n_targets == 2
    assert found.jaccard.mean == pytest.approx(0.1)
    assert found.jaccard.low == pytest.approx(0.1 - half)
    assert found.jaccard.high == pytest.approx(0.1 + half)
    assert found.adjusted == Difference(0.0, 0.0, 0.0)
    assert (found.length, found.base_length) == (2.5, 2.5)


def test_a_single_target_has_no_interval() -> None:
    one = {"a": description(1.0, held_out=0.75)}
    found = compared([one], [{"a": description(1.0, held_out=0.5)}])
    want = Difference(0.25, None, None)
    assert found == Comparison(1, want, Difference(0.0, None, None), 2.0, 2.0)
    assert str(want) == "+0.250"
    assert str(Difference(0.25, -0.125, 0.5)) == "+0.250 (-0.125 to +0.500)"


def test_without_a_common_target_nothing_is_compared() -> None:
    assert compared([{"a": SHORT}], [{"b": SHORT}]) is None


def test_every_case_has_its_partner() -> None:
    with pytest.raises(ValueError, match="zip"):
        compared([{}], [{}, {}])
