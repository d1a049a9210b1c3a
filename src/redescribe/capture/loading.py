"""A model, or where one is -> a network; data -> inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from redescribe._lazy import require
from redescribe.capture.batches import inputs_of
from redescribe.capture.torch import TorchNetwork
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    import torch

    from redescribe.capture.batches import Data, Inputs
    from redescribe.capture.network import Network


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
        If it is of no framework that can be captured.
    MissingExtraError
        If its framework is not installed.
    """
    framework = require("torch", extra="torch", purpose="Capturing PyTorch models")
    if isinstance(model, framework.nn.Module):
        return TorchNetwork(model, device=device)
    em = f"A {type(model).__name__} cannot be captured. Give a torch.nn.Module."
    raise CaptureError(em)


def prepared(
    data: Data,
    maker: InputMaker | None,
    model: Any,  # noqa: ANN401 - of any framework
    *,
    n_inputs: int,
) -> Inputs:
    """Return the inputs that a maker, or we, make of the data."""
    return (
        inputs_of(data, n_inputs=n_inputs) if maker is None else maker.inputs(data, model)
    )
