"""`Study`: views of all kinds, findings, cards, relations and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from tests.report import pages

import redescribe as rd
from redescribe.errors import ParameterError, StoreError, UnknownNameError
from redescribe.relations.roles import RoleKind
from redescribe.study.study import Study

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(240, 3))
    table = pd.DataFrame(values, columns=["age", "size", "dose"])
    table.insert(0, "id", [f"p{i}" for i in range(240)])
    return table


@pytest.fixture(scope="module")
def study(table: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Study:
    values = table.drop(columns="id").to_numpy()
    neurons = np.maximum(values[:, :2], 0) + 0.01 * values[::-1, :2]
    views = {"patients": table, "net": neurons, "ill": (values[:, 0] > 0.3).tolist()}
    folder = tmp_path_factory.mktemp("study") / "run"
    study = Study(views, folder=folder, name="ward", seed=3, networks=["net"])
    study.mine(target="net", partners=["patients", "ill"], search="trees", n_jobs=1)
    return study


def test_views_without_ids_take_those_of_the_first_that_has_some(study: Study) -> None:
    assert {view.entities.ids[:2] for view in study.dataset.views} == {("p0", "p1")}
    assert study.dataset.view("ill").attributes[0].categories == ("False", "True")
    assert study.dataset.view("net").names == ("x0", "x1")


def test_a_card_tells_all_about_a_target(study: Study) -> None:
    card = study["net:x0"]
    assert card.report.attribute == "x0"
    assert {f.redescription.target for f in card.findings} == {"net:x0"}
    assert card.role.kind is RoleKind.CLASS_AND_ATTRIBUTE
    assert card.role.classes == ("ill:ill",)
    with pytest.raises(UnknownNameError, match=r"no target 'net:x9'. Did you mean"):
        study["net:x9"]


def test_networks_of_a_study_have_nulls(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(120, 2))
    views = {"a": values, "b": values + 0.1}
    study = Study(views, folder=tmp_path / "run", networks=["a", "b"])
    null = rd.View.of("b", values[::-1])
    found = study.mine(search="trees", n_jobs=1, null_views={"b": [null]})
    assert found.evidence.resampling.n_untrained == 1
    assert [len(target.networks) for target in found.targets] == [1, 1, 0, 0]
    rotations = rd.ResampleParams(rotations=2)
    found = study.mine(search="trees", n_jobs=1, resample_params=rotations)
    assert found.evidence.resampling.n_rotations == 2
    assert [len(target.networks) for target in found.targets] == [1, 1, 1, 1]


def test_the_folder_is_the_run_of_the_command_line(study: Study) -> None:
    again = Study.open(study.folder, networks=["net"])
    assert again.found.rows() == study.found.rows() == rd.load(study.folder).rows()
    assert again.relate().tables() == study.relate().tables()
    assert again.seed == 3
    assert study.report() == study.folder / "report.html"
    assert "ward" in (study.folder / "report.html").read_text(encoding="utf-8")
    only_read = study.mine(
        target="net", partners=["patients", "ill"], search="trees", n_jobs=1
    )
    assert only_read.rows() == again.found.rows()
    with pytest.raises(StoreError, match="another"):
        study.mine(target="net", n_jobs=1)


def test_a_report_shows_another_run_beside_this_one(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.use_front_end(monkeypatch)
    other = Study({"a": np.eye(3), "b": np.eye(3)}, folder=tmp_path / "none")
    with pytest.raises(StoreError, match="none"):
        study.report(tmp_path / "r.html", compare=other.folder)
    assert not (tmp_path / "r.html").exists()
    study.report(tmp_path / "r.html", compare=study.folder)
    page = pages.Unpacked((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert page.meta["compared"]["title"] == study.folder.name
    assert page.table("changes")["change"] == ["kept"] * len(study.found)


def test_labels_are_classes_and_numbers_stay_numbers(tmp_path: Path) -> None:
    classes = np.array([10.0, 9.0, 9.0, np.nan] * 5)
    views = {"x": np.arange(20.0).reshape(-1, 1), "y": classes, "z": np.arange(20) / 7}
    study = Study(views, folder=tmp_path / "run")
    (label,) = study.dataset.view("y").attributes
    assert label.categories == ("9", "10")
    assert np.isnan(study.dataset.view("y").values).sum() == 5
    assert study.dataset.view("z").attributes[0].is_numeric
    with pytest.raises(StoreError, match=r"Nothing was mined in study 'study' yet"):
        study.relate()


def test_views_need_names() -> None:
    with pytest.raises(ParameterError, match=r"A study needs views by name.* Got a list"):
        Study([np.eye(3)])  # type: ignore[arg-type]  # what is tested
