"""`redescribe apply`: the findings of a run on new tables."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from pyarrow import parquet
from tests.cli.examples import MEAN, WORST, findings, mined

from redescribe.datasets.wdbc import wdbc_views
from redescribe.store.results import load

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tumours that no run has seen: one file for each view."""
    folder = tmp_path_factory.mktemp("others")
    attributes, _ = wdbc_views()
    ids = attributes.entities.ids[200:300]
    for name, columns in (("mean", MEAN), ("worst", WORST)):
        values = {column: attributes.column(column)[200:300] for column in columns}
        table = pd.DataFrame({"id": ids, **values})
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder


def views(folder: Path) -> tuple[str, ...]:
    return (
        *("--view", f"mean={folder / 'mean.csv'}"),
        *("--view", f"worst={folder / 'worst.csv'}"),
    )


def record(cli: CommandLine, *arguments: str | Path) -> dict[str, Any]:
    outcome = cli("apply", *arguments, "--json")
    assert outcome.status == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def test_every_finding_is_applied(cli: CommandLine, finished: Path, others: Path) -> None:
    found = record(cli, finished, *views(others))
    table = findings(finished)
    assert [one["id"] for one in found["findings"]] == table["id"].tolist()
    assert (found["n_entities"], found["n_applied"]) == (100, len(table))
    tables = {name: pd.read_csv(others / f"{name}.csv") for name in ("mean", "worst")}
    for one in found["findings"]:
        masks = []
        for name in ("mean", "worst"):
            text = re.sub(r"\bNOT ", "not ", one[f"query_{name}"])
            text = text.replace(" AND ", " and ").replace(" OR ", " or ")
            masks.append(tables[name].eval(text).to_numpy(bool))
        assert one["support"] == (masks[0] & masks[1]).sum()
        assert one["union"] == (masks[0] | masks[1]).sum()
        assert (one["size_mean"], one["size_worst"]) == (masks[0].sum(), masks[1].sum())
        row = table[table["id"] == one["id"]].iloc[0]
        assert one["jaccard_hold_out"] == row["jaccard"]
        assert one["difference_mined"] == one["jaccard"] - row["jaccard_mined"]
    replicated = [one["replicated"] for one in found["findings"]]
    assert found["n_replicated"] == sum(replicated) > 0
    assert (found["n_known_mined"], found["n_known_hold_out"]) == (0, 0)


