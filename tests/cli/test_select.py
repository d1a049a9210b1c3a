"""The options that choose what is reported, and the digest that `show` opens with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.examples import findings, mined, views

from redescribe.core.measures import cautious_jaccard

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

RICH = ["--hold-out", "0", "--discretizer", "equal-width"]


def counts(folder: Path) -> dict[str, int]:
    document = json.loads((folder / "run.json").read_text())
    read: dict[str, int] = document["counts"]
    return read


def test_the_default_is_three_findings_per_target_and_kind(finished: Path) -> None:
    found = findings(finished)
    assert found.groupby(["target", "kind"]).size().max() == 3
    assert counts(finished)["mined"] > counts(finished)["kept"] == len(found)


def test_the_choice_is_stored(finished: Path) -> None:
    document = json.loads((finished / "run.json").read_text())
    chosen = document["parameters"]["select"]
    assert (chosen["select"], chosen["max_per_target"]) == ("extraction", 3)
    assert document["stages"] == {"mine": "done", "select": "done", "assess": "done"}
    assert "selecting" in document["seconds"]


def test_all_reports_whatever_was_mined(tables: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    found = mined(folder, *views(tables), *RICH, "--select", "all")
    assert counts(folder)["mined"] >= len(found)
    assert found.groupby(["target", "kind"]).size().max() > 3


def cautious(row: dict[str, Any]) -> float:
    union = round(row["support_mined"] / row["jaccard_mined"])
    return cautious_jaccard(row["jaccard_mined"], union, row["n_literals"])


@pytest.mark.parametrize("strategy", ["extraction", "exchange", "cover"])
def test_the_best_of_each_target_is_always_reported(
    tables: Path, tmp_path: Path, strategy: str
) -> None:
    everything = mined(tmp_path / "all", *views(tables), *RICH, "--select", "all")
    options = ["--select", strategy, "--max-per-target", "1"]
    found = mined(tmp_path / "run", *views(tables), *RICH, *options)
    assert set(found["key"]) <= set(everything["key"])
    assert found.groupby(["target", "kind"]).size().max() == 1
    best, kept = (
        table.assign(rank=[cautious(row) for row in table.to_dict("records")])
        .groupby("target")["rank"]
        .max()
        for table in (everything, found)
    )
    assert (kept == best).all()


def test_strategies_and_weights_choose_differently(tables: Path, tmp_path: Path) -> None:
    options = {
        "extraction": [],
        "exchange": ["--select", "exchange"],
        "cover": ["--select", "COVER"],
        "jaccard": ["--weight-attributes", "0", "--weight-entities", "0"],
        "short": ["--weight-size", "1", "--size-norm", "4"],
        "plain": ["--score", "jaccard", "--weight-jaccard", "1"],
        "many": ["--max-per-target", "6", "--near-duplicate", "1"],
        "other attributes": ["--keep-equal-support", "--max-per-target", "9"],
    }
    chosen = {
        name: frozenset(mined(tmp_path / name, *views(tables), *RICH, *some)["key"])
        for name, some in options.items()
    }
    assert len(set(chosen.values())) >= len(options) - 1
    assert len(chosen["many"]) > len(chosen["extraction"]) > len(chosen["cover"])


def test_several_preferences_report_the_union(tables: Path, tmp_path: Path) -> None:
    rows = ["jaccard=1", "coverage=0.5,size=0.5"]
    options = [["--preference", row] for row in rows]
    sets = [
        mined(tmp_path / f"{number}", *views(tables), *RICH, *one)
        for number, one in enumerate(options)
    ]
    union = mined(tmp_path / "union", *views(tables), *RICH, *options[0], *options[1])
    names = [
        set(zip(s["target"], s["kind"], s["key"], strict=True)) for s in (*sets, union)
    ]
    assert names[2] == names[0] | names[1] > names[0]
    assert union.groupby(["target", "kind"]).size().max() <= 2 * 3
    document = json.loads((tmp_path / "union" / "run.json").read_text())
    assert document["parameters"]["select"]["preferences"] == rows
    origin = {"value": rows, "origin": "command line"}
    assert document["origins"]["select.preferences"] == origin


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--preference", "jaccard"], "row 'jaccard' of 'preferences' has 'jaccard'"),
        (["--preference", "j=1"], "row 'j=1' of 'preferences' has no term 'j'"),
        (
            ["--preference", "p=1", "--weight-size", "1"],
            "SelectParams has 'preferences' and 'weight_size'",
        ),
        (["--preference", "p=1", "--select", "all"], "select='all' reports everything"),
        (["--weight-jaccard", "2"], "'weight_jaccard' parameter of SelectParams must be"),
        (["--max-per-target", "0"], "'max_per_target' parameter of SelectParams must be"),
        (["--select", "best"], "'best' is not one of"),
        (["--score", "j"], "'j' is not one of"),
    ],
)
def test_what_is_no_choice(
    cli: CommandLine, tables: Path, tmp_path: Path, options: list[str], text: str
) -> None:
    outcome = cli("mine", *views(tables), "-o", tmp_path / "run", *options)
    assert outcome.status == 2
    assert text in outcome.err
    assert not (tmp_path / "run").exists()


def test_other_choices_are_another_run(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    arguments = ["mine", *views(tables), "-o", str(tmp_path / "run")]
    assert cli(*arguments).status == 0
    refused = cli(*arguments, "--max-per-target", "2")
    assert refused.status == 2
    assert "other inputs or parameters" in refused.err
    assert cli(*arguments, "--max-per-target", "2", "--force").status == 0


def test_the_digest_is_varied_and_says_of_how_many(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    found = mined(folder, *views(tables), "--select", "all")
    outcome = cli("show", folder)
    shown = [name for name in found["id"] if f" {name} " in outcome.out]
    assert f"{len(shown)} of {len(found)} shown; --all lists everything" in outcome.out
    assert 0 < len(shown) <= min(30, found["target"].nunique())
    rows = found.set_index("id").loc[shown]
    assert rows["target"].is_unique
    assert not rows[["query_mean", "query_worst"]].duplicated().any()


def test_all_findings_are_listed_in_order(cli: CommandLine, finished: Path) -> None:
    found = findings(finished)
    outcome = cli("show", finished, "--all", "--limit", "1")
    assert f"Findings: all {len(found)}" in outcome.out
    places = [outcome.out.index(f" {name} ") for name in found["id"]]
    assert places == sorted(places)
