"""`redescribe mine --shard`, `status` and `merge`, and every command on a merged run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from benchmarks.content_hash import content_hash
from tests.cli.examples import findings, mined, views

from redescribe.cli.main import run
from redescribe.study.study import Study
from redescribe.writers.latex import escape_latex

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

TWICE = "The hold-out had been opened 2 times before, for families of"


@pytest.fixture(scope="module")
def runs(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two finished runs on the same split: against the worst values, against labels."""
    folder = tmp_path_factory.mktemp("runs")
    mined(folder / "worst", *views(tables), "--target", "mean")
    labels = f"labels={tables / 'all.csv'}:diagnosis,large"
    mean = f"mean={tables / 'mean.csv'}"
    mined(folder / "labels", "--view", mean, "--view", labels, "--target", "mean")
    return folder / "worst", folder / "labels"


@pytest.fixture(scope="module")
def merged(runs: tuple[Path, Path]) -> Path:
    """What was merged of both; only read it."""
    folder = runs[0].parent / "merged"
    assert run(["merge", *map(str, runs), "-o", str(folder), "--json"]) == 0
    return folder


def test_shards_say_what_is_left(
    cli: CommandLine, tables: Path, tmp_path: Path, finished: Path
) -> None:
    folder = tmp_path / "run"
    half = ["mine", *views(tables), "--chunk-size", "1", "--quiet", "-o", str(folder)]
    first = cli(*half, "--shard", "1/2")
    assert (first.status, first.err) == (3, "")
    assert first.out.splitlines() == [
        "search: 3 of 7 chunks done",
        "select: not yet",
        "assess: not yet",
        "Left: 4 of 7 chunks of mine (0, 2, 4, 6), then redescribe merge.",
    ]
    early = cli("merge", folder)
    assert (early.status, early.out) == (3, "")
    assert "has work left to do. Left: 4 of 7 chunks of mine (0, 2, 4, 6)" in early.err
    asked = cli("status", folder, "--shards", "3")
    assert asked.status == 3
    assert "  shard 0/3: 2 of 3 chunks left" in asked.out
    assert "  shard 2/3: 1 of 2 chunks left" in asked.out
    record = json.loads(cli("status", folder, "--shards", "2", "--json").out)
    assert record == {
        "finished": False,
        "stages": {},
        "searches": {"mine": {"chunks": 7, "done": 3, "left": [0, 2, 4, 6]}},
        "shards": {"mine": {"0/2": 4, "1/2": 0}},
    }
    last = cli(*half, "--shard", "0/2", "--json")
    assert last.status == 3
    assert json.loads(last.out)["searches"]["mine"]["left"] == []
    ready = cli("status", folder).out.splitlines()[-1]
    assert ready == "Left: to choose the findings and test them (redescribe merge)."
    done = cli("merge", folder)
    assert done.status == 0
    assert f"Report: {folder / 'report.html'}" in done.out
    assert content_hash(folder) == content_hash(finished)
    status = cli("status", folder)
    assert status.status == 0
    assert status.out.splitlines() == [
        "search: 7 of 7 chunks done",
        "select: done",
        "assess: done",
        f"Finished. Next: redescribe show {folder}",
    ]
    again = cli(*half, "--shard", "0/2")
    assert (again.status, "Finished." in again.out) == (0, True)


def test_the_settings_of_the_shards_reach_the_report(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    file = tmp_path / "study.toml"
    file.write_text('[study]\nname = "Tumours, in parts"\nentity_noun = "tumour"\n')
    options = ["--config", str(file), "--required-view", "worst"]
    options += ["-o", str(tmp_path / "run")]
    assert cli("mine", *views(tables), *options, "--shard", "0/1").status == 3
    assert cli("merge", tmp_path / "run").status == 0
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "<title>Tumours, in parts" in page
    assert "tumours" in page
    assert "Only findings with a rule over worst were kept." in page


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--shard", "3/3"], "There is no shard 3/3"),
        (["--shard", "1"], "A shard is written as i/n"),
        (["--shard", "0/2", "--force"], "--shard goes without --force"),
    ],
)
def test_bad_shards_are_bad_input(
    cli: CommandLine, tables: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    outcome = cli("mine", *views(tables), *options, "-o", tmp_path / "run")
    assert (outcome.status, outcome.out) == (2, "")
    assert message in outcome.err
    assert not (tmp_path / "run").exists()


def test_a_status_needs_a_run(cli: CommandLine, tmp_path: Path) -> None:
    outcome = cli("status", tmp_path / "nowhere")
    assert outcome.status == 2
    assert "does not exist" in outcome.err


def test_merging_finished_runs_says_so_everywhere(
    cli: CommandLine, runs: tuple[Path, Path], merged: Path
) -> None:
    shown = cli("show", merged)
    assert shown.status == 0
    sizes = [len(findings(run)) for run in runs]
    sentence = f"{TWICE} {sizes[0]} and {sizes[1]}"
    assert sentence in shown.out
    assert f"a family of {sum(sizes)} joined from 2 runs" in shown.out
    assert sentence in cli("export", merged, "--format", "markdown").out.replace("\\", "")
    assert escape_latex(sentence) in cli("export", merged, "--format", "latex").out
    assert cli("export", merged, "--format", "rr", "-o", merged.parent / "rr").status == 0
    texts = [path.read_text() for path in (merged.parent / "rr").iterdir()]
    assert any(sentence in text for text in texts)
    page = (merged / "report.html").read_text(encoding="utf-8")
    assert page.count(sentence) == 2  # beside the methods, and among their steps
    assert "opened, once" not in page
    record = json.loads(cli("show", merged, "--json").out)
    assert record["kept"] == sum(sizes)


def test_every_command_works_on_a_merged_run(
    cli: CommandLine, merged: Path, tables: Path, tmp_path: Path
) -> None:
    table = findings(merged)
    assert {"query_mean", "query_worst", "query_labels"} <= set(table.columns)
    assert set(table["target"].str.partition(":")[0]) == {"mean"}
    assert cli("show", merged, "--targets").status == 0
    explained = cli("explain", merged, "R1")
    assert explained.status == 0
    assert cli("cohorts", merged, "R1").status == 0
    assert cli("relate", merged).status == 0
    for name in ("csv", "json", "rr"):
        assert cli("export", merged, "--format", name, "-o", tmp_path / name).status == 0
    sources = [*views(tables), "--view", f"labels={tables / 'all.csv'}:diagnosis,large"]
    assert cli("apply", merged, *sources, "--quiet").status == 0
    study = Study.open(merged)
    assert study.dataset.names == ("mean", "worst", "labels")
    study.report(tmp_path / "study.html")
    assert TWICE in (tmp_path / "study.html").read_text(encoding="utf-8")
    status = cli("status", merged)
    assert (status.status, status.out.splitlines()[0]) == (0, "select: done")


def test_what_cannot_be_merged_is_bad_input(
    cli: CommandLine, runs: tuple[Path, Path], tables: Path, tmp_path: Path
) -> None:
    several = cli("merge", *runs)
    assert (several.status, "(--output)" in several.err) == (2, True)
    mined(tmp_path / "other", *views(tables), "--seed", "1")
    outcome = cli("merge", runs[0], tmp_path / "other", "-o", tmp_path / "out")
    assert outcome.status == 2
    assert "hold out different entities" in outcome.err
    assert outcome.err.count("\n") == 1
