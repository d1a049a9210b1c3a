"""`redescribe rules`: rules of a run or of tables, in every form."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe.rules.on_dataset import confirmed_queries, imitate_on
from redescribe.rules.params import RuleParams
from redescribe.rules.rule_file import load_rules, record_of
from redescribe.rules.run_rules import read_run_rules
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

FEW = ("--max-literals", "3", "--max-loss", "0", "--no-keep")


def network(rows: Any) -> Any:  # noqa: ANN401 - an array
    """Asked by `--network`: which tumours are large, by their area."""
    return np.where(rows[:, 0] > 700, "true", "false")


def test_the_rules_of_a_run_are_those_of_the_api(
    cli: CommandLine, labelled: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rules.json"
    options = ["--outputs", "labels:large", "--inputs", "worst", *FEW, "--json"]
    outcome = cli("rules", labelled, *options, "-o", path)
    assert outcome.status == 0, outcome.err
    run = RunFolder.open(labelled)
    dataset = run.dataset()
    codes = dataset.view("labels").column("large")
    answers = [("false", "true")[int(code)] for code in codes]
    want = imitate_on(
        dataset,
        answers,
        RuleParams(max_literals=3, max_loss=0),
        inputs="worst",
        queries=confirmed_queries(run.read_assessed()),
    )[""].rules
    assert json.loads(outcome.out) == json.loads(json.dumps(record_of(want)))
    assert record_of(load_rules(path)) == record_of(want)
    assert want.rules[0].query.attributes == ("worst_area",)


def test_the_text_says_what_they_reach(cli: CommandLine, labelled: Path) -> None:
    options = ["--outputs", "labels:large", "--inputs", "worst", "--max-literals", "3"]
    options.append("--no-keep")
    outcome = cli("rules", labelled, *options, "--labels", "labels:large")
    assert "held-out entities: fidelity 0.9" in outcome.out or "1.000" in outcome.out
    assert ", accuracy " in outcome.out
    assert "Literals allowed, and fidelity in the mining part's folds: 1" in outcome.out


def test_code_can_be_piped_into_a_file(cli: CommandLine, labelled: Path) -> None:
    options = ["--outputs", "labels:large", "--inputs", "worst", *FEW]
    outcome = cli("rules", labelled, *options, "--form", "python")
    names: dict[str, Any] = {}
    exec(outcome.out, names)  # noqa: S102 - our own text
    assert names["predict"]({"worst_area": 1e6}) == "true"
    sql = cli("rules", labelled, *options, "--form", "sql").out.splitlines()
    assert sql[0] == "CASE"
    assert sql[-1].startswith("-- ")


def test_several_outputs_are_several_labels(
    cli: CommandLine, labelled: Path, tmp_path: Path
) -> None:
    outputs = ["--outputs", "labels:large", "--outputs", "labels:diagnosis"]
    options: list[str | Path] = ["--inputs", "worst", *FEW, "-o", tmp_path / "rules.json"]
    outcome = cli("rules", labelled, *outputs, *options)
    assert outcome.status == 0, outcome.err
    assert outcome.out.startswith("labels:large\n1. IF ")
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["rules-labels%3Adiagnosis.json", "rules-labels%3Alarge.json"]


def test_tables_need_no_run(cli: CommandLine, tables: Path) -> None:
    views = ["--view", "worst=worst_area,worst_texture", "--view", "labels=large"]
    table: list[str | Path] = ["--table", tables / "all.csv", "--id", "id"]
    options = ["--outputs", "labels:large", *FEW, "--hold-out", "0"]
    outcome = cli("rules", *views, *table, *options)
    assert outcome.status == 0, outcome.err
    assert "No hold-out: nothing is known" in outcome.out
    numbers = ["--outputs", "worst:worst_texture", "--task", "numbers", "--n-bins", "2"]
    told = cli("rules", *views, *table, *numbers, "--inputs", "worst", *FEW)
    assert told.status == 0, told.err
    assert "IF worst_texture" in told.out


def test_the_network_may_be_asked(cli: CommandLine, labelled: Path) -> None:
    options = ["--outputs", "labels:large", "--inputs", "worst", *FEW, "--augment", "1"]
    named = f"{__name__}:network"
    outcome = cli("rules", labelled, *options, "--network", named)
    assert outcome.status == 0, outcome.err
    assert "worst_area" in outcome.out
    for wrong in ("nowhere:f", "json:nothing", "json:__doc__", "f"):
        refused = cli("rules", labelled, *options, "--network", wrong)
        assert refused.status == 2
        assert wrong in refused.err


def test_what_is_missing_is_said(cli: CommandLine, labelled: Path) -> None:
    good = ("--outputs", "labels:large", "--inputs", "worst", "--no-keep")
    for arguments, message in (
        (("--outputs", "large"), "is not of the form VIEW:ATTRIBUTE"),
        (("--outputs", "labels:lage", "--inputs", "worst"), "Did you mean 'large'"),
        (("--outputs", "labels:large"), "Choose of"),
        ((*good, "--form", "sqll"), "no form 'sqll'"),
        ((*good, "--kind", "eclectic"), "at least one view of a hidden layer"),
    ):
        outcome = cli("rules", labelled, *arguments)
        assert outcome.status == 2, arguments
        assert message in outcome.err
    assert "either a run folder or views" in cli("rules", *good).err


def test_a_run_keeps_rules_and_its_report_shows_them(
    cli: CommandLine, labelled: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(labelled, run)
    options = ["--outputs", "labels:large", "--inputs", "worst", "--max-literals", "3"]
    given = [*options, "--labels", "labels:large", "--max-loss", "0"]
    outcome = cli("rules", run, *given)
    assert outcome.status == 0, outcome.err
    named = cli("rules", run, *given, "--name", "mine")
    assert "Report: " in named.err
    kept = read_run_rules(run)
    assert [one.name for one in kept] == ["labels:large, weighted", "mine"]
    assert {one.outputs for one in kept} == {"labels:large"}
    found = kept[0].imitation
    np.testing.assert_array_equal(found.answers, found.true)
    assert RunFolder.open(run).dataset().n_entities == len(found.answers)
    assert (run / "report.html").exists()
    both = [*options, "--outputs", "labels:diagnosis", "--max-loss", "0", "--name", "all"]
    several = cli("rules", run, *both)
    assert several.status == 0, several.err
    assert [one.name for one in read_run_rules(run)][:2] == [
        "all, labels:diagnosis",
        "all, labels:large",
    ]
