"""Rules that each speak for a class, and sets of them that answer together."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.core.frame import frame_of
from redescribe.errors import ParameterError, UnknownNameError
from redescribe.rules.params import Combination, RuleKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from os import PathLike

    from redescribe._typing import Floats, Ints, Mask
    from redescribe.core.query import Query
    from redescribe.core.view import Attribute, View
    from redescribe.rules.evidence import RuleEvidence
    from redescribe.rules.fidelity import Fidelity
    from redescribe.rules.trade_off import TradeOff

NO_ANSWER = -1
_LISTS = frozenset({Combination.LIST, Combination.FIRST_CLASS})


@dataclass(frozen=True, slots=True)
class ClassRule:
    """Where its query holds, it speaks for one class of the network's outputs.

    Attributes
    ----------
    query
        Over the inputs of the network.
    label
        The class.
    weight
        How much it counts: in a list the lower end of the interval of its precision, in a
        vote the log-odds of it, in a weighted set what was learned (negative: it speaks
        against the class), in the published procedure its precision.
    mined, hold_out
        What it covers, and of which classes; the hold-out is None where there is none.

    Examples
    --------
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.rules.evidence import RuleEvidence
    >>> str(ClassRule(parse_query("a > 1", "x"), "yes", 0.9, RuleEvidence(8, 3, 3)))
    'IF a > 1 THEN yes'
    """

    query: Query
    label: str
    weight: float
    mined: RuleEvidence
    hold_out: RuleEvidence | None = None

    def __len__(self) -> int:
        return len(self.query)

    def __str__(self) -> str:
        verb = "THEN NOT" if self.weight < 0 else "THEN"
        return f"IF {self.query} {verb} {self.label}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule set answers as it does for one entity.

    Attributes
    ----------
    answer
        The class; None where it does not answer.
    fired
        Numbers of the rules that hold, the first is 1.
    unknown
        Numbers of the rules of which a missing value leaves open whether they hold.
    scores
        Score of each class: sums of weights; in a list the weight of the first rule that
        fires.
    by_default
        Whether no rule fires.
    """

    answer: str | None
    fired: tuple[int, ...]
    unknown: tuple[int, ...]
    scores: dict[str, float]
    by_default: bool


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """Rules that imitate a network, and how they answer together.

    Rules stand in a fixed order, whatever order they are given in: in a list the most
    reliable first, in a vote the heaviest.

    Attributes
    ----------
    view
        Name of the view of the inputs.
    attributes
        Its attributes, all of them.
    classes
        The classes, in order.
    rules
        The rules.
    combination
        How they answer together. In a `list` the first rule that fires answers; in a `vote`
        and in a `weighted` set the class with the largest sum of weights, of equal sums the
        default and then the first; `first-class`: the first class of which a rule fires.
    kind
        Where the candidates came from.
    default
        The answer where no rule fires; None: no answer.
    base
        Of a weighted set: the score of each class before any rule; else zeros.
    edges, values
        Of a numeric output: bounds between the classes, and the mean output in each.
    trade_off
        What shorter and longer sets reach; empty where the length was given, or the classes
        are too rare to tell.
    hold_out
        How far it agrees with the network on the hold-out; None where there is none.

    Raises
    ------
    ParameterError
        If a rule speaks for a class that is none, or over another view.

    Examples
    --------
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.view import View
    >>> from redescribe.rules.evidence import RuleEvidence
    >>> x = View.of("x", [[0.0], [2.0]], names=["a"])
    >>> rule = ClassRule(parse_query("a > 1", "x"), "yes", 0.9, RuleEvidence(8, 3, 3))
    >>> rules = RuleSet("x", x.attributes, ("no", "yes"), (rule,), default="no")
    >>> rules.predict(x), rules.explain(x, 1).fired
    (['no', 'yes'], (1,))
    """

    view: str
    attributes: tuple[Attribute, ...]
    classes: tuple[str, ...]
    rules: tuple[ClassRule, ...]
    combination: Combination = Combination.LIST
    kind: RuleKind = RuleKind.PEDAGOGICAL
    default: str | None = None
    base: tuple[float, ...] = ()
    edges: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    trade_off: tuple[TradeOff, ...] = ()
    hold_out: Fidelity | None = None
    _labels: Ints = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for rule in self.rules:
            if rule.label not in self.classes:
                what = "A rule speaks for a class that the network does not have:"
                raise UnknownNameError.among(what, rule.label, self.classes)
            if rule.query.view != self.view:
                em = (
                    f"The rule {str(rule)!r} is over the view {rule.query.view!r}; the "
                    f"others are over {self.view!r}."
                )
                raise ParameterError(em)
        if self.default is not None and self.default not in self.classes:
            what = "The default is a class that the network does not have:"
            raise UnknownNameError.among(what, self.default, self.classes)
        ordered = sorted(self.rules, key=self._place)
        object.__setattr__(self, "rules", tuple(ordered))
        if not self.base:
            object.__setattr__(self, "base", (0.0,) * len(self.classes))
        labels = [self.classes.index(rule.label) for rule in ordered]
        object.__setattr__(self, "_labels", np.array(labels, np.int64))

    def __len__(self) -> int:
        return len(self.rules)

    def __iter__(self) -> Iterator[ClassRule]:
        return iter(self.rules)

    def __str__(self) -> str:
        return self.to_text()

    @property
    def n_literals(self) -> int:
        """Literals of all rules together."""
        return sum(map(len, self.rules))

    def fires(self, view: View) -> tuple[Mask, Mask]:
        """Return for which entities each rule holds, and for which that is unknown.

        Returns
        -------
        fires, unknown
            ndarray of bool, shape (n_rules, n_entities).

        Raises
        ------
        UnknownNameError, ViewError
            If the view lacks an attribute, or it is of another kind.
        """
        shape = (len(self.rules), len(view.entities))
        fires, unknown = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        for row, rule in enumerate(self.rules):
            support = rule.query.on(view)
            fires[row], unknown[row] = support.mask, support.unknown_mask
        return fires, unknown

    def scores(self, fires: Mask) -> Floats:
        """Return the score of each class, shape (n_entities, n_classes).

        Parameters
        ----------
        fires
            What the method `fires` gives.
        """
        scores = np.tile(np.array(self.base), (fires.shape[1], 1))
        if not self.rules:
            return scores
        if self.combination in _LISTS:
            first = fires.argmax(axis=0)
            fired = np.flatnonzero(fires.any(axis=0))
            weights = np.array([rule.weight for rule in self.rules])
            scores[fired, self._labels[first[fired]]] = weights[first[fired]]
            return scores
        # Rule by rule, in their fixed order: a sum of floats must not depend on a library.
        for row, label, rule in zip(fires, self._labels.tolist(), self.rules, strict=True):
            scores[row, label] += rule.weight
        return scores

    def codes(self, view: View) -> Ints:
        """Return the position of the class of each entity; -1 where there is no answer.

        Parameters
        ----------
        view
            Inputs of any entities, with the attributes that the rules use.
        """
        return self.answers(self.fires(view)[0])

    def answers(self, fires: Mask) -> Ints:
        """Return the position of the class of each entity, from which rules fire."""
        fallback = NO_ANSWER if self.default is None else self.classes.index(self.default)
        fired = fires.any(axis=0) if self.rules else np.zeros(fires.shape[1], np.bool_)
        if self.combination in _LISTS:
            first = fires.argmax(axis=0) if self.rules else np.zeros(fired.size, np.int64)
            labels = np.append(self._labels, fallback)
            return np.where(fired, labels[first], fallback)
        scores = self.scores(fires)
        answered: Ints = scores.argmax(axis=1)
        if self.default is not None:
            is_best = scores[:, fallback] == scores.max(axis=1)
            answered = np.where(is_best, fallback, answered)
            if self.combination is Combination.WEIGHTED:
                return answered
        return np.where(fired, answered, fallback)

    def predict(self, view: View) -> list[str | None]:
        """Return the class of each entity; None where there is no answer."""
        codes = self.codes(view).tolist()
        return [None if code == NO_ANSWER else self.classes[code] for code in codes]

    def predict_values(self, view: View) -> Floats:
        """Return the mean output of the class of each entity; NaN without an answer.

        Raises
        ------
        ParameterError
            If the output of the network is no number.
        """
        if not self.values:
            em = "These rules tell classes; only rules for numeric outputs have values."
            raise ParameterError(em)
        means = np.append(np.array(self.values), np.nan)
        found: Floats = means[self.codes(view)]
        return found

    def explain(self, view: View, position: int) -> Explanation:
        """Return why the rules answer as they do for the entity at a position."""
        if not 0 <= position < len(view.entities):
            em = f"There is no entity {position}: the view has {len(view.entities)}."
            raise ParameterError(em)
        fires, unknown = self.fires(view.take(np.array([position])))
        code = int(self.answers(fires)[0])
        return Explanation(
            answer=None if code == NO_ANSWER else self.classes[code],
            fired=tuple((np.flatnonzero(fires[:, 0]) + 1).tolist()),
            unknown=tuple((np.flatnonzero(unknown[:, 0]) + 1).tolist()),
            scores=dict(zip(self.classes, self.scores(fires)[0].tolist(), strict=True)),
            by_default=not fires.any(),
        )

    def without(self, numbers: Collection[int]) -> RuleSet:
        """Return the set without some of its rules, by number; the first is 1."""
        unknown = sorted(set(numbers) - set(range(1, len(self) + 1)))
        if unknown:
            em = f"There is no rule {unknown[0]}: the set has {len(self)}, from 1 on."
            raise ParameterError(em)
        kept = tuple(
            rule for i, rule in enumerate(self.rules, start=1) if i not in set(numbers)
        )
        return replace(self, rules=kept, trade_off=(), hold_out=None)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return one row per rule: what it says, and how far it holds.

        The keys are the columns of `to_frame`.
        """
        rows: list[dict[str, str | float | None]] = []
        for number, rule in enumerate(self.rules, start=1):
            row: dict[str, str | float | None] = {
                "rule": number,
                "query": str(rule.query),
                "label": rule.label,
                "weight": rule.weight,
                "n_literals": len(rule),
                "coverage_mined": rule.mined.coverage,
                "precision_mined": rule.mined.precision,
            }
            if rule.hold_out is not None:
                row["coverage"] = rule.hold_out.coverage
                row["precision"] = rule.hold_out.precision
            rows.append(row)
        return rows

    def to_frame(self) -> Any:  # noqa: ANN401 - whichever frame the caller has
        """Return the rules as a frame: pandas, else Polars, else a pyarrow table."""
        rows = self.rows()
        columns = list(rows[0]) if rows else ["rule", "query", "label", "weight"]
        return frame_of(rows, columns)

    def to_text(self, form: str = "text", *, name: str = "predict") -> str:
        """Return the rules in a form: text, words, latex, sql or python.

        Parameters
        ----------
        form
            `text` is exact, `words` are for people, `latex` is a table, `sql` an expression
            CASE WHEN … END over columns of the attributes' names, `python` a function of a
            mapping from attributes to values.
        name
            Of the function in Python.

        Raises
        ------
        UnknownNameError
            If there is no such form.
        """
        # The writers lie above the rules, so they are found by name, at the call.
        written: str = import_module("redescribe.writers.rule_text").rules_as(
            self, form, name=name
        )
        return written

    def save(self, path: str | PathLike[str]) -> None:
        """Write the rules into a JSON file, which `redescribe.load_rules` reads again."""
        # The module that writes them imports this one.
        import_module("redescribe.rules.rule_file").save_rules(self, path)

    def _place(self, rule: ClassRule) -> tuple[Any, ...]:
        """Where a rule stands: the same whatever order the rules are given in."""
        first_class = self.combination is Combination.FIRST_CLASS
        order = self.classes.index(rule.label) if first_class else 0
        size = rule.mined.n_covered if self.combination is Combination.LIST else 0
        text = (rule.label, str(rule.query))
        evidence = (astuple(rule.mined), astuple(rule.hold_out) if rule.hold_out else ())
        return (order, -abs(rule.weight), -size, len(rule), text, rule.weight, evidence)


def wilson_bound(n_correct: float, n_covered: float, z: float = 1.96) -> float:
    """Return the lower end of Wilson's interval of a share; 0 where nothing is covered.

    Parameters
    ----------
    n_correct, n_covered
        The share is the first over the second.
    z
        Width in standard deviations.

    Examples
    --------
    >>> round(wilson_bound(8, 10), 3), wilson_bound(0, 0)
    (0.49, 0.0)
    """
    if not n_covered:
        return 0.0
    share = n_correct / n_covered
    spread = z * math.sqrt(share * (1 - share) / n_covered + z**2 / (4 * n_covered**2))
    bound = (share + z**2 / (2 * n_covered) - spread) / (1 + z**2 / n_covered)
    return max(0.0, bound)
