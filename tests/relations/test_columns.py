"""Which columns are compared, and flags of errors."""

from __future__ import annotations

import numpy as np
import pytest
from tests.relations.examples import dataset

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import ParameterError, RedescribeError, UnknownNameError, ViewError
from redescribe.relations.columns import ColumnChoice, choose_columns, error_flags


def names(views: tuple[View, ...]) -> list[str]:
    return [f"{view.name}:{name}" for view in views for name in view.names]


EVERYTHING = ["x:a", "x:b", "y:c", "labels:stage", "labels:ill", "labels:guessed"]


@pytest.mark.parametrize(
    ("choice", "want"),
    [
        (ColumnChoice(), EVERYTHING),
        (ColumnChoice(views=["y"]), ["y:c"]),
        (ColumnChoice(columns=["labels:*l*"]), ["labels:ill"]),
        (ColumnChoice(columns=["labels:[gs]*"]), ["labels:stage", "labels:guessed"]),
        (ColumnChoice(views=["y"], columns=["x:b"]), ["x:b", "y:c"]),
        (ColumnChoice(classes_only=True), EVERYTHING[3:]),
        (ColumnChoice(classes_only=True, columns=["x:a"]), ["x:a"]),
        (
            ColumnChoice(views=["y"], errors=["labels:guessed=labels:ill"]),
            ["y:c", "errors:labels:guessed != ill"],
        ),
    ],
)
def test_choices(choice: ColumnChoice, want: list[str]) -> None:
    chosen, _ = choice.among(dataset())
    assert names(chosen) == want
    for view in chosen:
        if view.name != "errors":
            whole = dataset().view(view.name)
            for name in view.names:
                np.testing.assert_array_equal(view.column(name), whole.column(name))
                position = view.position(name)
                assert view.attributes[position] == whole.attributes[whole.position(name)]


@pytest.mark.parametrize(
    ("choice", "error", "message"),
    [
        (ColumnChoice(views=["z"]), UnknownNameError, "no view 'z'. Known: 'x'"),
        (ColumnChoice(columns=["label:ill"]), UnknownNameError, "Did you mean 'labels'"),
        (ColumnChoice(columns=["x:q*"]), UnknownNameError, r"no attribute 'q\*'"),
        (ColumnChoice(columns=["x"]), ParameterError, "not of the form VIEW:COLUMN"),
        (ColumnChoice(errors=["x:a"]), ParameterError, "form PREDICTED=TRUE"),
        (ColumnChoice(errors=["x:a=labels"]), ParameterError, "VIEW:COLUMN"),
        (ColumnChoice(errors=["x:a=x:bb"]), UnknownNameError, "Did you mean 'b'"),
        (ColumnChoice(errors=["x:a=labels:ill"]), ViewError, "numeric and boolean"),
        (ColumnChoice(errors=["labels:stage=labels:ill"]), ViewError, "no class in common"),
    ],
)
def test_bad_choices(
    choice: ColumnChoice, error: type[RedescribeError], message: str
) -> None:
    with pytest.raises(error, match=message):
        choice.among(dataset())


def test_a_name_comes_before_a_glob() -> None:
    view = View.of("x", [[1.0, 2.0]], names=["a[1]", "a1"])
    assert names(choose_columns([view], columns=["x:a[1]"])) == ["x:a[1]"]


def test_errors_of_classes_in_another_order() -> None:
    data = dataset()
    labels = data.view("labels")
    flags, made_of = error_flags(data, ["labels:guessed=labels:ill"])
    # `guessed` has the categories true, false; `ill` has false, true.
    want = 1 - labels.column("guessed") != labels.column("ill")
    np.testing.assert_array_equal(flags.values[0], want)
    assert 0 < want.sum() < want.size
    assert flags.attributes[0].kind is AttributeKind.BOOLEAN
    columns = frozenset({("labels", "guessed"), ("labels", "ill")})
    assert made_of == {"labels:guessed != ill": columns}


def test_missing_and_foreign_classes() -> None:
    entities = EntityIndex.numbered(4)
    left = Attribute("p", AttributeKind.NOMINAL, ("a", "b"))
    right = Attribute("t=", AttributeKind.NOMINAL, ("z", "b"))
    codes = np.array([[0, 1, 1, np.nan]]), np.array([[0, 1, np.nan, 1]])
    views = (
        View("v:w", entities, (left,), codes[0]),
        View("u=", entities, (right,), codes[1]),
    )
    flags, _ = error_flags(Dataset.of(views, SplitParams(hold_out=0)), ["v:w:p=u=:t="])
    assert flags.names == ("v:w:p != u=:t=",)
    np.testing.assert_array_equal(flags.values[0], [1, 0, np.nan, np.nan])


def test_errors_of_numbers() -> None:
    views = [View.of("x", [[1.0], [0.0], [np.nan]]), View.of("y", [[1.0], [1.0], [1.0]])]
    flags, _ = error_flags(Dataset.of(views, SplitParams(hold_out=0)), ["x:x0=y:x0"])
    np.testing.assert_array_equal(flags.values, [[0, 1, np.nan]])


def test_a_view_called_errors_is_not_hidden() -> None:
    views = [View.of("errors", [[1.0]]), View.of("y", [[1.0]])]
    with pytest.raises(ParameterError, match="There is a view 'errors' already"):
        error_flags(Dataset.of(views, SplitParams(hold_out=0)), ["y:x0=y:x0"])
