"""Three-valued supports as packed words."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.support import Support, n_words, pack, unpack
from redescribe.errors import EntityMismatchError

truths = st.sampled_from([True, False, None])
sizes = st.sampled_from([1, 2, 63, 64, 65, 127, 128, 129])


def support_of(values: list[bool | None]) -> Support:
    satisfied = np.array([value is True for value in values], np.bool_)
    unknown = np.array([value is None for value in values], np.bool_)
    return Support.from_mask(satisfied, unknown=unknown)


@st.composite
def supports(draw: st.DrawFn, count: int = 1) -> list[Support]:
    n = draw(sizes)
    return [
        support_of(draw(st.lists(truths, min_size=n, max_size=n))) for _ in range(count)
    ]


@given(found=supports())
def test_masks_come_back(found: list[Support]) -> None:
    support = found[0]
    assert Support.from_mask(support.mask, unknown=support.unknown_mask) == support
    assert (unpack(pack(support.mask), support.n_entities) == support.mask).all()


@given(found=supports())
def test_each_entity_is_satisfied_violated_or_unknown(found: list[Support]) -> None:
    support = found[0]
    violated = ~support
    assert len(support) + len(violated) + support.n_unknown == support.n_entities
    assert not (support.satisfied & violated.satisfied).any()
    assert not (support.satisfied & support.unknown).any()
    assert (violated.unknown == support.unknown).all()


@given(found=supports(3))
def test_kleene_algebra(found: list[Support]) -> None:
    a, b, c = found
    assert ~(a & b) == ~a | ~b
    assert ~(a | b) == ~a & ~b
    assert ~~a == a
    assert a & b == b & a
    assert a | b == b | a
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)
    assert (a & a, a | a, a & (a | b)) == (a, a, a)
    everything = Support.everything(a.n_entities)
    assert (a & everything, a | everything) == (a, everything)


def test_the_tables_of_kleene() -> None:
    pairs = list(product([True, None, False], repeat=2))
    a, b = support_of([x for x, _ in pairs]), support_of([y for _, y in pairs])
    order = {False: 0, None: 1, True: 2}
    assert a & b == support_of([min(pair, key=order.__getitem__) for pair in pairs])
    assert a | b == support_of([max(pair, key=order.__getitem__) for pair in pairs])


@given(found=supports(2))
def test_a_refined_query_never_gains_support(found: list[Support]) -> None:
    a, b = found
    assert len(a & b) <= min(len(a), len(b))
    assert len(a | b) >= max(len(a), len(b))


@given(found=supports(2))
def test_equal_supports_have_equal_hashes(found: list[Support]) -> None:
    a, b = found
    twin = Support.from_mask(a.mask, unknown=a.unknown_mask)
    assert hash(twin) == hash(a)
    assert (a == b) == (
        (a.mask == b.mask).all() and (a.unknown_mask == b.unknown_mask).all()
    )


def test_padding_stays_zero() -> None:
    for n in (1, 63, 64, 65):
        nothing = ~Support.everything(n)
        assert len(nothing) == 0
        assert len(~nothing) == n
        assert (~nothing).satisfied.size == n_words(n) == -(-n // 64)


def test_what_is_unknown_is_not_satisfied() -> None:
    both = np.array([True, False])
    support = Support.from_mask(both, unknown=both)
    assert (len(support), support.n_unknown, len(~support)) == (0, 1, 1)


def test_supports_of_other_entities_do_not_mix() -> None:
    a, b = Support.everything(3), Support.everything(4)
    with pytest.raises(EntityMismatchError, match="Supports cover 3 and 4 entities"):
        _ = a & b
    assert a != b
    assert a != "a"


@given(rows=st.integers(0, 4), n=sizes, seed=st.integers(0, 1000))
def test_many_masks_are_packed_at_once(rows: int, n: int, seed: int) -> None:
    masks = np.random.default_rng(seed).random((rows, n)) < 0.5
    packed = pack(masks)
    assert packed.shape == (rows, n_words(n))
    assert (unpack(packed, n) == masks).all()
