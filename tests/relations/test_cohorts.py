"""Cohorts: where they come from, set operations under missing values, and files."""

from __future__ import annotations

import json
from operator import and_, or_, sub
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.relations.examples import dataset

from redescribe.core.entities import EntityIndex
from redescribe.core.support import Support
from redescribe.errors import EntityMismatchError, StoreError, UnknownNameError
from redescribe.relations.cohorts import Cohort

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Truth = bool | None
PEOPLE = EntityIndex.numbered(70)
truths = st.lists(st.sampled_from([True, False, None]), min_size=70, max_size=70)


def cohort(values: list[Truth], name: str = "c") -> Cohort:
    members = Support.from_mask(
        np.array([v is True for v in values]), unknown=np.array([v is None for v in values])
    )
    return Cohort(name, PEOPLE, members, frozenset({("x", name)}))


def value(found: Cohort) -> list[Truth]:
    pairs = zip(found.members.mask, found.members.unknown_mask, strict=True)
    return [None if unknown else bool(member) for member, unknown in pairs]


def kleene_and(a: Truth, b: Truth) -> Truth:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def kleene_not(a: Truth) -> Truth:
    return None if a is None else not a


@given(a=truths, b=truths)
def test_set_operations_follow_kleene(a: list[Truth], b: list[Truth]) -> None:
    left, right = cohort(a, "a"), cohort(b, "b")
    pairs = list(zip(a, b, strict=True))
    assert value(left & right) == [kleene_and(x, y) for x, y in pairs]
    assert value(left - right) == [kleene_and(x, kleene_not(y)) for x, y in pairs]
    want = [kleene_not(kleene_and(kleene_not(x), kleene_not(y))) for x, y in pairs]
    assert value(left | right) == want
    assert value(~left) == list(map(kleene_not, a))
    assert len(left) == len(left.ids) == a.count(True)
    assert ~~left == left.named("~~a")
    assert (left & right).defined_by == {("x", "a"), ("x", "b")}


@pytest.mark.parametrize(
    ("operation", "name"),
    [(and_, "(a & b) & c"), (or_, "(a & b) | c"), (sub, "(a & b) - c")],
)
def test_names_say_how_a_cohort_was_made(
    operation: Callable[[Cohort, Cohort], Cohort], name: str
) -> None:
    a, b, c = (cohort([True] * 70, letter) for letter in "abc")
    joined = operation(a & b, c)
    assert joined.name == name
    assert (~joined).name == f"~({name})"
    assert joined.named("mine").name == "mine"
    assert joined.named("mine").members == joined.members


def test_of_a_query_with_its_columns() -> None:
    data = dataset()
    found = Cohort.of_query("c > 0", data.view("y"))
    values = data.view("y").column("c")
    np.testing.assert_array_equal(found.members.mask, values > 0)
    np.testing.assert_array_equal(found.members.unknown_mask, np.isnan(values))
    assert (found.name, set(found.defined_by)) == ("c > 0", {("y", "c")})
    with pytest.raises(UnknownNameError, match="has no attribute 'd'"):
        Cohort.of_query("d > 0", data.view("y"))


def test_of_ids() -> None:
    found = Cohort.of_ids(["3", "1", "3"], PEOPLE, name="two")
    assert found.ids == ("1", "3")
    with pytest.raises(EntityMismatchError, match=r"2 ids that are not among the 70.*'x'"):
        Cohort.of_ids(["1", "x", "y"], PEOPLE, name="two")


def test_among_a_part_in_another_order() -> None:
    whole = cohort([True, None, False] * 23 + [True])
    part = PEOPLE.take(np.array([5, 0, 1]))
    found = whole.among(part)
    assert value(found) == [False, True, None]
    assert (found.entities, found.defined_by) == (part, whole.defined_by)
    with pytest.raises(EntityMismatchError, match="1 of 2 entities are not among the 70"):
        whole.among(EntityIndex(("0", "new")))


def test_cohorts_of_other_entities_are_not_joined() -> None:
    other = Cohort.of_ids(["1"], EntityIndex.numbered(3), name="other")
    with pytest.raises(EntityMismatchError, match=r"\(70 and 3\).*cohort.among"):
        cohort([True] * 70) & other
    with pytest.raises(EntityMismatchError, match="marks 3 entities, but its index has 70"):
        Cohort("wrong", PEOPLE, other.members)


@given(values=truths)
def test_files_give_the_same_cohort(
    values: list[Truth], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("cohort") / "one.json"
    saved = cohort(values, 'é "quoted" & more')
    saved.save(path)
    assert Cohort.load(path, PEOPLE) == saved


def test_a_file_is_plain_and_names_its_entities(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    cohort([True, None] + [False] * 68).save(path)
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["encoding-type"] == "cohort"
    assert (record["ids"], record["undecided_ids"]) == (["0"], ["1"])
    assert record["defined_by"] == [["x", "c"]]
    with pytest.raises(EntityMismatchError, match=r"over other entities \(70; given: 69\)"):
        Cohort.load(path, EntityIndex.numbered(69))
    path.write_text(path.read_text(encoding="utf-8").replace('"ids"', '"idz"'))
    with pytest.raises(StoreError, match="is broken"):
        Cohort.load(path, PEOPLE)
    with pytest.raises(StoreError, match="does not exist"):
        Cohort.load(tmp_path / "none.json", PEOPLE)
