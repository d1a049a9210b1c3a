"""`redescribe import` and the formats of other tools in `redescribe export`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cli.examples import MEAN, WORST, findings

from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from tests.cli.examples import CommandLine


@pytest.fixture
def settings(tables: Path, tmp_path: Path) -> Path:
    path = tmp_path / "Settings.set"
    path.write_text(
        f"Input1 = {tables / 'mean.arff'}\nInput2 = {tables / 'worst.arff'}\n"
        "clusteringMode = 1\nMinSupport = 10\nMaxSupport = 90\nminJS = 0.5\n"
        "System = windows\nminJs = 0.6\n"
    )
    return path


def test_all_formats_in_one_folder(
    cli: CommandLine, finished: Path, tmp_path: Path
) -> None:
    formats = "csv,json,jsonl,parquet,latex,markdown,rr,clired"
    outcome = cli("export", finished, "--format", formats, "-o", tmp_path / "out")
    assert (outcome.status, outcome.out) == (0, "")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    plain = {f"findings.{end}" for end in ("csv", "json", "jsonl", "parquet", "tex", "md")}
    assert plain | {"data_mean.csv", "data_worst.csv", "names.json"} <= names
    assert "queries_mean_worst.tsv" in names
    rr = {name for name in names if name.endswith(".rr")}
    targets = {text.split(":", 1)[1] for text in findings(finished)["target"]}
    assert rr == {
        f"redescriptionsDLInterpretabilityMW {name} 0.5 JSType 0minSupp 10.rr"
        for name in targets
    }
    assert f"{len(rr)} files written to {tmp_path / 'out'}" in outcome.err


@pytest.mark.parametrize(
    ("table_format", "begin"), [("latex", "% \\usepackage"), ("markdown", "| id |")]
)
def test_tables_for_readers(
    cli: CommandLine, finished: Path, tmp_path: Path, table_format: str, begin: str
) -> None:
    outcome = cli("export", finished, "--format", table_format)
    assert outcome.out.startswith(begin)
    path = tmp_path / "table.txt"
    cli("export", finished, "--format", table_format, "-o", path)
    assert path.read_text() == outcome.out
    outcome = cli("export", finished, "--format", table_format, "-o", tmp_path)
    assert "findings." in outcome.err


def test_formats_that_need_a_folder_and_targets(cli: CommandLine, finished: Path) -> None:
    for formats in ("rr", "clired", "csv,json"):
        outcome = cli("export", finished, "--format", formats)
        assert outcome.status == 2
        assert f"The format '{formats}' needs several files. Name a folder" in outcome.err
    outcome = cli("export", finished, "--table", "targets", "--format", "latex")
    assert (outcome.status, outcome.out) == (2, "")
    assert "Targets are exported as csv, json, jsonl, parquet only" in outcome.err


def test_rr_files_come_back(
    cli: CommandLine, in_sample: Path, settings: Path, tmp_path: Path
) -> None:
    assert cli("export", in_sample, "--format", "rr", "-o", tmp_path / "rr").status == 0
    arguments = ("--rr", tmp_path / "rr", "-o", tmp_path / "run")
    outcome = cli("import", "exitnerdom", settings, *arguments)
    assert outcome.status == 0
    n_findings = len(findings(in_sample))
    assert (
        f"{n_findings} redescriptions in the files; 0 stated values differ" in outcome.out
    )
    assert "0 not computed in the files, 0 others differ from ours" in outcome.out
    assert "In-sample only: all 120 entities were mined" in outcome.out
    assert "System (ignored): no other program is started." in outcome.err
    assert "minJs (unknown): it means nothing. Did you mean 'minJS'?" in outcome.err
    again, first = findings(tmp_path / "run"), findings(in_sample)
    for column in ("target", "kind", "support_mined", "jaccard_mined"):
        assert sorted(again[column]) == sorted(first[column])
    shown = cli("show", tmp_path / "run", "--json")
    assert json.loads(shown.out)["kept"] == n_findings
    quiet = cli("import", "exitnerdom", settings, *arguments, "--quiet", "--json")
    assert (quiet.err, json.loads(quiet.out)["kept"]) == ("", n_findings)


def test_settings_alone_mine(cli: CommandLine, settings: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    outcome = cli(
        "import", "exitnerdom", settings, "-o", run, "--hold-out", "0.25", "-q", "-j", "1"
    )
    assert (outcome.status, outcome.err) == (0, "")
    parameters = RunFolder.open(run).document["parameters"]
    assert isinstance(parameters, dict)
    thresholds = parameters["mine"]["search"]["thresholds"]
    assert (thresholds["min_support"], thresholds["max_support"]) == (10, 90)
    assert parameters["split"]["hold_out"] == 0.25
    assert len(findings(run)) > 0
    assert "queries_mean_worst.tsv" not in {path.name for path in run.iterdir()}


def test_a_preference_file_gives_a_set_for_each_row(
    cli: CommandLine, settings: Path, tmp_path: Path
) -> None:
    (tmp_path / "p.txt").write_text("JSImp ECoverage RuleSizeImp\n1 0 0\n0 3 1\n")
    with settings.open("a") as file:
        file.write("preferenceFilePath = p.txt\nnumRetRed = 2\n")
    run = tmp_path / "run"
    assert cli("import", "exitnerdom", settings, "-o", run, "-q", "-j", "1").status == 0
    parameters = RunFolder.open(run).document["parameters"]
    assert isinstance(parameters, dict)
    rows = ["jaccard=1.0", "coverage=0.75,size=0.25"]
    assert parameters["select"]["preferences"] == rows
    assert 2 < findings(run).groupby(["target", "kind"]).size().max() <= 4


def test_clired_tables_come_back(cli: CommandLine, finished: Path, tmp_path: Path) -> None:
    out, run = tmp_path / "out", tmp_path / "run"
    assert cli("export", finished, "--format", "clired", "-o", out).status == 0
    tables = [out / name for name in ("data_mean.csv", "data_worst.csv")]
    outcome = cli("import", "clired", *tables, out / "queries_mean_worst.tsv", "-o", run)
    assert (outcome.status, outcome.err) == (0, "")
    assert "0 stated values differ from what the views give" in outcome.out
    again, first = findings(run), findings(finished)
    pairs = {
        (s, u) for s, u in zip(first["support_mined"], first["jaccard_mined"], strict=True)
    }
    assert pairs == {
        (s, u) for s, u in zip(again["support_mined"], again["jaccard_mined"], strict=True)
    }
    names = {text.split(":", 1)[1] for text in again["target"]}
    assert names <= {*MEAN, *WORST}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["exitnerdom", "no.set"], "There is no file 'no.set'. Check the path."),
        (["exitnerdom", "no.set", "--align", "outer"], "--align must be 'inner' or left"),
        (["exitnerdom", "x", "--rr", "y", "--hold-out", "0.5"], "no meaning with --rr"),
        (["clired", "a.csv", "b.csv", "c.txt"], "There is no file 'c.txt'"),
        (["clired", "a.csv"], "Missing argument"),
        (["siren"], "No such command 'siren'"),
    ],
)
def test_wrong_usage_is_one_line(
    cli: CommandLine, arguments: list[str], message: str
) -> None:
    outcome = cli("import", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_the_help_names_the_tools(cli: CommandLine) -> None:
    outcome = cli("import", "--help")
    assert outcome.status == 0
    assert " exitnerdom " in outcome.out
    assert " clired " in outcome.out


@pytest.mark.reference
def test_published_redescriptions_are_imported(cli: CommandLine, tmp_path: Path) -> None:
    folder = os.environ.get("REDESCRIBE_REFERENCE_DATA", "")
    if not folder:
        pytest.skip("REDESCRIBE_REFERENCE_DATA names no folder with the published results")
    reference = Path(folder).resolve()
    settings = tmp_path / "Settings.set"
    settings.write_text(
        f"Input1 = {reference / 'mlp-s-111S.arff'}\n"
        f"Input2 = {reference / 'mlp-s-112S.arff'}\nMaxSupport = 91\nminJS = 0.5\n"
    )
    run, again = tmp_path / "run", tmp_path / "again"
    outcome = cli("import", "exitnerdom", settings, "--rr", reference / "rr", "-o", run)
    assert "142 redescriptions in the files; 0 stated values differ" in outcome.out
    assert len(findings(run)) == 142
    cli("export", run, "--format", "rr", "-o", tmp_path / "rr")
    outcome = cli("import", "exitnerdom", settings, "--rr", tmp_path / "rr", "-o", again)
    assert "142 redescriptions in the files; 0 stated values differ" in outcome.out
    first, second = findings(run), findings(again)
    for column in ("target", "kind", "support_mined", "jaccard_mined", "log10_p_mined"):
        assert sorted(first[column]) == sorted(second[column])
