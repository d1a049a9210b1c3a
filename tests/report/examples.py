"""Assessed sets with ordinary and with hostile names."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.query import Conjunction, Interval, Literal, Membership, Query
from redescribe.core.redescription import (
    Kind,
    OneLiteralBaseline,
    Redescription,
    RedescriptionSet,
    TargetReport,
    TargetState,
)
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from redescribe.core.assessed import AssessedSet

VOID = {"meta", "br", "link"}
HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img onerror=x>&amp;&#60;",
    "</style></title>--><!--",
    "long_" * 2000,
    "\u202eabc\u202d\u0000\u0007",
    "אבג דה",
    "🧠\u200d🔬 emoji",
    " ",
)
PLAIN = ("radius", "smoker", "stage", "texture", "a_b", "x", "y", "z")


def query(view: str, *literals: Literal, negated: bool = False) -> Query:
    """A query of one term."""
    return Query(view, (Conjunction(literals, negated=negated),))


def dataset(
    names: tuple[str, ...] = PLAIN, *, hold_out: float = 0.3, missing: bool = False
) -> Dataset:
    """Sixty entities; neurons and attributes that follow them, and one category."""
    generator = np.random.default_rng(5)
    neurons = generator.normal(size=(len(names), 60))
    attributes = neurons + generator.normal(size=neurons.shape) / 4
    if missing:
        attributes[:, ::7] = np.nan
    entities = EntityIndex.numbered(60)
    units = tuple(Attribute(f"net@fc:{i}", neuron=True) for i in range(len(names)))
    category = Attribute(names[0], AttributeKind.NOMINAL, ("no", names[1]))
    codes = (neurons[:1] > 0).astype(np.float64)
    return Dataset.of(
        [
            View("net", entities, units, neurons),
            View(names[0], entities, tuple(map(Attribute, names)), attributes),
            View(names[1], entities, (category,), codes),
        ],
        SplitParams(hold_out=hold_out, seed=3),
    )


def redescription(data: Dataset, own: Query, *partners: Query) -> Redescription:
    """One with its supports on the mining part; the first attribute is the target."""
    queries = (own, *partners)
    part = data.mining_part
    supports = tuple(q.on(part.view(q.view)) for q in queries)
    attribute = own.attributes[0]
    target = part.view(own.view).target_name(attribute)
    return Redescription(
        own.view, attribute, target, Kind.INDIVIDUAL, queries, supports, 0.4, -5.0
    )


def redescriptions(data: Dataset) -> list[Redescription]:
    """Each neuron by its attribute, the first one by the category and by all views too."""
    numbers, labels = data.views[1], data.views[2]
    category = query(
        labels.name, Membership(labels.names[0], (labels.attributes[0].categories[1],))
    )
    found = [
        redescription(
            data,
            query("net", Interval(f"net@fc:{i}", 0.0)),
            query(numbers.name, Interval(name, 0.0)),
        )
        for i, name in enumerate(numbers.names)
    ]
    own = query("net", Interval("net@fc:0", 0.0))
    other = query(numbers.name, Interval(numbers.names[0], 0.0))
    return [
        *found,
        redescription(data, own, category),
        redescription(data, category, own),
        redescription(data, own, other, category),
        # Nothing in the hold-out, and nothing anywhere: not testable.
        redescription(data, query("net", Interval("net@fc:1", 1e6)), category),
        redescription(
            data,
            query("net", Interval("net@fc:1", 1e6)),
            query(numbers.name, Interval(numbers.names[1], 1e6)),
        ),
    ]


def family(data: Dataset, found: list[Redescription]) -> RedescriptionSet:
    """The redescriptions with reports: two described targets, a dead one, a failed one."""
    own, numbers = query("net", Interval("net@fc:0", 0.0)), data.views[1]
    baseline = OneLiteralBaseline(
        own, query(numbers.name, Interval(numbers.names[0], 0.0)), 0.8, 0.7, -9.0, 123
    )
    described, not_described, dead = TargetState
    reports = (
        TargetReport(
            "net", "net@fc:0", "net@fc:0", described, "", 2, 0.81, baseline, 1_234_567
        ),
        TargetReport("net", "net@fc:1", "net@fc:1", not_described, "", 2, None, None, 7),
        TargetReport("net", "net@fc:2", "net@fc:2", dead, "constant", 0, None, None, 0),
        *(
            TargetReport(
                numbers.name, name, f"{numbers.name}:{name}", described, "", 2, 0.7, None, 9
            )
            for name in numbers.names
        ),
    )
    return RedescriptionSet(
        tuple(found), reports, data.names, data.split.mined.size, 1.25, 0.5
    )


def assessed(data: Dataset) -> AssessedSet:
    """All redescriptions of the dataset, tested where there is a hold-out."""
    return assess(family(data, redescriptions(data)), data)


def nothing(data: Dataset) -> AssessedSet:
    """No finding."""
    return assess(family(data, []), data)


class Page(HTMLParser):
    """Checks that every tag is closed; collects texts, tags and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> repeats an attribute: {names}"
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All that is read, with plain blanks."""
        return " ".join(" ".join(self.texts).replace("\N{NO-BREAK SPACE}", " ").split())

    def values(self, name: str) -> list[str]:
        """Values of an attribute, in order."""
        return [value for _, key, value in self.attributes if key == name]
