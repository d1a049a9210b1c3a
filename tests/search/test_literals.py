"""The literals of a target: bins, unions, complements, and their bounds."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.binned import Bins
from redescribe.core.support import unpack
from redescribe.core.view import Attribute, AttributeKind
from redescribe.discretize.base import categorical_bins
from redescribe.search.language import QueryLanguage
from redescribe.search.literals import (
    OwnLiterals,
    halved,
    literal_sizes,
    own_literals,
    target_view,
)
from redescribe.search.params import Budget, SearchParams

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Mask

Range = tuple[int, int, int]
seeds = st.integers(0, 10_000)


def literals_of(
    labels: AnyArray,
    n_bins: int,
    bounds: tuple[int, int],
    *,
    max_unions: int = 24,
    nominal: bool = False,
    negation: bool = True,
) -> OwnLiterals:
    values = np.where(labels < 0, np.nan, labels.astype(np.float64))
    kind = AttributeKind.NOMINAL if nominal else AttributeKind.NUMERIC
    categories = tuple(map(str, range(n_bins))) if nominal else ()
    bins = categorical_bins(n_bins)
    view = target_view("x", Attribute("a", kind, categories), values, bins)
    params = SearchParams(
        budget=Budget(max_unions=max_unions), language=QueryLanguage(negation=negation)
    )
    return own_literals(view, params, bounds)


def ranges_of(found: OwnLiterals) -> set[Range]:
    rows = [(a, b, inside) for a, b, inside in found.ranges.tolist()]
    assert len(set(rows)) == len(rows)
    return set(rows)


def random_labels(seed: int, n_bins: int, n_entities: int) -> AnyArray:
    """Every bin occurs, as `discretize` sees to; -1 where the value is missing."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(-1, n_bins, n_entities)
    labels[:n_bins] = np.arange(n_bins)
    return labels


def members(labels: AnyArray, literal: Range) -> Mask:
    within = (labels >= literal[0]) & (labels <= literal[1])
    mask: Mask = (within == bool(literal[2])) & (labels >= 0)
    return mask


@given(
    seed=seeds,
    n_bins=st.integers(2, 6),
    n_entities=st.sampled_from([10, 63, 64, 65, 130]),
    bounds=st.sampled_from([(1, 1000), (3, 8), (5, 40)]),
)
def test_unions_and_complements_within_the_bounds(
    seed: int, n_bins: int, n_entities: int, bounds: tuple[int, int]
) -> None:
    labels = random_labels(seed, n_bins, n_entities)
    last = n_bins - 1
    runs = [(a, b) for a in range(n_bins) for b in range(a, n_bins) if (a, b) != (0, last)]
    inner = [(a, b) for a, b in runs if a > 0 and b < last]
    every: list[Range] = [(*x, 1) for x in runs] + [(*x, 0) for x in inner]
    wanted = {x for x in every if bounds[0] <= members(labels, x).sum() <= bounds[1]}
    found = literals_of(labels, n_bins, bounds)
    assert ranges_of(found) == wanted
    for row, words, size in zip(found.ranges, found.satisfied, found.sizes, strict=True):
        mask = members(labels, (row[0], row[1], row[2]))
        assert (unpack(words, n_entities) == mask).all()
        assert size == mask.sum()
    positive = literals_of(labels, n_bins, bounds, negation=False)
    assert ranges_of(positive) == {x for x in wanted if x[2]}


@pytest.mark.parametrize(("n_bins", "complements"), [(2, 0), (3, 3), (5, 5)])
def test_categories_have_complements_only_where_these_are_no_category(
    n_bins: int, complements: int
) -> None:
    labels = np.arange(10 * n_bins) % n_bins
    found = ranges_of(literals_of(labels, n_bins, (1, 1000), nominal=True))
    assert {x for x in found if x[2]} == {(c, c, 1) for c in range(n_bins)}
    assert len(found) == n_bins + complements
    without = literals_of(labels, n_bins, (1, 1000), nominal=True, negation=False)
    assert ranges_of(without) == {(c, c, 1) for c in range(n_bins)}


