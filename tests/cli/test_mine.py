"""`redescribe mine`: any table in, a run folder out, the same whatever the road."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pyarrow import parquet
from tests.cli.examples import MEAN, N_ENTITIES, WORST, findings, mined, views

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.examples import CommandLine

IN_SAMPLE = "In-sample only"
COUNTS = [
    *("targets", "available", "described", "describable", "dead"),
    *("candidates", "kept", "replicated"),
]


def test_the_defaults_hold_entities_out_and_say_so(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    outcome = cli("mine", *views(tables), "-o", tmp_path / "run")
    assert outcome.status == 0
    assert outcome.err.startswith("7 targets × 84 mined entities: up to 161 MB of memory")
    assert "7 targets: 7 described of 7 describable; 0 dead." in outcome.out
    assert "replicated on the hold-out" in outcome.out
    assert "Mined on 84 entities, tested on 36 others; q-values (bh)" in outcome.out
    assert "redescribe show" in outcome.out
    assert IN_SAMPLE not in outcome.out


def test_what_does_not_fit_into_memory_is_refused(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    outcome = cli("mine", *views(tables), "-o", tmp_path / "run", "--memory", "1MB", "-q")
    assert outcome.status == 2
    assert "needs up to 161 MB of memory" in outcome.err
    assert "1 MB is there" in outcome.err
    assert not (tmp_path / "run").exists()


def test_without_a_hold_out_every_output_warns(
    cli: CommandLine, tables: Path, tmp_path: Path, in_sample: Path
) -> None:
    made = cli("mine", *views(tables), "--hold-out", "0", "-o", tmp_path / "run")
    shown, explained = cli("show", in_sample), cli("explain", in_sample, "R1")
    for outcome in (made, shown, explained):
        assert outcome.status == 0
        warning = f"{IN_SAMPLE}: all {N_ENTITIES} entities were mined and none held out."
        assert warning in outcome.out
        assert "no evidence" in outcome.out
    assert "replicated" not in made.out
    assert "q_value" not in findings(in_sample).columns


def test_json_prints_only_the_counts(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    outcome = cli("mine", *views(tables), "--json", "-o", tmp_path / "run")
    counts = json.loads(outcome.out)
    assert list(counts) == COUNTS
    assert counts["described"] == 7
    assert counts["kept"] == len(findings(tmp_path / "run"))


@pytest.mark.parametrize("ending", ["tsv", "parquet", "arff", "npz"])
def test_every_format_gives_the_same_findings(
    tables: Path, tmp_path: Path, finished: Path, ending: str
) -> None:
    table = mined(tmp_path / "run", *views(tables, ending))
    pd.testing.assert_frame_equal(table, findings(finished))


def test_npy_has_neither_names_nor_ids(tables: Path, tmp_path: Path) -> None:
    table = mined(tmp_path / "run", *views(tables, "npy"))
    # Names are part of the seeds of the trees, so the findings may differ from the others'.
    assert table["target"].str.fullmatch(r"(mean|worst):x\d").all()
    ids = parquet.read_table(tmp_path / "run" / "entities.parquet")["id"].to_pylist()
    assert ids == [str(i) for i in range(N_ENTITIES)]


@pytest.mark.parametrize("file", ["all.csv", "all.parquet"])
def test_one_table_is_divided_by_globs(
    tables: Path, tmp_path: Path, finished: Path, file: str
) -> None:
    arguments = ["--view", "mean=mean_*", "--view", f"worst={','.join(WORST)}"]
    table = mined(tmp_path / "run", "--table", str(tables / file), *arguments)
    pd.testing.assert_frame_equal(table, findings(finished))


def test_columns_follow_the_file(tables: Path, tmp_path: Path, finished: Path) -> None:
    source = tables / "all.csv"
    table = mined(
        tmp_path / "run",
        *("--view", f"mean={source}:{','.join(MEAN)}", "--view", f"worst={source}:worst_*"),
    )
    pd.testing.assert_frame_equal(table, findings(finished))


def test_labels_are_a_view(tables: Path, tmp_path: Path) -> None:
    source = tables / "all.csv"
    table = mined(
        tmp_path / "run",
        *("--view", f"worst={tables / 'worst.csv'}"),
        *("--view", f"labels={source}:large,diagnosis"),
    )
    texts = set(table["query_labels"])
    # Of a literal and its opposite one is reported.
    assert {'diagnosis = "malignant"', 'diagnosis = "benign"'} & texts
    assert {"large", 'large = "false"'} & texts


def test_names_with_colons_can_be_chosen(tables: Path, tmp_path: Path) -> None:
    source = pd.read_csv(tables / "worst.csv")
    source.columns = ["id", "fc2:0", "fc2:1", "other:0"]
    source.to_csv(tmp_path / "acts.csv", index=False)
    arguments = ["--view", f"mean={tables / 'mean.csv'}", "--target", "acts"]
    mined(tmp_path / "run", *arguments, "--view", f"acts={tmp_path / 'acts.csv'}:fc2:*")
    names = parquet.read_table(tmp_path / "run" / "targets.parquet")["target"].to_pylist()
    assert names == ["acts:fc2:0", "acts:fc2:1"]


def test_rows_are_joined_by_the_id_column(
    tables: Path, tmp_path: Path, finished: Path
) -> None:
    shuffled = pd.read_csv(tables / "worst.csv").sample(frac=1, random_state=0)
    shuffled.insert(2, "patient", shuffled.pop("id"))
    shuffled.to_csv(tmp_path / "worst.csv", index=False)
    named = pd.read_csv(tables / "mean.csv").rename(columns={"id": "patient"})
    named.to_csv(tmp_path / "mean.csv", index=False)
    table = mined(tmp_path / "run", *views(tmp_path), "--id", "patient")
    pd.testing.assert_frame_equal(table, findings(finished))


def test_inner_keeps_the_common_rows_and_lists_the_others(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    pd.read_csv(tables / "worst.csv")[3:].to_csv(tmp_path / "worst.csv", index=False)
    pd.read_csv(tables / "mean.csv")[:-4].to_csv(tmp_path / "mean.csv", index=False)
    outcome = cli("mine", *views(tmp_path), "--align", "inner", "-o", tmp_path / "run")
    assert outcome.status == 0
    assert outcome.err.startswith("7 entities are not in all views: tumour-000, tumour-001")
    ids = parquet.read_table(tmp_path / "run" / "entities.parquet")["id"].to_pylist()
    assert ids == [f"tumour-{i:03d}" for i in range(3, N_ENTITIES - 4)]


def test_quiet_says_nothing_on_stderr(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    pd.read_csv(tables / "worst.csv")[3:].to_csv(tmp_path / "worst.csv", index=False)
    pd.read_csv(tables / "mean.csv").to_csv(tmp_path / "mean.csv", index=False)
    arguments = ("--align", "inner", "--quiet", "-o", tmp_path / "run")
    outcome = cli("mine", *views(tmp_path), *arguments)
    assert (outcome.status, outcome.err) == (0, "")


def test_missing_values_are_mined(cli: CommandLine, tables: Path, tmp_path: Path) -> None:
    table = pd.read_csv(tables / "worst.csv")
    table.loc[::7, "worst_area"] = None
    table.to_csv(tmp_path / "worst.csv", index=False)
    arguments = ["--view", f"mean={tables / 'mean.csv'}"]
    found = mined(tmp_path / "run", *arguments, "--view", f"worst={tmp_path / 'worst.csv'}")
    about = found[found["target"] == "worst:worst_area"]
    assert len(about)
    explained = cli("explain", tmp_path / "run", about["id"].iloc[0]).out
    assert "(a value is missing)" in explained


def test_the_number_of_threads_changes_nothing(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    texts = []
    for jobs in ("1", "2"):
        folder = tmp_path / jobs
        mined(folder, *views(tables), "--jobs", jobs, "--chunk-size", "1")
        texts.append(cli("export", folder).out)
    assert texts[0] == texts[1]


def test_the_same_command_again_only_reads(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    first = cli("mine", *views(tables), "-o", folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert cli("mine", *views(tables), "-o", folder).out == first.out
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_other_parameters_need_force(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    mined(folder, *views(tables))
    other = ["mine", *views(tables), "--seed", "1", "-o", str(folder)]
    refused = cli(*other)
    assert refused.status == 2
    assert "holds a run with other inputs or parameters" in refused.err
    assert "--force" in refused.err
    assert json.loads((folder / "run.json").read_text())["seed"] == 0
    assert cli(*other, "--force").status == 0
    assert json.loads((folder / "run.json").read_text())["seed"] == 1


def test_the_report_has_the_title_and_the_noun_of_the_settings(
    cli: CommandLine, tables: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "study.toml"
    settings.write_text('[study]\nname = "Two tables"\nentity_noun = "patient"\n')
    run = tmp_path / "run"
    outcome = cli("mine", *views(tables), "--config", settings, "-o", run)
    assert outcome.status == 0
    assert f"Report: {run / 'report.html'}" in outcome.out
    text = (run / "report.html").read_text(encoding="utf-8")
    assert "Two tables" in text
    assert f"{N_ENTITIES} patients" in text
