"""'exact': the best conjunction for each literal of the target, with a certificate."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from redescribe._kernels.branch import branch
from redescribe.core.certificate import Certificate, LengthBound
from redescribe.core.missing import MissingPolicy
from redescribe.core.support import n_words
from redescribe.errors import ParameterError
from redescribe.search.admit import admit
from redescribe.search.base import Description
from redescribe.search.beam import OBJECTIVES
from redescribe.search.coded import CodedQuery
from redescribe.search.literal_pool import LiteralPool
from redescribe.search.params import Objective

if TYPE_CHECKING:
    from redescribe._typing import Floats
    from redescribe.core.binned import BinnedView
    from redescribe.search.base import Candidate, Task
    from redescribe.search.params import SearchParams

_LARGEST_POOL = 4 * 2**30
"""Bytes of the literals of one view, all of which stay in memory."""


class Exact:
    """Branch and bound over packed literals: what it finds is proven to be the best.

    References
    ----------
    Specification of redescription mining, sections 8.2 and 8.4; docs/explanation/exact.md.
    """

    def prepare(self, partner: BinnedView, params: SearchParams) -> LiteralPool:
        """Return the literals of a partner view, with all of its cuts.

        Raises
        ------
        ParameterError
            If nothing could be certified with these parameters, or the literals do not fit
            into memory.
        """
        _check(params)
        _check_size(partner)
        return _usable(LiteralPool.of(partner), params)

    def describe(self, task: Task) -> Description:
        """Return the best pair of each length, and what is proven about better ones.

        Raises
        ------
        ParameterError
            If attributes are demanded of one of the two views.
        """
        _check_constraints(task)
        pool = task.partner_literals
        if pool is None:
            pool = self.prepare(task.partner, task.params)
        own = _own_literals(task)
        found = _search(task, own, pool)
        candidates: list[Candidate] = []
        queries = None
        for pair in dict.fromkeys(found.pairs):
            queries = _queries(task, own, pool, pair)
            admitted = admit(task, queries)
            if admitted is not None:
                candidates.append(admitted)
        best = candidates[-1] if candidates else None
        certificate = Certificate(
            partner=pool.view.name,
            objective=task.params.literals.objective.value,
            n_own=len(own),
            n_literals=len(pool),
            all_cuts=_has_all_cuts(own.view) and _has_all_cuts(pool.view),
            left=best.queries[0].query() if best else None,
            right=best.queries[1].query() if best else None,
            jaccard=best.jaccard if best else None,
            support=best.support if best else None,
            union=best.union if best else None,
            by_length=found.by_length,
            n_nodes=found.n_counted,
            pool=hashlib.sha256(f"{own.digest()} {pool.digest()}".encode()).hexdigest(),
        )
        return Description(candidates, found.n_counted, certificate)


class _Pair(NamedTuple):
    """A literal of the target, and literals of the partner view, by their numbers."""

    own: int
    literals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """The best pair of each length that has one, what is proven, and the pairs counted."""

    pairs: tuple[_Pair, ...]
    by_length: tuple[LengthBound, ...]
    n_counted: int


def _search(task: Task, own: LiteralPool, pool: LiteralPool) -> _Found:
    """Search one length after the other, each with the best pair of the shorter ones."""
    params, n_entities = task.params.literals, task.view.n_entities
    longest = max_length(task)
    best = np.full(3 + longest, -1, np.int64)
    values = np.zeros(2)
    gates = _gates(task)
    negated = own.literals[:, 3] == 0
    scale = math.log(10) if params.objective is Objective.LOG_P else 1.0
    pairs: list[_Pair] = []
    proven: list[LengthBound] = []
    n_counted = 0
    for length in range(1, longest + 1):
        values[1] = -np.inf
        left = max(0, params.max_nodes - n_counted)
        n_counted += branch(
            own.satisfied,
            own.sizes,
            negated,
            pool.satisfied,
            pool.sizes,
            pool.runs,
            gates,
            task.log_factorials,
            np.array([OBJECTIVES[params.objective], n_entities, length, left]),
            best[: 3 + length],
            values,
        )
        value = None
        if best[0] >= 0:
            chosen = best[3 : 3 + length]
            pairs.append(_Pair(int(best[0]), tuple(chosen[chosen >= 0].tolist())))
            value = float(values[0]) / scale
        is_open = values[1] > -np.inf
        bound = max(value or 0.0, float(values[1]) / scale) if is_open else value
        proven.append(LengthBound(length, value, bound))
    return _Found(tuple(pairs), tuple(proven), n_counted)


def max_length(task: Task) -> int:
    """Return how many literals the partner's conjunction may have."""
    language = task.params.language
    allowed = language.of(task.partner.name)
    if not allowed.conjunction:
        return 1
    return min(
        task.params.literals.max_length, allowed.max_literals, language.max_literals - 1
    )


