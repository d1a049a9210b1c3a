"""Which targets are mined, against which views, in which chunks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.mining import examples

from redescribe.core.dataset import Dataset
from redescribe.core.view import View
from redescribe.errors import ParameterError, UnknownNameError, ViewError
from redescribe.mining.params import MineParams
from redescribe.mining.tasks import SearchInput, choose_targets, plan_chunks
from redescribe.search.params import SearchParams, Thresholds

DATA = examples.dataset(examples.mixed_views())


def chosen(*targets: str, partners: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    params = MineParams(targets=targets, partners=partners)
    return [(t.view, t.attribute) for t in choose_targets(DATA, params)]


def test_all_attributes_of_all_views_by_default() -> None:
    every = [(v.name, a) for v in DATA.views for a in v.names]
    assert chosen() == every
    partners = {t.view: t.partners for t in choose_targets(DATA, MineParams())}
    assert partners == {"x": ("y", "z"), "y": ("x", "z"), "z": ("x", "y")}


def test_targets_stand_in_the_order_of_the_views_each_once() -> None:
    wanted = [("x", "a"), ("x", "b"), ("y", "d")]
    assert chosen("y:d", "x", "x:a") == wanted
    assert chosen("d", "b", "a") == wanted


def test_a_neuron_id_is_a_target() -> None:
    view = View.of("fc2", np.eye(4), names=["fc2:0", "fc2:1", "fc2:2", "fc2:3"])
    neurons = tuple(replace(a, neuron=True) for a in view.attributes)
    other = View.of("y", np.eye(4))
    data = examples.dataset([replace(view, attributes=neurons), other])
    found = choose_targets(data, MineParams(targets=("fc2:1",)))
    assert [(t.view, t.attribute) for t in found] == [("fc2", "fc2:1")]
    assert data.view("fc2").target_name("fc2:1") == "fc2:1"
    assert data.view("y").target_name("x1") == "y:x1"


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("x:*", ["x:a", "x:b"]),
        ("*:[ad]", ["x:a", "y:d"]),
        ("y:co?our", ["y:colour"]),
        ("[xz]", ["x:a", "x:b", "z:e", "z:flag"]),
        ("c*", ["y:c", "y:colour"]),
        ("*", ["x:a", "x:b", "y:c", "y:d", "y:colour", "z:e", "z:flag"]),
    ],
)
def test_globs_match_views_and_attributes(glob: str, expected: list[str]) -> None:
    assert [f"{view}:{attribute}" for view, attribute in chosen(glob)] == expected


def test_globs_match_neuron_ids_with_and_without_their_view() -> None:
    names = ["fc2:7", "fc2:17", "fc2:18", "fc3:7"]
    view = View.of("net", np.eye(4), names=names)
    neurons = tuple(replace(a, neuron=True) for a in view.attributes)
    data = examples.dataset([replace(view, attributes=neurons), View.of("fc2", np.eye(4))])

    def found(*targets: str) -> list[str]:
        targets_found = choose_targets(data, MineParams(targets=targets))
        return [data.view(t.view).target_name(t.attribute) for t in targets_found]

    assert found("net:fc2*") == found("net:fc2:*") == names[:3]
    assert found("*:7") == ["fc2:7", "fc3:7"]
    assert found("fc?:1[78]") == ["fc2:17", "fc2:18"]
    # The view fc2 comes before the layer of this name, if something in it matches.
    assert found("fc2:x*") == ["fc2:x0", "fc2:x1", "fc2:x2", "fc2:x3"]
    assert found("fc2:1*") == ["fc2:17", "fc2:18"]


def test_a_name_is_never_a_glob() -> None:
    views = [
        View.of("a*", np.eye(3), names=["u[1]", "u1", "*"]),
        View.of("ab", np.eye(3), names=["u[1]", "v*", "vw"]),
    ]
    data = examples.dataset(views)

    def found(text: str) -> list[str]:
        targets = choose_targets(data, MineParams(targets=(text,)))
        return [f"{t.view}/{t.attribute}" for t in targets]

    assert found("a*") == ["a*/u[1]", "a*/u1", "a*/*"]
    assert found("a*:u[1]") == ["a*/u[1]"]
    assert found("u[1]") == ["a*/u[1]", "ab/u[1]"]
    assert found("a*:u?*") == ["a*/u[1]", "a*/u1"]
    assert found("*") == ["a*/*"]
    assert found("v*") == ["ab/v*"]
    assert found("v?") == ["ab/v*", "ab/vw"]


def test_named_partners_are_the_only_ones() -> None:
    found = choose_targets(DATA, MineParams(targets=("x", "y"), partners=("z", "x")))
    assert {t.view: t.partners for t in found} == {"x": ("z",), "y": ("z", "x")}


@pytest.mark.parametrize(
    ("targets", "partners", "message"),
    [
        (("q",), (), "There is no view or attribute 'q'"),
        (("x:q",), (), "View 'x' has no attribute 'q'"),
        (("q:a",), (), "There is no view or attribute 'q:a'"),
        (("x", "q*"), (), "No view or attribute matches 'q\\*'. Known: 'x', 'y', 'z'"),
        (("y:coler*",), (), "matches 'y:coler\\*'. Did you mean 'y:colour'"),
        (("*:colur",), (), "matches '\\*:colur'. Did you mean 'y:colour'"),
        ((), ("q",), "There is no view 'q'"),
    ],
)
def test_unknown_names(
    targets: tuple[str, ...], partners: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UnknownNameError, match=message):
        chosen(*targets, partners=partners)


def test_a_view_cannot_be_its_own_only_partner() -> None:
    with pytest.raises(ParameterError, match="View 'x' is the only partner and a target"):
        chosen("x", partners=("x",))


def test_support_bounds_that_exclude_everything() -> None:
    search = SearchParams(thresholds=Thresholds(min_support=100, max_support=0.5))
    with pytest.raises(
        ParameterError, match="min_support is 100 and max_support 60 of 120"
    ):
        plan_chunks(DATA, MineParams(search=search))


def test_a_view_without_any_usable_attribute() -> None:
    dead = View.of("dead", np.column_stack([np.ones(120), np.full(120, np.nan)]))
    data = examples.dataset([*DATA.views, dead])
    with pytest.raises(ViewError, match="View 'dead' cannot be mined: each of its 2"):
        plan_chunks(data, MineParams())


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_chunks_hold_all_targets_in_order(size: int) -> None:
    chunks = plan_chunks(DATA, MineParams(chunk_size=size))
    assert [chunk.number for chunk in chunks] == list(range(-(-7 // size)))
    assert all(0 < len(chunk.targets) <= size for chunk in chunks)
    targets = [target for chunk in chunks for target in chunk.targets]
    assert targets == choose_targets(DATA, MineParams())


def test_the_input_of_a_search_is_the_mining_part() -> None:
    data = Dataset.of(examples.mixed_views())
    shared = SearchInput.of(data, MineParams())
    assert shared.part.n_entities == data.split.mined.size < 120
    assert shared.support_bounds == (10, int(0.8 * shared.part.n_entities))
    assert {v.n_entities for v in shared.binned.values()} == {shared.part.n_entities}
    assert shared.log_factorials.size == shared.part.n_entities + 1


def test_mine_params_are_plain_values() -> None:
    params = MineParams(targets=["x"], partners=["y"], discretizer="kmeans")  # type: ignore[arg-type]
    assert (params.targets, params.partners) == (("x",), ("y",))
    with pytest.raises(UnknownNameError, match="There is no discretizer 'kmean'"):
        MineParams(discretizer="kmean")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="'chunk_size' parameter of MineParams"):
        MineParams(chunk_size=0)
