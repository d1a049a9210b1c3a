"""Assessed sets come back exactly; their tables are for everyone."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from pyarrow import parquet
from tests.store.examples import VIEWS, assessed_sets, dataset, one_result

from redescribe.core.assessed import AssessedSet, Evidence, Finding, finding_columns
from redescribe.errors import StoreError
from redescribe.store.results import load, save
from redescribe.store.run import RunFolder


def _in_sample(n_findings: int = 1) -> AssessedSet:
    report, (redescription,) = one_result()
    found = tuple(Finding(f"R{i + 1}", redescription, None) for i in range(n_findings))
    evidence = Evidence(65, 0, n_findings, 41, "fixed_margin", "bh", 0.01, 0.5, 7)
    return AssessedSet(found, (report,), VIEWS, evidence, 0.1)


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
        targets = parquet.read_table(Path(folder) / "targets.parquet")
        assert targets.to_pylist() == assessed.target_rows()


def test_a_set_from_before_samples_has_none(tmp_path: Path) -> None:
    save(_in_sample(), tmp_path)
    path = tmp_path / "result.json"
    record = json.loads(path.read_text())
    del record["sample"]
    path.write_text(json.dumps(record))
    assert load(tmp_path) == _in_sample()


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
