"""Assessed sets come back exactly; their tables are for everyone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from pyarrow import parquet
from tests.store.examples import VIEWS, assessed_sets, dataset, one_result

from redescribe.core.assessed import AssessedSet, Evidence, Finding, finding_columns
from redescribe.core.near_duplicate import NearDuplicate
from redescribe.errors import StoreError
from redescribe.store import schema
from redescribe.store.results import load, save
from redescribe.store.run import RunFolder


def _in_sample(n_findings: int = 1) -> AssessedSet:
    report, (redescription,) = one_result()
    found = tuple(Finding(f"R{i + 1}", redescription, None) for i in range(n_findings))
    evidence = Evidence(65, 0, n_findings, 41, "fixed_margin", "bh", 0.01, 0.5, 7)
    return AssessedSet(found, (report,), VIEWS, evidence, 0.1)


def _linked(n_links: int) -> AssessedSet:
    """Two findings, of which the second stands for some near duplicates."""
    assessed = _in_sample(2)
    near = tuple(
        NearDuplicate(f"{i:016x}", assessed.findings[0].redescription.queries, 0.96, 0.5)
        for i in range(n_links)
    )
    first, second = assessed.findings
    return replace(assessed, findings=(first, replace(second, near_duplicates=near)))


@given(assessed=assessed_sets())
@settings(max_examples=30, deadline=None)
def test_a_set_comes_back_and_has_its_columns(assessed: AssessedSet) -> None:
    with TemporaryDirectory() as folder:
        save(assessed, folder)
        assert load(folder) == assessed
        table = parquet.read_table(Path(folder) / "assessed.parquet")
        assert table.num_rows == len(assessed)
        held_out = not assessed.evidence.in_sample_only
        assert tuple(table.column_names) == finding_columns(VIEWS, held_out=held_out)
        if len(assessed):
            assert table.to_pylist() == assessed.rows()
        near = parquet.read_table(Path(folder) / "near_duplicates.parquet")
        assert near.column("id").to_pylist() == [
            finding.id for finding in assessed for _ in finding.near_duplicates
        ]
        targets = parquet.read_table(Path(folder) / "targets.parquet")
        assert targets.to_pylist() == assessed.target_rows()


def test_a_set_from_before_samples_has_none(tmp_path: Path) -> None:
    save(_in_sample(), tmp_path)
    path = tmp_path / "result.json"
    record = json.loads(path.read_text())
    del record["sample"]
    path.write_text(json.dumps(record))
    assert load(tmp_path) == _in_sample()


def test_a_set_from_before_certificates_has_none(tmp_path: Path) -> None:
    report, _ = one_result()
    told = replace(_in_sample(), targets=(report,))
    save(told, tmp_path)
    record = json.loads((tmp_path / "result.json").read_text())
    del record["targets"][0]["certificates"]
    (tmp_path / "result.json").write_text(json.dumps(record))
    assert load(tmp_path) == told


def test_columns_have_their_type_even_when_empty(tmp_path: Path) -> None:
    save(_in_sample(0), tmp_path)
    table = pd.read_parquet(tmp_path / "assessed.parquet")
    assert len(table) == 0
    assert table["jaccard_mined"].dtype == "float64"
    assert "jaccard" not in table


def test_a_set_is_replaced_by_another(tmp_path: Path) -> None:
    save(_in_sample(2), tmp_path / "new")
    save(_in_sample(1), tmp_path / "new")
    assert load(tmp_path / "new") == _in_sample(1)


def test_a_run_folder_holds_a_set(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", dataset(), {}, "k")
    run.write_part(0, [one_result()])
    with pytest.raises(StoreError, match="unfinished run: 1 parts"):
        load(run.path)
    run.write_assessed(_in_sample())
    assert load(run.path) == run.read_assessed() == _in_sample()
    with pytest.raises(StoreError, match="something else"):
        save(_in_sample(), run.path)


def test_a_kill_while_a_set_is_rewritten_leaves_an_unfinished_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunFolder.create(tmp_path / "run", dataset(), {}, "k")
    run.write_assessed(_in_sample(2))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("redescribe.store.results.write_supports", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run.write_assessed(_in_sample(1))
    with pytest.raises(StoreError, match="unfinished"):
        load(run.path)


def test_what_is_no_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        load(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="not a run folder"):
        load(tmp_path)
    (tmp_path / "thesis.tex").write_text("dear")
    for path in (tmp_path, tmp_path / "thesis.tex"):
        with pytest.raises(StoreError, match="something else"):
            save(_in_sample(), path)
    with pytest.raises(StoreError, match="not a run folder"):
        load(tmp_path / "thesis.tex")


def test_supports_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    save(_in_sample(2), tmp_path / "a")
    save(_in_sample(1), tmp_path / "b")
    (tmp_path / "b/supports/assessed.npy").replace(tmp_path / "a/supports/assessed.npy")
    with pytest.raises(StoreError, match=r"assessed\.npy is broken"):
        load(tmp_path / "a")


def test_near_duplicates_have_a_table_with_types(tmp_path: Path) -> None:
    for n_links in (0, 2):
        save(_linked(n_links), tmp_path)
        table = parquet.read_table(tmp_path / "near_duplicates.parquet")
        assert table.column("id").to_pylist() == ["R2"] * n_links
        assert table.schema.equals(schema.NEAR_DUPLICATES)
        assert load(tmp_path) == _linked(n_links)
        record = json.loads((tmp_path / "result.json").read_text())
        assert [f["n_near_duplicates"] for f in record["findings"]] == [0, n_links]


def test_near_duplicates_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    save(_linked(2), tmp_path / "a")
    path = tmp_path / "a" / "near_duplicates.parquet"
    for broken, message in ((_linked(1), "1 rows, which are not those"), (None, "exist")):
        if broken is None:
            path.unlink()
        else:
            save(broken, tmp_path / "b")
            (tmp_path / "b" / path.name).replace(path)
        with pytest.raises(StoreError, match=rf"near_duplicates\.parquet .*{message}"):
            load(tmp_path / "a")


def test_a_set_from_before_the_links_has_none(tmp_path: Path) -> None:
    save(_linked(2), tmp_path)
    record = json.loads((tmp_path / "result.json").read_text())
    for finding in record["findings"]:
        del finding["n_near_duplicates"]
    (tmp_path / "result.json").write_text(json.dumps(record))
    (tmp_path / "near_duplicates.parquet").unlink()
    assert load(tmp_path) == _linked(0)