def test_the_table_has_a_line_per_finding(
    cli: CommandLine, finished: Path, others: Path
) -> None:
    found = record(cli, finished, *views(others))
    text = cli("apply", finished, *views(others), "--all").out
    n, n_replicated = found["n_applied"], found["n_replicated"]
    assert text.startswith(f"{n_replicated} of {n} findings hold on 100 entities\n")
    assert "a replication, no new test of the family they were chosen from" in text
    for one in found["findings"]:
        holds = "yes" if one["replicated"] else "no"
        counts = f"{one['support']}/{one['union']}"
        assert re.search(rf"^{one['id']} .* {counts} .* {holds} ", text, re.MULTILINE)
        assert f"\n      {one['query_mean']} <=> {one['query_worst']}"[:60] in text or (
            f"\n      {one['query_worst']} <=> {one['query_mean']}"[:60] in text
        )
    few = cli("apply", finished, *views(others), "--limit", "1").out
    assert f"… {n - 1} more: --all" in few
    assert cli("apply", finished, *views(others), "--quiet").out == ""


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl", "parquet"])
def test_files_hold_the_rows(
    cli: CommandLine, finished: Path, others: Path, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"new.{ending}"
    outcome = cli("apply", finished, *views(others), "-o", path, "--quiet")
    n = len(findings(finished))
    assert (outcome.status, outcome.out) == (0, "")
    assert outcome.err == f"{n} rows written to {path}\n"
    readers = {
        "csv": pd.read_csv,
        "json": pd.read_json,
        "jsonl": lambda file: pd.read_json(file, lines=True),
        "parquet": lambda file: parquet.read_table(file).to_pandas(),
    }
    table = readers[ending](path)
    want = record(cli, finished, *views(others))["findings"]
    assert list(table.columns) == [name for name in want[0] if name != "unseen"]
    assert table["support"].tolist() == [one["support"] for one in want]
    assert table["jaccard"].tolist() == pytest.approx([one["jaccard"] for one in want])


def test_an_unknown_ending_is_refused_first(cli: CommandLine, tmp_path: Path) -> None:
    outcome = cli("apply", tmp_path / "none", "--view", "a=b", "-o", tmp_path / "x.xlsx")
    assert outcome.status == 2
    assert "Use one of .csv, .json, .jsonl, .parquet." in outcome.err


def test_one_table_for_all_views(
    cli: CommandLine, finished: Path, others: Path, tmp_path: Path
) -> None:
    both = [pd.read_csv(others / f"{name}.csv") for name in ("mean", "worst")]
    both[0].merge(both[1], on="id").to_csv(tmp_path / "all.csv", index=False)
    options = ("--table", tmp_path / "all.csv", "--view", "mean=mean_*")
    found = record(cli, finished, *options, "--view", "worst=worst_*", "--id", "id")
    assert found == record(cli, finished, *views(others))


def test_missing_columns_are_named_or_skipped(
    cli: CommandLine, finished: Path, others: Path
) -> None:
    few = f"worst={others / 'worst.csv'}:worst_texture,worst_smoothness"
    options = ("--view", f"mean={others / 'mean.csv'}", "--view", few)
    outcome = cli("apply", finished, *options)
    assert outcome.status == 2
    assert re.match(
        r"Error: Finding R\d+ needs column 'worst_area' of view 'worst', which the new "
        r"data lack\..* \(--skip-absent\)\.\n$",
        outcome.err,
    )
    found = record(cli, finished, *options, "--skip-absent")
    uses = findings(finished)["query_worst"].str.contains("worst_area")
    assert len(found["skipped"]) == uses.sum() > 0
    assert found["n_applied"] == (~uses).sum() > 0
    text = cli("apply", finished, *options, "--skip-absent", "--all").out
    assert f"{uses.sum()} findings were left out" in text
    first = found["skipped"][0]["id"]
    assert re.search(rf"^{first} +left out: no worst:worst_area$", text, re.MULTILINE)


def test_missing_values_are_counted(
    cli: CommandLine, finished: Path, others: Path, tmp_path: Path
) -> None:
    table = pd.read_csv(others / "mean.csv")
    table.loc[:9, list(MEAN)] = None
    table.to_csv(tmp_path / "mean.csv", index=False)
    options = (
        *("--view", f"mean={tmp_path / 'mean.csv'}"),
        *("--view", f"worst={others / 'worst.csv'}"),
    )
    found = record(cli, finished, *options)
    assert {one["n_unknown"] for one in found["findings"]} == {10}
    text = cli("apply", finished, *options).out
    assert "a rule is unknown for 10 entities (missing)" in text


def test_unseen_categories_are_counted(
    cli: CommandLine, three_views: Path, others: Path, tmp_path: Path
) -> None:
    table = pd.read_csv(others / "mean.csv")[["id"]]
    table["diagnosis"] = ["unclear", "benign", "malignant", "benign"] * 25
    table.to_csv(tmp_path / "labels.csv", index=False)
    options = (*views(others), "--view", f"labels={tmp_path / 'labels.csv'}")
    found = record(cli, three_views, *options)
    for one in found["findings"]:
        assert (one["n_unseen"], one["n_unknown"]) == (25, 0)
        assert one["unseen"][0]["categories"] == ["unclear"]
        if one["query_labels"] == 'diagnosis = "malignant"':
            assert one["size_labels"] == 25
    text = cli("apply", three_views, *options).out
    assert 'labels:diagnosis has values not seen in mining for 25 entities ("unclear")' in (
        text
    )


def test_entities_of_the_run_are_no_replication(
    cli: CommandLine, finished: Path, tables: Path
) -> None:
    found = record(cli, finished, *views(tables))
    assert (found["n_known_mined"], found["n_known_hold_out"]) == (84, 36)
    assert "where they are the same, this is no replication" in found["caveat"]


def test_unmatched_entities(
    cli: CommandLine, finished: Path, others: Path, tmp_path: Path
) -> None:
    pd.read_csv(others / "mean.csv")[:90].to_csv(tmp_path / "mean.csv", index=False)
    options = (
        *("--view", f"mean={tmp_path / 'mean.csv'}"),
        *("--view", f"worst={others / 'worst.csv'}"),
    )
    assert "10 entities are not in every one" in cli("apply", finished, *options).err
    outcome = cli("apply", finished, *options, "--align", "inner")
    assert outcome.status == 0
    assert outcome.err.startswith("10 entities are not in all views: tumour-290")
    assert "hold on 90 entities" in outcome.out
    assert "--align must be" in cli("apply", finished, *options, "--align", "x").err


def test_an_in_sample_run_has_no_hold_out_to_drift_from(
    cli: CommandLine, in_sample: Path, others: Path
) -> None:
    one = record(cli, in_sample, *views(others))["findings"][0]
    assert one["jaccard_mined"] is not None
    assert "jaccard_hold_out" not in one


def test_nothing_drifts_on_the_mined_entities(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    options = ("--view", f"mean={tables / 'mean.csv'}")
    worst = ("--view", f"worst={tables / 'worst.csv'}")
    mined(tmp_path / "run", *options, *worst, "--hold-out", "0")
    found = record(cli, tmp_path / "run", *options, *worst)
    assert {one["difference_mined"] for one in found["findings"]} == {0}
    assert {one["p_drift_mined"] for one in found["findings"]} == {1}


def test_a_saved_set_knows_neither_categories_nor_entities(
    cli: CommandLine, finished: Path, others: Path, tmp_path: Path
) -> None:
    load(finished).save(tmp_path / "saved")
    found = record(cli, tmp_path / "saved", *views(others))
    of_run = record(cli, finished, *views(others))
    assert (found["n_known_mined"], found["n_known_hold_out"]) == (None, None)
    for one, other in zip(found["findings"], of_run["findings"], strict=True):
        unknown = {"unseen": None, "n_unseen": None}
        assert one == other | unknown


def test_rules_that_hold_for_nobody_are_not_testable(
    cli: CommandLine, finished: Path, others: Path, tmp_path: Path
) -> None:
    for name in ("mean", "worst"):
        table = pd.read_csv(others / f"{name}.csv")
        numbers = list(table.columns[1:])
        table[numbers] = 0.0
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    found = record(cli, finished, *views(tmp_path))["findings"]
    empty = [one for one in found if one["union"] == 0]
    assert empty
    for one in empty:
        assert (one["jaccard"], one["jaccard_low"], one["p_value"]) == (None, None, 1)
        assert (one["difference_hold_out"], one["p_drift_hold_out"]) == (None, None)
        assert not one["replicated"]
    text = cli("apply", finished, *views(tmp_path), "--all").out
    assert text.count("not testable: no entity satisfies any of the rules") == len(empty)
