"""`Study.imitate`: rules beside the findings of a study."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

import redescribe as rd
from redescribe.errors import StoreError
from redescribe.rules.run_rules import read_run_rules

if TYPE_CHECKING:
    from pathlib import Path


def test_a_study_imitates_logits_and_labels(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(240, 3))
    logits = 4 * values[:, 0] - 2 * values[:, 1]
    hidden = np.maximum(values[:, :2], 0)
    views = {"patients": values, "net": hidden, "ill": np.where(logits > 0, "yes", "no")}
    study = rd.Study(views, folder=tmp_path / "run", seed=3, networks=["net"])
    imitate = partial(study.imitate, inputs="patients", max_literals=6)
    rules = imitate(logits, task="logits", classes=("no", "yes"), labels="ill:ill")
    assert isinstance(rules, rd.RuleSet)
    assert rules.hold_out is not None
    assert rules.hold_out.fidelity == rules.hold_out.accuracy
    assert rules.hold_out.fidelity > 0.85
    study.mine(target="net", partners=["patients"], search="trees", n_jobs=1)
    by_layers = imitate(logits > 0, kind="eclectic", method="cover", layers=["net"])
    assert isinstance(by_layers, rd.RuleSet)
    assert {rule.query.view for rule in by_layers} == {"patients"}
    several = imitate((values[:, :2] > 0).astype(int), task="labels")
    assert isinstance(several, dict)
    assert list(several) == ["label 0", "label 1"]


def test_the_run_of_a_study_keeps_rules_by_name(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(160, 2))
    views = {"patients": values, "net": np.maximum(values, 0)}
    study = rd.Study(views, folder=tmp_path / "run", networks=["net"])
    imitate = partial(study.imitate, inputs="patients", max_literals=3)
    with pytest.raises(StoreError, match="does not exist"):
        imitate(values[:, 0] > 0, keep_as="early")
    study.mine(target="net", partners=["patients"], search="trees", n_jobs=1)
    rules = imitate(values[:, 0] > 0, keep_as="first")
    imitate((values > 0).astype(int), task="labels", keep_as="both")
    kept = {one.name: one.imitation for one in read_run_rules(tmp_path / "run")}
    assert list(kept) == ["both, label 0", "both, label 1", "first"]
    assert isinstance(rules, rd.RuleSet)
    assert kept["first"].rules.rules == rules.rules
    np.testing.assert_array_equal(kept["first"].answers, values[:, 0] > 0)
