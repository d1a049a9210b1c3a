"""The public door: a network and its inputs -> a view of activations."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

from redescribe.capture.batches import entities_of
from redescribe.capture.loading import network_of, prepared
from redescribe.capture.params import CaptureParams
from redescribe.capture.passes import other_processes
from redescribe.capture.recording import Recording
from redescribe.capture.sharing import of_shard
from redescribe.capture.sinks import MEMORY, ActivationOutput, MemoryOutput
from redescribe.core.sizes import parse_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from redescribe.capture.batches import Data
    from redescribe.capture.layers import Choice
    from redescribe.capture.loading import InputMaker
    from redescribe.capture.recording import Announce
    from redescribe.core.entities import EntityIndex
    from redescribe.core.protocols import Progress
    from redescribe.core.view import View
    from redescribe.executors.shards import Shard


def capture(  # noqa: PLR0913 - the public door: every choice has a name and a default
    model: Any,  # noqa: ANN401 - a model of any framework, or where one is
    data: Data,
    *,
    layers: Choice | Sequence[Choice],
    reduce: str | Sequence[str] = (),
    side: str = "output",
    item: str | int = "0",
    units: str = "auto",
    neurons: int | str = "all",
    seed: int = 0,
    inputs: InputMaker | None = None,
    n_inputs: int = 1,
    batch_size: int = 256,
    ids: EntityIndex | Sequence[object] | None = None,
    model_name: str = "",
    out: ActivationOutput | str | PathLike[str] | None = None,
    dtype: str = "float32",
    memory: int | str = MEMORY,
    device: torch.device | str | None = None,
    n_jobs: int | None = None,
    shard: Shard | None = None,
    announce: Announce | None = None,
    progress: Progress | None = None,
) -> View:
    """Return the activations of some layers as a view with one attribute per unit.

    The model runs in evaluation mode, without gradients; its modes and its device are
    restored and its hooks removed on every way out.

    Parameters
    ----------
    model
        A `torch.nn.Module`, a Keras 3 model, an ONNX model; or where one is: a Hugging Face
        folder, a file that ends in .onnx or .keras, `package.module:function` or
        `file.py:function`. Nothing is downloaded.
    data
        A tensor or array, shape (n_entities, …); a mapping of such arrays to the names of
        the model's arguments; or batches, such as a DataLoader that does not shuffle: of a
        tuple or list the first `n_inputs` elements are arguments, of a mapping all values
        by name.
    layers
        Exact names; globs (`layer[34].*conv*`); regular expressions (compiled, or a text
        that begins with `re:`); or functions of name and type. `fc#2` is the second call of
        a module that runs several times; patterns take all its calls.
    reduce
        What becomes of maps, shape (batch, channels, height, width), and of tokens, shape
        (batch, tokens, units): "mean", "max", "min", "std", "cls", "last", "flatten" or
        "each", or several. Layers of shape (batch, units) are taken as they are. An
        `attention_mask` among named inputs is respected, and so is a
        `special_tokens_mask`. "each" makes an entity of every token, called
        `id#position`, and the id its group.
    side
        "output" or "input" of the layers.
    item
        Which tensor of layers that give several: a position, a key, or a path (`1.0`).
    units
        Where units stand in maps and tokens: "first" after the entities, "last" at the
        end, "auto" as usual for the framework and the layer.
    neurons
        "all", or how many units are drawn of each layer.
    seed
        Seed of that draw.
    inputs
        What makes inputs of the data, such as `TextInputs`.
    n_inputs
        How many elements of a tuple or list are arguments of the model.
    batch_size
        Entities per forward pass, where `data` are no batches.
    ids
        One per entity; numbers without. Needed for batches from a generator.
    model_name
        First part of the neuron ids, and the name of the view.
    out
        A new folder: activations are streamed to an activation store there, in memory that
        does not grow with the entities, and the view is memory-mapped. An interrupted
        capture is taken up by the same call. None keeps all in memory. Any other
        `ActivationOutput` is used as it is.
    dtype
        "float32", or "float16" with `out`.
    memory
        How large activations may be that are kept in memory: bytes, or a text like "16GB".
    device
        Where a PyTorch model runs meanwhile; None is where it is.
    n_jobs
        Processes that run batches at the same time (-1: as many as cores); results are the
        same. None is what `joblib.parallel_config` says, which may name a cluster ("dask",
        "ray"), else one. Threads are not taken: a framework divides the work of a batch
        among threads by itself.
    shard
        Capture this share of the entities only: batches that follow each other. The stores
        of all shards are joined by `redescribe.join_captures`.
    announce
        Hears the plan, with size and estimated time, after the first batch.
    progress
        Hears how many entities are done.

    Returns
    -------
    view
        float32, shape (n_units, n_entities), layer by layer; never NaN. It is called
        `model_name`, else by the layer, else "neurons" for several layers. Where a value
        was reduced, the name of the unit says how: `conv1:7|max`.

    Raises
    ------
    UnknownNameError
        If the model has no such layer or there is no such option.
    CaptureError
        If an activation is no tensor of the batch's rows, is NaN or infinite, or a reducer
        is missing or does not fit; a layer runs several times or not at all; the inputs are
        not as many as the ids; or there is too little room.
    WorkerError
        If a process was killed or lost; with `out`, the same call goes on from there.
    StoreError
        If `out` cannot be written, or a value does not fit into float16.
    MissingExtraError
        If the framework is not installed.

    Examples
    --------
    >>> from torch import nn, ones
    >>> model = nn.Sequential(nn.Conv2d(1, 3, 2), nn.Flatten(), nn.Linear(27, 2))
    >>> view = capture(model, ones(4, 1, 4, 4), layers=["0", "2"], reduce="max")
    >>> view.names, view.values.shape
    (('0:0|max', '0:1|max', '0:2|max', '2:0', '2:1'), (5, 4))
    """
    params = CaptureParams.of(
        reduce=reduce,
        side=side,
        item=item,
        units=units,
        neurons=neurons,
        seed=seed,
        batch_size=batch_size,
    )
    network = network_of(model, device=device)
    made = prepared(data, inputs, model, n_inputs=n_inputs)
    output = _output(out, parse_size(memory))
    entities = entities_of(made, ids)
    if shard is not None:
        made, entities = of_shard(made, entities, shard, params.batch_size)
    plan = Recording(
        network=network,
        choices=layers,
        params=params,
        inputs=made,
        entities=entities,
        output=output,
        dtype=dtype,
        model_name=model_name,
        executor=other_processes(n_jobs),
        shard=shard,
        announce=announce,
        progress=progress,
    ).run()
    names = {layer.layer for layer in plan.layers}
    return output.view(model_name or (names.pop() if len(names) == 1 else "neurons"))


def _output(
    out: ActivationOutput | str | PathLike[str] | None, memory: int
) -> ActivationOutput:
    if out is None:
        return MemoryOutput(memory)
    if isinstance(out, (str, PathLike)):
        from redescribe.store.activations import ActivationFolder  # noqa: PLC0415 - pyarrow

        return ActivationFolder(out)
    return out
