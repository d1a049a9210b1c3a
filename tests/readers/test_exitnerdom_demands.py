"""What settings of the reference demand: languages of sides and important attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from redescribe.core.constraint import Constraint, Constraints, Mode
from redescribe.core.dataset import Dataset
from redescribe.core.missing import MissingPolicy
from redescribe.errors import ParameterError, ReadError, UnknownNameError
from redescribe.mining.miner import mine
from redescribe.readers.exitnerdom_settings import NoteKind, read_settings
from redescribe.study.exitnerdom import ImportedParams, imported_views

if TYPE_CHECKING:
    from pathlib import Path

    from redescribe.mining.params import MineParams
    from redescribe.readers.exitnerdom_settings import ImportedSettings

INPUTS = "Input1 = left.csv\nInput2 = mid:1.csv\nInput3 = right.csv\n"


def settings_of(folder: Path, text: str) -> ImportedSettings:
    path = folder / "Settings.set"
    path.write_text(INPUTS + text, encoding="utf-8")
    return read_settings(path)


def params_of(folder: Path, text: str) -> MineParams:
    return ImportedParams.of(settings_of(folder, text)).mine


@pytest.mark.parametrize("option", ["negation", "disjunction"])
@pytest.mark.parametrize("left", [None, True, False])
@pytest.mark.parametrize("right", [None, True, False])
def test_left_is_the_first_view_and_right_all_others(
    tmp_path: Path, option: str, *, left: bool | None, right: bool | None
) -> None:
    ending = {"negation": "Neg", "disjunction": "Disj"}[option]
    lines = [
        f"allow{side}{ending} = {str(value).lower()}"
        for side, value in (("Left", left), ("Right", right))
        if value is not None
    ]
    language = params_of(tmp_path, "\n".join(lines)).search.language
    # What the file does not name keeps our default, which allows everything.
    found = [getattr(language.of(view), option) for view in ("left", "mid:1", "right")]
    assert found == [left is not False, right is not False, right is not False]
    other = "disjunction" if option == "negation" else "negation"
    assert getattr(language.of("left"), other)


def test_both_switches_of_the_first_view(tmp_path: Path) -> None:
    text = "allowLeftNeg = no\nallowLeftDisj = no\nallowRightNeg = yes\n"
    settings = settings_of(tmp_path, text)
    assert settings.parameters["QueryLanguage"] == {
        "negation": True,
        "view_language": ("left: negation=no disjunction=no",),
    }
    assert (settings.notes, settings.pending) == ((), {})


@pytest.mark.parametrize(
    ("importance", "mode", "weight"),
    [("hard", Mode.ALL, 1.0), ("soft", Mode.ANY, 1.0), ("suggested", Mode.PREFER, 0.2)],
)
def test_important_attributes_are_constraints(
    tmp_path: Path, importance: str, mode: Mode, weight: float
) -> None:
    text = (
        "importantAttributesW2 = worst radius;b,{c|d;e}\n"
        f"attributeImportanceW2 = {importance}\n"
    )
    params = params_of(tmp_path, text)
    sets = (("worst radius", "b"), ("c|d", "e"))
    want = Constraint("mid:1", sets, mode, weight)
    assert Constraints.parse(params.constraints).each == (want,)


def test_several_views_and_the_order_of_the_lines(tmp_path: Path) -> None:
    text = (
        "attributeImportanceW3 = soft\nimportantAttributesW3 = c,d\n"
        "importantAttributesW1 = a,b\nattributeImportanceW1 = hard\n"
    )
    found = Constraints.parse(params_of(tmp_path, text).constraints)
    assert found.hold({"left": {"a"}, "right": {"c"}})
    assert not found.hold({"left": {"a"}, "right": {"d"}})


@pytest.mark.parametrize(
    "text",
    [
        "importantAttributesW1 = a\nattributeImportanceW1 = none",
        "importantAttributesW1 = a",
        "attributeImportanceW1 = hard",
    ],
)
def test_no_importance_is_no_constraint(tmp_path: Path, text: str) -> None:
    settings = settings_of(tmp_path, text)
    assert (dict(settings.parameters), settings.pending) == ({}, {})


def test_a_suggestion_is_noted_for_its_weight(tmp_path: Path) -> None:
    text = "importantAttributesW1 = a\nattributeImportanceW1 = suggested"
    (note,) = settings_of(tmp_path, text).notes
    assert note.kind is NoteKind.CHANGED
    assert "a suggestion costs 0.2 of the Jaccard" in note.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("attributeImportanceW1 = much", "attributeImportanceW1 cannot be 'much'"),
        ("missingValsJSType = 4", "missingValsJSType cannot be '4'"),
        ("numNewAttr = x", "numNewAttr cannot be 'x'"),
    ],
)
def test_wrong_values(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        settings_of(tmp_path, text)


def test_numbers_of_alternatives_that_do_not_fit(tmp_path: Path) -> None:
    text = "".join(
        f"importantAttributesW{view} = {sets}\nattributeImportanceW{view} = soft\n"
        for view, sets in ((1, "a,b"), (2, "a,b,c"))
    )
    with pytest.raises(ParameterError, match="need equally many"):
        params_of(tmp_path, text)


def test_a_search_with_imported_demands(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=100)
    for name in ("left", "mid:1", "right"):
        columns = {x: hidden + rng.normal(size=100) for x in "abc"}
        pd.DataFrame(columns).to_csv(tmp_path / f"{name}.csv", index=False)
    text = (
        "allowLeftNeg = no\nallowRightDisj = no\nallowLeftDisj = yes\n"
        "importantAttributesW2 = b\nattributeImportanceW2 = hard\n"
        "jsType = pess\nminJS = 0.3\nMinSupport = 8\nnumIterations = 1\n"
    )
    settings = settings_of(tmp_path, text)
    params = ImportedParams.of(settings)
    found = mine(Dataset.of(imported_views(settings), params.split), params.mine)
    assert len(found)
    for r in found:
        assert r.missing is MissingPolicy.PESSIMISTIC
        by_view = {query.view: query for query in r.queries}
        if "left" in by_view:
            assert not any(term.negated for term in by_view["left"].terms)
        for view in {"mid:1", "right"} & set(by_view):
            assert len(by_view[view].terms) == 1
        assert "b" in by_view.get("mid:1", r.queries[0]).attributes or (
            "mid:1" not in by_view
        )


def test_an_important_attribute_that_does_not_exist(tmp_path: Path) -> None:
    for name in ("left", "mid:1", "right"):
        pd.DataFrame({"radius": range(30)}).to_csv(tmp_path / f"{name}.csv", index=False)
    text = "importantAttributesW1 = radios\nattributeImportanceW1 = hard"
    settings = settings_of(tmp_path, text)
    params = ImportedParams.of(settings)
    data = Dataset.of(imported_views(settings), params.split)
    with pytest.raises(UnknownNameError, match="Did you mean 'radius'"):
        mine(data, params.mine)
