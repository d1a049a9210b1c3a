"""Constraints: their text form, and what they allow, against plain enumeration."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.constraint import Constraint, Constraints, Mode
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.view import View
from redescribe.errors import ParameterError, QuerySyntaxError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

Attributes = dict[str, set[str]]
AWKWARD = ["a;b", "a|b", "a b", "fc2:7", '"q":0', "a\\b", " a ", "in", "1e-3", "a\nb", ""]
any_names = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.text(string.punctuation + " ab\n\t", max_size=6),
    st.sampled_from(AWKWARD),
)
few_names = st.sampled_from(list("abcd"))
views = st.sampled_from(["x", "y", "z"])


def sets_of(
    names: st.SearchStrategy[str], *, n: int | None = None
) -> st.SearchStrategy[tuple[tuple[str, ...], ...]]:
    one = st.lists(names, min_size=1, max_size=3).map(tuple)
    return st.lists(one, min_size=n or 1, max_size=n or 3).map(tuple)


@st.composite
def constraints(
    draw: st.DrawFn,
    names: st.SearchStrategy[str] = any_names,
    of_view: st.SearchStrategy[str] = any_names,
    n: int | None = None,
) -> Constraint:
    mode = draw(st.sampled_from(Mode))
    demands = mode in {Mode.ALL, Mode.ANY}
    return Constraint(
        draw(of_view),
        draw(sets_of(names, n=n)),
        mode,
        draw(st.floats(0, 1)) if mode is Mode.PREFER else 1.0,
        must_work=demands and draw(st.booleans()),
    )


@st.composite
def groups(draw: st.DrawFn) -> Constraints:
    """Several constraints; those with alternatives have equally many."""
    n = draw(st.integers(1, 3))
    one = constraints(few_names, views, n) | constraints(few_names, views, 1)
    return Constraints(tuple(draw(st.lists(one, max_size=4))))


@st.composite
def queries(draw: st.DrawFn) -> Attributes:
    """The attributes of the queries of one view or more."""
    return draw(st.dictionaries(views, st.sets(few_names, min_size=1), min_size=1))


@given(constraint=constraints())
def test_the_text_reads_back(constraint: Constraint) -> None:
    assert Constraint.parse(str(constraint)) == constraint


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_read_back(name: str) -> None:
    constraint = Constraint(name, ((name, "b"), (name,)), Mode.ANY)
    assert Constraint.parse(str(constraint)) == constraint


@given(constraint=constraints(), blanks=st.sampled_from(["", " ", "\n\t "]))
def test_blanks_around_a_constraint_do_not_matter(
    constraint: Constraint, blanks: str
) -> None:
    assert Constraint.parse(f"{blanks}{constraint}{blanks}") == constraint


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("all x:a;b", Constraint("x", (("a", "b"),), Mode.ALL)),
        ("any x : a|b", Constraint("x", (("a",), ("b",)), Mode.ANY)),
        ("none x: worst radius", Constraint("x", (("worst radius",),), Mode.NONE)),
        ("prefer=.25 x: a", Constraint("x", (("a",),), Mode.PREFER, 0.25)),
        ("all fc2: fc2:7", Constraint("fc2", (("fc2:7",),), Mode.ALL)),
        (
            'any+works "a: b": "c;d"',
            Constraint("a: b", (("c;d",),), Mode.ANY, must_work=True),
        ),
    ],
)
def test_texts_that_people_write(text: str, want: Constraint) -> None:
    assert Constraint.parse(text) == want


@pytest.mark.parametrize(
    "text",
    [
        *("", "all", "all x", "all x:", "all x: ", "all : a", "x: a", "most x: a"),
        *("ALL x: a", "prefer x: a", "prefer= x: a", "prefer=much x: a", "all=0.5 x: a"),
        *("all x: a;", "all x: ;a", "all x: a;;b", "all x: a|", "all x: |a", "all x: a||b"),
        *('all x: "a', 'all x: a"', 'all x: "a" b', 'all x: "\\q"', 'all "\\q": a'),
        *("all+work x: a", "all works x: a"),
    ],
)
def test_other_texts_are_errors(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match=r"is no constraint\. Write MODE VIEW: NAME"):
        Constraint.parse(text)


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        (lambda: Constraint("x", (), Mode.ALL), "'x' needs an attribute in each set"),
        (lambda: Constraint("x", (("a",), ()), Mode.ALL), "needs an attribute in each set"),
        (lambda: Constraint.parse("prefer=2 x: a"), r"range \[0, 1\]. Got 2.0 for the"),
        (lambda: Constraint.parse("prefer=nan x: a"), "Got nan for the view 'x'"),
        (lambda: Constraint.parse("none+works x: a"), r"Got none\+works for the view 'x'"),
        (lambda: Constraint.parse("prefer=1+works x: a"), "asked to work"),
        (
            lambda: Constraints.parse(["all x: a | b", "any y: a | b | c"]),
            r"the i-th sets of all views belong together. Got \[2, 3\] alternatives",
        ),
    ],
)
def test_what_cannot_be_demanded(constraint: Callable[[], object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        constraint()


def test_one_set_goes_with_any_number_of_alternatives() -> None:
    found = Constraints.parse(["all x: a | b", "any y: c", "none z: a | b | c"])
    assert found.hold({"x": {"b"}, "y": {"c"}})
    assert not found.hold({"x": {"b"}, "y": {"d"}})


def holds(
    found: Constraints, attributes: Attributes, idle: set[tuple[str, str]] | None = None
) -> bool:
    """The specification, one alternative after another."""
    idle = idle or set()
    for constraint in found.each:
        if constraint.mode is Mode.NONE and constraint.view in attributes:
            for names in constraint.sets:
                if set(names) & attributes[constraint.view]:
                    return False
    demands = [c for c in found.each if c.mode in {Mode.ALL, Mode.ANY}]
    n_alternatives = max((len(c.sets) for c in demands), default=1)
    for i in range(n_alternatives):
        met = True
        for c in demands:
            if c.view not in attributes:
                continue
            names = c.sets[i] if len(c.sets) > 1 else c.sets[0]
            has = []
            for name in names:
                works = (c.view, name) not in idle
                has.append(name in attributes[c.view] and (works or not c.must_work))
            met = met and (all(has) if c.mode is Mode.ALL else any(has))
        if met:
            return True
    return False


@given(found=groups(), attributes=queries())
def test_hold_agrees_with_enumeration(found: Constraints, attributes: Attributes) -> None:
    assert found.hold(attributes) == holds(found, attributes)


@given(found=groups(), attributes=queries(), idle=st.sets(st.tuples(views, few_names)))
def test_attributes_that_must_work_count_only_where_they_do(
    found: Constraints, attributes: Attributes, idle: set[tuple[str, str]]
) -> None:
    asked: list[tuple[str, str]] = []

    def works(view: str, name: str) -> bool:
        asked.append((view, name))
        return (view, name) not in idle

    assert found.hold(attributes, works) == holds(found, attributes, idle)
    # The answer may be costly and exists only for what occurs.
    assert all(name in attributes[view] for view, name in asked)
    if not any(constraint.must_work for constraint in found.each):
        assert asked == []


@given(found=groups(), attributes=queries())
def test_views_that_are_not_covered_are_free(
    found: Constraints, attributes: Attributes
) -> None:
    covered = Constraints(tuple(c for c in found.each if c.view in attributes))
    assert found.hold(attributes) == covered.hold(attributes)
    assert found.penalty(attributes) == covered.penalty(attributes)


@given(found=groups(), attributes=queries())
def test_the_penalty_is_what_the_preferences_lack(
    found: Constraints, attributes: Attributes
) -> None:
    want = 0.0
    for constraint in found.each:
        if constraint.mode is Mode.PREFER and constraint.view in attributes:
            used = attributes[constraint.view]
            shares = [
                len([name for name in names if name in used]) / len(names)
                for names in constraint.sets
            ]
            want += constraint.importance * (1 - max(shares))
    assert found.penalty(attributes) == pytest.approx(want)


@given(found=groups())
def test_names_by_what_is_asked_of_them(found: Constraints) -> None:
    for view in "xyz":
        own = [constraint for constraint in found.each if constraint.view == view]
        names = {
            mode: {name for c in own if c.mode is mode for s in c.sets for name in s}
            for mode in Mode
        }
        assert found.forbidden(view) == names[Mode.NONE]
        assert found.demanded(view) == names[Mode.ALL] | names[Mode.ANY]
        wanted = {name for names in found.wanted(view) for name in names}
        assert wanted == found.demanded(view) | names[Mode.PREFER]


def test_the_ith_sets_of_all_views_belong_together() -> None:
    found = Constraints.parse(["all x: a; b | c", "any y: d; e | f"])
    assert found.hold({"x": {"a", "b"}, "y": {"e"}})
    assert found.hold({"x": {"c"}, "y": {"f", "g"}})
    assert not found.hold({"x": {"a", "b"}, "y": {"f"}})
    assert found.hold({"x": {"a", "b"}, "z": {"g"}})


def test_nothing_is_asked_without_constraints() -> None:
    assert Constraints().hold({"x": {"a"}})
    assert Constraints().penalty({"x": {"a"}}) == 0
    assert Constraints().wanted("x") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("all fc3: a", "There is no view 'fc3'. Did you mean 'fc2'?"),
        ("none fc2: areas", "View 'fc2' has no attribute 'areas'. Did you mean 'area'?"),
        ("prefer=1 fc2: area | radios", "no attribute 'radios'. Did you mean 'radius'?"),
    ],
)
def test_unknown_names_are_errors_that_name_the_nearest(text: str, message: str) -> None:
    view = View.of("fc2", np.eye(4, 2), names=["area", "radius"])
    data = Dataset.of([view, View.of("y", np.eye(4))], SplitParams(hold_out=0))
    Constraints.parse(["any fc2: area; radius", "none y: x0"]).check(data)
    with pytest.raises(UnknownNameError, match=message.replace("?", r"\?")):
        Constraints.parse(["any y: x1", text]).check(data)
