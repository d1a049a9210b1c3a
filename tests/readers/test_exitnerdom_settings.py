"""Settings and preference files of the reference implementation."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redescribe.core.entities import SplitParams
from redescribe.errors import ReadError
from redescribe.mining.params import MineParams
from redescribe.readers import exitnerdom_keys as keys
from redescribe.readers.exitnerdom_preferences import WEIGHTS, read_preferences
from redescribe.readers.exitnerdom_settings import (
    ImportedSettings,
    NoteKind,
    read_settings,
)
from redescribe.search.language import QueryLanguage
from redescribe.search.params import Alternation, SearchParams, Thresholds
from redescribe.selection.params import SelectParams
from redescribe.selection.weights import Weights
from redescribe.significance.params import AssessParams
from redescribe.study.exitnerdom import ImportedParams
from redescribe.trees.params import TreeParams

CLASSES = (
    *(SplitParams, MineParams, SearchParams, TreeParams, QueryLanguage, Thresholds),
    *(Alternation, SelectParams, AssessParams),
)
TOY = """
JavaPath = ...\\java.exe
OutputFolder = ...\\InterpretableRM
Input1 = ...\\mlp-s-111.arff
Input2 = data/b.arff
preferenceFilePath = ...\\preferences.txt
System = windows
clusteringMode = 2
legacy = false
jsType = qnm
numRandomRestarts = 1
optimizationType = extraction
numIterations = 20
ATreeDepth = 8
NumTarget = 100
numTrees = 1
W1SideTrees = regression
numNewAttr = 1
redesSetSizeType = exact
numRetRed = 1000
WorkingRSSize = 10000
MaxRSSize = 30000
minimizeRules = yes
joiningProcedure = yes
unguidedExpansion = yes
numSupplementTrees = 0
allowSERed = no
MinSupport = 10
MaxSupport = 136
minJS =0.5
minAddRedJS = 0.1
maxPval= 0.01
allowLeftNeg = true
allowRightNeg = true
allowLeftDisj = true
allowRightDisj = true
ruleSizeNormalization = 20
OutputFileName = redescriptionsRep
"""


def settings_of(folder: Path, text: str) -> ImportedSettings:
    path = folder / "Settings.set"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def notes(settings: ImportedSettings, kind: NoteKind) -> dict[str, str]:
    return {note.key: note.text for note in settings.notes if note.kind is kind}


def test_the_toy_settings(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "b.arff").touch()
    (tmp_path / "mlp-s-111.arff").touch()
    names = "JSImp\tPValImp\tAttDivImp\tElemDivImp\tECoverage\tNetImportance\n"
    row = ".2\t.15\t.15\t.15\t.15\t.2\n"
    (tmp_path / "preferences.txt").write_text(f"{names}\n{row}")
    settings = settings_of(tmp_path, TOY)
    assert settings.views == (tmp_path / "mlp-s-111.arff", tmp_path / "data" / "b.arff")
    assert settings.view_names == ("mlp-s-111", "b")
    assert (settings.output_prefix, settings.output_folder) == (
        "redescriptionsRep",
        "...\\InterpretableRM",
    )
    (row,) = read_preferences(tmp_path / "preferences.txt")
    assert settings.parameters == {
        "MineParams": {"discretizer": "equal-frequency"},
        "TreeParams": {"max_depth": 8, "targets_per_tree": 100, "n_subspace_trees": 0},
        "Thresholds": {
            "min_support": 10,
            "max_support": 136,
            "min_jaccard": 0.5,
            "max_p_mined": 0.01,
            "missing": "query_non_missing",
        },
        "AssessParams": {"alpha": 0.01},
        "QueryLanguage": {"negation": True, "disjunction": True},
        "Alternation": {"iterations": 20, "novelty_attributes": 1},
        "SelectParams": {
            "select": "extraction",
            "flexible": False,
            "max_per_target": 1000,
            "keep_equal_support": False,
            "size_norm": 20,
            "preferences": (row,),
        },
    }
    assert settings.pending == {
        "n_trees": 1,
        "tree_type": {"W1": "regression"},
        "working_candidates": 10000,
        "max_candidates": 30000,
        "minimise": True,
        "refine": True,
        "pairing": "all_new",
        "candidate_floor": 0.1,
    }
    assert set(notes(settings, NoteKind.IGNORED)) == {"JavaPath", "System", "legacy"}
    assert set(notes(settings, NoteKind.UNSUPPORTED)) == {"numRandomRestarts"}
    assert set(notes(settings, NoteKind.PENDING)) == {
        *("WorkingRSSize", "MaxRSSize", "minAddRedJS"),
    }
    assert set(notes(settings, NoteKind.CHANGED)) == {
        *("Input1", "preferenceFilePath", "MinSupport, MaxSupport"),
    }
    params = ImportedParams.of(settings)
    assert params.mine.search.alternation.iterations == 20
    assert params.select.max_per_target == 1000
    assert params.select.weights == pytest.approx(
        (0.25, 0.1875, 0.1875, 0.1875, 0, 0.1875, 0)
    )
    assert (params.assess.alpha, params.split) == (0.01, SplitParams())


def test_every_meaning_is_a_parameter_that_exists() -> None:
    fields = {
        owner.__name__: {field.name for field in dataclasses.fields(owner)}
        for owner in CLASSES
    }
    for meaning in keys.MEANINGS.values():
        for owner, option in meaning.places:
            assert owner == keys.PENDING or option in fields[owner]
    assert set(WEIGHTS.values()) == set(Weights._fields)


@pytest.mark.parametrize(
    ("line", "owner", "values"),
    [
        ("clusteringMode = 0", "MineParams", {"discretizer": "equal-width"}),
        ("clusteringMode = 1", "MineParams", {"discretizer": "two-bin"}),
        ("clusteringMode = 3", "MineParams", {"discretizer": "kmeans"}),
        ("MaxSupport = inf", "Thresholds", {"max_support": 1.0}),
        ("maxPval = 0.02", "AssessParams", {"alpha": 0.02}),
        ("numSupplementTrees = 3", "TreeParams", {"n_subspace_trees": 3}),
        ("optimizationType = exchange", "SelectParams", {"select": "exchange"}),
        ("redesSetSizeType = flexible", "SelectParams", {"flexible": True}),
        ("allowSERed = yes", "SelectParams", {"keep_equal_support": True}),
        ("numNewAttr = 2", "Alternation", {"novelty_attributes": 2}),
        ("missingValsJSType = 0", "Thresholds", {"missing": "query_non_missing"}),
        ("missingValsJSType = 1", "Thresholds", {"missing": "pessimistic"}),
        ("missingValsJSType = 2", "Thresholds", {"missing": "optimistic"}),
        ("missingValsJSType = 3", "Thresholds", {"missing": "rejective"}),
        ("jsType = pess", "Thresholds", {"missing": "pessimistic"}),
        ("jsType = 1\nmissingValsJSType = 3", "Thresholds", {"missing": "rejective"}),
        (
            "useSplitTesting = yes\npercentageForTrain = 70",
            "SplitParams",
            {"hold_out": 0.3},
        ),
    ],
)
def test_parameters(
    tmp_path: Path, line: str, owner: str, values: dict[str, object]
) -> None:
    assert settings_of(tmp_path, line).parameters[owner] == values


@pytest.mark.parametrize(
    ("line", "pending"),
    [
        ("unguidedExpansion = no", {"pairing": "guided"}),
        ("joiningProcedure = no", {"refine": False}),
        (
            "parameters = (0.5,10,0),(0.8,20,2)",
            {
                "reductions": (
                    (0.5, 10, "query_non_missing"),
                    (0.8, 20, "optimistic"),
                )
            },
        ),
        ("W3SideTrees = classification", {"tree_type": {"W3": "classification"}}),
        ("numFolds = 10\nuseTarget = yes", {"rules_folds": 10, "rules_use_target": True}),
        ("trainFileName = a.arff", {"train_file": "a.arff"}),
    ],
)
def test_pending(tmp_path: Path, line: str, pending: dict[str, object]) -> None:
    assert settings_of(tmp_path, line).pending == pending


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("minJs = 0.5", NoteKind.UNKNOWN, "it means nothing. Did you mean 'minJS'?"),
        ("qwertyuiop = 1", NoteKind.UNKNOWN, "See the list of keys."),
        ("useNetworkX = no", NoteKind.UNSUPPORTED, "there is nothing like it here."),
        ("ATreeDepth = inf", NoteKind.CHANGED, "'inf' keeps our default of max_depth."),
        ("maxPval = 1", NoteKind.CHANGED, "keeps our default of max_p_mined, alpha."),
        ("numRetRed = all", NoteKind.CHANGED, "'all' keeps our default"),
        ("percentageForTrain = 0.7", NoteKind.IGNORED, "without useSplitTesting = yes"),
        ("preferenceFilePath = p.txt", NoteKind.IGNORED, "there is no file 'p.txt'"),
        ("numFolds = 5\nnumFolds = 6", NoteKind.CHANGED, "lines 1 and 2; the last one"),
        (
            "importantAttributesW9 = a\nattributeImportanceW9 = hard",
            NoteKind.IGNORED,
            "there is no Input9.",
        ),
        ("W1SideTrees=classification", NoteKind.PENDING, "numbers 0 and 1 as targets"),
    ],
)
def test_notes(tmp_path: Path, line: str, kind: NoteKind, text: str) -> None:
    found = notes(settings_of(tmp_path, line), kind)
    assert text in next(iter(found.values()))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Input1 = a\n\nminJS", r"Line 3 of '.*Settings.set' has no '=': 'minJS'."),
        ("minJS = x", "Line 1 .*: minJS cannot be 'x'."),
        ("minJS = 1.5", "minJS cannot be '1.5'"),
        ("MinSupport = 1.5", "MinSupport cannot be '1.5'"),
        ("clusteringMode = 4", "clusteringMode cannot be '4'"),
        ("allowLeftNeg = maybe", "allowLeftNeg cannot be 'maybe'"),
        ("parameters = (0.5,10)", "parameters cannot be"),
        ("parameters = 0.5", "parameters cannot be"),
        ("importantAttributesW1 = a,,b", "importantAttributesW1 cannot be"),
        ("Input1 =", "Input1 cannot be ''"),
        ("Input2 = a", "has the inputs 2: number them 1, 2, …."),
    ],
)
def test_errors(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        settings_of(tmp_path, text)


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="There is no file"):
        read_settings(tmp_path / "no.set")
    (tmp_path / "a.set").write_bytes(b"a = \xff")
    with pytest.raises(ReadError, match="is not a UTF-8 text"):
        read_settings(tmp_path / "a.set")


def test_values_may_hold_equals_signs_and_windows_paths(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a=b.arff").touch()
    settings = settings_of(tmp_path, "Input1 = sub\\a=b.arff\r\nInput2 = sub/no.arff\r\n")
    assert settings.views[0] == tmp_path / "sub" / "a=b.arff"
    assert settings.views[1] == tmp_path / "sub" / "no.arff"
    assert settings.notes == ()


def test_views_of_one_name_are_numbered() -> None:
    paths = (Path("a/x.arff"), Path("b/x.arff"), Path("c/x.arff"))
    assert ImportedSettings(paths).view_names == ("x", "x_2", "x_3")


def test_rows_of_weights(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_text("JSImp, RuleSizeImp;RedStability\n\n1, 1; 2\n0 0 3\n")
    rows = ("jaccard=0.25,size=0.25,stability=0.5", "stability=1.0")
    assert read_preferences(path) == rows
    settings = settings_of(tmp_path, "preferenceFilePath = p.txt")
    assert settings.parameters == {"SelectParams": {"preferences": rows}}
    assert (settings.pending, settings.notes) == ({}, ())
    first, second = ImportedParams.of(settings).select.rows
    assert first.weights == Weights(0.25, 0, 0, 0, 0.25, 0, 0.5)
    assert second.weights == Weights.of("stability=1")


@given(st.lists(st.floats(0, 1e6), min_size=7, max_size=7))
def test_weights_add_up_to_one(values: list[float]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "p.txt"
        path.write_text(" ".join(WEIGHTS) + "\n" + " ".join(map(repr, values)))
        if not math.fsum(values):
            with pytest.raises(ReadError, match="one must be > 0"):
                read_preferences(path)
            return
        (row,) = read_preferences(path)
    weights = Weights.of(row)
    assert math.fsum(weights) == pytest.approx(1)
    for name, value in zip(WEIGHTS.values(), values, strict=True):
        assert getattr(weights, name) == pytest.approx(value / math.fsum(values))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("JSImp\n", "needs a line of names and a line of weights"),
        ("JSImp Foo\n1 1\n", "Line 1 of .* names 'Foo', which is no score"),
        ("JSImp JSImp\n1 1\n", "names one score twice"),
        ("JSImp PValImp\n1\n", "Line 2 of .* has 1 weights for 2 names"),
        ("JSImp PValImp\n1 x\n", "has '1 x' where numbers belong"),
        ("JSImp PValImp\n2 -1\n", "none may be negative"),
        ("JSImp NetImportance\n0 1\n", "one must be > 0"),
    ],
)
def test_wrong_weights(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "p.txt"
    path.write_text(text)
    with pytest.raises(ReadError, match=message):
        read_preferences(path)
