"""Where spatial attributes are active, worked out by hand, and as columns of a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from tests.flint.toys import TinyCNN, TinyText, images, mlp
from torch import nn

from redescribe.core.neuron import NeuronId
from redescribe.errors import EntityMismatchError, ParameterError, UnknownNameError
from redescribe.flint import FLINT, AttributeParams, FlintLoss, fit, to_view
from redescribe.flint.positions import part_agreement, positions

if TYPE_CHECKING:
    from redescribe._typing import Floats


class Same(nn.Module):
    """Attributes are the two channels of the image itself."""

    def forward(self, features: list[torch.Tensor]) -> torch.Tensor:
        return features[0]


def seen() -> tuple[FLINT, torch.Tensor]:
    """Two images of two channels, 2 × 4 pixels; the last channel of the last one is off."""
    x = torch.zeros(2, 2, 2, 4)
    x[0, 0, 1, 3] = 2.0
    x[0, 1, 0, 0], x[0, 1, 0, 2] = 1.0, 3.0
    x[1, 0, 0, 1], x[1, 0, 1, 1] = 4.0, 4.0
    x[1, 1, 0, 0] = -1.0
    model = nn.Sequential(nn.Identity(), nn.Flatten(), nn.Linear(16, 2))
    flint = FLINT(model, "0", 2, 2, attribute_net=Same(), decoder=None, example_input=x)
    return flint.eval(), x


def test_the_largest_value_by_hand() -> None:
    found = positions(*seen())
    assert found[0].tolist() == [[0.75, 0.875], [0.25, 0.625]]
    assert found[1, 0].tolist() == [0.25, 0.375]  # the first of two
    assert np.isnan(found[1, 1]).all()


def test_the_centre_of_mass_by_hand() -> None:
    found = positions(*seen(), how="centre")
    assert found[0] == pytest.approx(np.array([[0.75, 0.875], [0.25, 0.5]]))
    assert found[1, 0] == pytest.approx([0.5, 0.375])
    assert np.isnan(found[1, 1]).all()


def test_tokens_have_one_coordinate() -> None:
    params = AttributeParams(spatial=True)
    flint = FLINT(TinyText(), "rnn", 4, 2, attribute_net=params, activation="softplus")
    words = torch.randint(0, 10, (3, 5))
    found = positions(flint, words)
    assert found.shape == (3, 4, 1)
    each = flint.eval().attribute_values(flint(words).features)
    assert found[..., 0] == pytest.approx((each.argmax(2).numpy() + 0.5) / 5)
    view = to_view(flint, words, positions="max", drop_dead=False)
    assert view.names[:2] == ("flint@attributes:0", "flint@attributes:0|token")


def test_what_has_no_positions_is_an_error() -> None:
    x, _ = images(4)
    flint = FLINT(TinyCNN(), "block1", 3, 2)
    with pytest.raises(ParameterError, match="Only spatial attributes have positions"):
        positions(flint, x)
    with pytest.raises(ParameterError, match="Only spatial attributes"):
        to_view(FLINT(mlp(), "fc2", 4, 3), np.ones((3, 4)), positions="max")
    with pytest.raises(UnknownNameError, match="Did you mean 'centre'"):
        positions(*seen(), how="center")


def test_positions_are_columns_beside_the_attribute() -> None:
    flint, x = seen()
    found = positions(flint, x)
    view = to_view(flint, x, positions="max", drop_dead=False)
    names = ("", "|row", "|column")
    assert view.names == tuple(f"flint@attributes:{j}{a}" for j in (0, 1) for a in names)
    assert NeuronId.parse(view.names[1]).reducer == "row"
    assert np.array_equal(
        view.column("flint@attributes:1|row"), [0.25, np.nan], equal_nan=True
    )
    assert view.column("flint@attributes:0|column").tolist() == found[:, 0, 1].tolist()
    assert view.record is not None
    assert view.record.numbers == (0, 0, 0, 1, 1, 1)
    assert view.record.aspects == ("", "row", "column") * 2
    assert view.record.profile is not None
    assert len(view.record.profile) == 6


def test_nearly_constant_positions_are_left_out_and_on_is_what_is_binarised() -> None:
    flint, x = seen()
    assert to_view(flint, x, positions="max").names == (
        *("flint@attributes:0", "flint@attributes:0|row", "flint@attributes:0|column"),
        "flint@attributes:1",  # its position is known once
    )
    view = to_view(flint, x, positions="max", binarise="otsu", drop_dead=False)
    kinds = [attribute.kind.value for attribute in view.attributes[:3]]
    assert kinds == ["boolean", "numeric", "numeric"]
    assert view.column("flint@attributes:0").tolist() == [0, 1]  # 2 is below the threshold
    assert np.isnan(view.column("flint@attributes:0|row")).tolist() == [True, False]
    assert view.record is not None
    assert np.isnan(view.record.thresholds).tolist() == [False, True, True] * 2


def test_positions_of_what_was_learned_are_where_the_images_are_bright() -> None:
    x, y = images(48)
    params = AttributeParams(spatial=True, pool=4)
    flint = FLINT(TinyCNN(), "block1", 4, 2, attribute_net=params, activation="softplus")
    fit(flint, (x, y), epochs=40, lr=1e-2, loss=FlintLoss(delta=0))
    column = positions(flint, x)[..., 1]
    left, right = (np.median(column[y.numpy() == side], axis=0) for side in (0, 1))
    # Attributes are where an image is bright, or dark: they move from half to half.
    assert (np.abs(left - right) >= 0.25).any()


def test_agreement_with_parts_by_hand() -> None:
    nan = np.nan
    found = np.array([[[0.2, 0.2], [0.5, 0.5]], [[0.8, 0.8], [nan, nan]]])
    parts = np.array([[[0.2, 0.25], [nan, nan]], [[0.2, 0.2], [0.8, 0.8]]])
    wanted: Floats = np.array([[0.5, 1.0], [0.0, nan]])
    assert np.array_equal(part_agreement(found, parts), wanted, equal_nan=True)
    assert part_agreement(found, parts, tolerance=1.0)[0, 0] == 1
    with pytest.raises(EntityMismatchError, match="2 entities and parts of 1"):
        part_agreement(found, parts[:1])
    with pytest.raises(ParameterError, match="as many coordinates"):
        part_agreement(found, parts[..., :1])
    with pytest.raises(ParameterError, match="tolerance is a distance"):
        part_agreement(found, parts, tolerance=-1.0)