def _own_literals(task: Task) -> LiteralPool:
    """One-sided cuts or categories of the target whose support is within the bounds."""
    own = _usable(LiteralPool.of(task.grid), task.params)
    low, high = task.support_bounds
    return own.at((own.sizes >= low) & (own.sizes <= high))


def _has_all_cuts(view: BinnedView) -> bool:
    """Whether each distinct value of the attributes that can be cut has a code."""
    return all(
        np.array_equal(bins.lower, bins.upper) for bins in view.bins if len(bins) > 1
    )


def _usable(pool: LiteralPool, params: SearchParams) -> LiteralPool:
    """The literals that the language allows and that neither all nor no entity satisfies.

    "All but one" is a negation. A category may be unobserved, or the only one observed.
    """
    kept = (pool.sizes > 0) & (pool.sizes < pool.view.n_entities)
    if not params.language.of(pool.view.name).negation:
        kept &= pool.literals[:, 3] == 1
    return pool.at(kept)


def _queries(
    task: Task, own: LiteralPool, pool: LiteralPool, pair: _Pair
) -> tuple[CodedQuery, CodedQuery]:
    """The pair as queries; bounds of the partner's literals are no wider than needed."""
    row = own.literals[pair.own].copy()
    negated = not row[3]
    row[3] = 1
    query = CodedQuery.of(own.view, [[row[None]]], [negated])
    rows = [pool.literals[literal][None] for literal in pair.literals]
    words = query.satisfied()
    partner = CodedQuery.of(pool.view, [rows], [False])
    return query, task.tightened(partner, np.stack([words, words]))


def _gates(task: Task) -> Floats:
    thresholds = task.params.thresholds
    return np.array(
        [
            task.support_bounds[0],
            thresholds.min_jaccard,
            thresholds.min_work,
            thresholds.log_max_p_mined,
        ],
        np.float64,
    )


def _check(params: SearchParams) -> None:
    """What is asked for can be certified."""
    missing = params.thresholds.missing
    if missing is not MissingPolicy.QUERY_NON_MISSING:
        em = (
            f"--search exact has no proof for the Jaccard of missing={missing.value}. Use "
            f"missing={MissingPolicy.QUERY_NON_MISSING.value}, or --search beam."
        )
        raise ParameterError(em)
    if params.language.max_literals < 2:
        em = (
            "A redescription has two literals at least. Got max_literals=1; raise it "
            "(--max-literals)."
        )
        raise ParameterError(em)


def _check_constraints(task: Task) -> None:
    for view in (task.view.name, task.partner.name):
        demanded = sorted(task.constraints.demanded(view))
        if demanded:
            em = (
                "--search exact does not know which pairs meet the constraints 'all' and "
                f"'any'. Got one for {demanded[0]!r} of the view {view!r}. Forbid or "
                "prefer attributes instead, or use --search beam."
            )
            raise ParameterError(em)


def _check_size(view: BinnedView) -> None:
    n_literals = 2 * int(np.maximum(view.n_bins - 1, 0).sum())
    n_bytes = 8 * n_literals * n_words(view.n_entities)
    if n_bytes > _LARGEST_POOL:
        em = (
            f"The {n_literals:,} cuts of view {view.name!r} over {view.n_entities:,} "
            f"entities take {n_bytes / 2**30:.1f} GiB; --search exact keeps all of them in "
            f"at most {_LARGEST_POOL // 2**30}. Lower --max-bins, leave attributes out "
            "(--constraint 'none …'), or use --search beam."
        )
        raise ParameterError(em)
