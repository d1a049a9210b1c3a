"""The published procedure of choosing rules, for comparison.

Known defects of its implementation, which are not copied: it has no default rule; what it
finds depends on the order of files; the class index comes from the order of a hash table;
its counter of uncovered entities mixes the classes and can go negative; it fails where the
first class has no rule. Here candidates stand in a fixed order, classes in theirs, only
entities of the rule's own class count as covered, and a default may answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.query import Query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe._typing import Floats, Ints, Mask
    from redescribe.core.query import Conjunction
    from redescribe.core.view import View
    from redescribe.rules.columns import Columns

MIN_PRECISION = 0.9


def choose_as_published(
    view: View,
    codes: Ints,
    n_classes: int,
    *,
    queries: Iterable[Query],
    terms: Columns,
) -> list[tuple[Query, int]]:
    """Return queries over the inputs, each with the class it speaks for.

    Per class, candidates of which it is the majority with a precision of 0.9: again and
    again the one with the largest score is taken until the class is covered. The score of a
    whole query is (new / uncovered + Jaccard + 2 precision) / 4, that of one without NOT
    and OR (new / uncovered + 2 precision) / 3. At last, each is replaced by a later
    candidate that covers a superset and is no worse.

    Parameters
    ----------
    view
        The inputs.
    codes
        The class of each entity.
    n_classes
        Number of classes.
    queries
        Mined queries over the inputs.
    terms
        Conjunctions that are candidates besides.

    References
    ----------
    Specification of redescription mining, section 9, the reference procedure.
    """
    known = {query: query.on(view).mask for query in queries if query.view == view.name}
    known |= {
        _as_query(term, view): row
        for term, row in zip(terms.terms, terms.holds, strict=True)
    }
    ordered = sorted(known, key=lambda query: (len(query), str(query)))
    if not ordered:
        return []
    holds = np.array([known[query] for query in ordered])
    plain = np.array([_is_plain(query) for query in ordered])
    found: list[tuple[Query, int]] = []
    for code in range(n_classes):
        members = codes == code
        rows = _chosen(holds, plain, members, _majority(holds, codes) == code)
        found += [(ordered[row], code) for row in rows]
    return found


def _chosen(holds: Mask, plain: Mask, members: Mask, of_class: Mask) -> list[int]:
    sizes = np.maximum(np.count_nonzero(holds, axis=1), 1)
    correct = np.count_nonzero(holds & members, axis=1)
    precision = correct / sizes
    jaccard = correct / np.maximum(sizes + np.count_nonzero(members) - correct, 1)
    usable = of_class & (precision >= MIN_PRECISION) & (correct > 0)
    uncovered = members.copy()
    chosen: list[int] = []
    while uncovered.any():
        n_new = np.count_nonzero(holds & uncovered, axis=1)
        gain = n_new / np.count_nonzero(uncovered)
        score = np.where(
            plain, (gain + 2 * precision) / 3, (gain + jaccard + 2 * precision) / 4
        )
        score = np.where(usable & (n_new > 0), score, -np.inf)
        best = int(score.argmax())
        if score[best] == -np.inf:
            break
        chosen.append(best)
        uncovered &= ~holds[best]
    return _replaced(chosen, holds, (precision, jaccard), usable)


def _replaced(
    chosen: list[int], holds: Mask, quality: tuple[Floats, Floats], usable: Mask
) -> list[int]:
    precision, jaccard = quality
    for place in range(len(chosen)):
        for new in np.flatnonzero(usable).tolist():
            old = chosen[place]
            no_worse = precision[new] >= precision[old] and jaccard[new] >= jaccard[old]
            wider = not (holds[old] & ~holds[new]).any()
            if new > old and wider and no_worse and new not in chosen:
                chosen[place] = new
    return chosen


def _majority(holds: Mask, codes: Ints) -> Ints:
    members = codes[:, None] == np.arange(int(codes.max()) + 1)
    majority: Ints = (holds.astype(np.int64) @ members.astype(np.int64)).argmax(axis=1)
    return majority


def _is_plain(query: Query) -> bool:
    return len(query.terms) == 1 and not query.terms[0].negated


def _as_query(term: Conjunction, view: View) -> Query:
    return Query(view.name, (term,))
