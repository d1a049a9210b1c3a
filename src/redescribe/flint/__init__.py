"""Attributes learned with a network, or after it: FLINT.

Names are imported when they are used, and need PyTorch only then.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe.flint.batches import Batches
    from redescribe.flint.bridge import bridge_views
    from redescribe.flint.concepts import draw_concepts
    from redescribe.flint.describe import describe
    from redescribe.flint.dictionary_decoder import DictionaryDecoder
    from redescribe.flint.evaluation import Evaluation, evaluate
    from redescribe.flint.interpret import (
        GlobalInterpretation,
        LocalInterpretation,
        global_interpretation,
        local_interpretation,
        relevance,
    )
    from redescribe.flint.interpretation import Interpretation
    from redescribe.flint.io import load, save
    from redescribe.flint.learned_view import LearnedView
    from redescribe.flint.losses import FlintLoss
    from redescribe.flint.model import FLINT
    from redescribe.flint.outputs import FlintOutput
    from redescribe.flint.params import AttributeParams
    from redescribe.flint.schedule import Schedule
    from redescribe.flint.trainer import fit
    from redescribe.flint.views import to_view

_HOMES = {
    "AttributeParams": "params",
    "Batches": "batches",
    "DictionaryDecoder": "dictionary_decoder",
    "Evaluation": "evaluation",
    "FLINT": "model",
    "FlintLoss": "losses",
    "FlintOutput": "outputs",
    "GlobalInterpretation": "interpret",
    "LearnedView": "learned_view",
    "LocalInterpretation": "interpret",
    "Interpretation": "interpretation",
    "Schedule": "schedule",
    "bridge_views": "bridge",
    "describe": "describe",
    "draw_concepts": "concepts",
    "evaluate": "evaluation",
    "fit": "trainer",
    "global_interpretation": "interpret",
    "load": "io",
    "local_interpretation": "interpret",
    "relevance": "interpret",
    "save": "io",
    "to_view": "views",
}
_MODULES = (
    "detectors",
    "faithfulness",
    "figures",
    "interventions",
    "metrics",
    "positions",
    "sufficiency",
    "visualize",
)
"""Modules whose functions are called with their name: `flint.metrics.fidelity`."""

__all__ = [
    "FLINT",
    "AttributeParams",
    "Batches",
    "DictionaryDecoder",
    "Evaluation",
    "FlintLoss",
    "FlintOutput",
    "GlobalInterpretation",
    "Interpretation",
    "LearnedView",
    "LocalInterpretation",
    "Schedule",
    "bridge_views",
    "describe",
    "draw_concepts",
    "evaluate",
    "fit",
    "global_interpretation",
    "load",
    "local_interpretation",
    "relevance",
    "save",
    "to_view",
]


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"redescribe.flint.{name}")
    if name not in _HOMES:
        em = f"module 'redescribe.flint' has no attribute {name!r}"
        raise AttributeError(em)
    value = getattr(import_module(f"redescribe.flint.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, *_MODULES])
