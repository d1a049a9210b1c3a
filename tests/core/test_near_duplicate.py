"""The link of a redescription to a better one of nearly the same entities."""

from __future__ import annotations

import numpy as np
import pytest

from redescribe.core.grammar import parse_query
from redescribe.core.near_duplicate import NearDuplicate
from redescribe.core.redescription import Kind, Redescription
from redescribe.core.support import Support


def redescription(left: np.ndarray, right: np.ndarray) -> Redescription:
    queries = (parse_query("a > 1", "x"), parse_query("b > 2", "y"))
    supports = (Support.from_mask(left), Support.from_mask(right))
    return Redescription("x", "a", "x:a", Kind.INDIVIDUAL, queries, supports, 0.1, -2.0)


@pytest.mark.parametrize("n_entities", [1, 63, 64, 65])
def test_the_jaccard_is_that_of_what_satisfies_all_queries(n_entities: int) -> None:
    generator = np.random.default_rng(n_entities)
    for _ in range(10):
        masks = generator.random((4, n_entities)) < 0.7
        one, other = redescription(*masks[:2]), redescription(*masks[2:])
        link = NearDuplicate.of(other, one)
        shared = masks.all(axis=0).sum()
        union = (masks[:2].all(axis=0) | masks[2:].all(axis=0)).sum()
        assert link.support_jaccard_mined == (shared / union if union else 0)
        assert link.jaccard_mined == other.mined.jaccard
        assert (link.key, link.queries) == (other.key, other.queries)
        assert str(link) == str(other)


def test_empty_full_and_unknown() -> None:
    everything, nothing = np.ones(65, bool), np.zeros(65, bool)
    full, empty = (redescription(mask, mask) for mask in (everything, nothing))
    assert NearDuplicate.of(full, full).support_jaccard_mined == 1
    assert NearDuplicate.of(full, empty).support_jaccard_mined == 0
    assert NearDuplicate.of(empty, empty).support_jaccard_mined == 0
