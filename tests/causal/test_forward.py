"""Running a network: what it may take and give, and what is refused."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
import pytest
import torch
from tests.causal.toys import example, planted_network
from torch import nn

from redescribe.causal.ablation import intervene, network_view
from redescribe.causal.forward import running
from redescribe.causal.interventions import Units
from redescribe.causal.params import CausalParams
from redescribe.core.dataset import Dataset
from redescribe.core.effect import Check
from redescribe.core.view import View
from redescribe.errors import CaptureError, ParameterError

Answer = namedtuple("Answer", ["hidden", "state"])
MODEL = planted_network([1.0, 0.0, 0.5, -0.5])


class Wrapped(nn.Module):
    """Gives what a function makes of its input; the last layer is for parameters only."""

    def __init__(self, give: Any) -> None:  # noqa: ANN401
        super().__init__()
        self.give, self.unused = give, nn.Linear(1, 1)

    def forward(self, x: torch.Tensor) -> Any:  # noqa: ANN401
        return self.give(x)


class Logits:
    def __init__(self, x: torch.Tensor) -> None:
        self.logits = x


@pytest.mark.parametrize(
    "give", [lambda x: x, lambda x: (x, "state"), Logits, lambda x: Answer(x, 0)]
)
def test_the_outputs_are_the_tensor_the_first_or_the_logits(give: Any) -> None:  # noqa: ANN401
    x = np.arange(6.0).reshape(3, 2)
    with running(Wrapped(give), x, batch_size=2, device="cpu") as forward:
        assert forward.outputs(np.array([2, 0])).tolist() == [[4.0, 5.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    ("give", "message"),
    [
        (lambda x: x.sum(), r"type Tensor"),
        (lambda x: x[:, None, None], r"shape \(3, 1, 1, 2\)"),
        (lambda x: x / 0, "outputs that are NaN or infinite"),
    ],
)
def test_other_outputs_are_refused(give: Any, message: str) -> None:  # noqa: ANN401
    with (
        running(Wrapped(give), np.ones((3, 2)), batch_size=5) as forward,
        pytest.raises(CaptureError, match=message),
    ):
        forward.outputs(np.arange(3))


@pytest.mark.parametrize(
    "inputs", [{}, [], np.ones((0, 2)), {"x": np.ones(3), "y": np.ones(2)}]
)
def test_inputs_need_one_row_per_entity(inputs: Any) -> None:  # noqa: ANN401
    with (
        pytest.raises(CaptureError, match="with one row per entity"),
        running(MODEL, inputs, batch_size=5),
    ):
        pass


def test_layers_that_do_not_run_or_change_their_size_are_refused() -> None:
    model = Wrapped(lambda x: x)
    everything = np.arange(4)
    with (
        running(model, np.ones((4, 2)), batch_size=2) as forward,
        pytest.raises(CaptureError, match="'unused' does not run"),
    ):
        forward.activations(everything, Units("unused", (0,)))
    ragged = nn.Sequential(Wrapped(lambda x: x[:, : len(x)]), nn.Identity())
    with (
        running(ragged, np.ones((3, 4, 5)), batch_size=2) as forward,
        pytest.raises(CaptureError, match="has other positions in other batches"),
    ):
        forward.activations(np.arange(3), Units("1", (0,)))


def test_there_must_be_a_value_outside_of_the_range() -> None:
    made = example(MODEL, "0")
    finding = made.finding(1, '"net@0:0" >= 0', "x0 > 0.2")
    params = CausalParams(how=Check.MEAN)
    with pytest.raises(ParameterError, match="no value outside of it"):
        intervene(MODEL, made.inputs, [finding], made.dataset, params=params)
    zero = CausalParams(how=Check.ZERO, permutations=9)
    effects = intervene(MODEL, made.inputs, [finding], made.dataset, params=zero)
    assert effects.effects[0].effect is not None


def test_the_view_of_the_network_must_be_known() -> None:
    one, two = (
        View.of(name, np.eye(4), names=[f"{name}@fc:{i}" for i in range(4)])
        for name in ("a", "b")
    )
    other = View.of("x", np.eye(4))
    assert network_view(Dataset.of([one, other]), "") == "a"
    with pytest.raises(ParameterError, match="The views 'a', 'b' have units"):
        network_view(Dataset.of([one, two]), "")
    with pytest.raises(ParameterError, match="No view has units"):
        network_view(Dataset.of([other, View.of("y", np.eye(4))]), "")
