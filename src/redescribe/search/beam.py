"""'beam': the best queries over literals, grown together with the target's literal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redescribe._kernels.beam import grow_beam
from redescribe._kernels.beam_scores import OR
from redescribe._kernels.sharpen import sharpen
from redescribe.search.admit import admit
from redescribe.search.base import Description
from redescribe.search.baseline import best_cut
from redescribe.search.coded import CodedQuery
from redescribe.search.growth import wanted_rows
from redescribe.search.literal_pool import LiteralPool
from redescribe.search.literals import own_literals
from redescribe.search.params import Objective

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe._typing import Floats, Int32s, Mask, Words
    from redescribe.core.binned import BinnedView
    from redescribe.search.base import Candidate, Task
    from redescribe.search.language import ViewLanguage
    from redescribe.search.literals import OwnLiterals
    from redescribe.search.params import SearchParams

OBJECTIVES = {Objective.JACCARD: 0, Objective.ADJUSTED_JACCARD: 1, Objective.LOG_P: 2}
"""The numbers by which kernels call the objectives."""

_BITS_PER_LITERAL = 2
"""What a literal must bring where -log p is maximised, as in the ranking (0008)."""


class Beam:
    """Searches over packed literals of the partner view, several lengths at once.

    References
    ----------
    Specification of redescription mining, section 8.1.
    """

    def prepare(self, partner: BinnedView, params: SearchParams) -> LiteralPool:
        """Return the literals of a partner view, some cuts of each attribute."""
        return LiteralPool.of(partner, params.literals.beam_cuts)

    def describe(self, task: Task) -> Description | None:
        """Return candidates of all lengths for one target and partner view.

        Queries grow by AND and OR with one literal at a time, each with the literal of the
        target that suits it best; then all cuts move to their best places.
        """
        own = own_literals(task.own, task.params, task.support_bounds)
        target = _TargetLiterals.of(task, own)
        pool = task.partner_literals
        if not len(target) or pool is None or not len(pool):
            return None
        candidates: list[Candidate] = []
        n_scored = 0
        for half, (literals, roots) in product(target.halves(), _searches(task, pool)):
            states, n_more = _grow(task, half, literals, roots)
            n_scored += n_more
            for state in states:
                found, n_more = _finish(task, half, literals, state)
                n_scored += n_more
                candidates += found
        return Description(candidates, n_scored)


@dataclass(frozen=True, slots=True, eq=False)
class _TargetLiterals:
    """The literals of a target: thinned cuts of its grid, inner bins, complements.

    Attributes
    ----------
    literals
        ndarray of int32, shape (n_literals, 4), on the codes of the grid.
    satisfied, sizes
        As in a `LiteralPool`.
    """

    literals: Int32s
    satisfied: Words
    sizes: Int32s

    @classmethod
    def of(cls, task: Task, own: OwnLiterals) -> _TargetLiterals:
        grid, (low, high) = task.grid, task.support_bounds
        cuts = LiteralPool.of(grid, task.params.literals.beam_cuts)
        kept = (cuts.sizes >= low) & (cuts.sizes <= high)
        if not task.params.language.of(task.view.name).negation:
            kept &= cuts.literals[:, 3] == 1
        literals, satisfied, sizes = (
            cuts.literals[kept],
            cuts.satisfied[kept],
            cuts.sizes[kept],
        )
        if not grid.is_nominal[0]:
            first, last, inside = own.ranges.T
            single = (first == last) & (first > 0) & (last < len(own.view.bins[0]) - 1)
            ends = np.searchsorted(grid.bins[0].upper, own.view.bins[0].upper)
            rows = np.zeros((int(single.sum()), 4), np.int32)
            rows[:, 1] = ends[first[single] - 1] + 1
            rows[:, 2] = ends[last[single]]
            rows[:, 3] = inside[single]
            literals = np.concatenate([literals, rows])
            satisfied = np.concatenate([satisfied, own.satisfied[single]])
            sizes = np.concatenate([sizes, own.sizes[single]])
        return cls(literals, satisfied, sizes)

    def __len__(self) -> int:
        return int(self.sizes.size)

    def halves(self) -> Iterator[_TargetLiterals]:
        """Yield those up to the largest value, then the others, where there are any.

        "t > 1" and "t <= 1" agree with complementary queries: the one that covers more
        entities would crowd the other out of the beam.
        """
        high = self.literals[:, 2] == self.literals[:, 2].max()
        for half in (high, ~high):
            if half.any():
                yield _TargetLiterals(
                    self.literals[half], self.satisfied[half], self.sizes[half]
                )


class _State(NamedTuple):
    """A pair on the way: a literal of the target, the steps of the partner's query."""

    own: int
    literals: Int32s
    terms: Int32s


def _searches(task: Task, pool: LiteralPool) -> Iterator[tuple[LiteralPool, Mask]]:
    """What is searched, and what queries may start with: everything, and what is wanted."""
    yield pool, np.ones(len(pool), np.bool_)
    for rows in wanted_rows(task, pool.view):
        yield pool, pool.mentions(rows)
        wanted = pool.about(rows)
        yield wanted, np.ones(len(wanted), np.bool_)


