"""Rules of a partner view that serve every target of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe._kernels.bitset import set_sizes
from redescribe.core.support import n_words
from redescribe.trees.forest import grow_forest
from redescribe.trees.rules import (
    concatenated,
    extract_rules,
    literal_support,
    on_everyone,
    rules_of,
)
from redescribe.trees.tree import Targets

if TYPE_CHECKING:
    from redescribe._typing import Int32s
    from redescribe.core.binned import BinnedView, Bins
    from redescribe.search.params import SearchParams
    from redescribe.trees.rules import RuleList


def shared_rules(
    labels: Int32s,
    partner: BinnedView,
    coarse: list[Bins],
    params: SearchParams,
    *,
    min_support: int,
    seed: np.random.SeedSequence,
) -> RuleList:
    """Return rules of a partner view for all targets of a view.

    If the view holds several labels, these are rules of forests that predict them together,
    as many classes to a tree as `targets_per_tree`. If queries over the partner view may
    not have AND, there is one rule for each bin of its attributes as well, for trees have
    few rules of one literal.

    Parameters
    ----------
    labels
        ndarray of int32, shape (n_targets, n_entities): bin or category of each target of
        the view, -1 where it is missing.
    partner
        The view that the rules speak about.
    coarse
        Bins of the partner's attributes as targets.
    min_support
        Rules with fewer entities are left out.

    References
    ----------
    Specification of redescription mining, sections 4 and 5.8.
    """
    nothing = np.zeros((0, n_words(partner.n_entities)), np.uint64)
    found = [rules_of([], nothing, partner)]
    varied = labels[labels.max(axis=1, initial=0) > 0]
    if len(varied) > 1:
        trees = [
            tree
            for block in _blocks(varied, params.trees.targets_per_tree)
            for tree in grow_forest(
                partner, Targets.joint(varied[block]), params.trees, seed=seed
            )
        ]
        rules = extract_rules(trees, partner, min_support=min_support)
        found.append(on_everyone(rules, partner))
    if not params.language.of(partner.name).conjunction:
        found.append(_bins_as_rules(partner, coarse, min_support))
    return concatenated(found)


def _blocks(labels: Int32s, n_columns: int) -> list[list[int]]:
    """The targets in blocks of so many classes at most, one target at least."""
    blocks: list[list[int]] = [[]]
    used = 0
    for row, n_classes in enumerate((labels.max(axis=1) + 1).tolist()):
        if blocks[-1] and used + n_classes > n_columns:
            blocks.append([])
            used = 0
        blocks[-1].append(row)
        used += n_classes
    return blocks


def _bins_as_rules(view: BinnedView, coarse: list[Bins], min_support: int) -> RuleList:
    literals: list[Int32s] = []
    for row, bins in enumerate(coarse):
        last = np.searchsorted(view.bins[row].upper, bins.upper)
        first = np.append(0, last[:-1] + 1)
        # A literal that all known values satisfy says nothing, and has no text.
        end = view.n_bins[row] - 1
        literals += [
            np.array([[row, low, high, 1]], np.int32)
            for low, high in zip(first, last, strict=True)
            if low > 0 or high < end
        ]
    satisfied = np.zeros((len(literals), n_words(view.n_entities)), np.uint64)
    for words, literal in zip(satisfied, literals, strict=True):
        words[:] = literal_support(literal[0], view)[0]
    sizes = np.empty(len(literals), np.int32)
    set_sizes(satisfied, sizes)
    kept = np.flatnonzero(sizes >= min_support)
    return rules_of([literals[i] for i in kept], satisfied[kept], view)
