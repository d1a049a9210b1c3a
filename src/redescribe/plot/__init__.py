"""Static figures for papers: each takes matplotlib's axes, or makes them, and returns them.

Names are imported when they are used, and matplotlib when a figure is drawn.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe.plot.neuron import activations
    from redescribe.plot.overview import co_occurrence, jaccards
    from redescribe.plot.redescription import literals, parts

_HOMES = {
    "activations": "neuron",
    "co_occurrence": "overview",
    "jaccards": "overview",
    "literals": "redescription",
    "parts": "redescription",
}

__all__ = ["activations", "co_occurrence", "jaccards", "literals", "parts"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        em = f"module 'redescribe.plot' has no attribute {name!r}"
        raise AttributeError(em)
    return getattr(import_module(f"redescribe.plot.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
