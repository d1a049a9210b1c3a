"""Command line > environment > file > default, and what each value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redescribe.config.model import StudyConfig, ViewSource
from redescribe.config.sources import resolve
from redescribe.discretize.modes import Discretization
from redescribe.errors import ConfigError, ParameterError

if TYPE_CHECKING:
    from pathlib import Path

DEPTH = ("mine", "trees", "max_depth")
DEPTH_VARIABLE = "REDESCRIBE_MINE__TREES__MAX_DEPTH"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`study.toml` in the working folder: a depth of 3, in line 2."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "study.toml"
    path.write_text("[mine.trees]\nmax_depth = 3\n")
    return path.relative_to(tmp_path)


def test_without_sources_everything_is_default() -> None:
    resolved = resolve(environment={})
    assert resolved.config == StudyConfig()
    assert set(resolved.origins.values()) == {"default"}


@pytest.mark.parametrize(
    ("has_file", "variables", "given", "depth", "origin"),
    [
        (False, {}, {}, 8, "default"),
        (True, {}, {}, 3, "study.toml:2"),
        (True, {DEPTH_VARIABLE: "4"}, {}, 4, DEPTH_VARIABLE),
        (True, {DEPTH_VARIABLE: "4"}, {DEPTH: 5}, 5, "command line"),
        (True, {}, {DEPTH: 5}, 5, "command line"),
        (False, {DEPTH_VARIABLE: "4"}, {}, 4, DEPTH_VARIABLE),
    ],
)
def test_precedence(
    file: Path,
    has_file: bool,  # noqa: FBT001 - a case
    variables: dict[str, str],
    given: dict[tuple[str, ...], object],
    depth: int,
    origin: str,
) -> None:
    source = file if has_file else None
    resolved = resolve(source, environment=variables, command_line=given)
    assert resolved.config.mine.search.trees.max_depth == depth
    assert resolved.origins[DEPTH] == origin
    assert resolved.record()["mine.trees.max_depth"] == {"value": depth, "origin": origin}


def test_the_environment_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDESCRIBE_MINE__DISCRETIZER", "kmeans")
    assert resolve().config.mine.discretizer is Discretization.KMEANS
    assert resolve(environment={}).config.mine.discretizer is Discretization.TWO_BIN


def test_variables_of_every_kind() -> None:
    variables = {
        "REDESCRIBE_MINE__TARGETS": "a, b",
        "REDESCRIBE_MINE__PARTNERS": '["c", "d"]',
        "REDESCRIBE_MINE__LANGUAGE__NEGATION": "False",
        "REDESCRIBE_MINE__THRESHOLDS__MIN_SUPPORT": "5",
        "REDESCRIBE_MINE__THRESHOLDS__MAX_SUPPORT": "60%",
        "REDESCRIBE_STUDY__NAME": "7",
        "REDESCRIBE_ASSESS__ALPHA": "1e-3",
        "REDESCRIBE_VIEWS__LABELS__TABLE": "labels.csv",
        "REDESCRIBE_VIEWS__LABELS__UNTRAINED": '["u.csv"]',
        "REDESCRIBE_NUMBA_CACHE": "0",
        "OTHER__KEY": "1",
    }
    config = resolve(environment=variables).config
    assert config.mine.targets == ("a, b",)
    assert config.mine.partners == ("c", "d")
    assert not config.mine.search.language.negation
    thresholds = config.mine.search.thresholds
    assert (thresholds.min_support, thresholds.max_support) == (5, 0.6)
    assert isinstance(thresholds.min_support, int)
    assert config.study.name == "7"
    assert config.assess.alpha == 0.001
    assert config.views == {"labels": ViewSource(table="labels.csv", untrained=("u.csv",))}


def test_rows_of_weights(file: Path) -> None:
    file.write_text('[select]\nsize_norm = 9\npreferences = ["p=1", "size=1, p=0.5"]\n')
    resolved = resolve(file, environment={})
    assert resolved.config.select.preferences == ("p=1", "size=1, p=0.5")
    assert resolved.origins["select", "preferences"] == "study.toml:3"
    assert resolved.origins["select", "weight_p"] == "default"
    for text, rows in (
        ("size=1, p=0.5", ("size=1, p=0.5",)),
        ('["p=1", "size=1"]', ("p=1", "size=1")),
    ):
        variables = {"REDESCRIBE_SELECT__PREFERENCES": text}
        assert resolve(file, environment=variables).config.select.preferences == rows
    with pytest.raises(ParameterError, match="has 'preferences' and 'weight_p'"):
        resolve(file, environment={}, command_line={("select", "weight_p"): 0.5})


def test_a_variable_finds_the_view_of_the_file_in_any_case(file: Path) -> None:
    file.write_text('[views.Labels]\ntable = "a.csv"\n[views.B]\ntable = "b.csv"\n')
    variables = {"REDESCRIBE_VIEWS__LABELS__ID": "key"}
    resolved = resolve(file, environment=variables)
    assert resolved.config.views["Labels"] == ViewSource(table="a.csv", id="key")
    assert resolved.origins["views", "Labels", "table"] == "study.toml:2"
    assert resolved.origins["views", "B", "align"] == "default"


def test_the_root_seed_is_for_sections_without_their_own(file: Path) -> None:
    file.write_text("[study]\nseed = 7\n[split]\nseed = 8\n")
    resolved = resolve(file, environment={})
    assert resolved.config.split.seed == 8
    assert resolved.config.mine.seed == 7
    assert resolved.origins["mine", "seed"] == "study.toml:2"


def test_paths_of_views_are_relative_to_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "study.toml"
    path.write_text(
        '[study]\noutput = "out"\n[views]\na.table = "a.csv"\nb.activations = "/acts"\n'
        'a.untrained = ["u.csv", "/v.csv"]\n'
    )
    config = resolve(path, environment={}).config
    assert config.views["a"].table == str(folder / "a.csv")
    assert config.views["b"].activations == "/acts"
    assert config.views["a"].untrained == (str(folder / "u.csv"), "/v.csv")
    assert config.views["b"].untrained == ()
    assert config.study.output == "out"


@pytest.mark.parametrize(
    ("written", "bound"),
    [("10", 10), ("1", 1), ("1.0", 1.0), ("0.2", 0.2), ('"80%"', 0.8), ('"3"', 3)],
)
def test_bounds_on_supports(file: Path, written: str, bound: float) -> None:
    file.write_text(f"[mine.thresholds]\nmax_support = {written}\n")
    read = resolve(file, environment={}).config.mine.search.thresholds.max_support
    assert read == bound
    assert isinstance(read, int) is isinstance(bound, int)


def test_a_file_of_windows(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf[mine]\r\nseed = 1\r\n")
    assert resolve(file, environment={}).origins["mine", "seed"] == "study.toml:2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[mine.trees]\n\nmax_dept = 3",
            "study.toml:3: [mine.trees] has no key 'max_dept'. Did you mean 'max_depth'?",
        ),
        (
            "[mine]\nmax_depth = 3",
            "study.toml:2: [mine] has no key 'max_depth': it belongs to [mine.trees].",
        ),
        ("[mime]", "study.toml:1: There is no section 'mime'. Did you mean 'mine'?"),
        (
            "[views.a]\ntabel = 'x'",
            "study.toml:2: [views.a] has no key 'tabel'. Did you mean 'table'?",
        ),
        (
            "[mine.search.trees]\nmax_depth = 1",
            "study.toml:1: [mine] 'search' must be a text. Got a table instead.",
        ),
        (
            "[mine.thresholds]\nmin_jaccard = 2",
            "study.toml:2: [mine.thresholds] 'min_jaccard' must be a number in the range "
            "[0, 1]. Got 2 instead.",
        ),
        ("[split]\nhold_out = nan", "in the range [0, 1). Got nan instead."),
        ("[split]\nseed = true", "must be an integer in the range [0, inf). Got true"),
        ("[split]\nseed = '1'", 'must be an integer in the range [0, inf). Got "1"'),
        ("[mine.language]\nnegation = 1", "'negation' must be true or false. Got 1"),
        ("[study]\nname = [1]", "[study] 'name' must be a text. Got [1] instead."),
        ("[mine]\ntargets = ['a', 1]", "'targets' must be a list of texts. Got 1"),
        (
            "[mine.thresholds]\nmin_support = 1.5",
            "must be a count (10), share (0.8) or percentage ('80%'). Got 1.5 instead.",
        ),
        ("[mine.thresholds]\nmin_support = 0", "Got 0 instead."),
        ("[mine.thresholds]\nmin_support = '120%'", 'Got "120%" instead.'),
        (
            "[mine]\ndiscretizer = 'kmean'",
            "'discretizer' must be one of 'two-bin', 'equal-width', 'equal-frequency', "
            "'kmeans'. Got \"kmean\" instead. Did you mean 'kmeans'?",
        ),
        ("[mine]\ntrees = 3", "study.toml:2: [mine.trees] must be a table. Got 3 instead."),
        ("views = 3", "study.toml:1: [views] must be a table. Got 3 instead."),
        ("[study]\nseed.a = 3", "'seed' must be an integer in the range [0, inf). Got a"),
        ("[study]\nname = 1\nseed = -1", "Got 1 instead. (And 1 more.)"),
        ("[views.a]", "study.toml: [views.a] needs 'table' or 'activations'. Got neither."),
        ("[mine", "study.toml is no valid TOML: Expected ']'"),
        (f"[study]\nseed = '{'x' * 99}'", "xxx… instead."),
    ],
)
def test_a_wrong_setting_is_named_on_one_line(file: Path, text: str, message: str) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        resolve(file, environment={})
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (
            {"REDESCRIBE_MINE__DISCRETISER": "kmeans"},
            "REDESCRIBE_MINE__DISCRETISER: [mine] has no key 'discretiser'. Did you mean "
            "'discretizer'?",
        ),
        (
            {DEPTH_VARIABLE: "4.5"},
            f"{DEPTH_VARIABLE}: [mine.trees] 'max_depth' must be an integer",
        ),
        ({"REDESCRIBE_ASSESS__ALPHA": "high"}, 'Got "high" instead.'),
        ({"REDESCRIBE_MINE__TARGETS": "[a"}, ""),
        ({"REDESCRIBE_MINE__TARGETS": "[1]"}, "must be a list of texts. Got 1"),
        (
            {"REDESCRIBE_MINE__TREES": "3", DEPTH_VARIABLE: "4"},
            "REDESCRIBE_MINE__TREES: [mine.trees] must be a table.",
        ),
        ({"REDESCRIBE_VIEWS__A__ID": "x"}, "environment: [views.a] needs 'table'"),
    ],
)
def test_a_wrong_variable_is_named(variables: dict[str, str], message: str) -> None:
    if not message:
        assert resolve(environment=variables).config.mine.targets == ("[a",)
        return
    with pytest.raises(ConfigError) as caught:
        resolve(environment=variables)
    assert message in str(caught.value)


def test_values_that_do_not_go_together_name_the_file(file: Path) -> None:
    names = ("jaccard", "p", "attributes", "entities", "size", "coverage", "stability")
    file.write_text("[select]\n" + "\n".join(f"weight_{name} = 0" for name in names))
    with pytest.raises(
        ConfigError, match=r"study\.toml: All weights of SelectParams are 0"
    ):
        resolve(file, environment={})


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('preferences = ["p=2"]', "The row 'p=2' of 'preferences' has p=2"),
        ('preferences = ["p=1"]\nweight_p = 0.1', "has 'preferences' and 'weight_p'"),
        ('preferences = ["p=1"]\nselect = "all"', "select='all' reports everything"),
    ],
)
def test_rows_that_cannot_be_name_the_file(file: Path, lines: str, message: str) -> None:
    file.write_text(f"[select]\n{lines}")
    with pytest.raises(ConfigError, match=rf"study\.toml: .*{message}"):
        resolve(file, environment={})


def test_the_command_line_is_checked_by_the_parameter_classes() -> None:
    with pytest.raises(ParameterError, match="'max_depth' parameter of TreeParams"):
        resolve(environment={}, command_line={DEPTH: 0})


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml' cannot be read: No such file"):
        resolve(tmp_path / "none.toml", environment={})
    with pytest.raises(ConfigError, match="cannot be read"):
        resolve(tmp_path, environment={})
    (tmp_path / "latin.toml").write_bytes(b"[study]\nname = '\xe9'")
    with pytest.raises(ConfigError, match="is not UTF-8"):
        resolve(tmp_path / "latin.toml", environment={})
