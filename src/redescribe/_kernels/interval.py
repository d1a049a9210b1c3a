"""The best literal of a partner view for one set of the target (specification, 8.2-8.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels._jit import kernel
from redescribe._kernels.tails import log_hypergeometric_pmf, log_hypergeometric_tail

if TYPE_CHECKING:
    from redescribe._typing import AnyArray, Floats, Int32s, Ints, Mask


# Ratios are rounded down to multiples of 1 / 1024 in upper bounds, which stay integers.
_SCALE = 1024
_LANES = 16


@kernel
def best_literals(
    own_codes: AnyArray,
    own_missing: int,
    own_ranges: Int32s,
    own_sizes: Int32s,
    codes: AnyArray,
    missing: int,
    nominal: Mask,
    n_bins: Ints,
    limits: Int32s,
    floors: Floats,
    log_factorials: Floats,
    best_pair: Int32s,
    best_values: Floats,
) -> int:
    """Score every literal of the target with the best literals of every partner attribute.

    Parameters
    ----------
    own_codes
        (n_entities,): codes of the target on the grid of its literals.
    own_ranges, own_sizes
        (n_own, 3): first code, last code, inside (1 or 0); (n_own,): entities of each.
    codes, missing, nominal, n_bins
        The partner view.
    limits
        (2,): smallest and largest support that a pair may have.
    floors
        (2,): largest log p that a pair may have; work that the target's literal must do.
    log_factorials
        log(i!) for i = 0 … n_entities.
    best_pair
        Out, (5,): own range, partner attribute, first code, last code, inside of the pair
        with the largest admissible Jaccard; -1 if none is.
    best_values
        Out, (3,): largest admissible Jaccard and chance-corrected Jaccard, smallest log p,
        of the pairs considered: the best cut that does work, and intervals on the way to
        the one of largest Jaccard, whether or not that one is admissible.

    Returns
    -------
    int
        Pairs of literals considered. The best interval counts as one, also where an upper
        bound rules out that it is better than the best pair.
    """
    n_entities = own_codes.size
    best_pair[:] = -1
    best_values[0], best_values[1], best_values[2] = -1.0, -2.0, np.inf
    n_own_codes, widest = 0, 1
    for entity in range(n_entities):
        if own_codes[entity] != own_missing:
            n_own_codes = max(n_own_codes, int(np.int64(own_codes[entity])) + 1)
    # A category that no entity shows has a range too.
    for own in range(own_ranges.shape[0]):
        n_own_codes = max(n_own_codes, own_ranges[own, 1] + 1)
    for attribute in range(codes.shape[0]):
        widest = max(widest, n_bins[attribute])
    table = np.empty((n_own_codes + 1, widest), np.int32)
    column, hits = np.empty(widest, np.int32), np.empty(widest, np.int32)
    below, above = np.empty(widest), np.empty(widest)
    pair = np.empty(5, np.int32)
    n_pairs = 0
    for attribute in range(codes.shape[0]):
        n_codes = n_bins[attribute]
        if n_codes < 2:
            continue
        _cross_table(own_codes, own_missing, codes[attribute], missing, table, column)
        for own in range(own_ranges.shape[0]):
            first, last = own_ranges[own, 0], own_ranges[own, 1]
            for c in range(n_codes):
                hits[c] = table[last + 1, c] - table[first, c]
            if own_ranges[own, 2] == 0:
                for c in range(n_codes):
                    hits[c] = table[n_own_codes, c] - hits[c]
            pair[0], pair[1] = own, attribute
            if nominal[attribute]:
                n_pairs += _score_categories(
                    hits,
                    column,
                    n_codes,
                    own_sizes[own],
                    own_ranges[own, 2] == 1,
                    n_entities,
                    limits,
                    floors,
                    log_factorials,
                    pair,
                    best_pair,
                    best_values,
                )
            else:
                n_pairs += _score_intervals(
                    hits,
                    column,
                    n_codes,
                    own_sizes[own],
                    own_ranges[own, 2] == 1,
                    n_entities,
                    limits,
                    floors,
                    log_factorials,
                    below,
                    above,
                    pair,
                    best_pair,
                    best_values,
                )
    return n_pairs


@kernel
def _cross_table(
    own_codes: AnyArray,
    own_missing: int,
    codes: AnyArray,
    missing: int,
    table: Int32s,
    column: Int32s,
) -> None:
    """table[k, c]: entities of own code < k, partner code <= c; column[c]: of any own."""
    table[:] = 0
    column[:] = 0
    for entity in range(own_codes.size):
        code = codes[entity]
        if code == missing:
            continue
        column[code] += 1
        if own_codes[entity] != own_missing:
            table[np.int64(own_codes[entity]) + 1, code] += 1
    for c in range(1, table.shape[1]):
        column[c] += column[c - 1]
    for k in range(1, table.shape[0]):
        for c in range(1, table.shape[1]):
            table[k, c] += table[k, c - 1]
        for c in range(table.shape[1]):
            table[k, c] += table[k - 1, c]


@kernel
def _score_intervals(
    hits: Int32s,
    column: Int32s,
    n_codes: int,
    own_size: int,
    own_inside: bool,
    n_entities: int,
    limits: Int32s,
    floors: Floats,
    log_factorials: Floats,
    below: Floats,
    above: Floats,
    pair: Int32s,
    best_pair: Int32s,
    best_values: Floats,
) -> int:
    """The best one-sided cut, then the best inner interval, of one numeric attribute.

    The whole range only says that the value is known: no literal, so never a pair.
    """
    last = n_codes - 1
    known = (n_codes, own_size, own_inside, n_entities, limits, floors)
    _value_cuts(hits, column, 0, *known, below)
    _value_cuts(hits, column, 1, *known, above)
    ratio = 0.0
    pair[4] = 1
    largest = max(_largest(below, last), _largest(above, last))
    if largest > 0.0:
        for c in range(last):
            if below[c] == largest:
                ratio, pair[2], pair[3] = largest, 0, c
                break
            if above[c] == largest:
                ratio, pair[2], pair[3] = largest, c + 1, last
                break
    if ratio > 0.0:
        _consider(
            _within(hits, pair[2], pair[3]),
            _within(column, pair[2], pair[3]),
            own_size,
            own_inside,
            n_entities,
            floors,
            log_factorials,
            pair,
            best_pair,
            best_values,
        )
    # Dinkelbach: the best ratio hits / (own + misses) by maximum subarrays.
    ratio = max(best_values[0], ratio, 1e-9)
    while _may_beat(hits, column, last, own_size, ratio):
        value, pair[2], pair[3] = _best_run(hits, column, last, ratio)
        if value <= ratio * own_size * (1 + 1e-12) + 1e-9:
            break
        support, size = _within(hits, pair[2], pair[3]), _within(column, pair[2], pair[3])
        ratio = support / (own_size + size - support)
        if limits[0] <= support <= limits[1]:
            _consider(
                support,
                size,
                own_size,
                own_inside,
                n_entities,
                floors,
                log_factorials,
                pair,
                best_pair,
                best_values,
            )
    return 2 * last + 1


@kernel
def _value_cuts(
    hits: Int32s,
    column: Int32s,
    above: int,
    n_codes: int,
    own_size: int,
    own_inside: bool,
    n_entities: int,
    limits: Int32s,
    floors: Floats,
    values: Floats,
) -> None:
    """Jaccards of the cuts "code <= c", or "code > c"; 0 where limits or work forbid it.

    Written without branches, so that the compiler makes vectors of it.
    """
    sign = 1 - 2 * above
    all_hits, all_known = above * hits[n_codes - 1], above * column[n_codes - 1]
    low, high, floor = limits[0], limits[1], floors[1]
    weight = 1.0 if own_inside else 0.0
    for c in range(n_codes - 1):
        support, size = all_hits + sign * hits[c], all_known + sign * column[c]
        union = own_size + size - support
        jaccard = support / union
        work = jaccard - weight * (size / n_entities)
        within = (support >= low) & (support <= high)
        works = (work > floor) & (work > 1.0 / union)
        values[c] = jaccard if within & works else 0.0


@kernel
def _largest(values: Floats, n: int) -> float:
    """The largest of the first n values, none below 0, in lanes that become vectors."""
    lanes = np.zeros(_LANES)
    full = n - n % _LANES
    for c in range(0, full, _LANES):
        for lane in range(_LANES):
            value = values[c + lane]
            lanes[lane] = value if value > lanes[lane] else lanes[lane]
    largest = 0.0
    for lane in range(_LANES):
        largest = max(largest, lanes[lane])
    for c in range(full, n):
        largest = max(largest, values[c])
    return largest


@kernel
def _within(cumulated: Int32s, first: int, last: int) -> int:
    """The sum over the codes first … last."""
    return int(cumulated[last] - (cumulated[first - 1] if first else 0))


@kernel
def _may_beat(hits: Int32s, column: Int32s, last: int, own_size: int, ratio: float) -> bool:
    """Whether Σ hits - ratio · misses of a run of inner codes may exceed ratio · own_size.

    False is certain. No run has more hits than all inner codes, nor is it worth more than
    all codes that are worth something. Sums of integers become vectors, of floats not.
    """
    if _within(hits, 1, last - 1) <= ratio * own_size:
        return False
    scaled = np.int64(ratio * _SCALE)
    worth = np.int64(0)
    for c in range(1, last):
        n_hits = np.int64(hits[c] - hits[c - 1])
        n_known = np.int64(column[c] - column[c - 1])
        worth += max(np.int64(0), (_SCALE + scaled) * n_hits - scaled * n_known)
    return bool(worth > ratio * own_size * _SCALE)


@kernel
def _best_run(
    hits: Int32s, column: Int32s, last: int, ratio: float
) -> tuple[float, int, int]:
    """The run of inner codes with the largest Σ hits - ratio · misses, and its ends."""
    best, best_start, best_end = -1.0, 0, 0
    running, start = 0.0, 0
    for c in range(1, last):
        if running <= 0.0:
            running, start = 0.0, c
        n_hits = hits[c] - hits[c - 1]
        running += n_hits - ratio * (column[c] - column[c - 1] - n_hits)
        if running > best:
            best, best_start, best_end = running, start, c
    return best, best_start, best_end


@kernel
def _score_categories(
    hits: Int32s,
    column: Int32s,
    n_codes: int,
    own_size: int,
    own_inside: bool,
    n_entities: int,
    limits: Int32s,
    floors: Floats,
    log_factorials: Floats,
    pair: Int32s,
    best_pair: Int32s,
    best_values: Floats,
) -> int:
    """Each category, and each but one, of a nominal attribute."""
    all_hits, all_known = hits[n_codes - 1], column[n_codes - 1]
    for c in range(n_codes):
        pair[2], pair[3] = c, c
        n_hits, n_known = _within(hits, c, c), _within(column, c, c)
        for inside in range(2):
            support = n_hits if inside else all_hits - n_hits
            size = n_known if inside else all_known - n_known
            pair[4] = inside
            if limits[0] <= support <= limits[1]:
                _consider(
                    support,
                    size,
                    own_size,
                    own_inside,
                    n_entities,
                    floors,
                    log_factorials,
                    pair,
                    best_pair,
                    best_values,
                )
    return 2 * n_codes


@kernel
def _consider(
    support: int,
    size: int,
    own_size: int,
    own_inside: bool,
    n_entities: int,
    floors: Floats,
    log_factorials: Floats,
    pair: Int32s,
    best_pair: Int32s,
    best_values: Floats,
) -> None:
    """Keep the pair where it is admissible and better than the best so far."""
    union = own_size + size - support
    if union == 0:
        return
    jaccard = support / union
    # The target's literal does work: without it a positive query is TRUE (5.2).
    work = jaccard - (size / n_entities if own_inside else 0.0)
    if work <= max(floors[1], 1.0 / union):
        return
    expected = own_size * size / (n_entities * (own_size + size) - own_size * size)
    adjusted = (jaccard - expected) / (1 - expected) if expected < 1 else 0.0
    # The tail is at least its first term, so a larger term cannot lower the smallest p.
    lowest = log_hypergeometric_pmf(support, n_entities, own_size, size, log_factorials)
    better = (
        jaccard > best_values[0] or adjusted > best_values[1] or lowest < best_values[2]
    )
    if not better:
        return
    log_p = log_hypergeometric_tail(support, n_entities, own_size, size, log_factorials)
    if log_p > floors[0]:
        return
    best_values[2] = min(best_values[2], log_p)
    best_values[1] = max(best_values[1], adjusted)
    if jaccard > best_values[0]:
        best_values[0] = jaccard
        best_pair[:] = pair
