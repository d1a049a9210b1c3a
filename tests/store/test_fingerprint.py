"""Hashes follow the content, not its form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pytest
from tests.store.examples import dataset

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.store.fingerprint import (
    array_fingerprint,
    dataset_fingerprint,
    params_fingerprint,
    plain,
    stage_key,
    view_fingerprint,
)


class _Search(StrEnum):
    TREES = "trees"


@dataclass(frozen=True)
class _Inner:
    depth: int = 2


@dataclass(frozen=True)
class _Params:
    search: _Search = _Search.TREES
    inner: _Inner = _Inner()
    names: tuple[str, ...] = ("a",)


def test_parameters_become_json() -> None:
    assert plain(_Params()) == {"search": "trees", "inner": {"depth": 2}, "names": ["a"]}
    assert plain({"a": np.float64(0.5)}) == {"a": 0.5}
    with pytest.raises(TypeError, match="cannot be written as JSON"):
        plain({1, 2})


def test_parameters_differ_by_value_and_class() -> None:
    base = params_fingerprint(_Params())
    assert base == params_fingerprint(_Params())
    assert base != params_fingerprint(_Params(inner=_Inner(3)))
    assert params_fingerprint(_Inner(0)) != params_fingerprint(SplitParams())


def test_known_values_are_stable_across_versions() -> None:
    known = {
        stage_key("a", "b"): "0473ef2dc0d324ab",
        array_fingerprint(np.array([1.0, np.nan])): "05eaad92189d20b0",
        params_fingerprint(SplitParams()): "9a4440db3f5487e8",
    }
    assert {found[:16]: want for found, want in known.items()} == {
        want: want for want in known.values()
    }


def test_arrays_compare_by_dtype_shape_and_values() -> None:
    array = np.array([[1.0, np.nan], [0.0, 3.0]])
    other_nan = array.copy()
    other_nan.view(np.uint64)[0, 1] += 1
    assert np.isnan(other_nan[0, 1])
    same = [array.copy(), np.asfortranarray(array), array.astype(">f8"), other_nan]
    assert {array_fingerprint(a) for a in same} == {array_fingerprint(array)}
    different = [array.astype(np.float32), array.reshape(1, 4), array + 1, array[0]]
    assert len({array_fingerprint(a) for a in [*different, array]}) == 5


def test_a_view_differs_by_everything_it_holds() -> None:
    view = dataset().views[1]
    first, second = view.attributes
    views = [
        view,
        replace(view, name="other"),
        replace(view, attributes=(replace(first, name="other"), second)),
        replace(view, attributes=(replace(first, categories=("a", "b")), second)),
        replace(view, attributes=(first, replace(second, neuron=True))),
        view.take(np.arange(64)),
        replace(view, values=1 - view.values),
    ]
    assert len({view_fingerprint(v) for v in views}) == len(views)
    assert view_fingerprint(replace(view, values=view.values.copy())) == view_fingerprint(
        view
    )


def test_a_dataset_differs_by_its_split() -> None:
    data = dataset(groups=False)
    again = Dataset.of(data.views, data.split.params)
    other = Dataset.of(data.views, replace(data.split.params, seed=4))
    assert dataset_fingerprint(data) == dataset_fingerprint(again)
    assert dataset_fingerprint(data) != dataset_fingerprint(other)
