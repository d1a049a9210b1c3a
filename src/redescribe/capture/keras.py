"""Keras 3 functional models as networks: a second model gives what the layers give."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._lazy import require
from redescribe.capture.batches import as_numpy
from redescribe.capture.network import KnownLayer, Side
from redescribe.errors import CaptureError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from redescribe.capture.batches import Batch
    from redescribe.capture.network import Forward, Take

_PURPOSE = "Capturing Keras models"
_BACKEND = "KERAS_BACKEND"


class KerasNetwork:
    """A functional or sequential Keras 3 model as a network.

    Layers are those of the model itself, by name; a model inside the model is one layer.
    Units stand last, as Keras has them, unless a layer says `channels_first`.

    Parameters
    ----------
    model
        A `keras.Model` whose layers are connected: functional or a built `Sequential`.

    Raises
    ------
    CaptureError
        If it is a subclassed model, whose layers nobody but its own code connects.
    """

    framework = "Keras"

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - a keras.Model
        self._keras = require("keras", extra="keras", purpose=_PURPOSE)
        if not (isinstance(model, self._keras.Model) and getattr(model, "inputs", None)):
            em = (
                f"The Keras model {type(model).__name__!r} is subclassed or not built: its "
                "layers are not connected, so that capturing it is not supported. Use a "
                "functional or a built sequential model."
            )
            raise CaptureError(em)
        self._model = model

    @classmethod
    def read(cls, path: Path) -> KerasNetwork:
        """Return the model in a `.keras` file; code in it is not run.

        Raises
        ------
        CaptureError
            If the file cannot be read, or holds code (a Lambda layer).
        """
        keras = _imported()
        try:
            model = keras.saving.load_model(path, compile=False, safe_mode=True)
        except Exception as error:
            text = " ".join(str(error).split())
            em = f"{path} cannot be loaded by Keras ({keras.backend.backend()}): {text}"
            raise CaptureError(em) from error
        return cls(model)

    @property
    def device(self) -> str:
        """The back end that runs it."""
        return f"the {self._keras.backend.backend()} back end"

    @cached_property
    def layers(self) -> Mapping[str, KnownLayer]:
        """All layers but the inputs."""
        inputs = self._keras.layers.InputLayer
        return {
            layer.name: KnownLayer(
                type(layer).__name__,
                int(layer.count_params()),
                (_channels_first(layer),) * 2,
                _shape_of(layer),
            )
            for layer in self._model.layers
            if not isinstance(layer, inputs)
        }

    def fingerprint(self) -> str:
        """Return the SHA-256 of structure and weights."""
        # Without the name of the whole, which counts the models of the process.
        layers = self._model.get_config()["layers"]
        structure = json.dumps(layers, default=str, sort_keys=True)
        digest = hashlib.sha256(structure.encode())
        for variable in self._model.weights:
            value = np.ascontiguousarray(self._to_numpy(variable.value))
            digest.update(f"{variable.path} {value.dtype.str} {value.shape}".encode())
            digest.update(value.tobytes())
        return digest.hexdigest()

    @contextmanager
    def running(self, layers: Collection[str], side: Side) -> Iterator[Forward]:
        """Make a model from the inputs to what these layers give."""
        tensors = {name: self._tensors_of(name, side) for name in layers}
        features = self._keras.Model(list(self._model.inputs), tensors)
        modes = _modes(self._model)
        try:

            def forward(batch: Batch, take: Take) -> None:
                found = self._run(features, self._given(batch))
                for name in tensors:
                    for value in found[name]:
                        take(name, self._keras.tree.map_structure(self._to_numpy, value))

            yield forward
        finally:
            for module, training in modes:
                module.training = training

    def _given(self, batch: Batch) -> list[Any]:
        """The inputs of the model in its own order."""
        names = [tensor.name for tensor in self._model.inputs]
        return [self._array(value) for value in batch.in_order(names)]

    def _run(self, features: Any, given: Any) -> Any:  # noqa: ANN401 - Keras' own
        if self._keras.backend.backend() == "torch":
            with require("torch", extra="torch", purpose=_PURPOSE).no_grad():
                return features(given, training=False)
        return features(given, training=False)

    def _tensors_of(self, name: str, side: Side) -> list[Any]:
        """What each call of a layer in this model gives or takes: symbolic tensors.

        Keras has no public name for the calls of one model: `layer.output` is that of the
        first call in any model.
        """
        layer = self._model.get_layer(name)
        graph = getattr(self._model, "_functional", None) or self._model
        by_depth = graph._nodes_by_depth
        nodes = [
            node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]
        ]
        return [
            _single(node.output_tensors if side is Side.OUTPUT else node.input_tensors)
            for node in nodes
            if node.operation is layer
        ]

    def _array(self, value: Any) -> Any:  # noqa: ANN401
        array = as_numpy(value)
        return array.astype(np.float32) if array.dtype == np.float64 else array

    def _to_numpy(self, value: Any) -> Any:  # noqa: ANN401
        # What Keras does with a tensor of torch, NumPy warns of.
        if hasattr(value, "detach"):
            return as_numpy(value)
        return self._keras.ops.convert_to_numpy(value)


def _imported() -> Any:  # noqa: ANN401 - the module
    """Keras, on PyTorch unless its own settings name another back end."""
    if find_spec("keras") is None:
        em = f"{_PURPOSE} needs keras. Run: pip install 'redescribe[keras]'"
        raise MissingExtraError(em)
    before = os.environ.get(_BACKEND)
    os.environ.setdefault(_BACKEND, "torch")
    try:
        return require("keras", extra="keras", purpose=_PURPOSE)
    finally:
        if before is None:
            del os.environ[_BACKEND]


def _channels_first(layer: Any) -> bool:  # noqa: ANN401
    return getattr(layer, "data_format", "") == "channels_first"


def _single(tensors: Any) -> Any:  # noqa: ANN401
    """One tensor as itself, several as they are."""
    return tensors[0] if len(tensors) == 1 else list(tensors)


def _shape_of(layer: Any) -> tuple[int | None, ...]:  # noqa: ANN401
    try:
        shape = layer.output.shape
    except (AttributeError, ValueError):
        return ()
    return tuple(None if size is None else int(size) for size in shape)


def _modes(model: Any) -> list[tuple[Any, bool]]:  # noqa: ANN401
    """The training modes of the modules, which on PyTorch every Keras model is."""
    modules = model.modules() if hasattr(model, "modules") else ()
    return [(module, module.training) for module in modules]
