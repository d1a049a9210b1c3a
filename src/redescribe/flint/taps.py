"""What chosen layers of a network give during a forward pass, through hooks."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from redescribe.capture.layers import choose_layers
from redescribe.capture.outputs import FIRST, tensor_of
from redescribe.capture.torch import TorchNetwork
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor
    from torch.nn import Module

    from redescribe.capture.layers import Choice, WantedLayer


class LayerTaps:
    """Runs a network and keeps what some of its layers give, as part of its graph.

    Hooks exist during the forward pass only: they are removed on every way out, and no
    graph is kept. What a layer gives is cloned, so that an operation in place after the
    layer does not change it.

    Parameters
    ----------
    model
        A `torch.nn.Module`.
    layers
        Names, globs, regular expressions or functions, as `redescribe.capture` takes them;
        `fc#2` is the second call of a module that runs several times.

    Raises
    ------
    UnknownNameError
        If there is no such layer.
    CaptureError
        If a pattern matches none.

    Examples
    --------
    >>> import torch
    >>> model = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Flatten())
    >>> output, features = LayerTaps(model, "0").run(torch.ones(2, 3))
    >>> {layer: tuple(feature.shape) for layer, feature in features.items()}
    {'0': (2, 3)}
    """

    def __init__(self, model: Module, layers: Choice | Sequence[Choice]) -> None:
        self._model = model
        self._wanted = choose_layers(TorchNetwork(model).layers, layers)

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the tapped layers, each with its call where one was named."""
        return tuple(_name(wanted) for wanted in self._wanted)

    def run(self, inputs: Tensor | Mapping[str, Tensor]) -> tuple[Any, dict[str, Tensor]]:
        """Return what the network gives, and what each tapped layer gives.

        Parameters
        ----------
        inputs
            The one argument of the network, or its arguments by name.

        Raises
        ------
        CaptureError
            If a layer does not run, runs several times and no call is named, or gives no
            tensor of at least two dimensions.
        """
        calls: dict[str, list[Tensor]] = {wanted.layer: [] for wanted in self._wanted}
        with ExitStack() as hooks:
            for layer, kept in calls.items():
                module = self._model.get_submodule(layer)
                handle = module.register_forward_hook(_keeper(layer, kept))
                hooks.callback(handle.remove)
            output = call(self._model, inputs)
        return output, {_name(one): _chosen(one, calls[one.layer]) for one in self._wanted}


def call(model: Module, inputs: Any) -> Any:  # noqa: ANN401 - whatever a network takes
    """Return what a network gives for one argument, or for its arguments by name."""
    return model(**inputs) if isinstance(inputs, Mapping) else model(inputs)


def _keeper(layer: str, kept: list[Tensor]) -> Callable[[Module, Any, Any], None]:
    def keep(_module: Module, _args: Any, value: Any) -> None:  # noqa: ANN401 - of a hook
        kept.append(tensor_of(value, FIRST, layer=layer).clone())

    return keep


def _chosen(wanted: WantedLayer, kept: list[Tensor]) -> Tensor:
    if len(kept) < max(wanted.call, 1):
        times = f"runs {len(kept)} times" if kept else "does not run"
        em = f"Layer {_name(wanted)!r} is tapped, but {wanted.layer!r} {times} in a pass."
        raise CaptureError(em)
    if not wanted.call and len(kept) > 1:
        em = (
            f"Layer {wanted.layer!r} runs {len(kept)} times in a pass. Name the call that "
            f"is meant: '{wanted.layer}#1' to '{wanted.layer}#{len(kept)}'."
        )
        raise CaptureError(em)
    value = kept[wanted.call - 1 if wanted.call else 0]
    if value.ndim not in {2, 3, 4}:
        em = (
            f"Layer {_name(wanted)!r} gives the shape {tuple(value.shape)}. Attributes can "
            "be learned from vectors (2 dimensions), tokens (3) and maps (4)."
        )
        raise CaptureError(em)
    return value


def _name(wanted: WantedLayer) -> str:
    return f"{wanted.layer}#{wanted.call}" if wanted.call else wanted.layer
