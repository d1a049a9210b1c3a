"""Inputs with missing values, random rule sets over them, and small networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from redescribe.core.entities import EntityIndex
from redescribe.core.query import Conjunction, Interval, Membership, Query
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.rules.evidence import RuleEvidence
from redescribe.rules.params import Combination
from redescribe.rules.ruleset import ClassRule, RuleSet

if TYPE_CHECKING:
    from redescribe._typing import Floats

CLASSES = ("no", "perhaps", "it's")
COMBINATIONS = [one for one in Combination if one is not Combination.AUTO]
STAGES = ("I", 'I"I', "it's")


def inputs(n_entities: int = 70, *, seed: int = 0, missing: bool = True) -> View:
    """Two numbers, a nominal and a boolean attribute; some values are missing."""
    generator = np.random.default_rng(seed)
    values = np.concatenate(
        [
            generator.integers(-3, 4, size=(2, n_entities)) / 2,
            generator.integers(0, 3, size=(1, n_entities)).astype(np.float64),
            generator.integers(0, 2, size=(1, n_entities)).astype(np.float64),
        ]
    )
    if missing:
        values[generator.random(values.shape) < 0.15] = np.nan
    attributes = (
        Attribute("a"),
        Attribute('odd "name'),
        Attribute("stage", AttributeKind.NOMINAL, STAGES),
        Attribute("smoker", AttributeKind.BOOLEAN, ("false", "true")),
    )
    return View("x", EntityIndex.numbered(n_entities), attributes, values)


def rule(query: Query, label: str, weight: float, covered: int = 3) -> ClassRule:
    """A rule with some evidence."""
    return ClassRule(query, label, weight, RuleEvidence(10, covered, covered))


def rows_of(view: View) -> list[dict[str, float | str | None]]:
    """The entities as mappings, categories as texts, missing as None."""
    rows: list[dict[str, float | str | None]] = []
    for position in range(len(view.entities)):
        row: dict[str, float | str | None] = {}
        for attribute, values in zip(view.attributes, view.values, strict=True):
            value = float(values[position])
            if np.isnan(value):
                row[attribute.name] = None
            elif attribute.is_numeric:
                row[attribute.name] = value
            else:
                row[attribute.name] = attribute.categories[int(value)]
        rows.append(row)
    return rows


_halves = st.integers(-4, 4).map(lambda number: number / 2)
_numeric = st.builds(
    lambda name, low, width, closed: Interval(
        name,
        low,
        low + width,
        low_closed=closed[0] or not width,
        high_closed=closed[1] or not width,
    ),
    st.sampled_from(["a", 'odd "name']),
    _halves,
    st.sampled_from([0.0, 0.5, 1.0, np.inf]),
    st.tuples(st.booleans(), st.booleans()),
)
_nominal = st.one_of(
    st.sets(st.sampled_from(STAGES), min_size=1).map(
        lambda values: Membership("stage", tuple(values))
    ),
    st.sampled_from(["false", "true"]).map(lambda value: Membership("smoker", (value,))),
)
_terms = st.builds(
    lambda literals, negated: Conjunction(tuple(literals), negated),
    st.lists(st.one_of(_numeric, _nominal), min_size=1, max_size=3),
    st.booleans(),
)
queries = st.lists(_terms, min_size=1, max_size=2).map(
    lambda terms: Query("x", tuple(terms))
)


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    """Any rule set over `inputs`, of any combination, with and without a default."""
    combination = draw(st.sampled_from(COMBINATIONS))
    low = -1.0 if combination is Combination.WEIGHTED else 0.0
    rules = draw(
        st.lists(
            st.builds(
                rule,
                queries,
                st.sampled_from(CLASSES),
                st.floats(low, 1.0).map(lambda weight: round(weight, 2)),
                st.integers(0, 10),
            ),
            max_size=5,
        )
    )
    weighted = combination is Combination.WEIGHTED
    return RuleSet(
        "x",
        inputs().attributes,
        CLASSES,
        tuple(rules),
        combination,
        default=draw(st.sampled_from([None, *CLASSES])),
        base=draw(st.tuples(*[st.sampled_from([0.0, 0.25, 0.5])] * 3)) if weighted else (),
    )


def relu(values: Floats) -> Floats:
    """What a hidden layer does to its sums."""
    positive: Floats = np.maximum(values, 0)
    return positive
