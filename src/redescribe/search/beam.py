"""'beam': the best queries over literals, grown together with the target's literal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redescribe._kernels.beam import grow_beam
from redescribe._kernels.beam_scores import OR
from redescribe._kernels.finish import finish
from redescribe.core.missing import MissingPolicy
from redescribe.search.admit import admit
from redescribe.search.base import Description
from redescribe.search.coded import CodedQuery
from redescribe.search.growth import wanted_rows
from redescribe.search.literal_pool import LiteralPool
from redescribe.search.literals import own_literals
from redescribe.search.params import Objective

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe._typing import Floats, Int32s, Ints, Mask, Words
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
            grown, n_more = _grow(task, half, literals, roots)
            n_scored += n_more
            found, n_more = finish_pairs(task, literals, grown)
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


class Grown(NamedTuple):
    """Pairs that the beam has kept.

    Attributes
    ----------
    owns, literals
        ndarray of int32, shapes (n_pairs, 4) and (n_pairs, longest, 4): literals of the
        target and of the partner's query.
    terms
        ndarray of int32, shape (n_pairs, longest): the term of each literal.
    lengths
        ndarray of int64, shape (n_pairs,): literals of each partner's query.
    """

    owns: Int32s
    literals: Int32s
    terms: Int32s
    lengths: Ints


def _searches(task: Task, pool: LiteralPool) -> Iterator[tuple[LiteralPool, Mask]]:
    """What is searched, and what queries may start with: everything, and what is wanted."""
    yield pool, np.ones(len(pool), np.bool_)
    for rows in wanted_rows(task, pool.view):
        yield pool, pool.mentions(rows)
        wanted = pool.about(rows)
        yield wanted, np.ones(len(wanted), np.bool_)


def _grow(
    task: Task, target: _TargetLiterals, pool: LiteralPool, roots: Mask
) -> tuple[Grown, int]:
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
    lengths, places = np.nonzero(owns >= 0)
    grown = Grown(
        target.literals[owns[lengths, places]],
        pool.literals[literals[lengths, places]],
        np.cumsum(steps[lengths, places] == OR, axis=1, dtype=np.int32),
        lengths + 1,
    )
    return grown, int(n_scored)


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


def finish_pairs(
    task: Task, pool: LiteralPool, grown: Grown
) -> tuple[list[Candidate], int]:
    """Move the cuts to their best places, simplify, and apply the gates.

    Returns the candidates and how many pairs were scored; `grown` is used up.
    """
    view, grid, thresholds = pool.view, task.grid, task.params.thresholds
    n_pairs, longest = grown.terms.shape
    negated, n_terms = np.empty((n_pairs, longest), np.bool_), np.empty(n_pairs, np.int64)
    cuts, marks = np.empty((n_pairs, 4), np.int32), np.empty((n_pairs, 2), np.bool_)
    demanded = task.constraints.demanded(view.name)
    n_scored = finish(
        view.codes,
        view.missing_code,
        view.n_bins,
        view.is_nominal,
        np.array([attribute.name in demanded for attribute in view.attributes], np.bool_),
        task.params.language.of(view.name).disjunction,
        grid.codes[0],
        grid.missing_code,
        len(grid.bins[0]),
        bool(grid.is_nominal[0]),
        np.array(task.support_bounds, np.int32),
        _price(task),
        OBJECTIVES[task.params.literals.objective],
        np.array(
            [
                thresholds.literal_epsilon,
                thresholds.min_jaccard,
                thresholds.log_max_p_mined,
                thresholds.min_work,
            ]
        ),
        thresholds.missing is MissingPolicy.QUERY_NON_MISSING,
        task.log_factorials,
        grown.lengths,
        grown.literals,
        grown.terms,
        grown.owns,
        negated,
        n_terms,
        cuts,
        marks,
    )
    found: list[Candidate] = []
    for pair in np.flatnonzero(marks.any(axis=1)).tolist():
        used = slice(0, int(grown.lengths[pair]))
        partner = CodedQuery(
            view,
            grown.literals[pair, used],
            grown.terms[pair, used],
            negated[pair, : n_terms[pair]],
        )
        if marks[pair, 0]:
            found += _admitted(task, grown.owns[pair], partner)
        if marks[pair, 1]:
            found += _admitted(task, cuts[pair], partner)
    return found, int(n_scored)


def _admitted(task: Task, own: Int32s, partner: CodedQuery) -> list[Candidate]:
    """The pair with a literal of the target, if it passes; NOT of a range is a negation."""
    literal = own[None].copy()
    negated = literal[0, 3] == 0 and not task.grid.is_nominal[0]
    literal[0, 3] |= negated
    query = CodedQuery(
        task.grid, literal, np.zeros(1, np.int32), np.array([negated], np.bool_)
    )
    candidate = admit(task, (query, partner))
    return [] if candidate is None else [candidate]
