"""`redescribe cohorts`: the parts of a finding against the rest."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.cli.examples import findings, mined, views

from redescribe.relations.finding_profiles import profile_findings
from redescribe.relations.profile_rows import profiles_record
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine


def record(cli: CommandLine, *arguments: str | Path) -> dict[str, Any]:
    outcome = cli("cohorts", *arguments, "--json")
    assert outcome.status == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def column(found: dict[str, Any], cohort: str, name: str) -> dict[str, Any]:
    columns = next(c for c in found["cohorts"] if c["cohort"] == cohort)["columns"]
    return next(c for c in columns if f"{c['view']}:{c['attribute']}" == name)


def test_the_numbers_are_those_of_the_api(cli: CommandLine, labelled: Path) -> None:
    folder = RunFolder.open(labelled)
    first = folder.read_assessed().findings[0]
    want = profiles_record(profile_findings([first], folder.dataset()))
    assert record(cli, labelled, "R1") == json.loads(json.dumps(want))
    assert record(cli, labelled, first.redescription.key) == json.loads(json.dumps(want))
    assert want["part"] == "hold_out"
    text = cli("cohorts", labelled, "R1", "--all").out
    assert f"over the {want['n_tests']} tests of this call" in text
    for cohort in want["cohorts"]:
        n_known = cohort["n_cohort"] + cohort["n_rest"]
        assert f"\n{cohort['cohort']}: {cohort['n_cohort']} of {n_known} entities" in text


def test_by_construction_is_marked(cli: CommandLine, labelled: Path) -> None:
    found = record(cli, labelled, "R1")
    row = findings(labelled).iloc[0]
    both = next(c for c in found["cohorts"] if c["cohort"] == "both")
    used = [c for c in both["columns"] if c["by_construction"]]
    assert used
    for one in used:
        assert one["attribute"] in row[f"query_{one['view']}"]
        assert (one["p_value"], one["q_value"]) == (None, None)
    text = cli("cohorts", labelled, "R1", "--all").out
    for one in used:
        name = f"{one['view']}:{one['attribute']} *"
        assert re.search(rf"^  {re.escape(name)} +[-\d]", text, re.MULTILINE)
    assert "* in the rules of the finding: different by construction" in text


def test_shares_and_p_are_printed(cli: CommandLine, labelled: Path) -> None:
    found = record(cli, labelled, "R1")
    text = cli("cohorts", labelled, "R1").out
    section = text[text.index("\nboth:") : text.index("\nleft only:")]
    labels = column(found, "both", "labels:diagnosis")
    for one in labels["classes"]:
        shown = rf"^    {one['class']} +{one['n_cohort']} \(.*\) +{one['n_rest']} \("
        assert re.search(shown, section, re.MULTILINE)
    bits = rf"{labels['entropy']:.2f} of {labels['entropy_all']:.2f} bits"
    assert re.search(rf"^  labels:diagnosis +{bits} +G [\d.]+, df 1 ", section, re.M)


def test_the_part_can_be_chosen(cli: CommandLine, labelled: Path) -> None:
    found = record(cli, labelled, "R1", "--part", "mined")
    assert (found["part"], found["n_entities"]) == ("mined", 84)
    assert "no evidence" in cli("cohorts", labelled, "R1", "--part", "mined").out
    outcome = cli("cohorts", labelled, "R1", "--part", "test")
    assert outcome.status == 2
    assert "There is no part 'test'. " in outcome.err


def test_without_a_hold_out_it_says_so(cli: CommandLine, in_sample: Path) -> None:
    found = record(cli, in_sample, "R1")
    assert found["part"] == "mined"
    assert "In-sample" in cli("cohorts", in_sample, "R1").out
    assert "has no hold-out" in cli("cohorts", in_sample, "R1", "--part", "hold_out").err


def test_views_and_columns_are_chosen(cli: CommandLine, labelled: Path) -> None:
    options = ("--view", "labels", "--column", "worst:*texture")
    found = record(cli, labelled, "R1", *options)
    names = {f"{c['view']}:{c['attribute']}" for c in found["cohorts"][0]["columns"]}
    assert names == {"labels:diagnosis", "labels:large", "worst:worst_texture"}
    outcome = cli("cohorts", labelled, "R1", "--column", "worst:wurst")
    assert outcome.status == 2
    assert "View 'worst' has no attribute 'wurst'." in outcome.err


def test_errors_are_a_column(cli: CommandLine, tables: Path, tmp_path: Path) -> None:
    table = (tables / "all.csv").read_text().splitlines()
    wrong = np.arange(len(table) - 1) % 9 == 0
    rows = [f"{table[0]},guessed"]
    for line, other in zip(table[1:], wrong, strict=True):
        true = line.rsplit(",", 1)[1]
        swapped = "benign" if true == "malignant" else "malignant"
        rows.append(f"{line},{swapped if other else true}")
    (tmp_path / "all.csv").write_text("\n".join(rows))
    labels = ["--view", f"labels={tmp_path / 'all.csv'}:diagnosis,guessed"]
    chosen = ["--target", "mean", "--partner", "worst"]
    mined(tmp_path / "run", *views(tables), *labels, *chosen)
    errors = ("--errors", "labels:guessed=labels:diagnosis", "--view", "labels")
    found = record(cli, tmp_path / "run", "R1", *errors)
    flag = column(found, "both", "errors:labels:guessed != diagnosis")
    n_wrong = sum(one["n_cohort"] + one["n_rest"] for one in flag["classes"][1:])
    held_out = RunFolder.open(tmp_path / "run").dataset().split.held_out
    assert n_wrong == wrong[held_out].sum() > 0
    text = cli("cohorts", tmp_path / "run", "R1", *errors).out
    assert re.search(r"^  labels:guessed != diagnosis +\d", text, re.MULTILINE)
    outcome = cli("cohorts", tmp_path / "run", "R1", "--errors", "labels:guessed")
    assert "is not of the form PREDICTED=TRUE" in outcome.err


def test_without_a_finding_the_best_are_compared(cli: CommandLine, labelled: Path) -> None:
    found = record(cli, labelled)
    assert 1 < len(found["cohorts"]) <= 10
    assert {c["cohort"] for c in found["cohorts"]} == {"both"}
    names = {c["attribute"] for one in found["cohorts"] for c in one["columns"]}
    assert names == {"diagnosis", "large"}  # classes only
    p = [
        (one["log10_p_value"], one["log10_q_value"])
        for cohort in found["cohorts"]
        for c in cohort["columns"]
        for one in (c, *c["classes"])
        if one["p_value"] is not None
    ]
    assert all(q >= p_value for p_value, q in p)
    assert found["n_tests"] == 4 * len(found["cohorts"])  # G and Fisher, two columns
    text = cli("cohorts", labelled, "--limit", "2").out
    assert "The entities of all rules of 2 of" in text
    assert len(record(cli, labelled, "--all")["cohorts"]) == len(findings(labelled))


def test_a_limit_says_what_it_leaves_out(cli: CommandLine, labelled: Path) -> None:
    text = cli("cohorts", labelled, "R1", "--limit", "1").out
    assert "… 1 more columns of classes: --all" in text
    assert "… 6 more numeric columns: --all" in text
    assert "…" not in cli("cohorts", labelled, "R1", "--all").out


def test_permutations_are_an_option(cli: CommandLine, tables: Path, tmp_path: Path) -> None:
    table = (tables / "all.csv").read_text().splitlines()
    rows = [f"{table[0]},ward"]
    rows += [f"{line},w{i % 11}" for i, line in enumerate(table[1:])]
    (tmp_path / "all.csv").write_text("\n".join(rows))
    labels = ["--view", f"labels={tmp_path / 'all.csv'}:ward"]
    chosen = ["--target", "mean", "--partner", "worst"]
    mined(tmp_path / "run", *views(tables), *labels, *chosen)
    options = ("R1", "--view", "labels", "--permutations", "19")
    ward = column(record(cli, tmp_path / "run", *options), "both", "labels:ward")
    assert ward["method"] == "permutation"
    assert round(20 * ward["p_value"]) == pytest.approx(20 * ward["p_value"])
    text = cli("cohorts", tmp_path / "run", *options).out
    assert "Some p come from 19 random divisions, the least of them 0.05" in text
    assert "… 3 more classes: --json" in text


def test_unknown_findings_and_runs_are_one_line(
    cli: CommandLine, labelled: Path, tmp_path: Path
) -> None:
    outcome = cli("cohorts", labelled, "R0")
    assert outcome.status == 2
    assert outcome.err.startswith("Error: The run has no finding 'R0'.")
    assert "does not exist" in cli("cohorts", tmp_path / "none").err


def test_missing_values_leave_members_unknown(cli: CommandLine, incomplete: Path) -> None:
    found = record(cli, incomplete, "R1")
    unknown = [cohort["n_unknown"] for cohort in found["cohorts"]]
    assert max(unknown) > 0
    assert "; unknown for " in cli("cohorts", incomplete, "R1").out


def test_a_run_without_findings_has_no_cohorts(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    options = ("--min-jaccard", "1", "--min-support", "83", "--max-support", "84")
    assert mined(folder, *views(tables), *options).empty
    outcome = cli("cohorts", folder)
    assert outcome.status == 2
    assert "The run has no findings, so no cohorts" in outcome.err
