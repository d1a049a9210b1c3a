"""Drafts of effects -> effects with intervals, q-values and verdicts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.effect import Check, Effect, Effects, EffectsEvidence, Verdict
from redescribe.core.entities import units_of
from redescribe.errors import ParameterError
from redescribe.significance.correction import correct
from redescribe.significance.params import Correction
from redescribe.significance.stability import Bootstrap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from redescribe._typing import Floats
    from redescribe.causal.params import CausalParams
    from redescribe.core.dataset import Dataset

__all__ = ["Effect", "Effects", "EffectsEvidence", "Verdict"]

_N_RESAMPLES = 2_000
_TAILS = (0.025, 0.975)


def evidence_of(dataset: Dataset, params: CausalParams) -> EffectsEvidence:
    """Return how effects on a dataset are tested with these parameters."""
    split = dataset.split
    held_out = split.held_out.size
    return EffectsEvidence(
        n_tested=held_out or split.mined.size,
        n_mined=split.mined.size,
        in_sample=not held_out,
        grouped=bool(dataset.entities.groups),
        alpha=params.alpha,
        min_effect=params.min_effect,
        seed=params.seed,
    )


def judged(effects: Iterable[Effect], evidence: EffectsEvidence) -> Effects:
    """Return effects with q-values and verdicts.

    The p-values are corrected by Benjamini-Hochberg: those of silenced units over all of
    them, those of edits over all of these. What is not testable counts, with p = 1.
    Confirmed: q <= alpha and a size of at least `min_effect`; opposite: q <= alpha
    and a size of at most -`min_effect`; otherwise no effect was shown.
    """
    found = list(effects)
    p_values = np.array([effect.p_value for effect in found], np.float64)
    edits = np.array([effect.check is Check.EDIT for effect in found], np.bool_)
    q_values = np.ones(len(found))
    for family in (edits, ~edits):
        q_values[family] = 10 ** correct(np.log10(p_values[family]), Correction.BH)
    return Effects(
        tuple(
            replace(effect, q_value=q, verdict=_verdict(effect.effect_size, q, evidence))
            for effect, q in zip(found, q_values.tolist(), strict=True)
        ),
        evidence,
    )


def joined(new: Effects, old: Effects, known: Collection[str]) -> Effects:
    """Return new effects together with the old ones of other views, as one family.

    Parameters
    ----------
    new, old
        Of the same entities; the thresholds of the new ones hold for all.
    known
        Keys of the findings that there are; effects of others are left out.

    Raises
    ------
    ParameterError
        If they were tested on other entities.
    """
    views = {effect.view for effect in new}
    kept = [effect for effect in old if effect.view not in views and effect.key in known]
    if kept and new.evidence.n_tested != old.evidence.n_tested:
        em = (
            f"Effects on {new.evidence.n_tested} and on {old.evidence.n_tested} entities "
            "are no family. Check the run again."
        )
        raise ParameterError(em)
    return judged([*kept, *new], new.evidence)


def contrast_intervals(
    values: Sequence[Floats], weights: Sequence[Floats], part: Dataset, seed: int
) -> list[tuple[float, float] | None]:
    """Return 95 % bootstrap intervals of weighted contrasts; whole groups are drawn.

    Parameters
    ----------
    values
        One array per effect, shape (n_entities,).
    weights
        One array per effect, shape (2, n_entities): which entities count inside and
        outside. Where nothing counts outside, the contrast is the mean inside.
    part
        The tested entities.
    seed
        Of the resamples.

    Returns
    -------
    intervals
        None where no resample is defined.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import SplitParams
    >>> from redescribe.core.view import View
    >>> views = [View.of(name, [[0.0]] * 4) for name in "xy"]
    >>> part = Dataset.of(views, SplitParams(hold_out=0))
    >>> weights = np.array([[1.0, 1, 0, 0], [0, 0, 1, 1]])
    >>> contrast_intervals([np.array([3.0, 3, 1, 1])], [weights], part, 0)
    [(2.0, 2.0)]
    """
    units = units_of(part.entities)
    members, starts = np.concatenate(units), np.cumsum([0, *map(len, units[:-1])])
    bootstrap = Bootstrap(part, _N_RESAMPLES, seed)
    drawn = list(bootstrap.weights(len(units)))
    intervals: list[tuple[float, float] | None] = []
    for value, weight in zip(values, weights, strict=True):
        sides = np.concatenate([weight, weight * value])
        by_unit = np.add.reduceat(sides[:, members], starts, axis=1)
        sums = np.concatenate([block @ by_unit.T for block in drawn])
        with np.errstate(invalid="ignore", divide="ignore"):
            means = sums[:, 2:] / sums[:, :2]
        contrasts = means[:, 0] - means[:, 1] if weight[1].any() else means[:, 0]
        known = contrasts[~np.isnan(contrasts)]
        if not known.size:
            intervals.append(None)
            continue
        low, high = np.quantile(known, _TAILS)
        intervals.append((float(low), float(high)))
    return intervals


def _verdict(size: float | None, q_value: float, evidence: EffectsEvidence) -> Verdict:
    if size is None:
        return Verdict.NOT_TESTABLE
    # Logs as elsewhere: a q that is alpha but for rounding counts.
    if math.log10(q_value) > math.log10(evidence.alpha) + 1e-12:
        return Verdict.NO_EFFECT
    if abs(size) < evidence.min_effect or size == 0:
        return Verdict.NO_EFFECT
    return Verdict.CONFIRMED if size > 0 else Verdict.OPPOSITE
