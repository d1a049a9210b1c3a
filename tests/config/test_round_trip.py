"""Any configuration, written as TOML and read, is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from redescribe.config.model import StudyConfig
from redescribe.config.parameters import Kind, Parameter, parameters
from redescribe.config.sources import resolve
from redescribe.config.tables import build, nested, table_of
from redescribe.config.toml import toml_text
from redescribe.core.sample import SAMPLE_PATTERN
from redescribe.selection.params import Strategy
from redescribe.selection.weights import Weights

if TYPE_CHECKING:
    import pytest
    from annotated_types import Interval

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)

GRAMMARS = {
    "constraints": ["all x: a; b", 'any+works "y z": "c;d"', "prefer=0.5 x: e"],
    "view_language": ["x: negation=no", "y: conjunction=no max_literals=3"],
}
"""Texts that a parameter reads, where not every text will do."""


def values(parameter: Parameter) -> st.SearchStrategy[Any]:
    """All values of a parameter."""
    strategies: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.FLAG: st.booleans(),
        Kind.OPTION: st.sampled_from(parameter.options or [""]),
        Kind.SUPPORT: st.integers(1, 10**6) | st.floats(0, 1, exclude_min=True),
        Kind.SAMPLE: st.from_regex(SAMPLE_PATTERN, fullmatch=True),
        Kind.TEXTS: st.lists(TEXTS, max_size=3),
        Kind.PATHS: st.lists(TEXTS, max_size=3),
    }
    if parameter.name in GRAMMARS:
        return st.lists(st.sampled_from(GRAMMARS[parameter.name]), unique=True)
    if parameter.kind in strategies:
        return strategies[parameter.kind]
    return TEXTS if parameter.bounds is None else numbers(parameter.kind, parameter.bounds)


def numbers(kind: Kind, bounds: Interval) -> st.SearchStrategy[Any]:
    """All numbers within the bounds."""
    # Any: the limits of an interval have no type that knows arithmetic.
    low: Any = bounds.gt if bounds.ge is None else bounds.ge
    high: Any = bounds.lt if bounds.le is None else bounds.le
    if kind is Kind.INTEGER:
        return st.integers(low, 2**62 if high is None else high)
    return st.floats(
        low, high, exclude_min=bounds.gt is not None, exclude_max=bounds.lt is not None
    )


@st.composite
def weights(draw: st.DrawFn) -> dict[tuple[str, ...], Any]:
    """A single row of weights, or several: one of the two, and none where all is kept."""
    select = draw(st.sampled_from([strategy.value for strategy in Strategy]))
    chosen: dict[tuple[str, ...], Any] = {("select", "select"): select}
    if select == Strategy.ALL or draw(st.booleans()):
        return chosen | {("select", "weight_size"): 1.0}
    weight = st.floats(0.001, 1)
    others = dict.fromkeys(Weights._fields[1:], weight)
    row = st.fixed_dictionaries({Weights._fields[0]: weight}, optional=others)
    texts = row.map(lambda terms: ", ".join(f"{name} = {w!r}" for name, w in terms.items()))
    return chosen | {("select", "preferences"): draw(st.lists(texts, max_size=3))}


@st.composite
def configs(draw: st.DrawFn) -> StudyConfig:
    """Any settings, and views of any name."""
    chosen = draw(weights())
    search = draw(st.sampled_from(["trees", "beam", "exact"]))
    chosen["mine", "search"] = search
    for parameter in parameters():
        is_fixed = (
            parameter.section[0] == "views"
            or parameter.name.startswith("weight_")
            or parameter.name in {"select", "preferences", "search"}
            # Trees have one objective.
            or (parameter.name == "objective" and search == "trees")
        )
        if not is_fixed and draw(st.booleans()):
            chosen[parameter.place] = draw(values(parameter))
    for name in draw(st.lists(TEXTS, max_size=2, unique=True)):
        chosen["views", name, "table"] = draw(
            TEXTS.filter(lambda text: text not in {"", "."})
        )
        chosen["views", name, "columns"] = draw(st.lists(TEXTS, max_size=2))
    config: StudyConfig = build(StudyConfig, nested(chosen))
    return config


@given(config=configs())
def test_a_configuration_reads_back(
    tmp_path_factory: pytest.TempPathFactory, config: StudyConfig
) -> None:
    path = tmp_path_factory.mktemp("config") / "study.toml"
    path.write_text(toml_text(table_of(config), {}), encoding="utf-8", newline="")
    read = resolve(path, environment={}).config
    assert {name: getattr(read, name) for name in ("study", "split", "mine")} == {
        name: getattr(config, name) for name in ("study", "split", "mine")
    }
    assert (read.select, read.assess) == (config.select, config.assess)
    for name, source in config.views.items():
        assert read.views[name].table == str(path.parent / source.table)
        assert read.views[name].columns == source.columns
    assert list(read.views) == list(config.views)
