"""Checks of units that are maps: their views hold one reduced value per entity."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tests.causal.toys import Example
from torch import nn

from redescribe.causal.ablation import intervene
from redescribe.causal.params import CHANGES, CausalParams
from redescribe.core.dataset import Dataset
from redescribe.core.effect import Check, Verdict
from redescribe.core.entities import SplitParams
from redescribe.core.view import View


class Convolutional(nn.Module):
    """Maps 0 and 1 are the same; the mean of map 0 is the output."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Conv2d(1, 3, 1, bias=False)
        with torch.no_grad():
            self.maps.weight.copy_(torch.tensor([1.0, 1.0, -0.5]).reshape(3, 1, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maps: torch.Tensor = self.maps(x)
        return maps[:, 0].flatten(1).mean(dim=1)


@pytest.fixture(scope="module")
def images() -> Example:
    generator = np.random.default_rng(0)
    light = generator.normal(size=120)
    noise = generator.normal(scale=0.1, size=(120, 1, 4, 4))
    x = (light[:, None, None, None] + noise).astype(np.float32)
    model = Convolutional()
    with torch.no_grad():
        largest = model.maps(torch.as_tensor(x)).amax(dim=(2, 3)).numpy()
    names = [f"net@maps:{unit}|max" for unit in range(3)]
    views = (
        View.of("net", largest, names=names),
        View.of("images", x.mean(axis=(1, 2, 3))[:, None], names=["light"]),
    )
    return Example(model, x, Dataset.of(views, SplitParams(hold_out=0.5)))


@pytest.mark.parametrize("how", CHANGES)
def test_the_map_that_counts_is_confirmed_and_its_twin_is_not(
    images: Example, how: Check
) -> None:
    findings = [
        images.finding(i, f'"net@maps:{i}|max" > 0.4', "light > 0.3", "images")
        for i in (0, 1)
    ]
    params = CausalParams(how=how, permutations=1999, batch_size=32)
    found = intervene(images.model, images.inputs, findings, images.dataset, params=params)
    expected = [Verdict.CONFIRMED, Verdict.NO_EFFECT]
    if how is Check.ZERO:
        # An output of -1 changes as much as one of 1: the sizes are alike on both sides.
        found_first = found.effects[0]
        assert found_first.changes_inside[0] < 0 < found_first.changes_outside[0]
        expected = expected[1:]
    verdicts = [effect.verdict for effect in found]
    assert verdicts[-len(expected) :] == expected


def test_the_mean_is_over_entities_and_positions(images: Example) -> None:
    finding = images.finding(0, '"net@maps:0|max" > 0.4', "light > 0.3", "images")
    params = CausalParams(how=Check.MEAN, permutations=9, ranges=0, controls=0)
    (found,) = intervene(
        images.model, images.inputs, [finding], images.dataset, params=params
    )
    split = images.dataset.split
    largest = images.inputs.max(axis=(1, 2, 3))
    means = images.inputs.mean(axis=(1, 2, 3), dtype=np.float64)
    constant = means[split.mined][largest[split.mined] <= 0.4].mean()
    inside = means[split.held_out] > 0.3
    changes = np.abs(constant - means[split.held_out])
    assert found.inside == pytest.approx(changes[inside].mean(), rel=1e-4)
