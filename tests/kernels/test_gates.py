"""Gates of pairs and best cuts against counting with sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels import naive

from redescribe._kernels.gates import best_cut, pair_passes
from redescribe.core.support import Support
from redescribe.significance.tails import log_factorials

if TYPE_CHECKING:
    from redescribe._typing import Words

sizes = st.sampled_from([1, 5, 30, 63, 64, 65])


def words(entities: set[int], n: int) -> Words:
    mask = np.zeros(n, np.bool_)
    mask[list(entities)] = True
    return Support.from_mask(mask).satisfied


@given(
    n=sizes,
    seed=st.integers(0, 10_000),
    overlap=st.floats(0, 1),
    bounds=st.tuples(st.integers(1, 10), st.integers(5, 65)),
    min_jaccard=st.sampled_from([0.0, 0.3, 0.5]),
    max_p=st.sampled_from([1e-3, 0.2, 1.0]),
    judged=st.tuples(st.booleans(), st.booleans()),
)
def test_pairs_pass_as_their_counts_say(
    n: int,
    seed: int,
    overlap: float,
    bounds: tuple[int, int],
    min_jaccard: float,
    max_p: float,
    judged: tuple[bool, bool],
) -> None:
    is_alone, without_other = judged
    rng = np.random.default_rng(seed)
    own = set(np.flatnonzero(rng.random(n) < rng.random()).tolist())
    noise = set(np.flatnonzero(rng.random(n) < 1 - overlap).tolist())
    other = (own - noise) | {e for e in noise if rng.random() < 0.5}
    low, high = bounds
    got = pair_passes(
        words(own, n),
        words(other, n),
        n,
        is_alone,
        without_other,
        low,
        high,
        min_jaccard,
        float(np.log(max_p)),
        0.01,
        log_factorials(n),
    )
    support, union = len(own & other), len(own | other)
    want = low <= support <= high and len(own) < n and len(other) < n
    want = want and (not is_alone or low <= len(own) <= high)
    if want:
        jaccard = support / union
        without = len(other) / n if without_other else None
        works = without is None or jaccard - without > max(0.01, 1 / union)
        log_p = naive.log_tail(support, n, len(own), len(other))
        # A p at the limit may fall to either side by its last digit.
        if abs(log_p - np.log(max_p)) < 1e-9 and max_p < 1:
            return
        want = jaccard >= min_jaccard and works and log_p <= np.log(max_p) + 1e-9
    assert got == want


@given(
    n=sizes,
    n_codes=st.integers(2, 9),
    seed=st.integers(0, 10_000),
    bounds=st.tuples(st.integers(1, 20), st.integers(10, 60)),
)
def test_the_best_cut_is_the_first_of_the_largest_jaccard(
    n: int, n_codes: int, seed: int, bounds: tuple[int, int]
) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, n_codes, n).astype(np.uint8)
    codes[rng.random(n) < 0.2] = 255
    chosen = set(np.flatnonzero(rng.random(n) < 0.5).tolist())
    known = [(e, int(code)) for e, code in enumerate(codes) if code != 255]
    cuts = [{e for e, code in known if code <= c} for c in range(n_codes - 1)]
    cuts += [{e for e, code in known if code > c} for c in range(n_codes - 1)]
    low, high = bounds
    best, largest = -1, -1.0
    for number, cut in enumerate(cuts):
        value = naive.jaccard(cut, chosen)
        if low <= len(cut) <= high and value > largest:
            best, largest = number, value
    got = best_cut(codes, 255, n_codes, words(chosen, n), low, high)
    assert got[0] == best
    if best >= 0:
        assert got[1:] == (len(cuts[best]), len(cuts[best] & chosen))


@pytest.mark.parametrize("n", [63, 64, 65])
def test_everything_is_no_query(n: int) -> None:
    everything = words(set(range(n)), n)
    half = words(set(range(n // 2)), n)
    loose = (False, False, 1, n, 0.0, 0.0, 0.0, log_factorials(n))
    assert not pair_passes(everything, half, n, *loose)
    assert not pair_passes(half, everything, n, *loose)
    assert pair_passes(half, half, n, *loose)
