"""The parts of findings against the rest: labels, predictions, errors, any column."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from redescribe._validation import choose
from redescribe.relations.columns import ColumnChoice
from redescribe.relations.finding_cohorts import ALL, BOTH, finding_cohorts
from redescribe.relations.params import CohortParams
from redescribe.relations.profiles import Subject, profile_subjects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redescribe.core.assessed import Finding
    from redescribe.core.dataset import Dataset
    from redescribe.relations.profiles import CohortProfiles


class Part(StrEnum):
    """The entities on which findings are looked at.

    >>> Part("hold_out")
    <Part.HOLD_OUT: 'hold_out'>
    """

    MINED = "mined"
    HOLD_OUT = "hold_out"


def profile_findings(
    findings: Sequence[Finding],
    dataset: Dataset,
    *,
    part: Part | str | None = None,
    columns: ColumnChoice | None = None,
    supports_only: bool = False,
    params: CohortParams | None = None,
) -> CohortProfiles:
    """Compare the parts of findings with the rest in the columns of a dataset.

    Parameters
    ----------
    findings
        Of an assessed set; each is divided by `finding_cohorts`.
    dataset
        The one that they were mined and assessed on.
    part
        `hold_out` or `mined`; without it, the hold-out where there is one.
    columns
        Which columns are compared; without a choice, all of them.
    supports_only
        Compare only the entities of all rules of each finding, not the other parts.
    params
        Permutations and their seed.

    Returns
    -------
    CohortProfiles
        The q-values are over all findings, parts, columns and classes together.

    Raises
    ------
    UnknownNameError
        If there is no such part, view or column.
    ParameterError
        If the hold-out is asked for and there is none.

    References
    ----------
    Specification of redescription mining, sections 7.7 and 10.

    Examples
    --------
    >>> from redescribe.core.assessed import Finding
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import SplitParams
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.redescription import Kind, Redescription
    >>> from redescribe.core.view import View
    >>> table = [[float(i), float(i % 2)] for i in range(20)]
    >>> views = [View.of(name, table, names=["a", "b"]) for name in "xy"]
    >>> dataset = Dataset.of(views, SplitParams(hold_out=0))
    >>> queries = (parse_query("a > 9", "x"), parse_query("a > 10", "y"))
    >>> found = Redescription("x", "a", "x:a", Kind.INDIVIDUAL, queries, (), 0.5, -1.0)
    >>> profiles = profile_findings([Finding("R1", found, None)], dataset)
    >>> profiles.part, [(p.name, p.n_cohort) for p in profiles.profiles]
    ('mined', [('both', 9), ('left only', 1), ('right only', 0), ('neither', 10)])
    """
    part = _chosen(part, dataset)
    views, made_of = (columns or ColumnChoice()).among(dataset)
    held_out = part is Part.HOLD_OUT
    entities = dataset.hold_out_part if held_out else dataset.mining_part
    positions = dataset.split.held_out if held_out else dataset.split.mined
    subjects = [
        Subject(finding.id, cohort)
        for finding in findings
        for cohort in finding_cohorts(finding.redescription, entities)
        if not supports_only or cohort.name in {BOTH, ALL}
    ]
    return profile_subjects(
        subjects,
        [view.take(positions) for view in views],
        params or CohortParams(),
        part=part.value,
        made_of=made_of,
    )


def _chosen(part: Part | str | None, dataset: Dataset) -> Part:
    if part is None:
        return Part.HOLD_OUT if dataset.split.held_out.size else Part.MINED
    return choose(Part, part, parameter="part")
