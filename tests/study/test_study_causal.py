"""`Study.intervene`: the planted unit from views to a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.causal.toys import example, planted_network

from redescribe.core.effect import Verdict
from redescribe.errors import StoreError
from redescribe.store.effects import read_effects
from redescribe.study.study import Study

if TYPE_CHECKING:
    from pathlib import Path


def test_a_study_checks_its_findings_and_reports_them(tmp_path: Path) -> None:
    model = planted_network([1.0, 0.0, 0.5, -0.5])
    made = example(model, "0")
    views = {view.name: view for view in made.dataset.views[:2]}
    study = Study(views, folder=tmp_path / "run")
    with pytest.raises(StoreError, match="Nothing was mined"):
        study.intervene(model, made.inputs)
    found = study.mine(target="net", partners=["inputs"])
    effects = study.intervene(model, made.inputs, found.top(3), view="net")
    assert len(effects) == 3
    assert read_effects(tmp_path / "run") == effects
    whole = study.intervene(model, made.inputs, view="net")
    verdicts = {effect.target: effect.verdict for effect in whole}
    assert verdicts["net@0:0"] is Verdict.CONFIRMED
    assert verdicts["net@0:1"] is Verdict.NO_EFFECT
    assert "causal check: confirmed" in study.report().read_text("utf-8")
