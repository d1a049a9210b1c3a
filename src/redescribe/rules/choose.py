"""Rule sets of several lengths from one sample, by each of the methods."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.query import Query
from redescribe.rules.assemble import as_queries, assembled, assembled_weighted
from redescribe.rules.columns import Columns, joined
from redescribe.rules.covering import Candidates, cover
from redescribe.rules.decompositional import layer_terms
from redescribe.rules.exact import UnionBudget, best_union, generated
from redescribe.rules.paper import choose_as_published
from redescribe.rules.params import Method, RuleKind
from redescribe.rules.pedagogical import found_terms, tree_terms
from redescribe.rules.softmax import Aim
from redescribe.rules.weighted import cuts_to_pair, weighted_path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redescribe.rules.covering import Chosen
    from redescribe.rules.exact import Union
    from redescribe.rules.params import RuleParams
    from redescribe.rules.ruleset import RuleSet
    from redescribe.rules.sample import Sample


def rule_sets(
    sample: Sample, params: RuleParams, lengths: Sequence[int], queries: Sequence[Query]
) -> dict[int, RuleSet]:
    """Return a rule set for each number of literals.

    Parameters
    ----------
    sample
        What rules are made from.
    params
        Kind and method.
    lengths
        Literals allowed.
    queries
        Mined queries, whose conjunctions over the inputs are candidates too.
    """
    if params.method is Method.PAPER:
        return _published(sample, params, lengths, queries)
    further = _further(sample, params, queries)
    chooser = _METHODS[params.method]
    return chooser(sample, params, lengths, further)


def _further(sample: Sample, params: RuleParams, queries: Sequence[Query]) -> Columns:
    """Candidates that do not come from inputs and outputs alone."""
    inputs, outputs = sample.inputs, sample.outputs
    found = found_terms(queries, inputs, params.max_length)
    if params.kind is RuleKind.PEDAGOGICAL:
        return found
    return joined([found, layer_terms(inputs, sample.layers, outputs.codes, params)])


def _literals(sample: Sample, params: RuleParams, *, both_sides: bool) -> Columns:
    """Cuts between the values of the own entities, held against all."""
    own, _ = sample.own
    cuts = Columns.cuts(own, max_cuts=params.max_cuts, both_sides=both_sides)
    return cuts if sample.n_own == len(sample.outputs) else cuts.on(sample.inputs)


def _weighted(
    sample: Sample, params: RuleParams, lengths: Sequence[int], further: Columns
) -> dict[int, RuleSet]:
    aim = Aim(sample.outputs.probabilities, sample.weights, params.shrinkage)
    paired = None
    columns = further
    if params.kind is not RuleKind.DECOMPOSITIONAL:
        singles = _literals(sample, params, both_sides=False)
        columns = joined([singles, further]).distinct()
        if params.max_length > 1:
            n_cuts = cuts_to_pair(len(sample.inputs.attributes))
            few = replace(params, max_cuts=min(n_cuts, params.max_cuts))
            paired = _literals(sample, few, both_sides=True)
    path = weighted_path(columns, aim, lengths, paired=paired)
    own, outputs = sample.own
    return {
        length: assembled_weighted(chosen, own, outputs, params)
        for length, chosen in path.items()
    }


def _covering(
    sample: Sample, params: RuleParams, lengths: Sequence[int], further: Columns
) -> dict[int, RuleSet]:
    own, outputs = sample.own
    parts = [further]
    if params.kind is not RuleKind.DECOMPOSITIONAL:
        parts += [
            _literals(sample, params, both_sides=True),
            tree_terms(sample.inputs, sample.outputs.codes, params),
        ]
    columns = joined(parts).among(np.arange(sample.n_own))
    found = Candidates.of(columns, outputs.codes, len(outputs.classes))
    found = found.usable(params)
    agreement = _agreement(found.columns, sample, params)
    made = {}
    for length in lengths:
        allowed = replace(params, max_literals=length)
        chosen = cover(found, outputs.codes, params=allowed, agreement=agreement)
        rules = as_queries(chosen.terms, chosen.labels, own.name)
        made[length] = assembled(rules, own, outputs, params)
    return made


def _agreement(
    columns: Columns, sample: Sample, params: RuleParams
) -> Callable[[Chosen], float]:
    """How often chosen conjunctions answer as the network, whose columns are known."""
    own, outputs = sample.own
    known = {
        Query(own.name, (term,)): row
        for term, row in zip(columns.terms, columns.holds, strict=True)
    }

    def agreement(chosen: Chosen) -> float:
        queries = as_queries(chosen.terms, chosen.labels, own.name)
        rules = assembled(queries, own, outputs, params, known=known)
        fires = np.array([known[rule.query] for rule in rules.rules], np.bool_)
        fires = fires.reshape(len(rules), len(outputs))
        return float((rules.answers(fires) == outputs.codes).mean())

    return agreement


def _exactly(
    sample: Sample, params: RuleParams, lengths: Sequence[int], further: Columns
) -> dict[int, RuleSet]:
    """An OR of conjunctions for every class but one, which is the default.

    Of two classes each is tried as the one that is described.
    """
    _, outputs = sample.own
    n_classes = len(outputs.classes)
    counts = np.bincount(outputs.codes, minlength=n_classes)
    if n_classes == 2:
        choices: list[list[int]] = [[1], [0]]
    else:
        choices = [[code for code in range(n_classes) if code != int(counts.argmax())]]
    literals = _literals(sample, params, both_sides=True).among(np.arange(sample.n_own))
    pools = {
        code: _pool(literals, further, sample, aim=(code, max(lengths)), params=params)
        for choice in choices
        for code in choice
        if counts[code]
    }
    found = {}
    for length in lengths:
        tried = [
            _described(
                {code: pools[code] for code in choice if code in pools},
                sample,
                (length, literals),
                params,
            )
            for choice in choices
        ]
        found[length] = min(tried, key=lambda one: (one[1], one[0].n_literals))[0]
    return found


def _pool(
    literals: Columns,
    further: Columns,
    sample: Sample,
    *,
    aim: tuple[int, int],
    params: RuleParams,
) -> Columns:
    """Conjunctions that may describe a class."""
    code, length = aim
    target = sample.own[1].codes == code
    own = further.among(np.arange(sample.n_own))
    if params.kind is RuleKind.DECOMPOSITIONAL:
        return own
    made = generated(
        literals, target, UnionBudget(length, params.max_length, params.max_nodes)
    )
    return joined([made, own]).distinct()


def _described(
    pools: dict[int, Columns],
    sample: Sample,
    limits: tuple[int, Columns],
    params: RuleParams,
) -> tuple[RuleSet, float]:
    """The rules for some classes, and how often they answer otherwise than the network."""
    length, literals = limits
    own, outputs = sample.own
    share = max(1, length // max(1, len(pools)))
    budget = UnionBudget(share, params.max_length, params.max_nodes)
    rules: list[tuple[Query, int]] = []
    for code, pool in pools.items():
        union: Union = best_union(literals, outputs.codes == code, budget, pool)
        rules += as_queries(union.terms, [code] * len(union.terms), own.name)
    made = assembled(rules, own, outputs, params)
    return made, float((made.codes(own) != outputs.codes).mean())


def _published(
    sample: Sample, params: RuleParams, lengths: Sequence[int], queries: Sequence[Query]
) -> dict[int, RuleSet]:
    """The published procedure knows no limit of its length: the last length gets it."""
    own, outputs = sample.own
    terms = tree_terms(own, outputs.codes, params)
    if params.kind is not RuleKind.PEDAGOGICAL:
        terms = joined([terms, layer_terms(own, sample.layers, outputs.codes, params)])
    chosen = choose_as_published(
        own, outputs.codes, len(outputs.classes), queries=queries, terms=terms
    )
    return {length: assembled(chosen, own, outputs, params) for length in lengths}


_METHODS = {
    Method.WEIGHTED: _weighted,
    Method.COVER: _covering,
    Method.EXACT: _exactly,
}
