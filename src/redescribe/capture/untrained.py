"""The same network before it has learned anything."""

from __future__ import annotations

from copy import deepcopy
from itertools import chain
from typing import TYPE_CHECKING

from redescribe._lazy import require
from redescribe.errors import CaptureError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from torch.nn import Module

_LAWS = ("reset_parameters", "_reset_parameters")
"""Methods that draw the parameters of a module; torch's attention has the second one."""


def untrained(model: Module, seed: int, *, keep: str | Sequence[str] = ()) -> Module:
    """Return a copy of a network whose parameters are drawn anew, as when it was made.

    Every module draws its own by its `reset_parameters`, inner modules first; that also
    resets buffers such as the running means of a batch normalisation. The model itself and
    torch's global random state are left as they are. Activations of some such networks, by
    `capture(untrained(model, seed), …)`, show what the architecture alone relates.

    Parameters
    ----------
    model
        A `torch.nn.Module`.
    seed
        Of the parameters: drawn on the CPU, so that the device changes nothing.
    keep
        Dotted names of modules that stay as they are with all they contain, as one that
        standardises the inputs does.

    Returns
    -------
    network
        On the same devices, in the same mode, with the same names of layers.

    Raises
    ------
    CaptureError
        If a module has parameters and no `reset_parameters`.
    UnknownNameError
        If the model has no module of a name in `keep`.
    MissingExtraError
        If torch is not installed.

    Examples
    --------
    >>> from torch import nn
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    >>> fresh = untrained(model, seed=0)
    >>> (fresh[0].weight == model[0].weight).any().item()
    False
    """
    torch = require("torch", extra="torch", purpose="Drawing an untrained network")
    kept = (keep,) if isinstance(keep, str) else tuple(keep)
    laws = _laws(model, kept)  # before the copy: what cannot be drawn costs nothing
    network = deepcopy(model)
    tensors = list(chain(network.parameters(), network.buffers()))
    devices = [tensor.device for tensor in tensors]
    network.to("cpu")
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.default_generator.manual_seed(seed)  # not those of devices
        for name, law in laws:
            reset: Callable[[], None] = getattr(network.get_submodule(name), law)
            reset()
        for name in kept:  # a module around it may draw all that it contains
            part = network.get_submodule(name)
            part.load_state_dict(model.get_submodule(name).state_dict())
    # Not `tensors`: moving a module may have replaced its buffers.
    moved = chain(network.parameters(), network.buffers())
    for tensor, device in zip(moved, devices, strict=True):
        tensor.data = tensor.data.to(device)
    network.zero_grad(set_to_none=True)
    return network


def _laws(model: Module, kept: Collection[str]) -> list[tuple[str, str]]:
    """Names of the modules that are drawn anew, inner ones first, and of their methods."""
    known = [name for name, _ in model.named_modules(remove_duplicate=False) if name]
    what = "The model has no module"
    for name in kept:
        if name not in known:
            raise UnknownNameError.among(what, name, known)
    laws: list[tuple[str, str]] = []
    lawless: list[str] = []
    for name, module in reversed(list(model.named_modules())):
        if any(name == one or name.startswith(f"{one}.") for one in kept):
            continue
        law = next((law for law in _LAWS if callable(getattr(module, law, None))), None)
        if law is not None:
            laws.append((name, law))
        elif next(module.parameters(recurse=False), None) is not None:
            lawless.append(f"{name or 'the model itself'} ({type(module).__name__})")
    if lawless:
        em = (
            "These modules have parameters and no reset_parameters() that draws them: "
            f"{', '.join(reversed(lawless))}. Give the class this method, or name the "
            "module in `keep` if it has learned nothing."
        )
        raise CaptureError(em)
    return laws
