"""How far a rule set agrees with the network: the measures of one set of entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.errors import EntityMismatchError, ParameterError
from redescribe.rules.ruleset import NO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe._typing import Ints, Mask
    from redescribe.core.view import View
    from redescribe.rules.outputs import Outputs
    from redescribe.rules.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class ClassFidelity:
    """Agreement about one class.

    Attributes
    ----------
    label
        The class.
    n_entities
        Entities to which the network gives it.
    precision
        Of the entities that the rules give it, the share to which the network does too;
        None where there are none.
    recall
        Of the entities to which the network gives it, the share that the rules find; None
        where there are none.
    """

    label: str
    n_entities: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How far rules agree with a network on a set of entities.

    Attributes
    ----------
    n_entities
        Entities looked at, at least one.
    fidelity
        Share that gets the network's class; no answer is wrong.
    accuracy
        Share that gets its true class; None where that is not known.
    majority
        Fidelity of always answering the network's most frequent class.
    coverage
        Share for which some rule fires, before the default.
    answered
        Share that gets an answer.
    fidelity_covered
        Fidelity among those for which a rule fires; None where there are none.
    fidelity_undefaulted
        Fidelity if all others count as wrong, as the reference implementation counts.
    overlap, conflict
        Shares for which several rules fire, and rules for several classes.
    n_rules, n_literals
        Size of the set.
    classes
        Agreement about each class.
    """

    n_entities: int
    fidelity: float
    accuracy: float | None
    majority: float
    coverage: float
    answered: float
    fidelity_covered: float | None
    fidelity_undefaulted: float
    overlap: float
    conflict: float
    n_rules: int
    n_literals: int
    classes: tuple[ClassFidelity, ...]

    @property
    def mean_length(self) -> float | None:
        """Literals per rule; None without rules."""
        return self.n_literals / self.n_rules if self.n_rules else None


def measure_fidelity(
    rules: RuleSet, inputs: View, outputs: Outputs, labels: Sequence[object] = ()
) -> Fidelity:
    """Measure how far rules agree with the outputs of a network.

    Parameters
    ----------
    rules
        Any rule set.
    inputs
        Entities that the rules were not made from, for a fair number.
    outputs
        What the network answers for them.
    labels
        Their true classes, by name; none where they are not known.

    Raises
    ------
    EntityMismatchError
        If the numbers of entities differ, or there are none.
    ParameterError
        If no label is one of the classes.

    Examples
    --------
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.view import View
    >>> from redescribe.rules.evidence import RuleEvidence
    >>> from redescribe.rules.outputs import Outputs
    >>> from redescribe.rules.ruleset import ClassRule, RuleSet
    >>> x = View.of("x", [[0.0], [1.5], [2.0], [3.0]], names=["a"])
    >>> rule = ClassRule(parse_query("a > 1", "x"), "1", 0.9, RuleEvidence(8, 3, 3))
    >>> rules = RuleSet("x", x.attributes, ("0", "1"), (rule,), default="0")
    >>> found = measure_fidelity(rules, x, Outputs.of([0, 0, 1, 1]))
    >>> found.fidelity, found.coverage, found.classes[1].precision
    (0.75, 0.75, 0.6666666666666666)
    """
    sizes = {len(inputs.entities), len(outputs), *([len(labels)] if len(labels) else [])}
    if len(sizes) > 1 or 0 in sizes:
        em = (
            f"Inputs, outputs and labels describe {' and '.join(map(str, sorted(sizes)))} "
            "entities; fidelity needs the same ones, at least one."
        )
        raise EntityMismatchError(em)
    fires = rules.fires(inputs)[0]
    wanted = codes_in(outputs, rules.classes)
    return _measured(rules, fires, wanted, _true(labels, rules))


def exact_match(
    rules: Mapping[str, RuleSet], inputs: View, outputs: Mapping[str, Outputs]
) -> float:
    """Return the share of entities for which the rules of all labels agree at once.

    Parameters
    ----------
    rules
        One rule set per label.
    inputs
        The entities.
    outputs
        What the network answers, per label.

    Raises
    ------
    EntityMismatchError
        If a label has no outputs.
    """
    if set(rules) - set(outputs):
        em = f"There are no outputs for {sorted(set(rules) - set(outputs))[0]!r}."
        raise EntityMismatchError(em)
    agree = np.ones(len(inputs.entities), np.bool_)
    for name, one in rules.items():
        agree &= one.codes(inputs) == codes_in(outputs[name], one.classes)
    return float(agree.mean())


def codes_in(outputs: Outputs, classes: tuple[str, ...]) -> Ints:
    """Return the outputs as positions in other classes; -2 for one that is not in them."""
    where = [classes.index(name) if name in classes else -2 for name in outputs.classes]
    codes: Ints = np.array(where, np.int64)[outputs.codes]
    return codes


def _true(labels: Sequence[object], rules: RuleSet) -> Ints | None:
    if not len(labels):
        return None
    where = {name: code for code, name in enumerate(rules.classes)}
    if not {str(label) for label in labels} & set(where):
        em = (
            f"No true label, such as {str(labels[0])!r}, is one of the network's classes "
            f"{', '.join(rules.classes)}. Name the classes of the outputs as the labels."
        )
        raise ParameterError(em)
    return np.array([where.get(str(label), -2) for label in labels], np.int64)


def _measured(rules: RuleSet, fires: Mask, wanted: Ints, true: Ints | None) -> Fidelity:
    answers = rules.answers(fires)
    agree = answers == wanted
    covered = fires.any(axis=0) if len(rules) else np.zeros(agree.size, np.bool_)
    spoken = [
        fires[[rule.label == name for rule in rules]].any(axis=0) for name in rules.classes
    ]
    counts = np.unique(wanted, return_counts=True)[1]
    return Fidelity(
        n_entities=agree.size,
        fidelity=float(agree.mean()),
        accuracy=None if true is None else float((answers == true).mean()),
        majority=float(counts.max() / agree.size),
        coverage=float(covered.mean()),
        answered=float((answers != NO_ANSWER).mean()),
        fidelity_covered=float(agree[covered].mean()) if covered.any() else None,
        fidelity_undefaulted=float((agree & covered).mean()),
        overlap=float((fires.sum(axis=0) > 1).mean()),
        conflict=float((np.sum(spoken, axis=0) > 1).mean()),
        n_rules=len(rules),
        n_literals=rules.n_literals,
        classes=tuple(
            _of_class(name, answers == code, wanted == code)
            for code, name in enumerate(rules.classes)
        ),
    )


def _of_class(name: str, answered: Mask, wanted: Mask) -> ClassFidelity:
    both = int(np.count_nonzero(answered & wanted))
    n_answered, n_wanted = np.count_nonzero(answered), np.count_nonzero(wanted)
    return ClassFidelity(
        name,
        int(n_wanted),
        both / int(n_answered) if n_answered else None,
        both / int(n_wanted) if n_wanted else None,
    )
