"""PyTorch models as networks; whatever happens, no hook stays behind."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from redescribe._lazy import require
from redescribe.capture.hooks import hooked
from redescribe.capture.modes import in_evaluation_mode, moved_to
from redescribe.capture.network import KnownLayer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import torch
    from torch import Tensor
    from torch.nn import Module

    from redescribe.capture.batches import Batch
    from redescribe.capture.network import Forward, Side, Take


class TorchNetwork:
    """A `torch.nn.Module` as a network: its layers are the modules in it, by dotted name.

    While it runs it is in evaluation mode and without gradients; its modes and its device
    are restored and the hooks removed on every way out.

    Parameters
    ----------
    model
        The module.
    device
        Where it runs meanwhile; None is where it is.

    Examples
    --------
    >>> from torch import nn
    >>> network = TorchNetwork(nn.Sequential(nn.Linear(2, 3), nn.ReLU()))
    >>> {name: layer.kind for name, layer in network.layers.items()}
    {'0': 'Linear', '1': 'ReLU'}
    """

    framework = "PyTorch"

    def __init__(self, model: Module, *, device: torch.device | str | None = None) -> None:
        self._torch = require("torch", extra="torch", purpose="Capturing PyTorch models")
        self._model = model
        self._device = device

    @property
    def device(self) -> str:
        """Where it runs: as asked for, else where the first parameter is."""
        like = next(self._model.parameters(), None)
        home = "cpu" if like is None else like.device
        return str(home if self._device is None else self._device)

    @cached_property
    def layers(self) -> Mapping[str, KnownLayer]:
        """All modules but the whole, in the model's order; shared ones by all names."""
        return {
            name: KnownLayer(
                type(module).__name__,
                sum(parameter.numel() for parameter in module.parameters()),
                # What is made for sequences says so: (batch, channels, length).
                (type(module).__name__.endswith("1d"), True),
            )
            for name, module in self._model.named_modules(remove_duplicate=False)
            if name
        }

    def fingerprint(self) -> str:
        """Return the SHA-256 of the model's text form, parameters and buffers."""
        digest = hashlib.sha256(repr(self._model).encode())
        for name, value in self._model.state_dict().items():
            digest.update(f"{name} {getattr(value, 'dtype', '')}".encode())
            if isinstance(value, self._torch.Tensor):
                whole = value.detach().cpu().contiguous().flatten()
                digest.update(f"{tuple(value.shape)}".encode())
                digest.update(memoryview(whole.view(self._torch.uint8).numpy()))
        return digest.hexdigest()

    @contextmanager
    def running(self, layers: Collection[str], side: Side) -> Iterator[Forward]:
        """Hook the layers; the value runs a batch and hands over what each gives."""
        modules = {layer: self._model.get_submodule(layer) for layer in layers}
        receiver: list[Take] = []

        def take(layer: str, value: object) -> None:
            receiver[-1](layer, value)

        with ExitStack() as stack:
            stack.enter_context(self._torch.no_grad())
            stack.enter_context(in_evaluation_mode(self._model))
            stack.enter_context(moved_to(self._model, self._device))
            stack.enter_context(hooked(modules, side, take))
            like = next(self._model.parameters(), None)

            def forward(batch: Batch, take: Take) -> None:
                receiver[:] = [take]
                positional = [self._tensor(value, like) for value in batch.positional]
                named = {n: self._tensor(value, like) for n, value in batch.named.items()}
                self._model(*positional, **named)

            yield forward

    def _tensor(self, value: Any, like: Tensor | None) -> Tensor:  # noqa: ANN401
        """A tensor where the model is; NumPy's floats take the model's dtype."""
        if isinstance(value, np.ndarray) and not value.flags.writeable:
            value = value.copy()  # torch warns of arrays that it could not write to
        tensor: Tensor = self._torch.as_tensor(value)
        if like is None:
            return tensor
        from_numpy = not isinstance(value, self._torch.Tensor)
        if from_numpy and tensor.is_floating_point() and like.is_floating_point():
            return tensor.to(like.device, like.dtype)
        return tensor.to(like.device)
