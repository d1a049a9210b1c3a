"""Chosen queries -> a rule set: evidence, weights, order and default."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.query import Query
from redescribe.rules.columns import Columns, opposite
from redescribe.rules.evidence import RuleEvidence
from redescribe.rules.params import Combination
from redescribe.rules.ruleset import ClassRule, RuleSet, wilson_bound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe._typing import Ints, Mask
    from redescribe.core.query import Conjunction
    from redescribe.core.view import View
    from redescribe.rules.outputs import Outputs
    from redescribe.rules.params import RuleParams
    from redescribe.rules.weighted import WeightedTerms

_DIGITS = 4


def assembled(
    rules: Sequence[tuple[Query, int]],
    inputs: View,
    outputs: Outputs,
    params: RuleParams,
    *,
    known: Mapping[Query, Mask] | None = None,
) -> RuleSet:
    """Return a list, a vote or a published set of queries that speak for classes.

    The default is the most frequent class among the entities for which no rule fires, or
    among all where there are none.

    Parameters
    ----------
    rules
        Queries over the inputs, each with the position of its class.
    inputs, outputs
        The entities that the rules were made from.
    params
        How they answer together, and whether there is a default.
    known
        The entities of queries, where they are known.
    """
    made = []
    fired = np.zeros(len(outputs), np.bool_)
    for query, code in rules:
        holds = query.on(inputs).mask if known is None else known[query]
        evidence = RuleEvidence.of(holds, outputs.codes == code)
        weight = _weight(evidence, params.combined)
        made.append(ClassRule(query, outputs.classes[code], weight, evidence))
        fired |= holds
    default = None
    if params.default:
        rest = outputs.codes[~fired] if not fired.all() else outputs.codes
        counts = np.bincount(rest, minlength=len(outputs.classes))
        default = outputs.classes[int(counts.argmax())]
    return RuleSet(
        inputs.name,
        inputs.attributes,
        outputs.classes,
        tuple(made),
        params.combined,
        params.kind,
        default,
        edges=outputs.edges,
        values=outputs.values,
    )


def assembled_weighted(
    chosen: WeightedTerms, inputs: View, outputs: Outputs, params: RuleParams
) -> RuleSet:
    """Return a weighted set; weights have four digits, so that texts are exact.

    What speaks against a class speaks for the other one of two, or is said the other way
    round; only what cannot be said otherwise keeps a negative weight.

    Parameters
    ----------
    chosen
        The conjunctions with their weights.
    inputs, outputs
        The entities that the rules were made from.
    params
        Whether there is a default.
    """
    base = chosen.base.copy()
    complete: Mask = ~np.any(np.isnan(inputs.values), axis=1)
    parts: list[tuple[Conjunction, int, float]] = []
    for term, label, weight in zip(
        chosen.terms, chosen.labels.tolist(), chosen.weights.tolist(), strict=True
    ):
        if weight < 0 and len(outputs.classes) == 2:
            parts.append((term, 1 - label, -weight))
            continue
        other = opposite(term, inputs) if weight < 0 else None
        if other is not None and complete[inputs.position(term.literals[0].attribute)]:
            base[label] += weight
            parts.append((other, label, -weight))
            continue
        parts.append((term, label, weight))
    made = []
    columns = Columns.of([term for term, _, _ in parts], inputs)
    for (term, label, weight), holds in zip(parts, columns.holds, strict=True):
        evidence = RuleEvidence.of(holds, outputs.codes == label)
        query = Query(inputs.name, (term,))
        made.append(ClassRule(query, outputs.classes[label], _short(weight), evidence))
    scores = tuple(map(_short, (base - base.min()).tolist()))
    return RuleSet(
        inputs.name,
        inputs.attributes,
        outputs.classes,
        tuple(rule for rule in made if rule.weight),
        Combination.WEIGHTED,
        params.kind,
        outputs.classes[int(np.argmax(scores))] if params.default else None,
        base=scores,
        edges=outputs.edges,
        values=outputs.values,
    )


def as_queries(
    terms: Sequence[Conjunction], labels: Sequence[int] | Ints, view: str
) -> list[tuple[Query, int]]:
    """Return conjunctions as queries over a view, each with its class."""
    return [
        (Query(view, (term,)), int(label))
        for term, label in zip(terms, labels, strict=True)
    ]


def _weight(evidence: RuleEvidence, combination: Combination) -> float:
    n_covered, n_correct = evidence.n_covered, evidence.n_correct
    if combination is Combination.VOTE:
        return math.log((n_correct + 1) / (n_covered - n_correct + 1))
    if combination is Combination.FIRST_CLASS:
        return evidence.precision or 0.0
    return wilson_bound(n_correct, n_covered)


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
