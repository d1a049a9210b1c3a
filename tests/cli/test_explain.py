"""`redescribe explain`: a finding in words, its four cells, and its evidence."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet
from tests.cli.examples import N_ENTITIES, findings, mined, views

from redescribe.core.printing import format_share
from redescribe.store.run import RunFolder

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


def test_precisions_are_shares_of_each_rule(cli: CommandLine, finished: Path) -> None:
    text = cli("explain", finished, "R1").out
    tables = re.findall(r"left rule holds +(\d+) +(\d+)\n +does not +(\d+)", text)
    found = re.findall(r"P\(right \| left\) (\S+), P\(left \| right\) (\S+)\n", text)
    assert len(tables) == len(found) == 2
    for cells, shares in zip(tables, found, strict=True):
        both, left_only, right_only = map(int, cells)
        want = (both / (both + left_only), both / (both + right_only))
        assert shares == tuple(f"{share:.3f}" for share in want)
    record = json.loads(cli("explain", finished, "R1", "--json").out)
    names = [rule["view"] for rule in record["rules"]]
    both, left_only, right_only = map(int, tables[1])
    assert record["hold_out"]["precisions"] == {
        names[0]: both / (both + left_only),
        names[1]: both / (both + right_only),
    }
    assert "Classes of" not in text  # no view has classes
    assert record["hold_out"]["classes"] == []


def test_classes_are_those_of_the_entities_of_all_rules(
    cli: CommandLine, labelled: Path
) -> None:
    record = json.loads(cli("explain", labelled, "R1", "--json").out)
    text = cli("explain", labelled, "R1").out
    assert "the largest, its share, entropy in bits" in text
    stored = RunFolder.open(labelled)
    redescription = stored.read_assessed().findings[0].redescription
    data = stored.dataset()
    for key, part in (("mining_part", data.mining_part), ("hold_out", data.hold_out_part)):
        masks = [support.mask for support in redescription.supports_on(part)]
        codes = part.view("labels").column("diagnosis")[masks[0] & masks[1]]
        counts = [int((codes == code).sum()) for code in (0, 1)]
        large, diagnosis = record[key]["classes"]
        assert (diagnosis["view"], diagnosis["attribute"]) == ("labels", "diagnosis")
        assert (large["attribute"], large["by_construction"]) == ("large", False)
        assert list(diagnosis["counts"].values()) == counts
        assert diagnosis["purity"] == max(counts) / sum(counts)
        shares = [n / sum(counts) for n in counts if n]
        entropy = 0.0 - sum(share * math.log2(share) for share in shares)
        assert diagnosis["entropy"] == pytest.approx(entropy)
        row = re.search(r"^  labels:diagnosis .*$", text, re.MULTILINE)
        assert row is not None
        shown = f"{diagnosis['majority']} {format_share(diagnosis['purity']):>6}"
        assert f"{shown} {entropy:>5.2f}" in row[0]
    assert max(map(len, text.split("\n\nEvidence")[0].splitlines())) <= 80


def test_classes_in_the_rules_are_marked(cli: CommandLine, three_views: Path) -> None:
    text = cli("explain", three_views, "R1").out
    assert "labels:diagnosis *" in text
    assert "* in the rules: by construction" in text
    record = json.loads(cli("explain", three_views, "R1", "--json").out)
    assert record["mining_part"]["classes"][0]["by_construction"]


def widest(run: Path) -> dict[str, Any]:
    """The row of a finding over three views."""
    found = findings(run)
    names = [name for name in found if name.startswith("query_")]
    return dict(found[found[names].notna().all(axis=1)].iloc[0])


def test_three_rules_are_counted_one_by_one(cli: CommandLine, three_views: Path) -> None:
    row = widest(three_views)
    text = cli("explain", three_views, row["id"]).out
    assert "left rule" not in text
    shared = (row["support_mined"], row["support"])
    for label, numbers in (
        ("all 3 rules hold", shared),
        ("in all", (row["n_mined"], row["n_hold_out"])),
        ("yes +yes +yes", shared),
    ):
        assert re.search(rf"^  {label} +{numbers[0]} +{numbers[1]}$", text, re.MULTILINE)
    jaccards = f"{row['jaccard_mined']:.3f} +{row['jaccard']:.3f}"
    assert re.search(rf"^  all rules +{jaccards}$", text, re.MULTILINE)
    row_of_labels = r"^  of those of labels +\d\.\d\d\d +\d\.\d\d\d$"
    assert re.search(row_of_labels, text, re.MULTILINE)
    assert len(re.findall(r"^  \w+ and \w+ +\d\.\d\d +\d\.\d\d$", text, re.MULTILINE)) == 3
    rows = re.findall(r"^  (?:(?:yes|-) +){3}(\d+) +(\d+)$", text, re.MULTILINE)
    assert 2 <= len(rows) <= 8
    sums = [sum(map(int, column)) for column in zip(*rows, strict=True)]
    assert sums == [row["n_mined"], row["n_hold_out"]]
    assert "one may still add little" in text
    assert max(map(len, text.split("\n\nEvidence")[0].splitlines())) <= 80


def test_everything_as_json(cli: CommandLine, three_views: Path, in_sample: Path) -> None:
    row = widest(three_views)
    record = json.loads(cli("explain", three_views, row["id"], "--json").out)
    # The rule of the target comes first.
    assert row["target"].startswith(f"{record['rules'][0]['view']}:")
    assert {r["view"]: r["query"] for r in record["rules"]} == {
        name: row[f"query_{name}"] for name in ("mean", "worst", "labels")
    }
    assert record["missing"] == "query_non_missing"
    names = [name for name in row if not name.startswith("query_")]
    assert {name: record[name] for name in names} == {name: row[name] for name in names}
    for part, support in (("mining_part", "support_mined"), ("hold_out", "support")):
        found = record[part]
        assert found["support"] == row[support] == found["combinations"][0]["n_entities"]
        assert set(found["sizes"]) == {"mean", "worst", "labels"}
        assert len(found["pairs"]) == 3
        n_entities = sum(one["n_entities"] for one in found["combinations"])
        assert n_entities == found["n_entities"]
        assert "jaccards" not in found
    assert "hold_out" not in json.loads(cli("explain", in_sample, "R1", "--json").out)


def test_missing_values_give_four_jaccards(cli: CommandLine, incomplete: Path) -> None:
    row = findings(incomplete).iloc[0]
    text = cli("explain", incomplete, "R1").out
    assert re.search(
        r"unknown for \d+ of the 84 mined and \d+ of the 36 held-out ent", text
    )
    jaccards = f"{row['jaccard_mined']:.3f} +{row['jaccard']:.3f}"
    assert re.search(rf"^  pessimistic \(used\) +{jaccards}   the smallest", text, re.M)
    assert text.count("(used)") == 1
    assert f"  Jaccard {row['jaccard_mined']:.3f}: share" in text
    record = json.loads(cli("explain", incomplete, "R1", "--json").out)
    for part, name in (("mining_part", "jaccard_mined"), ("hold_out", "jaccard")):
        found = record[part]
        assert list(found["jaccards"]) == [
            *("query_non_missing", "rejective", "pessimistic", "optimistic")
        ]
        assert found["jaccards"]["pessimistic"] == row[name] == found["jaccard"]
        assert found["n_unknown"] > 0


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
    options = ["--near-duplicate", "0.4", "--interactions", "--pool-per-target", "60"]
    found = mined(folder, *views(tables), *options)
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
