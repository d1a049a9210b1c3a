"""From a network to findings and back, through the public names only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

import redescribe as rd
from redescribe.significance.params import Correction

if TYPE_CHECKING:
    from pathlib import Path

N_ENTITIES = 160


@pytest.fixture(scope="module")
def inputs() -> pd.DataFrame:
    generator = np.random.default_rng(2)
    table = pd.DataFrame(generator.normal(size=(N_ENTITIES, 3)), columns=list("pqr"))
    table.insert(0, "id", [f"s{i}" for i in range(N_ENTITIES)])
    return table


@pytest.fixture(scope="module")
def network() -> nn.Module:
    """Two units: p + q, and always zero."""
    linear = nn.Linear(3, 2)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]))
        linear.bias.copy_(torch.tensor([0.0, -1.0]))
    return nn.Sequential(linear, nn.ReLU())


@pytest.fixture(scope="module")
def dataset(inputs: pd.DataFrame, network: nn.Module) -> rd.Dataset:
    attributes = rd.read(inputs, name="attributes")
    neurons = rd.capture(
        network,
        attributes.values.T.astype(np.float32),
        layers="1",
        ids=attributes.entities,
        model_name="net",
    )
    return rd.Dataset.of([neurons, attributes], rd.SplitParams(hold_out=0.25, seed=3))


@pytest.fixture(scope="module")
def assessed(dataset: rd.Dataset) -> rd.AssessedSet:
    family = rd.mine(dataset, rd.MineParams(targets=("net",), seed=3))
    return rd.assess(rd.select(family), dataset, rd.AssessParams(correction=Correction.BY))


def test_neurons_are_described_by_attributes(assessed: rd.AssessedSet) -> None:
    assert assessed.counts["described"] == 1
    assert assessed.counts["dead"] == 1
    frame = assessed.to_frame()
    assert set(frame["target"]) == {"net@1:0"}
    assert frame["confirmed"].any()
    assert list(frame.columns[4:6]) == ["query_net", "query_attributes"]
    best = rd.parse_query(frame["query_attributes"][0], "attributes")
    assert {"p", "q"} & set(best.attributes)


def test_numbers_follow_from_the_queries(
    assessed: rd.AssessedSet, dataset: rd.Dataset
) -> None:
    for row in assessed.to_frame().itertuples():
        texts = {"net": row.query_net, "attributes": row.query_attributes}
        for part, support, jaccard in (
            (dataset.mining_part, row.support_mined, row.jaccard_mined),
            (dataset.hold_out_part, row.support, row.jaccard),
        ):
            left, right = (
                rd.parse_query(text, view).on(part.view(view)).mask
                for view, text in texts.items()
            )
            assert (left & right).sum() == support
            assert (left & right).sum() / (left | right).sum() == jaccard


def test_saved_and_loaded_sets_are_equal(assessed: rd.AssessedSet, tmp_path: Path) -> None:
    assessed.save(tmp_path / "set")
    again = rd.load(tmp_path / "set")
    assert again == assessed
    pd.testing.assert_frame_equal(again.to_frame(), assessed.to_frame())
    again.save(tmp_path / "set")  # a saved set may be replaced
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear")
    with pytest.raises(rd.RedescribeError, match="holds something else"):
        assessed.save(tmp_path / "other")


def test_the_folder_gives_the_same(
    assessed: rd.AssessedSet, dataset: rd.Dataset, tmp_path: Path
) -> None:
    stored = rd.run_stages(
        dataset,
        tmp_path / "run",
        rd.MineParams(targets=("net",), seed=3),
        rd.AssessParams(correction=Correction.BY),
        executor=rd.JoblibExecutor(n_jobs=2),
    )
    assert stored.rows() == assessed.rows()
    assert rd.load(tmp_path / "run") == stored


def test_captured_to_disk_is_the_same_view(
    network: nn.Module, inputs: pd.DataFrame, tmp_path: Path
) -> None:
    rows = np.array(inputs[list("pqr")], np.float32)
    held = rd.capture(network, rows, layers="1", batch_size=50)
    streamed = rd.capture(network, rows, layers="1", batch_size=50, out=tmp_path / "acts")
    np.testing.assert_array_equal(held.values, streamed.values)
    assert held.attributes == streamed.attributes


def test_files_arrays_and_frames_are_read_alike(
    inputs: pd.DataFrame, tmp_path: Path
) -> None:
    inputs.to_csv(tmp_path / "inputs.csv", index=False)
    of_file = rd.read(tmp_path / "inputs.csv", columns=["p", "r"])
    of_frame = rd.read(inputs, columns=["p", "r"])
    of_array = rd.read(inputs[["p", "r"]].to_numpy())
    assert of_file.names == of_frame.names == ("p", "r")
    assert of_file.entities == of_frame.entities
    for view in (of_frame, of_array):
        np.testing.assert_array_equal(view.values, of_file.values)
    assert rd.inspect(of_file).n_entities == N_ENTITIES
