"""Attributes that are left out change what the network says of the decoded input."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from redescribe.errors import ParameterError
from redescribe.flint import FLINT
from redescribe.flint.faithfulness import deletion_auc, faithfulness, insertion_auc

X = np.array([[4.0, 0.0], [0.0, 4.0]])


class Same(nn.Module):
    def forward(self, features: list[torch.Tensor]) -> torch.Tensor:
        return features[0]


def identity(**options: object) -> FLINT:
    """Attributes are the inputs, the decoder gives them back, f is their order."""
    model = nn.Sequential(nn.Identity(), nn.Identity()).eval()
    decoder = nn.Identity()
    flint = FLINT(
        model, "0", 2, 2, attribute_net=Same(), decoder=decoder, head_bias=False
    ).build(X)
    nn.init.eye_(flint.head.linear.weight)
    return flint.eval()


def test_the_fall_by_hand() -> None:
    found = faithfulness(identity(), X, [0.5], seed=0)
    p = 1 / (1 + np.exp(-4.0))
    assert found.values == pytest.approx((p - 0.5,))
    assert found.controls[0] <= found.values[0]


def test_areas_by_hand() -> None:
    p = 1 / (1 + np.exp(-4.0))
    # Both curves have three points: none, one, all attributes.
    assert insertion_auc(identity(), X) == pytest.approx((0.5 + 2 * p + p) / 4)
    assert deletion_auc(identity(), X) == pytest.approx((p + 2 * 0.5 + 0.5) / 4)


def test_a_decoder_and_classes_are_needed() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2))
    with pytest.raises(ParameterError, match="has no decoder"):
        faithfulness(FLINT(model, "1", 2, 2, decoder=None), X)
    with pytest.raises(ParameterError, match="'multilabel'"):
        insertion_auc(FLINT(model, "1", 2, 2, task="multilabel"), X)
