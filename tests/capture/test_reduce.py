"""What becomes of maps and tokens, with and without masks, in NumPy and torch alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from tests.capture.toys import TOKENS, Reader, Signed
from torch import nn

from redescribe.capture.capture import capture
from redescribe.capture.reduce import Reducer, reduce_positions
from redescribe.capture.tokens import Tokens
from redescribe.errors import CaptureError

SIGNED = np.stack([TOKENS, -TOKENS], axis=-1)
MASK = np.array([[1, 1, 1], [1, 1, 0]])
SPECIAL = np.array([[1, 0, 0], [1, 0, 0]])

MASKED = {
    "mean": [[3, -3], [0, 0]],
    "max": [[4, -2], [0, 0]],
    "min": [[2, -4], [0, 0]],
    "std": [[1, 1], [0, 0]],
    "cls": [[1, -1], [3, -3]],
    "last": [[2, -2], [0, 0]],
    "each": [[4, -4], [2, -2], [0, 0]],
}
WHOLE = {
    "mean": [[7 / 3, -7 / 3], [2 / 3, -2 / 3]],
    "max": [[4, -1], [3, 1]],
    "min": [[1, -4], [-1, -3]],
    "std": [[np.std(TOKENS[0])] * 2, [np.std(TOKENS[1])] * 2],
    "cls": [[1, -1], [3, -3]],
    "last": [[2, -2], [-1, 1]],
    "each": SIGNED.reshape(-1, 2).tolist(),
    "flatten": SIGNED.reshape(2, -1).tolist(),
}


@pytest.mark.parametrize("make", [np.asarray, torch.as_tensor], ids=["numpy", "torch"])
@pytest.mark.parametrize(
    ("reducer", "masked", "expected"),
    [(name, True, want) for name, want in MASKED.items()]
    + [(name, False, want) for name, want in WHOLE.items()],
)
def test_tokens_are_reduced_as_by_hand(
    make: Any,  # noqa: ANN401 - makes an array of a framework
    reducer: str,
    masked: bool,  # noqa: FBT001
    expected: list[list[float]],
) -> None:
    named = {"attention_mask": MASK, "special_tokens_mask": SPECIAL}
    tokens = Tokens.taken_from(named)[1] if masked else None
    values = reduce_positions(
        make(SIGNED), Reducer(reducer), units_first=False, tokens=tokens, layer="h"
    )
    assert values.dtype == np.float32
    np.testing.assert_allclose(values, expected, rtol=1e-6)


@pytest.mark.parametrize("make", [np.asarray, torch.as_tensor], ids=["numpy", "torch"])
@pytest.mark.parametrize("reducer", ["mean", "max", "min", "std"])
@pytest.mark.parametrize("shape", [(2, 3, 5), (2, 3, 4, 5), (2, 3, 2, 2, 2)])
def test_maps_are_reduced_over_all_positions(
    make: Any,  # noqa: ANN401
    reducer: str,
    shape: tuple[int, ...],
) -> None:
    maps = np.random.default_rng(0).normal(size=shape)
    axes = tuple(range(2, len(shape)))
    first = reduce_positions(
        make(maps), Reducer(reducer), units_first=True, tokens=None, layer="c"
    )
    np.testing.assert_allclose(first, getattr(np, reducer)(maps, axis=axes), rtol=1e-5)
    last = reduce_positions(
        make(np.moveaxis(maps, 1, -1)),
        Reducer(reducer),
        units_first=False,
        tokens=None,
        layer="c",
    )
    np.testing.assert_allclose(last, first, rtol=1e-5)


def test_reduced_values_are_copies() -> None:
    maps = np.ones((2, 3, 4), np.float32)
    for reducer in Reducer:
        values = reduce_positions(maps, reducer, units_first=False, tokens=None, layer="h")
        assert not np.shares_memory(values, maps)


@pytest.mark.parametrize(
    ("shape", "reducer", "masked", "message"),
    [
        ((2, 3, 4, 4), "cls", False, "'cls' is for .*; layer 'h' gives shape"),
        ((2, 3, 4, 4), "each", False, "Use max, mean"),
        ((2, 5, 4), "mean", True, "5 positions where the mask of the inputs has 3"),
        ((2, 3, 4), "flatten", True, "needs inputs of one length"),
    ],
)
def test_what_does_not_fit(
    shape: tuple[int, ...],
    reducer: str,
    masked: bool,  # noqa: FBT001
    message: str,
) -> None:
    tokens = Tokens.taken_from({"attention_mask": MASK})[1] if masked else None
    with pytest.raises(CaptureError, match=message):
        reduce_positions(
            np.zeros(shape), Reducer(reducer), units_first=False, tokens=tokens, layer="h"
        )


def test_reducers_stand_in_the_names_of_units() -> None:
    maps = torch.arange(16.0).reshape(2, 2, 2, 2)
    model = nn.Sequential(nn.ReLU(), nn.Flatten())
    view = capture(model, maps, layers=["0", "1"], reduce=["max", "mean"])
    assert view.names[:4] == ("0:0|max", "0:1|max", "0:0|mean", "0:1|mean")
    assert view.names[4:6] == ("1:0", "1:1")
    np.testing.assert_array_equal(view.column("0:1|max"), [7, 15])
    np.testing.assert_array_equal(view.column("0:1|mean"), [5.5, 13.5])


@pytest.mark.parametrize(
    ("units", "expected"), [("auto", [5.5, 13.5]), ("last", [4.0, 12.0])]
)
def test_where_units_stand_can_be_said(units: str, expected: list[float]) -> None:
    maps = torch.arange(16.0).reshape(2, 2, 2, 2)
    view = capture(nn.Sequential(nn.ReLU()), maps, layers="0", reduce="mean", units=units)
    np.testing.assert_array_equal(view.values[1], expected)


def test_layers_for_sequences_have_channels_first() -> None:
    sequences = torch.arange(12.0).reshape(2, 2, 3)
    model = nn.Sequential(nn.MaxPool1d(1), nn.ReLU())
    view = capture(model, sequences, layers=["0", "1"], reduce="max")
    assert view.names == ("0:0|max", "0:1|max", "1:0|max", "1:1|max", "1:2|max")
    np.testing.assert_array_equal(view.column("0:0|max"), [2, 8])


def test_a_mask_among_named_inputs_is_respected() -> None:
    data = {
        "values": TOKENS.astype(np.float32),
        "attention_mask": MASK.astype(np.float32),
        "special_tokens_mask": SPECIAL,
    }
    view = capture(Reader(), data, layers="signed", reduce=["mean", "cls"], batch_size=1)
    np.testing.assert_allclose(view.column("signed:0|mean"), [3, 0])
    np.testing.assert_allclose(view.column("signed:1|cls"), [-1, -3])


@pytest.mark.parametrize("batch_size", [1, 2])
def test_each_makes_entities_of_tokens_and_groups_of_texts(batch_size: int) -> None:
    data = {
        "values": TOKENS.astype(np.float32),
        "attention_mask": MASK.astype(np.float32),
        "special_tokens_mask": SPECIAL,
    }
    options: dict[str, Any] = {
        "layers": "signed",
        "reduce": "each",
        "batch_size": batch_size,
    }
    view = capture(Reader(), data, ids=["t", "u"], **options)
    assert view.entities.ids == ("t#1", "t#2", "u#1")
    assert view.entities.groups == ("t", "t", "u")
    np.testing.assert_array_equal(view.column("signed:0|each"), [4, 2, 0])


def test_each_without_a_mask_takes_every_position() -> None:
    view = capture(nn.Sequential(Signed()), torch.tensor(TOKENS), layers="0", reduce="each")
    assert view.entities.ids == ("0#0", "0#1", "0#2", "1#0", "1#1", "1#2")
    np.testing.assert_array_equal(view.values[0], TOKENS.ravel())


def test_each_needs_inputs_that_come_twice() -> None:
    batches = ([torch.tensor(TOKENS)] for _ in range(1))
    with pytest.raises(CaptureError, match="not a generator"):
        capture(nn.Sequential(Signed()), batches, layers="0", reduce="each", ids=["t", "u"])


@pytest.mark.parametrize("reduce", [["each", "mean"], ["mean", "each"]])
def test_each_stands_alone(reduce: list[str]) -> None:
    with pytest.raises(CaptureError, match="capture them apart"):
        capture(nn.Sequential(Signed()), torch.tensor(TOKENS), layers="0", reduce=reduce)


def test_a_text_without_tokens_is_refused() -> None:
    data = {
        "values": TOKENS.astype(np.float32),
        "attention_mask": np.array([[1.0, 1, 1], [0, 0, 0]], np.float32),
    }
    with pytest.raises(CaptureError, match="1 entities of batch 0 have no tokens"):
        capture(Reader(), data, layers="signed", reduce="mean")


def test_flattened_maps_have_a_limit() -> None:
    maps = torch.zeros(2, 2, 50, 50)
    model = nn.Sequential(nn.ReLU())
    with pytest.raises(CaptureError, match=r"5,000 units of layer '0'; 4,096"):
        capture(model, maps, layers="0", reduce="flatten")
    view = capture(model, maps, layers="0", reduce="flatten", neurons=10)
    assert len(view.names) == 10
