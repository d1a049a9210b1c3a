"""A frozen family of redescriptions, tested once on the hold-out."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.assessed import AssessedSet, Assessment, Evidence, Finding
from redescribe.core.missing import MissingPolicy
from redescribe.errors import EntityMismatchError
from redescribe.significance.correction import correct
from redescribe.significance.hold_out import clopper_pearson, evaluate
from redescribe.significance.params import AssessParams
from redescribe.significance.stability import group_intervals
from redescribe.significance.tails import log10_p
from redescribe.significance.work import work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.dataset import Dataset
    from redescribe.core.opening import Opening
    from redescribe.core.redescription import Agreement, Redescription, RedescriptionSet


def assess(
    family: RedescriptionSet,
    dataset: Dataset,
    params: AssessParams | None = None,
    *,
    opened_before: Sequence[Opening] = (),
    n_merged: int = 0,
) -> AssessedSet:
    """Return the family with its evidence: the only step that reads the hold-out.

    Parameters
    ----------
    family
        Everything that will be reported, mined on `dataset.mining_part`.
    dataset
        The whole dataset with its split.
    params
        Level, test and correction.
    opened_before
        Earlier openings of this hold-out, which the evidence then tells of.
    n_merged
        Runs whose families were joined in this one; 0 for the family of one search.

    Returns
    -------
    AssessedSet
        With a hold-out in the order of the q-value, then of the hold-out Jaccard; without
        one, no finding has an assessment and the mined cautious Jaccard orders them. Ties:
        fewer literals, then the text. Where the hold-out union is empty, p is 1 and there
        is no interval.

    Raises
    ------
    EntityMismatchError
        If the family was mined on another number of entities.

    References
    ----------
    Specification of redescription mining, sections 7.1 to 7.3.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.redescription import RedescriptionSet
    >>> from redescribe.core.view import View
    >>> values = np.arange(10.0).reshape(-1, 1)
    >>> dataset = Dataset.of([View.of("x", values), View.of("y", values)])
    >>> family = RedescriptionSet((), (), dataset.names, 7, 0.0, 0.5)
    >>> assess(family, dataset).evidence.n_hold_out
    3
    """
    params = params or AssessParams()
    n_mined = dataset.split.mined.size
    if family.n_entities != n_mined:
        em = (
            f"The family was mined on {family.n_entities} entities, but the mining part of "
            f"this dataset has {n_mined}. Assess it on the dataset it comes from."
        )
        raise EntityMismatchError(em)
    assessments: Sequence[Assessment | None] = [None] * len(family)
    targets = family.targets
    if dataset.split.held_out.size:
        part = dataset.hold_out_part
        assessments = _assessments(family, part, params)
        targets = tuple(
            replace(target, front=tuple(point.on_hold_out(part) for point in target.front))
            for target in targets
        )
    ranked = sorted(zip(family, assessments, strict=True), key=_rank)
    return AssessedSet(
        findings=tuple(
            Finding(
                f"R{number}",
                redescription,
                assessment,
                family.near_duplicates.get(redescription, ()),
            )
            for number, (redescription, assessment) in enumerate(ranked, start=1)
        ),
        targets=targets,
        views=family.views,
        evidence=replace(
            _evidence(family, dataset, params),
            opened_before=tuple(opened_before),
            n_merged=n_merged,
        ),
        seconds=family.seconds,
        sample=family.sample,
    )


def _assessments(
    family: RedescriptionSet, part: Dataset, params: AssessParams
) -> list[Assessment]:
    """One assessment per redescription; q-values over the whole family."""
    held_out = [evaluate(redescription, part) for redescription in family]
    p_values = np.array(
        [log10_p(h.sizes, h.support, h.n_entities, params.test) for h in held_out],
        dtype=np.float64,
    )
    q_values = correct(p_values, params.correction)
    log10_alpha = math.log10(params.alpha)
    intervals = _intervals(family, held_out, part)
    assessments = []
    for found, agreement, p, q, interval in zip(
        family, held_out, p_values.tolist(), q_values.tolist(), intervals, strict=True
    ):
        testable = agreement.union > 0
        low, high = interval or (None, None)
        reached = testable and agreement.jaccard >= family.min_jaccard
        assessments.append(
            Assessment(
                hold_out=agreement,
                jaccard_low=low,
                jaccard_high=high,
                work=work(
                    found.queries,
                    part,
                    found.view,
                    found.attribute,
                    missing=found.missing,
                ),
                log10_p_value=p,
                log10_q_value=q,
                confirmed=reached and q <= log10_alpha,
            )
        )
    return assessments


def _intervals(
    family: RedescriptionSet, held_out: Sequence[Agreement], part: Dataset
) -> list[tuple[float, float] | None]:
    """95 % intervals of the Jaccards: by a bootstrap of groups where there are any."""
    if part.entities.groups:
        return group_intervals(family.redescriptions, part, part.split.params.seed)
    # The exact one is that of |I| / |U|, which other policies for missing values change.
    return [
        clopper_pearson(agreement.support, agreement.union)
        if agreement.union and found.missing is MissingPolicy.QUERY_NON_MISSING
        else None
        for found, agreement in zip(family, held_out, strict=True)
    ]


def _rank(found: tuple[Redescription, Assessment | None]) -> tuple[float, float, int, str]:
    redescription, assessment = found
    if assessment is None:
        quality = (-redescription.rank, 0.0)
    else:
        quality = (assessment.log10_q_value, -assessment.hold_out.jaccard)
    return (*quality, len(redescription), str(redescription))


def _evidence(family: RedescriptionSet, dataset: Dataset, params: AssessParams) -> Evidence:
    return Evidence(
        n_mined=dataset.split.mined.size,
        n_hold_out=dataset.split.held_out.size,
        family_size=len(family),
        n_candidates=family.n_candidates,
        test=params.test.value,
        correction=params.correction.value,
        alpha=params.alpha,
        min_jaccard=family.min_jaccard,
        seed=dataset.split.params.seed,
    )
