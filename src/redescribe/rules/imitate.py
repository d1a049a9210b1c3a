"""`imitate`: rules over the inputs that answer as a network does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import ParameterError
from redescribe.rules.choose import rule_sets
from redescribe.rules.evidence import RuleEvidence
from redescribe.rules.fidelity import codes_in, measure_fidelity
from redescribe.rules.params import Method, RuleParams, Task
from redescribe.rules.sample import Sample
from redescribe.rules.trade_off import chosen_length, lengths_to_try, stratified_folds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.query import Query
    from redescribe.core.view import View
    from redescribe.rules.outputs import Outputs
    from redescribe.rules.ruleset import RuleSet
    from redescribe.rules.sample import Network
    from redescribe.rules.trade_off import TradeOff


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Entities that rules are tested on.

    Attributes
    ----------
    inputs, outputs
        The inputs, and what the network answers for them.
    labels
        Their true classes, by name; none where they are not known.
    """

    inputs: View
    outputs: Outputs
    labels: Sequence[object] = ()


def imitate(
    inputs: View,
    outputs: Outputs,
    params: RuleParams | None = None,
    *,
    layers: Sequence[View] = (),
    queries: Sequence[Query] = (),
    network: Network | None = None,
    task: Task = Task.AUTO,
) -> RuleSet:
    """Return rules over the inputs that answer as a network does.

    Parameters
    ----------
    inputs
        What the rules are about; the entities they are made from.
    outputs
        What the network answers for them.
    params
        How rules are sought, chosen and combined.
    layers
        Views of the hidden layers, the one nearest the inputs first; for decompositional
        and eclectic rules.
    queries
        Mined queries: the conjunctions of those over the inputs are candidates too.
    network
        A function of an array of inputs, one row per entity, to outputs; asked on perturbed
        inputs where `augment` is above 0.
    task
        What the outputs of `network` are, as for `Outputs.of`.

    Raises
    ------
    ParameterError, EntityMismatchError
        If the network gives but one class, layers are missing, the entities do not fit, or
        `augment` and `network` do not go together.

    References
    ----------
    Specification of redescription mining, section 9.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> from redescribe.rules.outputs import Outputs
    >>> values = np.random.default_rng(0).normal(size=(200, 2))
    >>> x = View.of("x", values, names=["a", "b"])
    >>> rules = imitate(x, Outputs.of(values[:, 0] > 0.5))
    >>> rules.rules[0].query.attributes, rules.rules[0].mined.precision
    (('a',), 1.0)
    """
    params = params or RuleParams()
    sample = _sample(inputs, outputs, params, layers=layers, network=network, task=task)
    return _made(sample, params, queries)


def imitate_and_test(
    inputs: View,
    outputs: Outputs,
    held_out: HeldOut,
    params: RuleParams | None = None,
    *,
    layers: Sequence[View] = (),
    queries: Sequence[Query] = (),
    network: Network | None = None,
    task: Task = Task.AUTO,
) -> RuleSet:
    """Return the rules of `imitate` with what they reach on other entities.

    The sets of all other lengths that were tried are tested too: `trade_off` says what they
    reach. The length was chosen before, by the folds.

    Parameters
    ----------
    inputs, outputs, params, layers, queries, network, task
        As for `imitate`.
    held_out
        Entities that the rules are not made from.

    Raises
    ------
    RedescribeError
        As `imitate` and `with_hold_out` do.

    Examples
    --------
    >>> from redescribe.core.view import View
    >>> from redescribe.rules.outputs import Outputs
    >>> x = View.of("x", np.random.default_rng(0).normal(size=(200, 2)))
    >>> outputs = Outputs.of(x.values[0] > 0.5)
    >>> made_on, rest = np.arange(150), np.arange(150, 200)
    >>> held_out = HeldOut(x.take(rest), outputs.take(rest))
    >>> rules = imitate_and_test(x.take(made_on), outputs.take(made_on), held_out)
    >>> rules.hold_out.n_entities, rules.trade_off[0].n_literals
    (50, 1)
    """
    params = params or RuleParams()
    sample = _sample(inputs, outputs, params, layers=layers, network=network, task=task)
    rules = _made(sample, params, queries)
    tested = with_hold_out(rules, held_out.inputs, held_out.outputs, held_out.labels)
    lengths = [one.max_literals for one in rules.trade_off]
    if not lengths:
        return tested
    others = rule_sets(sample, params, lengths, queries)
    told = []
    for one in rules.trade_off:
        made = rules if one.chosen else others[one.max_literals]
        found = measure_fidelity(made, held_out.inputs, held_out.outputs, held_out.labels)
        told.append(
            replace(
                one,
                n_rules=found.n_rules,
                n_literals=found.n_literals,
                hold_out=found.fidelity,
                hold_out_accuracy=found.accuracy,
            )
        )
    return replace(tested, trade_off=tuple(told))


