"""ONNX models as networks: tensors inside the graph become outputs of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import contextmanager
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

from redescribe._lazy import require
from redescribe.capture.batches import as_numpy
from redescribe.capture.network import KnownLayer, Side
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from redescribe._typing import AnyArray
    from redescribe.capture.batches import Batch
    from redescribe.capture.network import Forward, Take

_PURPOSE = "Capturing ONNX models"
_CHANNELS_FIRST = frozenset(
    {
        "Conv",
        "ConvTranspose",
        "BatchNormalization",
        "InstanceNormalization",
        "MaxPool",
        "AveragePool",
        "GlobalAveragePool",
        "GlobalMaxPool",
    }
)


class OnnxNetwork:
    """An ONNX model as a network: its layers are the nodes of the graph.

    A node is called by its name, or by its first output where it has no name of its own;
    further outputs of a node are layers by their own names. onnxruntime runs the model on
    the processor; the model that was given is not changed.

    Parameters
    ----------
    model
        An `onnx.ModelProto`.

    Examples
    --------
    >>> from onnx import TensorProto, helper
    >>> x, y = (
    ...     helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 2])
    ...     for name in ("x", "y")
    ... )
    >>> nodes = [helper.make_node("Relu", ["x"], ["y"], name="relu")]
    >>> graph = helper.make_graph(nodes, "toy", [x], [y])
    >>> OnnxNetwork(helper.make_model(graph)).layers["relu"].shape
    (None, 2)
    """

    framework, device = "ONNX", "cpu"

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - an onnx.ModelProto
        self._onnx = require("onnx", extra="onnx", purpose=_PURPOSE)
        self._runtime = require("onnxruntime", extra="onnx", purpose=_PURPOSE)
        self._model = model
        weights = {tensor.name for tensor in model.graph.initializer}
        self._inputs = [i for i in model.graph.input if i.name not in weights]

    @classmethod
    def read(cls, path: Path) -> OnnxNetwork:
        """Return the model in a file.

        Raises
        ------
        CaptureError
            If the file is none.
        """
        onnx = require("onnx", extra="onnx", purpose=_PURPOSE)
        try:
            model = onnx.load(str(path))
            onnx.checker.check_model(model)
        except Exception as error:
            em = f"{path} is no ONNX model that can be read: {_one_line(error)}."
            raise CaptureError(em) from error
        return cls(model)

    @cached_property
    def layers(self) -> Mapping[str, KnownLayer]:
        """All nodes in the order of the graph, which is that of the computation."""
        shapes, weights = self._shapes, self._weights
        return {
            name: KnownLayer(
                node.op_type,
                sum(weights.get(tensor, 0) for tensor in node.input),
                (node.op_type in _CHANNELS_FIRST, True),
                shapes.get(tensor, ()),
            )
            for name, (node, tensor) in self._named.items()
        }

    @cached_property
    def _named(self) -> dict[str, tuple[Any, str]]:
        """The node and the tensor that each layer stands for."""
        names = Counter(node.name for node in self._model.graph.node)
        found: dict[str, tuple[Any, str]] = {}
        for node in self._model.graph.node:
            for position, tensor in enumerate(node.output):
                own = position == 0 and node.name and names[node.name] == 1
                if tensor:
                    found[node.name if own else tensor] = (node, tensor)
        return found

    @property
    def _shapes(self) -> dict[str, tuple[int | None, ...]]:
        """What shape inference finds out; it is silent about what it does not know."""
        graph = self._onnx.shape_inference.infer_shapes(self._model).graph
        return {
            value.name: tuple(
                size.dim_value if size.HasField("dim_value") else None
                for size in value.type.tensor_type.shape.dim
            )
            for value in (*graph.value_info, *graph.output)
        }

    @property
    def _weights(self) -> dict[str, int]:
        return {tensor.name: prod(tensor.dims) for tensor in self._model.graph.initializer}

    def fingerprint(self) -> str:
        """Return the SHA-256 of the model."""
        content = self._model.SerializeToString(deterministic=True)
        return hashlib.sha256(content).hexdigest()

    @contextmanager
    def running(self, layers: Collection[str], side: Side) -> Iterator[Forward]:
        """Make a session with the tensors of these layers as outputs."""
        tensors = {layer: self._tensor_of(layer, side) for layer in layers}
        session = self._session([t for t in tensors.values() if t not in self._given])
        outputs = sorted(set(tensors.values()) - self._given)

        def forward(batch: Batch, take: Take) -> None:
            feed = self._feed(batch)
            found = dict(zip(outputs, session.run(outputs, feed), strict=True))
            for layer, tensor in tensors.items():
                take(layer, found[tensor] if tensor in found else feed[tensor])

        yield forward

    @property
    def _given(self) -> set[str]:
        return {tensor.name for tensor in self._inputs}

    def _tensor_of(self, layer: str, side: Side) -> str:
        node, tensor = self._named[layer]
        if side is Side.OUTPUT:
            return tensor
        if not node.input or node.input[0] in self._weights:
            em = f"Layer {layer!r} takes no tensor that is computed. Capture its output."
            raise CaptureError(em)
        return str(node.input[0])

    def _session(self, tensors: list[str]) -> Any:  # noqa: ANN401 - an InferenceSession
        promoted = type(self._model)()
        promoted.CopyFrom(self._model)
        known = {output.name for output in promoted.graph.output}
        for name in dict.fromkeys(tensors):
            if name not in known:
                promoted.graph.output.append(self._onnx.ValueInfoProto(name=name))
        try:
            return self._runtime.InferenceSession(
                promoted.SerializeToString(), providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            em = f"onnxruntime cannot run the model: {_one_line(error)}."
            raise CaptureError(em) from error

    def _feed(self, batch: Batch) -> dict[str, AnyArray]:
        names = [tensor.name for tensor in self._inputs]
        dtypes = {
            tensor.name: self._onnx.helper.tensor_dtype_to_np_dtype(
                tensor.type.tensor_type.elem_type
            )
            for tensor in self._inputs
        }
        return {
            name: as_numpy(value).astype(dtypes[name])
            for name, value in zip(names, batch.in_order(names), strict=True)
        }


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).removesuffix(".")
