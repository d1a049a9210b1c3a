"""Views, datasets and how views come to describe the same entities."""

from __future__ import annotations

import numpy as np
import pytest

from redescribe.core.dataset import Dataset, align
from redescribe.core.entities import EntityIndex, Split, SplitParams
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import (
    EntityMismatchError,
    ParameterError,
    UnknownNameError,
    ViewError,
)


def named(name: str, *ids: str) -> View:
    """A view of one column that numbers its entities."""
    values = np.arange(len(ids), dtype=np.float64)[:, None]
    return View.of(name, values, names=["a"], entities=EntityIndex(ids))


A, B = named("a", "p", "q", "r", "s"), named("b", "p", "q", "r", "s")


@pytest.mark.parametrize(
    ("views", "error", "message"),
    [
        ([], ViewError, "at least two views. Got 0"),
        ([A], ViewError, "at least two views. Got 1"),
        ([A, A], ViewError, "distinct names. Got a, a"),
        (
            [A, named("b", "p", "q", "s", "r")],
            EntityMismatchError,
            "Views 'a' and 'b' describe different entities",
        ),
    ],
)
def test_datasets_that_cannot_be(
    views: list[View], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Dataset.of(views)


def test_a_split_covers_all_entities() -> None:
    split = Split(np.arange(2), np.arange(0))
    with pytest.raises(EntityMismatchError, match="The split covers 2 of 4 entities"):
        Dataset((A, B), split)


def test_parts_of_a_dataset() -> None:
    data = Dataset.of([A, B], SplitParams(hold_out=0.25))
    ids = (data.mining_part.entities.ids, data.hold_out_part.entities.ids)
    assert sorted(ids[0] + ids[1]) == ["p", "q", "r", "s"]
    assert (data.n_entities, data.names) == (4, ("a", "b"))
    whole = Dataset.of([A, B], SplitParams(hold_out=0))
    assert whole.mining_part is whole
    with pytest.raises(ParameterError, match="This dataset has no hold-out"):
        _ = whole.hold_out_part
    assert data.mining_part.mining_part is not data


def test_views_are_found_by_name() -> None:
    data = Dataset.of([A, B])
    assert data.view("b") is B
    with pytest.raises(UnknownNameError, match="There is no view 'c'"):
        data.view("c")


def test_stratified_splits_read_an_attribute() -> None:
    entities = EntityIndex.numbered(20)
    label = np.repeat([0.0, 1.0], 10)[:, None]
    views = [View.of(n, label, names=["y"], entities=entities) for n in ("a", "b")]
    split = Dataset.of(views, SplitParams(stratify="b:y")).split
    assert (split.held_out < 10).sum() == 3
    with pytest.raises(UnknownNameError, match="stratify='c:y' names a view that does not"):
        Dataset.of(views, SplitParams(stratify="c:y"))
    with pytest.raises(UnknownNameError, match="has no attribute 'z'"):
        Dataset.of(views, SplitParams(stratify="a:z"))


def test_align_brings_the_order_of_the_first_view() -> None:
    (first, second), unmatched = align([A, named("b", "s", "r", "q", "p")])
    assert first is A
    assert second.entities.ids == A.entities.ids
    assert second.column("a").tolist() == [3.0, 2.0, 1.0, 0.0]
    assert unmatched == []


def test_align_keeps_common_entities_only_where_asked() -> None:
    other = named("b", "t", "r", "p")
    with pytest.raises(
        EntityMismatchError, match="3 entities are not in every one"
    ) as info:
        align([A, other])
    assert "'q', 's', 't'" in str(info.value)
    (first, second), unmatched = align([A, other], inner=True)
    assert first.entities.ids == second.entities.ids == ("p", "r")
    assert unmatched == ["q", "s", "t"]


def test_align_without_any_common_entity() -> None:
    with pytest.raises(EntityMismatchError, match="no entity in common: 'a' has 'p'"):
        align([A, named("b", "x")], inner=True)


def test_many_unmatched_entities_are_abbreviated() -> None:
    many = named("b", "p", *map(str, range(9)))
    with pytest.raises(EntityMismatchError, match="…"):
        align([A, many])


def view_of(values: np.ndarray, *attributes: Attribute) -> View:
    return View("x", EntityIndex.numbered(values.shape[1]), attributes, values)


def test_views_that_cannot_be() -> None:
    with pytest.raises(ViewError, match=r"values of shape \(1, 3\) for 2 attributes and 3"):
        view_of(np.zeros((1, 3)), Attribute("a"), Attribute("b"))
    with pytest.raises(ViewError, match="View 'x' is empty: 1 attributes, 0 entities"):
        view_of(np.zeros((1, 0)), Attribute("a"))
    with pytest.raises(ViewError, match="View 'x' is empty: 0 attributes, 2 entities"):
        View.of("x", np.zeros((2, 0)))
    with pytest.raises(ViewError, match="has 2 columns called 'a'"):
        view_of(np.zeros((2, 3)), Attribute("a"), Attribute("a"))
    with pytest.raises(ViewError, match="'a' of view 'x' has 2 infinite values"):
        view_of(np.array([[np.inf, 1.0, -np.inf]]), Attribute("a"))
    with pytest.raises(ViewError, match=r"needs an array of 2 dimensions. Got 1"):
        View.of("x", np.zeros(3))


def test_columns_by_name() -> None:
    view = View.of("x", [[1, 2], [3, 4]], names=["a", "b"])
    assert view.values.dtype == np.float64
    assert view.position("b") == 1
    assert view.column("b").tolist() == [2.0, 4.0]
    with pytest.raises(
        UnknownNameError, match=r"View 'x' has no attribute 'bb'. Did you mean"
    ):
        view.column("bb")
    assert View.of("x", np.zeros((2, 2))).names == ("x0", "x1")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_taken_entities_keep_their_values(dtype: type) -> None:
    values: np.ndarray = np.arange(12, dtype=dtype).reshape(4, 3)
    taken = View.of("x", values).take(np.array([2, 0]))
    assert taken.values.dtype == dtype
    assert taken.values.flags.c_contiguous
    assert taken.values.T.tolist() == values[[2, 0]].tolist()
    assert taken.entities.ids == ("2", "0")


def test_missing_values_and_kinds() -> None:
    assert View.of("x", [[np.nan], [1.0]]).has_missing
    assert not View.of("x", [[0.0], [1.0]]).has_missing
    boolean = Attribute("b", AttributeKind.BOOLEAN, ("false", "true"))
    assert not boolean.is_numeric
    neuron = view_of(np.zeros((1, 2)), Attribute("fc:0", neuron=True))
    assert neuron.target_name("fc:0") == "fc:0"
    assert A.target_name("a") == "a:a"
