"""Rule sets on folds: measures on other entities, and paired comparisons."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from redescribe.errors import ParameterError
from redescribe.rules.fidelity import measure_fidelity
from redescribe.rules.imitate import imitate
from redescribe.rules.params import RuleParams, Task
from redescribe.rules.trade_off import stratified_folds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Floats
    from redescribe.core.query import Query
    from redescribe.core.view import View
    from redescribe.rules.fidelity import Fidelity
    from redescribe.rules.outputs import Outputs
    from redescribe.rules.ruleset import RuleSet
    from redescribe.rules.sample import Network

_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class FoldResult:
    """One fold of one repetition.

    Attributes
    ----------
    repeat, fold
        Numbers from 0.
    fidelity
        Measures on the entities of the fold.
    seconds
        Time that the rules of the other folds took.
    """

    repeat: int
    fold: int
    fidelity: Fidelity
    seconds: float


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Rule sets made on folds, in order of repetition and fold.

    Attributes
    ----------
    folds
        The results.
    share_tested
        Entities of a fold for each entity that its rules were made from.
    stability
        Mean Jaccard of the attributes that the rule sets of two folds use.
    """

    folds: tuple[FoldResult, ...]
    share_tested: float
    stability: float

    def values(self, measure: str) -> Floats:
        """Return a measure on each fold, by the name of a column of `rows`.

        Raises
        ------
        ParameterError
            If there is no such measure.
        """
        rows = self.rows()
        if measure not in rows[0]:
            em = f"There is no measure {measure!r}. Choose of {', '.join(rows[0])}."
            raise ParameterError(em)
        found = [row[measure] for row in rows]
        return np.array([np.nan if one is None else one for one in found], np.float64)

    def rows(self) -> list[dict[str, float | None]]:
        """Return one row per fold; None where a measure is not defined."""
        return [
            {
                "repeat": one.repeat,
                "fold": one.fold,
                "fidelity": one.fidelity.fidelity,
                "accuracy": one.fidelity.accuracy,
                "majority": one.fidelity.majority,
                "coverage": one.fidelity.coverage,
                "fidelity_covered": one.fidelity.fidelity_covered,
                "fidelity_undefaulted": one.fidelity.fidelity_undefaulted,
                "overlap": one.fidelity.overlap,
                "conflict": one.fidelity.conflict,
                "n_rules": one.fidelity.n_rules,
                "n_literals": one.fidelity.n_literals,
                "mean_length": one.fidelity.mean_length,
                "seconds": one.seconds,
            }
            for one in self.folds
        ]


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """A measure of one method minus that of another on the same folds.

    Attributes
    ----------
    mean, low, high
        Mean difference with its interval of 95 %.
    n_folds
        Folds compared.
    """

    mean: float
    low: float
    high: float
    n_folds: int


def cross_validate_rules(  # noqa: PLR0913 - what `imitate` takes, and the folds
    inputs: View,
    outputs: Outputs,
    params: RuleParams | None = None,
    *,
    folds: int = 5,
    repeats: int = 1,
    labels: Sequence[object] = (),
    layers: Sequence[View] = (),
    queries: Sequence[Query] = (),
    network: Network | None = None,
    task: Task = Task.AUTO,
) -> CrossValidation:
    """Make rules on all folds but one, measure them on this one, in turn.

    Folds are stratified by the class that the network answers; queries, if any, were mined
    on all entities and are no fair candidates unless they come from others.

    Parameters
    ----------
    inputs, outputs, params, layers, queries, network, task
        As for `imitate`.
    folds
        At least 2.
    repeats
        How often the folds are drawn anew.
    labels
        True classes, for the accuracy.

    Raises
    ------
    ParameterError
        If a number is too small, or a class is so rare that a part has but one.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> from redescribe.rules.outputs import Outputs
    >>> values = np.random.default_rng(0).normal(size=(100, 2))
    >>> outputs = Outputs.of(values[:, 0] > 0)
    >>> found = cross_validate_rules(View.of("x", values), outputs, folds=2)
    >>> bool(found.values("fidelity").mean() > 0.9), found.stability
    (True, 1.0)
    """
    params = params or RuleParams()
    if folds < 2 or repeats < 1:
        em = f"Cross-validation needs 2 folds and 1 repeat. Got {folds} and {repeats}."
        raise ParameterError(em)
    results: list[FoldResult] = []
    used: list[frozenset[str]] = []
    for repeat in range(repeats):
        seed = np.random.SeedSequence(params.seed, spawn_key=(5, repeat))
        numbers = stratified_folds(outputs.codes, folds, seed)
        for fold in range(folds):
            made_on, held_out = (
                np.flatnonzero(numbers != fold),
                np.flatnonzero(numbers == fold),
            )
            started = time.perf_counter()
            rules = imitate(
                inputs.take(made_on),
                outputs.take(made_on),
                params,
                layers=[layer.take(made_on) for layer in layers],
                queries=queries,
                network=network,
                task=task,
            )
            seconds = time.perf_counter() - started
            true = [labels[i] for i in held_out.tolist()] if len(labels) else ()
            measured = measure_fidelity(
                rules, inputs.take(held_out), outputs.take(held_out), true
            )
            results.append(FoldResult(repeat, fold, measured, seconds))
            used.append(_attributes(rules))
    return CrossValidation(tuple(results), 1 / (folds - 1), _stability(used))


def compare_rules(
    first: CrossValidation, second: CrossValidation, measure: str = "fidelity"
) -> PairedDifference:
    """Return how much larger a measure is with the first, on the same folds.

    The interval is by the corrected resampled t-test, because the parts that rules are made
    from overlap.

    Parameters
    ----------
    first, second
        Of the same entities, folds, repeats and seed.
    measure
        A column of `CrossValidation.rows`.

    Raises
    ------
    ParameterError
        If the folds are not the same.

    References
    ----------
    Nadeau, Bengio (2003): Inference for the generalization error.
    """
    names = [[(one.repeat, one.fold) for one in each.folds] for each in (first, second)]
    if names[0] != names[1]:
        em = "Only results on the same folds can be compared."
        raise ParameterError(em)
    differences = first.values(measure) - second.values(measure)
    return paired_difference(differences, first.share_tested)


def paired_difference(differences: Floats, share_tested: float) -> PairedDifference:
    """Return the mean of paired differences with its interval.

    Parameters
    ----------
    differences
        One per fold, at least two.
    share_tested
        Entities tested for each entity that was learned from: 1/4 for five folds.

    Examples
    --------
    >>> found = paired_difference(np.array([0.01, 0.03]), 0.25)
    >>> round(found.mean, 3), found.low < 0 < found.high
    (0.02, True)
    """
    n_folds = differences.size
    if n_folds < 2:
        em = f"An interval needs at least two folds. Got {n_folds}."
        raise ParameterError(em)
    mean = float(differences.mean())
    variance = float(differences.var(ddof=1)) * (1 / n_folds + share_tested)
    half = float(stdtrit(n_folds - 1, (1 + _CONFIDENCE) / 2)) * math.sqrt(variance)
    return PairedDifference(mean, mean - half, mean + half, n_folds)


def _attributes(rules: RuleSet) -> frozenset[str]:
    return frozenset(name for rule in rules for name in rule.query.attributes)


def _stability(used: Sequence[frozenset[str]]) -> float:
    pairs = [
        len(left & right) / len(left | right) if left | right else 1.0
        for left, right in combinations(used, 2)
    ]
    return sum(pairs) / len(pairs)
