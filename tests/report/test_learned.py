"""Learned dictionaries in the report: what is kept in the run, and what the page gets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.report import examples, learned_examples, pages

from redescribe.errors import ParameterError, StoreError
from redescribe.report.learned import keep_trained, learned_parts, read_trained
from redescribe.report.write import report_of_run

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, *, trained: bool) -> pages.Unpacked:
    data = learned_examples.dataset()
    run = pages.stored(folder / "run", data, learned_examples.assessed(data))
    if trained:
        source = learned_examples.trained(folder / "flint")
        keep_trained(run.path, data, {"": source})
    path = folder / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        pages.use_front_end(patch, pages.FRONT_END)
        report_of_run(run, path)
    return pages.Unpacked(path.read_text("utf-8"))


def test_a_training_is_shown_with_its_pictures(tmp_path: Path) -> None:
    found = written(tmp_path, trained=True)
    [record] = found.meta["dictionaries"]
    assert record["measured"]
    assert (record["view"], record["n_attributes"]) == ("learned", 5)
    assert record["classes"] == list(learned_examples.CLASSES)
    assert [loss["term"] for loss in record["losses"]] == ["prediction", "entropy"]
    assert record["agreement"] == pytest.approx([0.5, 0.6, 0.7, 0.8])
    assert record["conciseness"][1] == {"tau": 2.0, "attributes": 1.2, "without": 0.05}
    learned = found.table("learned")
    assert learned["number"].tolist() == [0, 1, 2, 3, 4]
    assert learned["dead"].tolist() == [0, 0, 0, 0, 1]
    assert learned["detector"].tolist() == [0, 0, 1, 0, 0]
    assert learned["explained_by"] == ["attributes", "neurons", "labels", "nothing", ""]
    [picture] = learned["pictures"][2]
    assert found.blocks[picture["block"]] == learned_examples.PIXEL
    assert (picture["cls"], picture["after"]) == ("dog", [5.0, 6.0])
    relevances = found.table("relevances")
    assert relevances["rows"] == 15
    assert np.isnan(relevances["relevance"][2])
    assert relevances["relevance"][:2] == pytest.approx([0.9, 0.1])


def test_without_a_training_the_attributes_are_those_of_the_view(tmp_path: Path) -> None:
    found = written(tmp_path, trained=False)
    [record] = found.meta["dictionaries"]
    assert not record["measured"]
    assert record["fidelity"] is None
    learned = found.table("learned")
    assert learned["target"] == [f"flint@attributes:{j}" for j in range(4)]
    assert learned["dead"].tolist() == [2, 2, 2, 2]
    assert found.table("relevances")["rows"] == 0


def test_positions_and_scaled_columns_are_of_their_attribute(tmp_path: Path) -> None:
    data = learned_examples.dataset(aspects=True)
    assessed = learned_examples.assessed(data)
    parts = learned_parts(assessed, data, {})
    assert parts.records[0]["n_attributes"] == 4
    assert [row["number"] for row in parts.tables["learned"]] == [0, 1, 2, 3]
    keep_trained(tmp_path, data, {"": learned_examples.trained(tmp_path / "flint")})
    known = learned_parts(assessed, data, read_trained(tmp_path, data))
    names = [row["name"] for row in known.tables["learned"]]
    assert names == [*(f"flint@attributes:{j}" for j in range(4)), ""]


def test_a_run_without_learned_attributes_has_no_dictionary() -> None:
    data = examples.dataset()
    parts = learned_parts(examples.assessed(data), data, {})
    assert parts.records == []
    assert parts.tables == {"learned": [], "relevances": []}


def test_what_does_not_belong_to_the_view_is_refused(tmp_path: Path) -> None:
    data = learned_examples.dataset()
    source = learned_examples.trained(tmp_path / "flint")
    with pytest.raises(ParameterError, match="'net' holds no learned attributes"):
        keep_trained(tmp_path, data, {"net": source})
    with pytest.raises(ParameterError, match=r"Give VIEW=FOLDER.*: none"):
        keep_trained(tmp_path, examples.dataset(), {"": source})
    with pytest.raises(StoreError, match=r"interpretation\.json cannot be read"):
        keep_trained(tmp_path, data, {"": tmp_path})
    found = learned_examples.interpretation()
    text = (source / "interpretation.json").read_text()
    (source / "interpretation.json").write_text(text.replace('"maxima"', '"maxi"'))
    with pytest.raises(StoreError, match="is broken"):
        keep_trained(tmp_path, data, {"": source})
    replace(found, relevance=found.relevance[:2], pictures=()).save(source)
    with pytest.raises(ParameterError, match="attributes 0 to 1; view 'learned' has"):
        keep_trained(tmp_path, data, {"": source})


def test_a_broken_copy_names_itself(tmp_path: Path) -> None:
    data = learned_examples.dataset()
    keep_trained(tmp_path, data, {"learned": learned_examples.trained(tmp_path / "source")})
    (tmp_path / "flint" / "learned" / "pictures" / "a.webp").unlink()
    with pytest.raises(StoreError, match=r"learned cannot be read: .*a\.webp"):
        read_trained(tmp_path, data)
