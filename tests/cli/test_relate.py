"""`redescribe relate`: roles, layers and matches of a run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from redescribe.relations.related import relate
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine


def test_the_tables_are_those_of_the_api(
    cli: CommandLine, labelled: Path, tmp_path: Path
) -> None:
    folder = RunFolder.open(labelled)
    views = list(folder.dataset().names)[:2]
    want = relate(folder.read_assessed(), folder.dataset(), networks=views).tables()
    options = [argument for view in views for argument in ("--network", view)]
    outcome = cli("relate", labelled, *options, "--json", "-o", tmp_path / "tables")
    assert outcome.status == 0, outcome.err
    assert json.loads(outcome.out) == json.loads(json.dumps(want))
    assert want["matches"]
    for name, rows in want.items():
        if rows:
            read = pd.read_csv(tmp_path / "tables" / f"{name}.csv")
            assert (len(read), list(read)) == (len(rows), list(rows[0]))
    again = cli("relate", labelled, "-o", tmp_path / "tables")
    assert again.status == 2
    assert "tables" in again.err


def test_the_text_says_on_what_the_numbers_are(cli: CommandLine, labelled: Path) -> None:
    text = cli("relate", labelled, "--limit", "1").out
    n = RunFolder.open(labelled).dataset().hold_out_part.n_entities
    assert f"By confirmed findings, on {n} held-out entities." in text
    assert text.startswith("Roles of ")
    assert "\nLayers: " in text


def test_an_unknown_network_is_named(cli: CommandLine, labelled: Path) -> None:
    outcome = cli("relate", labelled, "--network", "nowhere")
    assert outcome.status == 2
    assert "'nowhere'" in outcome.err
