"""What a query loses without an attribute, against all ways on the values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels.cases import coded, random_table, random_terms, seeds
from tests.mining import naive

from redescribe.core.binned import BinnedView, Bins
from redescribe.core.entities import EntityIndex
from redescribe.core.missing import MissingPolicy
from redescribe.core.view import Attribute, View
from redescribe.search.coded import CodedQuery
from redescribe.search.necessity import jaccard_without
from redescribe.search.others import Others

lengths = st.lists(st.integers(1, 3), min_size=1, max_size=3)


def queries(
    seed: int, sizes: list[int], missing_share: float
) -> tuple[CodedQuery, CodedQuery, View]:
    """Two queries over one view whose values are the codes."""
    rng = np.random.default_rng(seed)
    table = random_table(rng, 17, max_bins=6, missing_share=missing_share)
    table.nominal[:] = False
    terms = [random_terms(rng, table, lengths) for lengths in (sizes, [1])]
    # One bin more than the literals know of: none says everything.
    numbers = np.arange(7.0)
    attributes = tuple(map(Attribute, "abc"))
    binned = BinnedView("x", attributes, (Bins(numbers, numbers),) * 3, table.codes)
    values = np.where(table.codes == table.missing, np.nan, table.codes)
    view = View("x", EntityIndex.numbered(17), attributes, values)
    query, other = (CodedQuery(binned, *coded(found)) for found in terms)
    return query, other, view


@pytest.mark.parametrize("policy", MissingPolicy)
@given(seed=seeds, sizes=lengths, missing_share=st.sampled_from([0.0, 0.2]))
def test_all_ways_to_do_without_are_tried(
    policy: MissingPolicy, seed: int, sizes: list[int], missing_share: float
) -> None:
    query, other, view = queries(seed, sizes, missing_share)
    rest = [naive.truths(other.query().terms, view)]
    others = Others.of([other], policy)
    for position, name in enumerate("abc"):
        want = naive.best_without(query.query(), name, view, rest, policy)
        assert jaccard_without(query, position, others) == want


def test_an_alternative_that_needs_no_attribute_counts() -> None:
    # b alone is as good as a OR b; that a TRUE term says everything is not the point.
    codes = np.array([[1, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0]], np.uint8)
    bins = Bins(np.arange(2.0), np.arange(2.0))
    binned = BinnedView("x", tuple(map(Attribute, "ab")), (bins, bins), codes)
    query = CodedQuery(
        binned,
        np.array([[0, 1, 1, 1], [1, 1, 1, 1]], np.int32),
        np.array([0, 1], np.int32),
        np.zeros(2, np.bool_),
    )
    other = query.restricted(np.array([False, True]))
    others = Others.of([other], MissingPolicy.QUERY_NON_MISSING)
    assert others.jaccard(query) == 1
    assert jaccard_without(query, 0, others) == 1
    assert jaccard_without(query, 1, others) == 0.5
