"""`redescribe explain`: a finding in words, its four cells, and its evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyarrow import parquet
from tests.cli.examples import N_ENTITIES, findings, mined, views

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine


def test_by_id_and_by_key(cli: CommandLine, finished: Path) -> None:
    found = findings(finished)
    by_id = cli("explain", finished, "R1")
    assert by_id.status == 0
    assert cli("explain", finished, found["key"][0]).out == by_id.out
    assert by_id.out.startswith(f"R1  (individual description of {found['target'][0]})")
    for name in ("query_mean", "query_worst"):
        assert found[name][0] in by_id.out


def test_cells_add_up_to_the_entities(cli: CommandLine, finished: Path) -> None:
    found = findings(finished)
    text = cli("explain", finished, "R1").out
    tables = re.findall(r"left rule holds +(\d+) +(\d+)\n +does not +(\d+) +(\d+)", text)
    assert len(tables) == 2
    cells = [[int(cell) for cell in table] for table in tables]
    assert [sum(table) for table in cells] == [84, N_ENTITIES - 84]
    assert [table[0] for table in cells] == [found["support_mined"][0], found["support"][0]]
    jaccards = [table[0] / sum(table[:3]) for table in cells]
    assert jaccards == [found["jaccard_mined"][0], found["jaccard"][0]]


def test_evidence_names_test_and_correction(cli: CommandLine, finished: Path) -> None:
    found = findings(finished)
    confirmed, last = found[found["confirmed"]], found[~found["confirmed"]]
    text = cli("explain", finished, confirmed["id"].iloc[0]).out
    assert "(fixed_margin)" in text
    assert f"bh over {len(found)} findings" in text
    assert "  confirmed: confirmed means q <= 0.01 and hold-out Jaccard >= 0.5" in text
    assert "not confirmed:" in cli("explain", finished, last["id"].iloc[0]).out


def test_without_a_hold_out_there_is_one_table(cli: CommandLine, in_sample: Path) -> None:
    text = cli("explain", in_sample, "R1").out
    assert text.count("left rule holds") == 1
    assert "(ignores the search)" in text
    assert "confirmed" not in text


def test_an_unknown_finding_names_the_nearest(cli: CommandLine, finished: Path) -> None:
    found = findings(finished)
    outcome = cli("explain", finished, f"R{len(found)}0")
    assert outcome.status == 2
    assert outcome.err.count("\n") == 1
    assert f"Did you mean 'R{len(found)}'?" in outcome.err
    assert "Known: 'R1', 'R2'" in cli("explain", finished, "worst_area").err


def test_near_duplicates_are_shown_up_to_five(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    found = mined(folder, *views(tables), "--near-duplicate", "0.7", "--score", "jaccard")
    near = parquet.read_table(folder / "near_duplicates.parquet").to_pandas()
    n_near = near["id"].value_counts().reindex(found["id"], fill_value=0)
    assert n_near.min() == 0
    assert n_near.max() > 5
    for name, n in ((n_near.idxmin(), 0), (n_near.idxmax(), n_near.max())):
        text = cli("explain", folder, str(name)).out
        title = f"Near duplicates: {n} that gave way to this one, 5 shown (mined, not"
        assert (title in text) == (n > 0)
        assert text.count("its entities and those of this one") == min(n, 5)
    best = near[near["id"] == n_near.idxmax()].iloc[0]
    assert f"  {best['queries'][0]} <=> {best['queries'][1]}\n" in text
    assert f"this one: Jaccard {best['support_jaccard_mined']:.3f}" in text
