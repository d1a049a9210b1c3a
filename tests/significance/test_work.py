"""The work of a target, worked out on paper and by deleting literals as text."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from tests.significance import examples

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.view import View
from redescribe.errors import ParameterError
from redescribe.significance.work import work

NAN = np.nan
#                  entity  0    1    2    3    4    5
PART = Dataset.of(
    [
        View.of("x", np.array([[0, 0, 1, 1, 1, 1], [0, 1, 0, 1, 0, 1.0]]).T, names="ab"),
        View.of("y", np.array([[0, 0, 0, 1, 0, 1], [0, 0, 1, 1, 1, NAN]]).T, names="cd"),
    ],
    SplitParams(hold_out=0),
)


@pytest.mark.parametrize(
    ("own", "partner", "want"),
    [
        # Alone: without a, x is true everywhere, so y's {3, 5} matches 2 of 6.
        ("a > 0", "c > 0", 2 / 4 - 2 / 6),
        # {3, 5} on both sides; without a, {1, 3, 5} remains.
        ("a > 0 AND b > 0", "c > 0", 1 - 2 / 3),
        # b alone does as well as both: a is a passenger.
        ("a > -1 AND b > 0", "c > 0", 0.0),
        # A negated term left empty is deleted: x is then false everywhere.
        ("NOT (a <= 0)", "c > 0", 2 / 4),
        # A negated term keeps its other literal: NOT (b <= 0) = {1, 3, 5}.
        ("NOT (a > 0 AND b <= 0)", "c > 0", 2 / 4 - 2 / 3),
        # Deleting the whole term leaves {1, 3, 5}; its literals, everything.
        ("(a > 0) OR (b > 0)", "c > 0", 2 / 5 - 2 / 3),
        # Two terms, four choices; the best keeps b > 0 and deletes the second term.
        ("(a > 0 AND b > 0) OR (a <= 0 AND b <= 0)", "c > 0", 2 / 3 - 2 / 3),
        # Unknown for entity 5; without a, 3 of 6 are left.
        ("a > 0", "d > 0", 3 / 4 - 3 / 6),
        # Not mentioned: nothing is lost.
        ("b > 0", "c > 0", 0.0),
        # Nothing agrees with or without it.
        ("a > 5", "c > 5", 0.0),
    ],
)
def test_work_on_paper(own: str, partner: str, want: float) -> None:
    queries = (parse_query(own, "x"), parse_query(partner, "y"))
    assert work(queries, PART, "x", "a") == pytest.approx(want)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n_entities", [63, 64, 65])
def test_work_agrees_with_texts_without_the_attribute(n_entities: int, seed: int) -> None:
    part = examples.dataset(n_entities, 0, seed)
    own = "(a > -1 AND b > 0) OR (NOT (a > 0.5 AND b < 1)) OR (b > 1.5)"
    others = [
        " OR ".join(f"({term})" for term in (first, second, "b > 1.5") if term)
        for first, second in product(["", "b > 0"], ["", "NOT (b < 1)"])
    ]
    partner = parse_query("c > -0.5", "y")

    def jaccard(text: str) -> float:
        x = parse_query(text, "x").on(part.view("x")).mask
        y = partner.on(part.view("y")).mask
        return float((x & y).sum() / (x | y).sum())

    want = jaccard(own) - max(map(jaccard, others))
    got = work((partner, parse_query(own, "x")), part, "x", "a")
    assert got == pytest.approx(want)


def test_target_without_a_query_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"view 'x' has no query\. Covered: 'y'"):
        work((parse_query("c > 0", "y"),), PART, "x", "a")
