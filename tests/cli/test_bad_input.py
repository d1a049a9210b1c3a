"""Bad input gives one line that says what, where and what to do; nothing is left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from tests.cli.examples import WORST, views, write_arff, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.examples import CommandLine, Outcome


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example tables and damaged copies of them."""
    folder = tmp_path_factory.mktemp("spoilt")
    write_tables(folder)
    good = pd.read_csv(folder / "worst.csv")
    numbers = list(WORST)
    changes: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
        "other-ids": lambda t: t.assign(id="x" + t["id"]),
        "fewer": lambda t: t[:-9],
        "constant": lambda t: t.assign(**dict.fromkeys(numbers, 1.5)),
        "missing": lambda t: t.assign(**dict.fromkeys(numbers, np.nan)),
        "infinite": lambda t: t.assign(worst_texture=np.inf),
        "repeated-id": lambda t: t.assign(id=t["id"].mask(t.index == 3, t["id"][4])),
        "no-id": lambda t: t.assign(id=t["id"].mask(t.index == 3)),
        "header": lambda t: t[:0],
        "one": lambda t: t[:1],
    }
    for name, change in changes.items():
        change(good).to_csv(folder / f"{name}.csv", index=False)
    pd.read_csv(folder / "mean.csv")[:1].to_csv(folder / "one-mean.csv", index=False)
    lines = (folder / "worst.csv").read_text().splitlines()
    twice = lines[0].replace("worst_texture", "worst_area")
    (folder / "twice.csv").write_text("\n".join([twice, *lines[1:]]))
    (folder / "ragged.csv").write_text("\n".join([*lines[:9], "tumour-009,3"]))
    (folder / "nothing.csv").write_text("")
    write_arff(folder / "good.arff", good)
    whole = (folder / "good.arff").read_text().rstrip()
    (folder / "truncated.arff").write_text(whole[: whole.rindex(",")])
    (folder / "header.arff").write_text(whole[: whole.index("@data")])
    (folder / "half.parquet").write_bytes((folder / "worst.parquet").read_bytes()[:900])
    (folder / "half.npy").write_bytes((folder / "worst.npy").read_bytes()[:900])
    (folder / "notes.txt").write_text("text")
    return folder


