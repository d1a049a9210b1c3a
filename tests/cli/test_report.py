"""`redescribe report` and `redescribe open`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.report import examples, pages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine


def test_the_report_of_a_run(
    cli: CommandLine, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    target = tmp_path / "sent.html"
    options = ["--title", "Two tables", "--noun", "patient", "--network", "worst"]
    outcome = cli("report", finished, "-o", target, *options)
    assert outcome.status == 0
    assert outcome.out.startswith(f"Report: {target} (")
    page = pages.Unpacked(target.read_text(encoding="utf-8"))
    assert (page.meta["title"], page.meta["entity_nouns"]) == ("Two tables", "patients")
    settings = {line["name"]: line["origin"] for line in page.meta["settings"]}
    assert settings["mine.trees.max_depth"] == "default"
    assert page.table("findings")["rows"] == len(page.table("findings")["id"]) > 0
    assert "neuron" in page.table("targets")["role"]


def test_what_is_left_out_is_told(
    cli: CommandLine, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    outcome = cli("report", finished, "-o", tmp_path / "r.html", "--budget", "1kB")
    assert outcome.status == 0
    assert "left out: rules with their entities, 0 of " in outcome.out
    assert outcome.out.endswith("  redescribe serve RUN shows all of it\n")


def test_a_large_report_recommends_the_server(
    cli: CommandLine, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    monkeypatch.setattr("redescribe.cli.reporting.LARGE", 1000)
    outcome = cli("report", finished, "-o", tmp_path / "r.html")
    assert "redescribe serve RUN shows the same pages" in outcome.out


def test_without_a_front_end_the_summary_is_written_and_says_so(
    cli: CommandLine, finished: Path, tmp_path: Path
) -> None:
    outcome = cli("report", finished, "-o", tmp_path / "r.html")
    assert outcome.status == 0
    assert "'make web' builds it" in outcome.out
    assert "Findings to read first" in (tmp_path / "r.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--budget", "much"], "A size is a number with kB, MB, GB or TB"),
        (["--budget", "0MB"], "A size is a number with kB, MB, GB or TB"),
        (["--network", "nothing"], "There is no view 'nothing'"),
    ],
)
def test_bad_input_is_one_line(
    cli: CommandLine,
    finished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    pages.use_front_end(monkeypatch)
    outcome = cli("report", finished, "-o", tmp_path / "r.html", *arguments)
    assert outcome.status == 2
    assert message in outcome.err
    assert not (tmp_path / "r.html").exists()


def test_open_prints_the_path_and_opens_it(
    cli: CommandLine, finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    path = finished / "report.html"
    outcome = cli("open", finished)
    assert (outcome.status, outcome.out.strip()) == (0, str(path))
    assert opened == [path.as_uri()]
    alone = tmp_path / "r.html"
    alone.write_text("", encoding="utf-8")
    assert cli("open", alone).out.strip() == str(alone)
    assert cli("open", tmp_path / "none").status == 2


def test_open_writes_a_report_that_is_missing(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    run = pages.stored(tmp_path / "run", examples.dataset())
    assert cli("open", run.path).status == 0
    assert (run.path / "report.html").exists()


def test_pictures_and_texts_of_the_samples(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PIL", reason="Pillow is missing")
    pages.use_front_end(monkeypatch)
    run = pages.stored(tmp_path / "run", examples.dataset())
    np.savez(tmp_path / "a.npz", test=np.zeros((60, 4, 4), np.uint8), other=np.zeros(3))
    rows = [f"{i},text {i}" for i in range(50)]
    (tmp_path / "texts.csv").write_text("\n".join(["key,title", *rows]))
    options = [
        "--images",
        f"{tmp_path}/a.npz:test",
        "--texts",
        f"{tmp_path}/texts.csv:title",
    ]
    target = tmp_path / "r.html"
    outcome = cli("report", run.path, "-o", target, *options, "--id", "key")
    assert outcome.status == 2
    assert "10 of the 60 entities have no text: '50', '51', '52', …" in outcome.err
    assert not target.exists()
    outcome = cli("report", run.path, "-o", target, *options, "--missing-media")
    assert outcome.status == 0, outcome.err
    media = pages.Unpacked(target.read_text(encoding="utf-8")).meta["media"]
    assert (media["pictures"], media["texts"]) == (60, 50)
