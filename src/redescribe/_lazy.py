"""Imports by name, at the moment of use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from redescribe.errors import MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType


def require(module: str, *, extra: str, purpose: str) -> ModuleType:
    """Return the optional module, or say which extra to install.

    Raises
    ------
    MissingExtraError
        If the module is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != module.partition(".")[0]:
            raise
        package = module.partition(".")[0]
        em = f"{purpose} needs {package}. Run: pip install 'redescribe[{extra}]'"
        raise MissingExtraError(em) from error


def first_installed(modules: tuple[str, ...]) -> ModuleType:
    """Return the first of the modules that can be imported; the last one must exist."""
    for module in modules[:-1]:
        try:
            return import_module(module)
        except ModuleNotFoundError:
            continue
    return import_module(modules[-1])