@pytest.fixture
def one_line(
    cli: CommandLine, spoilt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Mines in the folder of the tables, and returns the one line of the error."""
    monkeypatch.chdir(spoilt)

    def mine(*arguments: str) -> str:
        output = tmp_path / "new" / "run"
        outcome = cli("mine", *arguments, "--output", output)
        assert not output.parent.exists()
        return error_line(outcome)

    return mine


def error_line(outcome: Outcome) -> str:
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.startswith("Error: ")
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err
    return outcome.err.removeprefix("Error: ").strip()


FILES = {
    "nowhere.csv": "There is no file 'nowhere.csv'. Check the path.",
    "other-ids.csv": "have no entity in common: 'mean' has 'tumour-000', 'worst' has "
    "'xtumour-000'. Check the id columns.",
    "fewer.csv": "9 entities are not in every one of the views 'mean' (120), 'worst' "
    "(111): 'tumour-111'",
    "constant.csv": "View 'worst' cannot be mined: each of its 3 attributes is constant or "
    "missing on all 84 mining entities. Check the file or leave the view out.",
    "missing.csv": "View 'worst' cannot be mined",
    "infinite.csv": "Attribute 'worst_texture' of view 'worst' has 120 infinite values. "
    "Replace them",
    "repeated-id.csv": "Column 'id' of 'repeated-id.csv' cannot name the entities: Entity "
    "id 'tumour-004' occurs 2 times; ids must be unique.",
    "no-id.csv": "Row 4 of 'no-id.csv' has no id in column 'id': fill it in",
    "header.csv": "View 'worst' is empty: 3 attributes, 0 entities. It needs at least one",
    "twice.csv": "'twice.csv' has 2 columns called 'worst_area'. Rename all but one.",
    "ragged.csv": "Expected 4 columns, got 2: tumour-009,3. Give each row as many cells",
    "nothing.csv": "'nothing.csv' is empty: its first row must name the columns.",
    "truncated.arff": "of 'truncated.arff' has 3 cells for 4 attributes: 'tumour-119",
    "header.arff": "without @data: it is cut off or no ARFF file. Copy it again.",
    "half.parquet": "'half.parquet' cannot be read as Parquet",
    "half.npy": "'half.npy' is no whole file of arrays",
    "notes.txt": "'notes.txt' ends in '.txt', which has no reader: use one of .csv",
    ".": "'.' is a folder: give the path of one file in it.",
    "worst.csv:worst_aria": "'worst.csv' has no column 'worst_aria'. Did you mean "
    "'worst_area'?",
    "worst.csv:id": "View 'worst' is empty: 0 attributes, 120 entities.",
}


@pytest.mark.parametrize("file", FILES)
def test_a_bad_file_is_one_line(one_line: Callable[..., str], file: str) -> None:
    line = one_line("--view", "mean=mean.csv", "--view", f"worst={file}")
    assert FILES[file] in line


OPTIONS = {
    "--id patient": "'mean.csv' has no id column 'patient'. Known: 'id', 'mean_radius'",
    "--align outer": "--align must be 'inner' or left out. Got 'outer'.",
    "--discretizer median": "'median' is not one of 'two-bin', 'equal-width'",
    "--test chi2": "'chi2' is not one of 'fixed_margin', 'binomial'",
    "--correction none": "'none' is not one of 'bh', 'by', 'holm'",
    "--min-support 60 --max-support 20": "min_support is 60 and max_support 20 of 84 "
    "mining entities: no support can be within. Lower min_support (--min-support), raise",
    "--min-support 90% --max-support 0.5": "min_support is 76 and max_support 42 of 84",
    "--min-support many": "'many' is no count (10), share (0.8) or percentage (80%)",
    "--min-support 200%": "'200%' is no count (10), share (0.8) or percentage (80%)",
    "--max-support 1.5": "'1.5' is no count (10), share (0.8) or percentage (80%)",
    "--min-support 0": "The 'min_support' parameter of Thresholds must be in the range",
    "--min-jaccard 2": "The 'min_jaccard' parameter of Thresholds must be in the range "
    "[0, 1]. Got 2.0 instead.",
    "--min-jaccard nan": "Got nan instead.",
    "--hold-out 1": "The 'hold_out' parameter of SplitParams must be in the range [0, 1).",
    "--hold-out 0.001": "leaves one part of the 120 entities (120 groups) empty. Use more "
    "entities or hold_out=0 (--hold-out 0).",
    "--alpha 0": "The 'alpha' parameter of AssessParams must be in the range (0, 1).",
    "--jobs 0": "0 is no number of workers. Use 1 or more, or -1 for all cores.",
    "--jobs x": "Invalid value for '--jobs' / '-j'",
    "--target wurst": "There is no view or attribute 'wurst'. Did you mean 'worst'?",
    "--target worst:aria": "View 'worst' has no attribute 'aria'.",
    "--target worst:aria*": "No view or attribute matches 'worst:aria*'. Did you mean "
    "'worst:worst_area'?",
    "--neurons random": "The 'neurons' parameter of MineParams must be 'all', or a sample: "
    "'random:64', 'layers:64' or 'stratified:64' (64 in all), 'random:layer=64' or",
    "--neurons layers:0": "Got 'layers:0' instead.",
    "--partner means": "There is no view 'means'. Did you mean 'mean'?",
    "--partner mean": "View 'mean' is the only partner and a target. Name another partner",
    "--stratify worst": "stratify='worst' is not of the form VIEW:ATTRIBUTE.",
    "--stratify labels:x": "names a view that does not exist: 'labels'. Known: 'mean',",
    "--view worst=mean.csv": "--view 'worst=mean.csv': the name is taken. Give each view",
    "--view third": "--view 'third' is not of the form NAME=FILE, NAME=FILE:COLUMN,COLUMN",
    "--no-such-option": "No such option: --no-such-option",
    "stray": "Got unexpected extra argument(s) (stray). See: redescribe mine --help",
}


@pytest.mark.parametrize("options", OPTIONS)
def test_a_bad_option_is_one_line(one_line: Callable[..., str], options: str) -> None:
    both = ("--view", "mean=mean.csv", "--view", "worst=worst.csv")
    assert OPTIONS[options] in one_line(*both, *options.split())


def test_one_view_is_too_few(one_line: Callable[..., str]) -> None:
    assert "at least two views" in one_line("--view", "mean=mean.csv")
    assert "Missing option '--view'" in one_line()


def test_one_entity_is_too_few(one_line: Callable[..., str]) -> None:
    both = ("--view", "mean=one-mean.csv", "--view", "worst=one.csv")
    assert "leaves one part of the 1 entities" in one_line(*both)
    line = one_line(*both, "--hold-out", "0")
    assert "min_support is 10 and max_support 0 of 1 mining entities" in line


@pytest.mark.parametrize(
    ("table", "columns", "message"),
    [
        ("nowhere.csv", "worst_*", "There is no file 'nowhere.csv'"),
        ("all.csv", "wurst_area", "no column 'wurst_area'. Did you mean 'worst_area'?"),
        ("all.csv", "all.csv:worst_*", "'all.csv' has no column 'all.csv:worst_*'"),
    ],
)
def test_bad_columns_of_one_table(
    one_line: Callable[..., str], table: str, columns: str, message: str
) -> None:
    arguments = ("--table", table, "--view", "mean=mean_*", "--view", f"worst={columns}")
    assert message in one_line(*arguments)


def test_a_folder_with_something_else_is_left_alone(
    cli: CommandLine, spoilt: Path, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    outcome = cli("mine", *views(spoilt), "-o", tmp_path, "--force")
    line = error_line(outcome)
    assert "is not empty and is not a run folder. Choose another folder." in line
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    file = tmp_path / "letter.txt"
    assert "cannot be written: it is a file. Choose the name of a folder." in error_line(
        cli("mine", *views(spoilt), "-o", file)
    )
    assert "cannot be written" in error_line(
        cli("mine", *views(spoilt), "-o", file / "run")
    )


RUNS = {
    "show": "Give the folder of a run.",
    "export": "Give the folder of a run.",
    "explain": "Give the folder of a run.",
}


@pytest.mark.parametrize("command", RUNS)
def test_a_folder_that_is_no_run(cli: CommandLine, tmp_path: Path, command: str) -> None:
    finding = ["R1"] if command == "explain" else []
    for folder in (tmp_path, tmp_path / "nowhere"):
        line = error_line(cli(command, folder, *finding))
        assert str(folder) in line
        assert RUNS[command] in line


def test_an_unfinished_run_says_how_to_go_on(
    cli: CommandLine, finished: Path, tmp_path: Path
) -> None:
    for name in ("run.json", "README.txt"):
        (tmp_path / name).write_bytes((finished / name).read_bytes())
    line = error_line(cli("show", tmp_path))
    assert "is an unfinished run: 0 parts are searched" in line
    assert "it goes on where it stopped" in line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mines"], "No such command 'mines'. Did you mean 'mine'?"),
        (["explain", "run"], "Missing argument 'finding'"),
        (["export", "run", "--format", "xml"], "'xml' is not one of 'csv', 'json'"),
        (["show", "run", "--limit", "0"], "Invalid value for '--limit'"),
        (["inspect", "nowhere.csv"], "There is no file 'nowhere.csv'. Check the path."),
        (["demo", "--seed", "-1"], "Invalid value for '--seed'"),
    ],
)
def test_wrong_usage_is_one_line(
    cli: CommandLine, arguments: list[str], message: str
) -> None:
    assert message in error_line(cli(*arguments))
