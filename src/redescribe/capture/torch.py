"""Activations of a PyTorch model; whatever happens, no hook stays behind."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._lazy import require
from redescribe._validation import choose
from redescribe.capture.batches import batches, entities_of
from redescribe.capture.hooks import Side, recording
from redescribe.capture.modes import in_evaluation_mode, moved_to
from redescribe.capture.output import ActivationOutput, MemoryOutput
from redescribe.errors import CaptureError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import torch
    from torch.nn import Module

    from redescribe._typing import Values
    from redescribe.capture.batches import Inputs
    from redescribe.core.entities import EntityIndex
    from redescribe.core.protocols import ActivationSink, Progress
    from redescribe.core.view import View


def capture(  # noqa: PLR0913 - the public door: every choice has a name and a default
    model: Module,
    inputs: Inputs,
    *,
    layers: str | Sequence[str],
    side: Side | str = Side.OUTPUT,
    batch_size: int = 256,
    ids: EntityIndex | Sequence[object] | None = None,
    model_name: str = "",
    out: ActivationOutput | str | PathLike[str] | None = None,
    dtype: str = "float32",
    device: torch.device | str | None = None,
    progress: Progress | None = None,
) -> View:
    """Return the activations of some layers as a view with one attribute per unit.

    The model runs in evaluation mode, without gradients; its modes and its device are
    restored and its hooks removed on every way out.

    Parameters
    ----------
    model
        A `torch.nn.Module` that takes one tensor.
    inputs
        A tensor or array, shape (n_entities, …), or batches, such as a DataLoader that does
        not shuffle; of a batch that is a tuple or list, the first element.
    layers
        Dotted names of modules, exactly as in `model.named_modules()`.
    side
        "output" or "input" of the layers.
    batch_size
        Entities per forward pass, where `inputs` are one array.
    ids
        One per entity; numbers without. Needed for batches from a generator.
    model_name
        First part of the neuron ids, and the name of the view.
    out
        A new folder: activations are streamed to an activation store there, in memory that
        does not grow with the entities, and the view is memory-mapped. None keeps all in
        memory. Any other `ActivationOutput` is used as it is.
    dtype
        "float32", or "float16" with `out`.
    device
        Where the model runs meanwhile; None is where it is.
    progress
        Hears how many entities are done.

    Returns
    -------
    view
        float32, shape (n_units, n_entities), layer by layer; never NaN. It is called
        `model_name`, else by the layer, else "neurons" for several layers.

    Raises
    ------
    UnknownNameError
        If the model has no such layer or there is no such side.
    CaptureError
        If an activation is not of shape (batch, units), NaN or infinite; a layer runs twice
        or not at all in a forward pass; or the inputs are not as many as the ids.
    StoreError
        If `out` cannot be written, or a value does not fit into float16.
    MissingExtraError
        If torch is not installed.

    Examples
    --------
    >>> from torch import nn, ones
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    >>> capture(model, ones(4, 2), layers="1").values.shape
    (3, 4)
    """
    framework = require("torch", extra="torch", purpose="Capturing PyTorch models")
    chosen_side = choose(Side, side, parameter="side")
    modules = _modules(model, (layers,) if isinstance(layers, str) else tuple(layers))
    entities = entities_of(inputs, ids)
    output = _output(out)
    sink: ActivationSink | None = None
    n_seen = 0
    with ExitStack() as stack:
        stack.enter_context(framework.no_grad())
        stack.enter_context(in_evaluation_mode(model))
        stack.enter_context(moved_to(model, device))
        record = stack.enter_context(recording(modules, chosen_side))
        advance = stack.enter_context(_stage(progress, len(entities)))
        parameter = next(model.parameters(), None)
        for number, batch in enumerate(batches(inputs, batch_size, parameter)):
            n_seen += len(batch)
            record.clear()
            model(batch)
            blocks = {
                layer: _checked(record, layer, n_rows=len(batch), number=number)
                for layer in modules
            }
            if n_seen > len(entities):
                break
            if sink is None:
                sizes = {layer: block.shape[1] for layer, block in blocks.items()}
                sink = stack.enter_context(
                    output.writer(sizes, entities, dtype=dtype, model_name=model_name)
                )
            for layer, block in blocks.items():
                sink.write(layer, block)
            advance(len(batch))
        _check_count(n_seen, len(entities))
    return output.view(
        model_name or (next(iter(modules)) if len(modules) == 1 else "neurons")
    )


def _output(out: ActivationOutput | str | PathLike[str] | None) -> ActivationOutput:
    if out is None:
        return MemoryOutput()
    if isinstance(out, (str, PathLike)):
        from redescribe.store.activations import ActivationFolder  # noqa: PLC0415 - pyarrow

        return ActivationFolder(out)
    return out


def _modules(model: Module, layers: tuple[str, ...]) -> dict[str, Module]:
    known = {name: m for name, m in model.named_modules(remove_duplicate=False) if name}
    if not layers:
        em = f"No layer is named. The model has {', '.join(known)}."
        raise CaptureError(em)
    what = "The model has no layer"
    for layer in layers:
        if layer not in known:
            raise UnknownNameError.among(what, layer, known)
    return {layer: known[layer] for layer in layers}


def _checked(record: Mapping[str, Any], layer: str, *, n_rows: int, number: int) -> Values:
    """The activations of one layer for one batch, shape (n_rows, n_units), all finite."""
    if layer not in record:
        em = f"Layer {layer!r} does not run in the forward pass. Choose one that does."
        raise CaptureError(em)
    value = record[layer]
    shape = tuple(getattr(value, "shape", ()))
    if len(shape) != 2 or shape[0] != n_rows:
        kind = type(value).__name__
        what = f"shape {shape}" if shape else f"type {kind}"
        em = (
            f"Layer {layer!r} has activations of {what} for a batch of {n_rows}; only "
            "(batch, units) can be captured: reducers are not available in this version."
        )
        raise CaptureError(em)
    block: Values = value.detach().float().cpu().numpy()
    n_bad = int(block.size - np.isfinite(block).sum())
    if n_bad:
        em = (
            f"Layer {layer!r} has {n_bad} activations that are NaN or infinite in batch "
            f"{number}. Check the inputs of that batch and the model."
        )
        raise CaptureError(em)
    return block


def _check_count(n_seen: int, n_entities: int) -> None:
    if n_seen != n_entities:
        had = f"more than {n_entities}" if n_seen > n_entities else f"only {n_seen}"
        em = (
            f"The inputs had {had} entities; {n_entities} were announced. Give the ids of "
            "all entities that the inputs yield, in their order."
        )
        raise CaptureError(em)


@contextmanager
def _stage(progress: Progress | None, total: int) -> Iterator[Callable[[int], None]]:
    if progress is None:
        yield lambda _steps: None
        return
    with progress.stage("capture", total) as advance:
        yield advance
