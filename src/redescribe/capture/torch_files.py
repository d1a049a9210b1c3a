"""Files of PyTorch: tensors are read, pickled code is refused unless it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

from redescribe._lazy import require
from redescribe.errors import CaptureError

if TYPE_CHECKING:
    from pathlib import Path

    from torch.nn import Module

PICKLES = (".pt", ".pth", ".ckpt", ".bin")
"""How files of PyTorch end."""
_PURPOSE = "Loading PyTorch models"


def read_module(path: Path, *, trust_pickle: bool) -> Module:
    """Return the module that was saved as a whole.

    Raises
    ------
    CaptureError
        If the file has only weights, is no file of PyTorch, or would run code and is not
        trusted.
    """
    torch = require("torch", extra="torch", purpose=_PURPOSE)
    found = _read(path, trust_pickle=trust_pickle)
    if isinstance(found, torch.nn.Module):
        module: Module = found
        return module
    em = (
        f"{path} has weights ({type(found).__name__}) and no network. Give the network as "
        f"file.py:function and the file as weights (--weights {path.name})."
    )
    raise CaptureError(em)


def load_weights(model: Any, path: Path) -> None:  # noqa: ANN401 - of any framework
    """Load the state in a file into a PyTorch model.

    Raises
    ------
    CaptureError
        If it is none of PyTorch, or the state does not fit.
    """
    torch = require("torch", extra="torch", purpose=_PURPOSE)
    if not isinstance(model, torch.nn.Module):
        em = f"Weights are for PyTorch models. Got a {type(model).__name__}."
        raise CaptureError(em)
    if not path.is_file():
        em = f"There is no file {str(path)!r} with weights."
        raise CaptureError(em)
    state = _read(path, trust_pickle=False)
    if isinstance(state, Mapping) and isinstance(state.get("state_dict"), Mapping):
        state = state["state_dict"]
    try:
        model.load_state_dict(state)
    except (RuntimeError, TypeError, AttributeError) as error:
        em = f"The weights in {path} do not fit: {' '.join(str(error).split())[:400]}"
        raise CaptureError(em) from error


def _read(path: Path, *, trust_pickle: bool) -> Any:  # noqa: ANN401 - what was saved
    torch = require("torch", extra="torch", purpose=_PURPOSE)
    try:
        return torch.load(path, map_location="cpu", weights_only=not trust_pickle)
    except UnpicklingError as error:
        em = (
            f"{path} holds more than tensors. It is a pickle, which runs code when it is "
            "read, and is refused. Save the weights alone (torch.save(model.state_dict(), "
            "…)), and give the network as file.py:function with --weights; or, if you "
            "trust where the file comes from, add --trust-pickle."
        )
        raise CaptureError(em) from error
    except (RuntimeError, EOFError, ValueError, AttributeError, ImportError) as error:
        em = (
            f"{path} cannot be read by torch.load: {' '.join(str(error).split())[:300]} "
            "(TorchScript archives are not supported.)"
        )
        raise CaptureError(em) from error
