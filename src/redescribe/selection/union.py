"""The families of several runs as one family."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from redescribe.core.redescription import RedescriptionSet, TargetState
from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.near_duplicate import NearDuplicate
    from redescribe.core.redescription import Redescription, TargetReport

Identity = tuple[str, str, str]
"""View and attribute of the target, and the key of the kind, the views and the queries."""

_ORDER = (TargetState.NOT_DESCRIBABLE, TargetState.NOT_DESCRIBED, TargetState.DESCRIBED)


def identity(redescription: Redescription) -> Identity:
    """Return what makes two redescriptions of different runs the same one.

    The same kind of description of the same target by the same queries over the same views.
    Like a single run, this counts a statement that is found from both sides, as a
    description of either target, twice.
    """
    return redescription.view, redescription.attribute, redescription.key


def union_of(families: Sequence[AssessedSet], dataset: Dataset) -> RedescriptionSet:
    """Return the redescriptions that some family has; what several have counts once.

    Parameters
    ----------
    families
        At least one, mined on the same entities with the same threshold of the Jaccard.
        What is known of them on the hold-out plays no part.
    dataset
        All their views: in the order of its views and attributes targets are reported.

    Returns
    -------
    RedescriptionSet
        In the order of the families. Of a redescription in several the first one stays,
        with the near duplicates of all. A target of several families is reported as the one
        reports it that describes it best, with the candidates of all. Comparisons with
        permuted entities and null networks are left out: they are about one search.

    Raises
    ------
    ParameterError
        If the families differ in the least Jaccard, the policy for missing values, or the
        samples of targets.
    """
    _check_alike(families)
    found: dict[Identity, Redescription] = {}
    near: dict[Identity, dict[str, NearDuplicate]] = {}
    for finding in (finding for family in families for finding in family):
        same = identity(finding.redescription)
        found.setdefault(same, finding.redescription)
        links = near.setdefault(same, {})
        for link in finding.near_duplicates:
            links.setdefault(link.key, link)
    return RedescriptionSet(
        redescriptions=tuple(found.values()),
        targets=_reports((report for f in families for report in f.targets), dataset),
        views=dataset.names,
        n_entities=dataset.split.mined.size,
        seconds=sum(family.seconds for family in families),
        min_jaccard=families[0].evidence.min_jaccard,
        sample=families[0].sample,
        near_duplicates={
            found[same]: tuple(links.values()) for same, links in near.items() if links
        },
    )


def _check_alike(families: Sequence[AssessedSet]) -> None:
    """One number, one policy and one sample must be true of the whole union."""
    least = {family.evidence.min_jaccard for family in families}
    if len(least) > 1:
        numbers = " and ".join(f"{number:g}" for number in sorted(least))
        em = (
            f"The runs were mined with min_jaccard {numbers}: what is confirmed would mean "
            "two things. Mine all with the same (--min-jaccard)."
        )
        raise ParameterError(em)
    policies = {f.redescription.missing.value for family in families for f in family}
    if len(policies) > 1:
        em = (
            f"The runs treat missing values as {' and as '.join(sorted(policies))}: their "
            "Jaccards are not the same quantity. Mine all with the same (--missing)."
        )
        raise ParameterError(em)
    samples = {
        (family.sample, tuple((t.view, t.attribute) for t in family.targets))
        for family in families
    }
    if len(samples) > 1 and any(family.sample is not None for family in families):
        texts = "; ".join(dict.fromkeys(family.scope for family in families))
        em = (
            f"The runs explain different samples of targets ({texts}): of what the union "
            "is a sample could not be said. Merge runs of one sample, or of all targets."
        )
        raise ParameterError(em)


def _reports(reports: Iterable[TargetReport], dataset: Dataset) -> tuple[TargetReport, ...]:
    """One report per target, in the order of the views and their attributes."""
    joined: dict[tuple[str, str], TargetReport] = {}
    for report in reports:
        place = report.view, report.attribute
        alone = replace(report, search=None, networks=())
        known = joined.get(place)
        joined[place] = alone if known is None else _joined(known, alone)
    order = [(view.name, name) for view in dataset.views for name in view.names]
    return tuple(joined[place] for place in order if place in joined)


def _joined(first: TargetReport, second: TargetReport) -> TargetReport:
    """The better report, the first one where they are alike, with what both counted."""
    better, other = (
        (second, first) if _quality(second) > _quality(first) else (first, second)
    )
    baselines = [b for b in (better.baseline, other.baseline) if b is not None]
    reached = [b for b in (first.best_jaccard_mined, second.best_jaccard_mined) if b]
    known = {certificate.partner for certificate in better.certificates}
    return replace(
        better,
        best_jaccard_mined=max(reached, default=better.best_jaccard_mined),
        n_candidates=first.n_candidates + second.n_candidates,
        baseline=max(baselines, key=lambda b: b.jaccard, default=None),
        certificates=(
            *better.certificates,
            *(one for one in other.certificates if one.partner not in known),
        ),
    )


def _quality(report: TargetReport) -> tuple[int, float]:
    best = report.best_jaccard_mined
    return _ORDER.index(report.state), -1.0 if best is None else best
