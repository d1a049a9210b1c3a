"""`redescribe diff`: two runs against each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from redescribe.relations.run_comparison import compare_folders
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine


def test_the_rows_are_those_of_the_api(
    cli: CommandLine, finished: Path, labelled: Path
) -> None:
    want = compare_folders(RunFolder.open(finished), RunFolder.open(labelled))
    outcome = cli("diff", finished, labelled, "--json")
    assert outcome.status == 0, outcome.err
    got = json.loads(outcome.out)
    assert got["findings"] == json.loads(json.dumps(want.rows()))
    assert got["counts"] == want.counts
    assert got["entities"]["n_shared"] == RunFolder.open(finished).dataset().n_entities
    names = {setting["name"] for setting in got["settings"]}
    assert {"mine.targets", "mine.partners"} <= names
    assert any("other attributes or values: labels" in text for text in got["warnings"])


def test_the_text_tells_kinds_settings_and_warnings(
    cli: CommandLine, finished: Path, in_sample: Path
) -> None:
    text = cli("diff", finished, in_sample, "--limit", "2").out
    assert "The later run has no hold-out" in text
    assert "split.hold_out" in text
    assert "2 shown   J mined" in text
    same = cli("diff", finished, finished).out
    n = len(RunFolder.open(finished).read_assessed())
    assert f": {n} kept, 0 changed, 0 added, 0 lost" in same
    assert "Settings" not in same


def test_what_is_no_run_is_named(cli: CommandLine, finished: Path, tmp_path: Path) -> None:
    outcome = cli("diff", finished, tmp_path)
    assert outcome.status == 2
    assert "is not a run folder" in outcome.err
