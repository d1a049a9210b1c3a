"""Rule sets that a run keeps read back equal, one per name, or say what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.rules.examples import inputs

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import ParameterError, StoreError
from redescribe.rules.on_dataset import NO_CLASS, Imitation, imitate_on
from redescribe.rules.params import RuleParams
from redescribe.rules.rule_file import load_rules, record_of
from redescribe.rules.run_rules import RunRules, read_run_rules, write_run_rules

if TYPE_CHECKING:
    from pathlib import Path

PARAMS = RuleParams(max_literals=3, max_loss=0)


def dataset(hold_out: float = 0.3) -> Dataset:
    x = inputs(missing=False)
    kind = Attribute("kind", AttributeKind.NOMINAL, ("False", "True", "other"))
    codes = np.where(x.values[0] > 0, 1.0, 0.0)
    codes[:5], codes[5] = 2, np.nan
    labels = View("labels", x.entities, (kind,), codes[None])
    return Dataset.of([x, labels], SplitParams(hold_out=hold_out, seed=1))


def made(data: Dataset, *, labels: str = "labels:kind") -> Imitation:
    outputs = (data.views[0].values[0] > 0).astype(str).tolist()
    return imitate_on(data, outputs, PARAMS, inputs="x", labels=labels)[""]


def test_what_is_kept_reads_back_equal(tmp_path: Path) -> None:
    data = dataset()
    found = made(data)
    assert found.true is not None
    path = write_run_rules(tmp_path, RunRules("a/b", "f", "labels:kind", found))
    (again,) = read_run_rules(tmp_path)
    assert (again.name, again.outputs, again.labels) == ("a/b", "f", "labels:kind")
    assert record_of(again.imitation.rules) == record_of(found.rules)
    np.testing.assert_array_equal(again.imitation.answers, found.answers)
    np.testing.assert_array_equal(again.imitation.true, found.true)
    assert found.true[:6].tolist() == [NO_CLASS] * 6
    assert record_of(load_rules(path)) == record_of(found.rules)


def test_a_name_is_kept_once(tmp_path: Path) -> None:
    data = dataset(hold_out=0)
    found = made(data, labels="")
    assert found.true is None
    for name, outputs in (("one", "old"), ("two", "x"), ("one", "new")):
        write_run_rules(tmp_path, RunRules(name, outputs, "", found))
    kept = read_run_rules(tmp_path)
    assert [(one.name, one.outputs) for one in kept] == [("one", "new"), ("two", "x")]
    assert kept[0].imitation.rules.hold_out is None
    assert read_run_rules(tmp_path / "nowhere") == []


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    found = made(dataset(), labels="")
    with pytest.raises(ParameterError, match="need a name"):
        write_run_rules(tmp_path, RunRules("", "f", "", found))
    path = write_run_rules(tmp_path, RunRules("a", "f", "", found))
    answers = path.with_suffix(".npy")
    np.save(answers, np.full((1, 70), 9, np.int32))
    with pytest.raises(StoreError, match=r"a\.npy does not hold the answers for a\.json"):
        read_run_rules(tmp_path)
    answers.unlink()
    with pytest.raises(StoreError, match="does not exist"):
        read_run_rules(tmp_path)
