"""How a beam's pairs are finished, one at a time and in the words of `CodedQuery`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.sharpen import sharpen
from redescribe.search.admit import admit
from redescribe.search.baseline import best_cut
from redescribe.search.beam import OBJECTIVES, Grown
from redescribe.search.coded import CodedQuery

if TYPE_CHECKING:
    from redescribe._typing import Int32s
    from redescribe.core.binned import BinnedView
    from redescribe.search.base import Candidate, Task


def finish(task: Task, grown: Grown) -> tuple[list[Candidate], int]:
    """Sharpen, write, simplify and judge pairs; and how many pairs were scored."""
    candidates: list[Candidate] = []
    n_scored = 0
    for own, literals, terms, length in zip(
        grown.owns, grown.literals, grown.terms, grown.lengths, strict=True
    ):
        found, n_more = finish_one(task, own, literals[:length], terms[:length])
        candidates += found
        n_scored += n_more
    return candidates, n_scored


def finish_one(
    task: Task, own: Int32s, literals: Int32s, terms: Int32s
) -> tuple[list[Candidate], int]:
    view, grid = task.partner, task.grid
    own, literals = own.copy(), literals.copy()
    last = len(grid.bins[0]) - 1
    is_cut = not grid.is_nominal[0] and (own[1] == 0 or own[2] == last)
    n_scored = sharpen(
        view.codes,
        view.missing_code,
        view.n_bins,
        view.is_nominal,
        literals,
        terms,
        grid.codes[0],
        grid.missing_code,
        last + 1,
        is_cut,
        own,
        np.array(task.support_bounds, np.int32),
        task.params.thresholds.literal_epsilon,
        OBJECTIVES[task.params.literals.objective],
        np.array([*task.support_bounds, task.params.thresholds.min_work], np.float64),
        task.log_factorials,
    )
    if says_known(view, literals, terms):
        return [], int(n_scored)
    query = CodedQuery.of(grid, [[own[None]]], [False])
    if own[3] == 0 and not grid.is_nominal[0]:
        own[3] = 1
        query = CodedQuery.of(grid, [[own[None]]], [True])
    partner = spoken(view, literals, terms, task)
    words = query.satisfied()
    partner = task.simplified(partner, np.stack([words, words]))
    tried = [query]
    cut, n_cuts = best_cut(task, partner.satisfied())
    if cut is not None and code(cut) != code(query):
        tried.append(cut)
    found = [admit(task, (own_query, partner)) for own_query in tried]
    return [c for c in found if c is not None], int(n_scored) + n_cuts


def code(query: CodedQuery) -> tuple[bytes, bytes, bytes]:
    return query.literals.tobytes(), query.terms.tobytes(), query.negated.tobytes()


def says_known(view: BinnedView, literals: Int32s, terms: Int32s) -> bool:
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


def spoken(view: BinnedView, literals: Int32s, terms: Int32s, task: Task) -> CodedQuery:
    """Write an OR of terms as the language allows: single ones as NOT of an AND.

    OR of three literals is NOT (… AND … AND …) of their complements, true where known
    values say so.
    """
    parts = [literals[terms == term] for term in range(int(terms[-1]) + 1)]
    may_or = task.params.language.of(view.name).disjunction
    single = [part for part in parts if len(part) == 1]
    if len(parts) == 1 or (len(parts) == 2 and may_or):
        return CodedQuery.of(view, [rows_of(part) for part in parts], [False] * len(parts))
    spoken = [rows_of(part) for part in parts if len(part) > 1]
    if not spoken and may_or:
        # All are single: one stays outside, so that both terms are short.
        spoken, single = [rows_of(single[0])], single[1:]
    complements = [complement(part[0], view)[None] for part in single]
    return CodedQuery.of(view, [*spoken, complements], [False] * len(spoken) + [True])


def rows_of(part: Int32s) -> list[Int32s]:
    return [row[None] for row in part]


def complement(row: Int32s, view: BinnedView) -> Int32s:
    attribute, first, last, inside = row.tolist()
    if view.is_nominal[attribute]:
        return np.array([attribute, first, last, 1 - inside], np.int32)
    end = int(view.n_bins[attribute]) - 1
    run = (last + 1, end) if first == 0 else (0, first - 1)
    return np.array([attribute, *run, 1], np.int32)
