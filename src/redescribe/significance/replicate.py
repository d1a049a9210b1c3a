"""Findings on new entities: replication, and drift against what was found before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.missing import MissingPolicy
from redescribe.core.redescription import Agreement
from redescribe.core.replication import Drift, ReplicatedSet, Replication
from redescribe.errors import ParameterError
from redescribe.significance.correction import correct
from redescribe.significance.hold_out import clopper_pearson
from redescribe.significance.new_data import (
    absent_column,
    conformed,
    divide_by_columns,
    shared_entities,
    unseen_columns,
)
from redescribe.significance.params import Correction, TailTest
from redescribe.significance.tails import log10_fisher, log10_p

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe._typing import Mask
    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.dataset import Dataset
    from redescribe.core.replication import Unseen
    from redescribe.core.support import Support
    from redescribe.significance.new_data import UnseenColumns

_CORRECTION = Correction.BH


def replicate(
    assessed: AssessedSet,
    dataset: Dataset,
    *,
    mined_on: Dataset | None = None,
    skip_absent: bool = False,
) -> ReplicatedSet:
    """Return what findings reach on new entities, their queries unchanged.

    Parameters
    ----------
    assessed
        The findings.
    dataset
        New data with the same views and columns; all of its entities are used, whatever
        its split.
    mined_on
        The dataset of the run: it tells which categories and which entities are new.
    skip_absent
        Leave out findings whose columns the new data lack, instead of raising an error.

    Returns
    -------
    ReplicatedSet
        For each finding its support, Jaccard with exact interval, exact p with the q-value
        over the findings applied, and the drift against mining part and hold-out.

    Raises
    ------
    UnknownNameError
        If a column of a finding is absent, and `skip_absent` is false.
    ViewError
        If a column is of another kind.
    ParameterError
        If no finding can be applied.

    Notes
    -----
    Given the union, each of its entities is in all supports with the chance that is the
    Jaccard of the population. Two Jaccards of different entities are thus two shares, and
    Fisher's exact test compares them. Against the mining part, the difference includes what
    the search gained by choosing; against the hold-out it does not, but for the choice of
    findings by their hold-out values.

    References
    ----------
    Specification of redescription mining, sections 6, 7.1 to 7.3.

    Examples
    --------
    >>> from redescribe.core.assessed import AssessedSet, Evidence, Finding
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import SplitParams
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.redescription import Kind, Redescription
    >>> from redescribe.core.view import View
    >>> views = [View.of(name, [[1.0], [2.0], [3.0]], names=["a"]) for name in "xy"]
    >>> dataset = Dataset.of(views, SplitParams(hold_out=0))
    >>> queries = (parse_query("a > 1", "x"), parse_query("a > 2", "y"))
    >>> supports = tuple(q.on(dataset.view(q.view)) for q in queries)
    >>> found = Redescription(
    ...     "x", "a", "x:a", Kind.INDIVIDUAL, queries, supports, 0.5, -1.0
    ... )
    >>> evidence = Evidence(3, 0, 1, 12, "fixed_margin", "bh", 0.01, 0.5, 0)
    >>> findings = (Finding("R1", found, None),)
    >>> before = AssessedSet(findings, (), ("x", "y"), evidence, 0.0)
    >>> replicate(before, dataset).replications[0].drift_mined.difference
    0.0
    """
    kept, skipped = divide_by_columns(assessed, dataset)
    if skipped and not skip_absent:
        raise absent_column(skipped, dataset)
    if not kept:
        reason = (
            f"the new data lack a column of each of the {len(skipped)} (the first: "
            f"{skipped[0].attribute!r} of view {skipped[0].view!r})"
            if skipped
            else "there are none"
        )
        em = f"No finding can be applied: {reason}. Check views and columns."
        raise ParameterError(em)
    dataset = conformed(dataset, kept)
    unseen = unseen_columns(kept, dataset, mined_on) if mined_on is not None else None
    known_mined, known_held_out = None, None
    if mined_on is not None:
        ids, split = mined_on.entities, mined_on.split
        known_mined = shared_entities(dataset.entities, ids.take(split.mined))
        known_held_out = shared_entities(dataset.entities, ids.take(split.held_out))
    evidence = assessed.evidence
    return ReplicatedSet(
        replications=_replications(kept, assessed, dataset, unseen),
        skipped=tuple(skipped),
        views=assessed.views,
        n_entities=dataset.n_entities,
        n_known_mined=known_mined,
        n_known_hold_out=known_held_out,
        held_out=not evidence.in_sample_only,
        grouped=bool(dataset.entities.groups),
        test=evidence.test,
        correction=_CORRECTION.value,
        alpha=evidence.alpha,
        min_jaccard=evidence.min_jaccard,
    )


def _replications(
    kept: Sequence[Finding],
    assessed: AssessedSet,
    dataset: Dataset,
    unseen: UnseenColumns | None,
) -> tuple[Replication, ...]:
    """One per finding; q-values over all of them."""
    evidence = assessed.evidence
    test, log10_alpha = TailTest(evidence.test), math.log10(evidence.alpha)
    supports = [finding.redescription.supports_on(dataset) for finding in kept]
    agreements = [
        Agreement.of(s, finding.redescription.missing)
        for s, finding in zip(supports, kept, strict=True)
    ]
    p_values = [log10_p(a.sizes, a.support, a.n_entities, test) for a in agreements]
    q_values = correct(np.array(p_values, np.float64), _CORRECTION).tolist()
    mined = _drifts(kept, agreements, [f.redescription.mined for f in kept])
    assessments = [finding.assessment for finding in kept]
    earlier = [None if a is None else a.hold_out for a in assessments]
    held_out = _drifts(kept, agreements, earlier)
    replications = []
    for i, (finding, agreement) in enumerate(zip(kept, agreements, strict=True)):
        low, high = _interval(finding, agreement)
        reached = agreement.union > 0 and agreement.jaccard >= evidence.min_jaccard
        categories, n_unseen = _unseen_of(finding, unseen)
        replications.append(
            Replication(
                finding=finding,
                agreement=agreement,
                n_unknown=_n_unknown(supports[i]),
                unseen=categories,
                n_unseen=n_unseen,
                jaccard_low=low,
                jaccard_high=high,
                log10_p_value=p_values[i],
                log10_q_value=q_values[i],
                replicated=reached and q_values[i] <= log10_alpha,
                drift_mined=mined[i],
                drift_hold_out=held_out[i],
            )
        )
    return tuple(replications)


def _drifts(
    kept: Sequence[Finding],
    agreements: Sequence[Agreement],
    earlier: Sequence[Agreement | None],
) -> list[Drift | None]:
    """The drift of each finding; None where it was not testable before."""
    tested: dict[int, float] = {}
    for i, (finding, new, old) in enumerate(zip(kept, agreements, earlier, strict=True)):
        if old is not None and old.union and new.union and _is_share(finding):
            n_both, n_entities = new.support, new.union + old.union
            n_in_all = new.support + old.support
            tested[i] = log10_fisher(new.union, n_in_all, n_both, n_entities)
    corrected = correct(np.array(list(tested.values()), np.float64), _CORRECTION)
    q_values = dict(zip(tested, corrected.tolist(), strict=True))
    return [
        None
        if old is None or not old.union
        else Drift(
            jaccard=old.jaccard,
            difference=new.jaccard - old.jaccard if new.union else None,
            log10_p=tested.get(i),
            log10_q=q_values.get(i),
        )
        for i, (new, old) in enumerate(zip(agreements, earlier, strict=True))
    ]


def _interval(finding: Finding, agreement: Agreement) -> tuple[float | None, float | None]:
    if not agreement.union or not _is_share(finding):
        return None, None
    return clopper_pearson(agreement.support, agreement.union)


def _is_share(finding: Finding) -> bool:
    """Whether the Jaccard is |I| / |U|, which other policies change."""
    return finding.redescription.missing is MissingPolicy.QUERY_NON_MISSING


def _n_unknown(supports: Sequence[Support]) -> int:
    unknown = np.any([support.unknown_mask for support in supports], axis=0)
    return int(np.count_nonzero(unknown))


def _unseen_of(
    finding: Finding, unseen: UnseenColumns | None
) -> tuple[tuple[Unseen, ...], int] | tuple[None, None]:
    """The unseen categories in the columns of a finding, and the entities that have one."""
    if unseen is None:
        return None, None
    columns = [
        unseen[query.view, name]
        for query in finding.redescription.queries
        for name in query.attributes
        if (query.view, name) in unseen
    ]
    masks: list[Mask] = [mask for _, mask in columns]
    n_unseen = int(np.count_nonzero(np.any(masks, axis=0))) if masks else 0
    return tuple(categories for categories, _ in columns), n_unseen
