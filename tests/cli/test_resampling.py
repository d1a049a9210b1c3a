"""`--permutations`, `--bootstrap`, `--recovery`: options, tables and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.examples import findings, mined, views

from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

ASKED = ["--permutations", "9", "--recovery", "2"]


@pytest.fixture(scope="module")
def resampled(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("resampled") / "run"
    target = ["--target", "worst:worst_area"]
    mined(folder, *views(tables), *target, *ASKED, "--bootstrap", "50")
    return folder


def test_explain_says_what_was_asked_for(cli: CommandLine, resampled: Path) -> None:
    out = cli("explain", resampled, "R1").out
    row = findings(resampled).iloc[0]
    p_search = f"p search {row['p_search']:.3g} for this target, "
    assert p_search + f"{row['p_search_family']:.3g} over all targets (9 searches" in out
    assert f"stability {row['stability']:.2f}: of 50 resamples of the hold-out" in out
    assert f"recovery {row['recovery']:.2f}: of 2 searches of resampled" in out
    assert "p_search compares with 9 searches of entities permuted" in out


def test_explain_is_silent_about_what_was_not(cli: CommandLine, finished: Path) -> None:
    out = cli("explain", finished, "R1").out
    for word in ("p search", "p_search", "stability", "recovery"):
        assert word not in out


def test_targets_have_their_null(cli: CommandLine, resampled: Path, finished: Path) -> None:
    out = cli("show", resampled, "--targets").out
    (target,) = RunFolder.open(resampled).read_assessed().targets
    assert target.search is not None
    assert f"{target.search.null_mean:.2f}" in out
    assert f"{target.search.p_value.value:.2g}" in out
    assert "search" in out
    assert "null" not in cli("show", finished, "--targets").out


def test_without_a_hold_out_it_stands_beside_p_mined(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    target = ["--target", "worst:worst_area", "--hold-out", "0"]
    command = ["mine", *views(tables), *target, "-o", str(tmp_path / "run")]
    plain = cli(*command)
    report = tmp_path / "run" / "report.html"
    assert "p_search" not in report.read_text()
    tested = cli(*command, "--permutations", "9")
    assert (plain.status, tested.status) == (0, 0)
    assert "p search" in tested.out
    assert "p search" not in plain.out
    assert "no evidence" not in tested.out
    text = report.read_text()
    assert "The whole search ran again on 9 copies of the mined entities" in text
    row = findings(tmp_path / "run").iloc[0]
    (line,) = [line for line in tested.out.splitlines() if line.startswith("│ R1")]
    assert line.split("│")[-2].strip() == f"{row['p_search']:.2g}"


def test_exports_have_the_columns(
    cli: CommandLine, resampled: Path, tmp_path: Path
) -> None:
    file = tmp_path / "findings.csv"
    assert cli("export", resampled, "-o", file).status == 0
    header = file.read_text().splitlines()[0].split(",")
    added = ["p_search", "p_search_family", "stability", "recovery", "recovery_mean"]
    place = header.index("p_search")
    assert header[place : place + 5] == added


def test_a_bootstrap_without_a_hold_out_is_refused(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    none = ["--hold-out", "0", "--bootstrap", "9"]
    outcome = cli("mine", *views(tables), *none, "-o", tmp_path / "run")
    assert outcome.status != 0
    assert "nothing is held out" in outcome.err
    assert not (tmp_path / "run").exists()


def test_a_file_can_ask_for_it(cli: CommandLine, tables: Path, tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_text(
        f"[views.mean]\ntable = {str(tables / 'mean.csv')!r}\n"
        f"[views.worst]\ntable = {str(tables / 'worst.csv')!r}\n"
        "[mine]\ntargets = ['worst:worst_area']\n[resample]\npermutations = 4\n"
    )
    assert cli("mine", "--config", file, "-o", tmp_path / "run").status == 0
    assert len(RunFolder.open(tmp_path / "run").read_nulls()) == 4
