"""Data of several kinds become batches."""

from __future__ import annotations

import warnings

import numpy as np
import torch

from redescribe.flint.batches import Batches, batches_in_order, parts_of


def test_a_mapped_file_is_copied_without_a_warning() -> None:
    x = np.ones((3, 2))
    x.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        [(inputs, labels)] = list(Batches(x, shuffle=False))
    assert isinstance(inputs, torch.Tensor)
    assert labels is None


def test_every_entity_comes_once_in_an_order_of_the_generator() -> None:
    batches = Batches(np.arange(10.0), np.arange(10), batch_size=4)
    assert len(batches) == 3
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        orders = [[int(y) for _, labels in batches for y in labels] for _ in range(2)]  # type: ignore[union-attr]
    assert [sorted(order) for order in orders] == [list(range(10))] * 2
    assert orders[0] != orders[1]


def test_shuffled_batches_are_evaluated_in_order() -> None:
    batches = Batches(np.arange(10.0), batch_size=4)
    joined = torch.cat([parts_of(batch)[0] for batch in batches_in_order(batches, 3)])  # type: ignore[misc]
    assert joined.tolist() == list(range(10))


def test_named_inputs_are_cut_alike() -> None:
    named = {"words": np.arange(4), "mask": np.ones((4, 2))}
    [(first, _), _] = list(Batches(named, batch_size=3, shuffle=False))
    assert isinstance(first, dict)
    assert [len(value) for value in first.values()] == [3, 3]
