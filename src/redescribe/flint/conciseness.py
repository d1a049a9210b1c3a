"""How many attributes an explanation needs, as a value."""

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
