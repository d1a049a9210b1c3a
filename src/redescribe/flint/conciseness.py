"""How many attributes an explanation, or a prediction, needs: as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Convention(StrEnum):
    """Which attributes count as relevant."""

    SIGNED = "signed"
    """r > 1/τ, r = α / max |α|: the formula of the paper."""
    ABS = "abs"
    """|r| > 1/τ."""
    CODE = "code"
    """α > max α / τ, as the authors' code has it."""


@dataclass(frozen=True, slots=True)
class ConcisenessCurve:
    """How many attributes an explanation needs, by threshold.

    Attributes
    ----------
    taus
        Thresholds τ: an attribute counts if r > 1/τ.
    values
        CNS(τ): mean number of such attributes.
    without
        Share of entities of which none counts: mostly the bias decides.
    convention
        What is compared with 1/τ.
    """

    taus: tuple[float, ...]
    values: tuple[float, ...]
    without: tuple[float, ...]
    convention: Convention


@dataclass(frozen=True, slots=True)
class SufficiencyCurve:
    """How good predictions from few attributes are.

    Attributes
    ----------
    counts
        N, how many attributes predict.
    fidelity
        Share of entities (or labels) on which g with N attributes predicts what f predicts.
    accuracy
        The same of the labels; empty without labels.
    """

    counts: tuple[int, ...]
    fidelity: tuple[float, ...]
    accuracy: tuple[float, ...]
