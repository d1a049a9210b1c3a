"""A model, or where one is -> a network; data -> inputs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from redescribe.capture.batches import inputs_of
from redescribe.capture.huggingface import is_folder, load_model
from redescribe.capture.keras import KerasNetwork
from redescribe.capture.objects import is_object_name, made_by
from redescribe.capture.onnx import OnnxNetwork
from redescribe.capture.torch import TorchNetwork
from redescribe.capture.torch_files import PICKLES, load_weights, read_module
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    import torch

    from redescribe.capture.batches import Data, Inputs
    from redescribe.capture.network import Network

HUB = "hf:"
_FORMS = (
    "a Hugging Face folder or hf:NAME, a file that ends in .onnx, .keras or .pt, "
    "package.module:function or file.py:function"
)


class InputMaker(Protocol):
    """Makes the inputs of a model from what stands for an entity: texts, images."""

    def inputs(self, data: Any, model: Any) -> Inputs:  # noqa: ANN401 - of any framework
        """Return inputs that give batches of the data for the model."""


def network_of(
    model: Any,  # noqa: ANN401 - a model of any framework, or where one is
    *,
    device: torch.device | str | None = None,
) -> Network:
    """Return a model as a network.

    Raises
    ------
    CaptureError
        If it is of no framework that can be captured, or only PyTorch could move it.
    MissingExtraError
        If its framework is not installed.
    """
    if isinstance(model, (str, Path)):
        model = load(model)
    network = _network(model, device)
    if device is not None and not isinstance(network, TorchNetwork):
        em = f"device={str(device)!r} is for PyTorch models. Got a {network.framework} one."
        raise CaptureError(em)
    return network


def load(
    source: str | Path,
    *,
    weights: str | Path | None = None,
    trust_pickle: bool = False,
    download: bool = False,
) -> Any:  # noqa: ANN401 - a model of any framework
    """Return the model at a place.

    Parameters
    ----------
    source
        A Hugging Face folder, or `hf:NAME` of one in the cache; a file that ends in .onnx,
        .keras, .pt or .pth; `package.module:function` or `file.py:function`, where the
        function returns the model (or the name is a model itself).
    weights
        A file with the state of a PyTorch model, which is loaded into it.
    trust_pickle
        Whether .pt files may run code: they are pickles. Without it only tensors are read.
    download
        Whether a Hugging Face model that is not on this machine may be fetched.

    Raises
    ------
    CaptureError
        If there is no model, or it cannot be loaded without running code.
    MissingExtraError
        If its framework is not installed.
    """
    model = _loaded(source, trust_pickle=trust_pickle, download=download)
    if weights is not None:
        load_weights(model, Path(weights))
    return model


def prepared(
    data: Data,
    maker: InputMaker | None,
    model: Any,  # noqa: ANN401 - of any framework
    *,
    n_inputs: int,
) -> Inputs:
    """Return the inputs that a maker, or we, make of the data."""
    if maker is None:
        return inputs_of(data, n_inputs=n_inputs)
    where = model.removeprefix(HUB) if isinstance(model, str) else model
    return maker.inputs(data, where)


def _loaded(source: str | Path, *, trust_pickle: bool, download: bool) -> Any:  # noqa: ANN401
    text = str(source)
    path = Path(text)
    if text.startswith(HUB):
        return load_model(text.removeprefix(HUB), download=download)
    if is_object_name(text):
        return made_by(text)
    if path.is_dir():
        if is_folder(path):
            return load_model(path)
        em = f"{text} is a folder without config.json. A model is {_FORMS}."
        raise CaptureError(em)
    if not path.exists():
        em = f"There is no model {text!r}. A model is {_FORMS}."
        raise CaptureError(em)
    ending = path.suffix.lower()
    if ending == ".onnx":
        return OnnxNetwork.read(path)
    if ending == ".keras":
        return KerasNetwork.read(path)
    if ending in PICKLES:
        return read_module(path, trust_pickle=trust_pickle)
    em = f"{text} ends in {ending!r}, which is no model. A model is {_FORMS}."
    raise CaptureError(em)


def _network(model: Any, device: torch.device | str | None) -> Network:  # noqa: ANN401
    if isinstance(model, (TorchNetwork, OnnxNetwork, KerasNetwork)):
        return model
    # Keras first: on its PyTorch back end, a Keras model is a torch.nn.Module as well.
    if _is_a(model, "keras", "Model"):
        return KerasNetwork(model)
    if _is_a(model, "torch.nn", "Module"):
        return TorchNetwork(model, device=device)
    if _is_a(model, "onnx", "ModelProto"):
        return OnnxNetwork(model)
    em = (
        f"A {type(model).__name__} cannot be captured. Give a torch.nn.Module, a "
        "keras.Model, an onnx.ModelProto, or where a model is."
    )
    raise CaptureError(em)


def _is_a(model: object, module: str, name: str) -> bool:
    """Whether it is of this class: then somebody has imported the module."""
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(model, kind)
