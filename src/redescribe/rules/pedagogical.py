"""Candidates from the inputs and the outputs alone: literals, and rules of trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.query import Conjunction
from redescribe.discretize.quantile import bin_view
from redescribe.rules.columns import Columns, joined
from redescribe.trees.forest import grow_forest
from redescribe.trees.params import TreeParams
from redescribe.trees.rules import extract_rules
from redescribe.trees.tree import Targets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redescribe._typing import Ints
    from redescribe.core.query import Query
    from redescribe.core.view import View
    from redescribe.rules.params import RuleParams

_TREES = 8


def tree_terms(view: View, codes: Ints, params: RuleParams) -> Columns:
    """Return the rules of trees that are grown for the classes over the inputs.

    One tree sees all attributes, the others random subsets; every node is a candidate.

    Parameters
    ----------
    view
        The inputs.
    codes
        The class of each entity.
    params
        Length of a rule, and the seed.
    """
    trees = TreeParams(max_depth=params.max_length, n_subspace_trees=_TREES)
    binned = bin_view(view, trees.max_bins)
    targets = Targets.nominal(codes.astype(np.int32))
    seed = np.random.SeedSequence(params.seed, spawn_key=(1,))
    grown = grow_forest(binned, targets, trees, seed=seed)
    rules = extract_rules(grown, binned, min_support=params.min_cover)
    terms = [Conjunction(binned.describe(rows)) for rows in rules.literals]
    return Columns.of((t for t in terms if len(t) <= params.max_length), view)


def found_terms(queries: Iterable[Query], view: View, max_length: int) -> Columns:
    """Return the conjunctions of mined queries over the inputs, split where they say OR.

    A negated conjunction is a candidate as it stands.

    Parameters
    ----------
    queries
        Of any views; those over others are left out.
    view
        The inputs.
    max_length
        Literals of a conjunction; longer ones are left out.
    """
    terms = dict.fromkeys(
        term
        for query in queries
        if query.view == view.name
        for term in query.terms
        if len(term) <= max_length
    )
    return Columns.of(terms, view)


def candidates(view: View, codes: Ints, params: RuleParams, further: Columns) -> Columns:
    """Return all candidates: cuts on both sides, rules of trees, and further ones.

    Parameters
    ----------
    view
        The inputs.
    codes
        The class of each entity.
    params
        Cuts, length, and seed.
    further
        Such as those of mined redescriptions.
    """
    cuts = Columns.cuts(view, max_cuts=params.max_cuts, both_sides=True)
    return joined([cuts, tree_terms(view, codes, params), further]).distinct()
