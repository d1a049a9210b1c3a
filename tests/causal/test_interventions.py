"""Interventions: what is changed, where, and that no hook stays behind."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from redescribe.capture.network import Side
from redescribe.causal import interventions
from redescribe.causal.interventions import Units
from redescribe.core.grammar import parse_query
from redescribe.errors import CaptureError, ParameterError, UnknownNameError


class Raising(nn.Module):
    def forward(self, _x: torch.Tensor) -> torch.Tensor:
        em = "on purpose"
        raise RuntimeError(em)


class Twice(nn.Module):
    """Runs its layer twice: y = 2 x, then 4 x."""

    def __init__(self) -> None:
        super().__init__()
        self.step = Double()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.step(self.step(x))  # type: ignore[no-any-return]


class Double(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 2 * x


class Tupled(nn.Module):
    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, str]:
        return 2 * x, "state"


class Outer(nn.Module):
    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: torch.Tensor) -> Any:  # noqa: ANN401
        return self.inner(x)


CHANGES: dict[str, Any] = {
    "zero": interventions.zero,
    "mean": lambda model, at: interventions.mean(model, at, [0.5] * len(at.units)),
    "resample": lambda model, at: interventions.resample(
        model, at, np.zeros((9, len(at.units)))
    ),
    "patch": lambda model, at: interventions.patch(model, at, np.zeros((9, len(at.units)))),
}


def hooks_of(model: nn.Module) -> int:
    return sum(
        len(module._forward_hooks) + len(module._forward_pre_hooks)
        for module in model.modules()
    )


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("name", list(CHANGES))
@pytest.mark.parametrize(
    ("model", "at", "error"),
    [
        (Outer(nn.ReLU()), {"layer": "inner"}, None),
        (Outer(nn.ReLU()), {"layer": "iner"}, UnknownNameError),
        (Outer(nn.ReLU()), {"layer": "inner", "units": (7,)}, CaptureError),
        (Outer(nn.Flatten(0)), {"layer": "inner", "units": (7,)}, CaptureError),
        (Outer(Twice()), {"layer": "inner.step"}, CaptureError),
        (nn.Sequential(nn.ReLU(), Raising()), {"layer": "0"}, RuntimeError),
    ],
)
def test_no_hook_stays_behind(
    model: nn.Module,
    at: dict[str, Any],
    error: type[Exception] | None,
    name: str,
    side: Side,
) -> None:
    place = Units(at["layer"], at.get("units", (0,)), side)
    expected = pytest.raises(error) if error else nullcontext()
    with expected, CHANGES[name](model, place):
        model(torch.ones(2, 3))
    assert hooks_of(model) == 0


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((2, 3), (slice(None), 1)),
        ((2, 3, 4, 4), (slice(None), 1)),
        ((2, 5, 3), (slice(None), slice(None), 1)),
    ],
    ids=["units", "maps", "tokens"],
)
def test_only_the_unit_is_changed(
    shape: tuple[int, ...], expected: tuple[int | slice, ...]
) -> None:
    model, x = Outer(nn.Identity()), torch.ones(shape)
    with interventions.mean(model, Units("inner", (1,)), [0.25]):
        changed = model(x)
    assert bool((changed[expected] == 0.25).all())
    assert int((changed != 1).sum()) == int(x[expected].numel())
    assert bool((x == 1).all())
    assert bool((model(x) == 1).all())


def test_sequences_have_their_units_first() -> None:
    model = Outer(nn.Conv1d(1, 3, 1))
    with torch.no_grad(), interventions.zero(model, Units("inner", (2,))):
        changed = model(torch.ones(2, 1, 5))
    assert bool((changed[:, 2] == 0).all())
    assert bool((changed[:, :2] != 0).all())


def test_the_input_of_a_layer_is_changed_before_it_runs() -> None:
    model = nn.Sequential(nn.Identity(), Double())
    with interventions.mean(model, Units("1", (0,), Side.INPUT), [3.0]):
        assert model(torch.ones(1, 2)).tolist() == [[6.0, 2.0]]
    with interventions.mean(model, Units("1", (0,)), [3.0]):
        assert model(torch.ones(1, 2)).tolist() == [[3.0, 2.0]]


def test_a_call_can_be_named() -> None:
    model = Outer(Twice())
    with interventions.zero(model, Units("inner.step#1", (0,))):
        assert model(torch.ones(1, 2)).tolist() == [[0.0, 4.0]]
    with interventions.mean(model, Units("inner.step#2", (0,)), [1.0]):
        assert model(torch.ones(1, 2)).tolist() == [[1.0, 4.0]]


def test_the_rest_of_a_tuple_stays() -> None:
    with interventions.zero(model := Outer(Tupled()), Units("inner", (0,))):
        changed, state = model(torch.ones(1, 2))
    assert (changed.tolist(), state) == ([[0.0, 2.0]], "state")


def test_donors_are_taken_in_the_order_of_the_entities_over_batches() -> None:
    model, x = Outer(nn.Identity()), torch.zeros(5, 2)
    donors = torch.arange(5.0)[:, None]
    with interventions.resample(model, Units("inner", (1,)), donors):
        rows = torch.cat([model(batch) for batch in (x[:2], x[2:4], x[4:])])
    assert rows[:, 1].tolist() == [0, 1, 2, 3, 4]
    assert rows[:, 0].tolist() == [0] * 5


def test_donors_of_maps_keep_their_positions() -> None:
    model, x = Outer(nn.Identity()), torch.zeros(2, 3, 2, 2)
    donors = torch.arange(8.0).reshape(2, 1, 2, 2)
    with interventions.resample(model, Units("inner", (1,)), donors):
        changed = model(x)
    assert torch.equal(changed[:, 1:2], donors)
    place = Units("inner", (1,))
    with (
        pytest.raises(CaptureError, match=r"positions \(3,\) and its entities \(2, 2\)"),
        interventions.resample(model, place, torch.zeros(2, 1, 3)),
    ):
        model(x)


def test_a_range_restricts_what_is_changed() -> None:
    model = Outer(nn.Identity())
    x = torch.tensor([[1.0], [3.0], [5.0]])
    at = Units("inner", (0,), within=parse_query("2 < u <= 4", "net"))
    with interventions.zero(model, at):
        assert model(x).flatten().tolist() == [1.0, 0.0, 5.0]
    with interventions.patch(model, at, [[7.0], [8.0], [9.0]]):
        assert model(x).flatten().tolist() == [7.0, 3.0, 9.0]


def test_a_range_of_maps_needs_a_reducer() -> None:
    model = Outer(nn.Identity())
    x = torch.stack([torch.full((1, 2, 2), 1.0), torch.full((1, 2, 2), 3.0)])
    x[0, 0, 0, 0] = 9.0
    query = parse_query("u > 2.5", "net")
    with interventions.zero(model, Units("inner", (0,), within=query, reducer="max")):
        assert model(x).sum() == 0
    with interventions.zero(model, Units("inner", (0,), within=query, reducer="mean")):
        assert model(x).sum() == 0
    with interventions.zero(model, Units("inner", (0,), within=query, reducer="min")):
        assert model(x).sum() == 12
    place = Units("inner", (0,), within=query)
    with (
        pytest.raises(CaptureError, match="Name the reducer"),
        interventions.zero(model, place),
    ):
        model(x)


def test_wrong_parameters_say_what_is_needed() -> None:
    model = Outer(nn.Identity())
    with pytest.raises(ParameterError, match="numbers from 0"):
        Units("inner", ())
    with pytest.raises(ParameterError, match="reducer 'cls' cannot"):
        Units("inner", (0,), reducer="cls")
    with pytest.raises(UnknownNameError, match="no side 'out'"):
        Units("inner", (0,), "out")  # type: ignore[arg-type]
    two = Units("inner", (0, 1))
    with (
        pytest.raises(ParameterError, match="1 means for 2 units"),
        interventions.mean(model, two, [1.0]),
    ):
        pass
    with (
        pytest.raises(ParameterError, match=r"shape \(3,\); \(n_entities, 2, …\)"),
        interventions.resample(model, two, [1.0, 2.0, 3.0]),
    ):
        pass
    with (
        pytest.raises(ParameterError, match="than the 1 donors given"),
        interventions.resample(model, two, [[1.0, 2.0]]),
    ):
        model(torch.ones(2, 2))