@given(seed=seeds, n_bins=st.integers(5, 60), max_unions=st.integers(2, 8))
def test_many_bins_are_thinned_but_none_is_lost(
    seed: int, n_bins: int, max_unions: int
) -> None:
    labels = random_labels(seed, n_bins, 130)
    found = ranges_of(literals_of(labels, n_bins, (1, 1000), max_unions=max_unions))
    counts = np.bincount(labels[labels >= 0], minlength=n_bins)
    assert {(c, c, 1) for c in range(n_bins)} <= found
    unions = {x for x in found if x[2] and x[0] < x[1]}
    boundaries = {x[0] for x in unions} | {x[1] + 1 for x in unions}
    if n_bins > max_unions:
        assert len(boundaries | {0, n_bins}) <= max_unions + 1
        # Between two neighbouring boundaries lies no more than a share and one bin.
        inner = sorted(boundaries | {0, n_bins})
        between = [counts[a:b].sum() for a, b in pairwise(inner)]
        assert max(between) <= counts.sum() / max_unions + counts.max() + 1


def test_a_complement_is_a_negated_term() -> None:
    labels = np.repeat([0, 1, 2], 4)
    found = literals_of(labels, 3, (1, 8))
    by_range = {row: i for i, row in enumerate(map(tuple, found.ranges.tolist()))}
    coded, negated = found.literal(by_range[1, 1, 0])
    assert (coded.tolist(), negated) == ([[0, 1, 1, 1]], True)
    coded, negated = found.literal(by_range[0, 1, 1])
    assert (coded.tolist(), negated) == ([[0, 0, 1, 1]], False)


def test_no_admissible_literal() -> None:
    found = literals_of(np.repeat([0, 1], 4), 2, (5, 8))
    assert len(found) == 0
    assert found.satisfied.shape == (0, 1)


def test_sizes_leave_missing_entities_out() -> None:
    labels = np.array([0, 0, 1, 2, -1, -1])
    ranges = np.array([[0, 1, 1], [1, 1, 0]], np.int32)
    assert literal_sizes(labels, ranges).tolist() == [3, 3]


@pytest.mark.parametrize(("n_bins", "dtype"), [(255, np.uint8), (256, np.uint16)])
def test_codes_are_as_wide_as_the_bins_need(n_bins: int, dtype: type) -> None:
    values = np.append(np.arange(n_bins, dtype=np.float64), np.nan)
    bins = Bins(values[:-1], values[:-1])
    found = target_view("x", Attribute("a"), values, bins)
    assert found.codes.dtype == dtype
    assert found.codes[0, :-1].tolist() == list(range(n_bins))
    assert found.codes[0, -1] == found.missing_code


@given(seed=seeds, n_values=st.integers(2, 12), missing=st.booleans())
def test_halves_are_as_equal_as_the_cuts_allow(
    *, seed: int, n_values: int, missing: bool
) -> None:
    rng = np.random.default_rng(seed)
    values = np.concatenate([np.arange(n_values), rng.integers(0, n_values, 30)]) + 0.0
    if missing:
        values[n_values:][rng.random(30) < 0.3] = np.nan
    distinct = np.unique(values[~np.isnan(values)])
    grid = target_view("x", Attribute("a"), values, Bins(distinct, distinct))
    view = halved(grid)
    known = values[~np.isnan(values)]
    gaps = [abs((known <= cut).sum() - (known > cut).sum()) for cut in distinct[:-1]]
    cut = view.bins[0].upper[0]
    assert abs((known <= cut).sum() - (known > cut).sum()) == min(gaps)
    assert ((view.codes[0] == view.missing_code) == np.isnan(values)).all()
    want = np.where(np.isnan(values), view.missing_code, values > cut)
    assert view.codes[0].tolist() == want.tolist()