def _grow(
    task: Task, target: _TargetLiterals, pool: LiteralPool, roots: Mask
) -> tuple[list[_State], int]:
    """The best pairs of every length, and how many were scored."""
    params = task.params.literals
    language = task.params.language.of(pool.view.name)
    shape = (_max_length(task), params.beam_width)
    owns = np.empty(shape, np.int32)
    literals = np.zeros((*shape, shape[0]), np.int32)
    steps = np.zeros((*shape, shape[0]), np.int32)
    n_scored = grow_beam(
        target.satisfied,
        target.sizes,
        target.literals[:, 3] == 1,
        pool.satisfied,
        pool.sizes,
        pool.opposites,
        pool.runs,
        pool.literals[:, 0].copy(),
        pool.known,
        roots,
        _allowed(language),
        OBJECTIVES[params.objective],
        _gates(task),
        _price(task),
        task.view.n_entities,
        task.log_factorials,
        owns,
        literals,
        steps,
    )
    states = []
    for length, place in zip(*np.nonzero(owns >= 0), strict=True):
        used = slice(0, int(length) + 1)
        terms = np.cumsum(steps[length, place, used] == OR, dtype=np.int32)
        chosen = pool.literals[literals[length, place, used]]
        states.append(_State(int(owns[length, place]), chosen, terms))
    return states, int(n_scored)


def _max_length(task: Task) -> int:
    """How many literals a query over the partner view may have."""
    language = task.params.language
    allowed = language.of(task.partner.name)
    longest = min(
        task.params.literals.beam_length, allowed.max_literals, language.max_literals - 1
    )
    connected = allowed.conjunction or allowed.disjunction
    return max(1, longest) if connected else 1


def _allowed(language: ViewLanguage) -> Mask:
    """Whether AND, OR, and NOT around an AND may occur."""
    negated = language.negation and language.conjunction
    return np.array([language.conjunction, language.disjunction, negated])


def _gates(task: Task) -> Floats:
    return np.array([*task.support_bounds, task.params.thresholds.min_work], np.float64)


def _price(task: Task) -> float:
    if task.params.literals.objective is Objective.LOG_P:
        return _BITS_PER_LITERAL * math.log(2)
    return task.params.thresholds.literal_epsilon


def _finish(
    task: Task, target: _TargetLiterals, pool: LiteralPool, state: _State
) -> tuple[list[Candidate], int]:
    """Move the cuts to their best places, simplify, and apply the gates."""
    view, grid = pool.view, task.grid
    own, literals = target.literals[state.own].copy(), state.literals.copy()
    last = len(grid.bins[0]) - 1
    is_cut = not grid.is_nominal[0] and (own[1] == 0 or own[2] == last)
    n_scored = sharpen(
        view.codes,
        view.missing_code,
        view.n_bins,
        view.is_nominal,
        literals,
        state.terms,
        grid.codes[0],
        grid.missing_code,
        last + 1,
        is_cut,
        own,
        np.array(task.support_bounds, np.int32),
        _price(task),
        OBJECTIVES[task.params.literals.objective],
        _gates(task),
        task.log_factorials,
    )
    if _says_known(view, literals, state.terms):
        return [], int(n_scored)
    query = CodedQuery.of(grid, [[own[None]]], [False])
    if own[3] == 0 and not grid.is_nominal[0]:
        own[3] = 1
        query = CodedQuery.of(grid, [[own[None]]], [True])
    partner = _spoken(view, literals, state.terms, task)
    words = query.satisfied()
    partner = task.simplified(partner, np.stack([words, words]))
    tried = [admit(task, (query, partner))]
    cut, n_cuts = best_cut(task, partner.satisfied())
    if cut is not None:
        tried.append(admit(task, (cut, partner)))
    return [found for found in tried if found is not None], int(n_scored) + n_cuts


def _says_known(view: BinnedView, literals: Int32s, terms: Int32s) -> bool:
    """Whether an OR of single literals holds for every known value of an attribute."""
    single = literals[np.bincount(terms)[terms] == 1]
    for attribute in np.unique(single[:, 0]).tolist():
        rows = single[single[:, 0] == attribute]
        if view.is_nominal[attribute]:
            inside, outside = (np.unique(rows[rows[:, 3] == side, 1]) for side in (1, 0))
            every = inside.size == view.n_bins[attribute] or outside.size > 1
            if every or np.isin(inside, outside).any():
                return True
            continue
        below = rows[rows[:, 1] == 0, 2].max(initial=-1)
        above = rows[rows[:, 1] > 0, 1].min(initial=int(view.n_bins[attribute]))
        if below >= 0 and above <= below + 1:
            return True
    return False


def _spoken(view: BinnedView, literals: Int32s, terms: Int32s, task: Task) -> CodedQuery:
    """Write an OR of terms as the language allows: single ones as NOT of an AND.

    OR of three literals is NOT (… AND … AND …) of their complements, true where known
    values say so.
    """
    parts = [literals[terms == term] for term in range(int(terms[-1]) + 1)]
    may_or = task.params.language.of(view.name).disjunction
    single = [part for part in parts if len(part) == 1]
    if len(parts) == 1 or (len(parts) == 2 and may_or):
        return CodedQuery.of(view, [_rows(part) for part in parts], [False] * len(parts))
    spoken = [_rows(part) for part in parts if len(part) > 1]
    if not spoken and may_or:
        # All are single: one stays outside, so that both terms are short.
        spoken, single = [_rows(single[0])], single[1:]
    complements = [_complement(part[0], view)[None] for part in single]
    return CodedQuery.of(view, [*spoken, complements], [False] * len(spoken) + [True])


def _rows(part: Int32s) -> list[Int32s]:
    return [row[None] for row in part]


def _complement(row: Int32s, view: BinnedView) -> Int32s:
    attribute, first, last, inside = row.tolist()
    if view.is_nominal[attribute]:
        return np.array([attribute, first, last, 1 - inside], np.int32)
    end = int(view.n_bins[attribute]) - 1
    run = (last + 1, end) if first == 0 else (0, first - 1)
    return np.array([attribute, *run, 1], np.int32)