def with_hold_out(
    rules: RuleSet, inputs: View, outputs: Outputs, labels: Sequence[object] = ()
) -> RuleSet:
    """Return rules with what they reach on entities that they were not made from.

    Parameters
    ----------
    rules
        Any rule set.
    inputs, outputs, labels
        The other entities, as for `measure_fidelity`.

    Raises
    ------
    EntityMismatchError
        If the numbers of entities differ.
    """
    fires = rules.fires(inputs)[0]
    wanted = codes_in(outputs, rules.classes)
    each = tuple(
        replace(
            rule,
            hold_out=RuleEvidence.of(row, wanted == rules.classes.index(rule.label)),
        )
        for rule, row in zip(rules.rules, fires, strict=True)
    )
    measured = measure_fidelity(rules, inputs, outputs, labels)
    return replace(rules, rules=each, hold_out=measured)


def _sample(
    inputs: View,
    outputs: Outputs,
    params: RuleParams,
    *,
    layers: Sequence[View],
    network: Network | None,
    task: Task,
) -> Sample:
    """What rules are made from: the entities and, where the network is asked, copies."""
    sample = Sample.of(inputs, layers, outputs, params)
    if not params.augment:
        return sample
    if network is None:
        em = (
            f"augment={params.augment} asks the network on perturbed inputs: give it "
            "as a function of rows (network=…)."
        )
        raise ParameterError(em)
    return sample.augmented(network, task, params)


def _made(sample: Sample, params: RuleParams, queries: Sequence[Query]) -> RuleSet:
    """The rules of the length that the folds choose."""
    trade_off: tuple[TradeOff, ...] = ()
    length = params.max_literals
    if params.max_loss and params.method is not Method.PAPER:
        trade_off = _trade_off(sample, params, queries)
        length = next((one.max_literals for one in trade_off if one.chosen), length)
    made = rule_sets(sample, params, [length], queries)[length]
    return replace(made, trade_off=trade_off)


def _trade_off(
    sample: Sample, params: RuleParams, queries: Sequence[Query]
) -> tuple[TradeOff, ...]:
    """What sets of each length reach on folds of the own entities, and which is chosen."""
    lengths = lengths_to_try(params.max_literals)
    inputs, outputs = sample.own
    seed = np.random.SeedSequence(params.seed, spawn_key=(4,))
    folds = stratified_folds(outputs.codes, min(params.folds, len(outputs)), seed)
    reached = []
    for fold in range(int(folds.max()) + 1):
        held_out = np.flatnonzero(folds == fold)
        rest = sample.without(held_out)
        if np.unique(rest.outputs.codes[: rest.n_own]).size < 2:
            continue  # a class so rare that the other folds lack it
        made = rule_sets(rest, params, lengths, queries)
        view, wanted = inputs.take(held_out), outputs.codes[held_out]
        reached.append([float((made[n].codes(view) == wanted).mean()) for n in lengths])
    if not reached:
        return ()
    return chosen_length(lengths, np.array(reached), params.max_loss)
