"""What a search may say and must reach."""

from __future__ import annotations

import math

import pytest

from redescribe.errors import ParameterError
from redescribe.search.language import QueryLanguage
from redescribe.search.params import Budget, Thresholds


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [(10, 0.8, (10, 136)), (0.05, 100, (9, 100)), (1, 1.0, (1, 171)), (1, 1, (1, 1))],
)
def test_bounds_are_counts_or_shares(
    low: float, high: float, wanted: tuple[int, int]
) -> None:
    thresholds = Thresholds(min_support=low, max_support=high)
    assert thresholds.support_bounds(171) == wanted


def test_the_largest_p_is_a_logarithm() -> None:
    assert Thresholds(max_p_mined=0.01).log_max_p_mined == pytest.approx(math.log(0.01))
    assert Thresholds(max_p_mined=0).log_max_p_mined == -math.inf


@pytest.mark.parametrize(
    ("owner", "field", "value"),
    [
        (Thresholds, "min_jaccard", 1.1),
        (Thresholds, "min_jaccard", math.nan),
        (Thresholds, "min_support", 0),
        (Thresholds, "max_p_mined", -0.1),
        (QueryLanguage, "max_literals", 0),
        (QueryLanguage, "max_joins", -1),
        (Budget, "n_bases", 0),
        (Budget, "pool_per_target", True),
    ],
)
def test_parameters_have_bounds(owner: type, field: str, value: object) -> None:
    with pytest.raises(ParameterError, match=f"'{field}' parameter of {owner.__name__}"):
        owner(**{field: value})
