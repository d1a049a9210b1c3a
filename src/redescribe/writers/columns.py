"""The numbers of a finding that a printed table shows."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from redescribe.core.printing import format_jaccard, format_p

if TYPE_CHECKING:
    from redescribe.core.assessed import AssessedSet, Finding


class Column(StrEnum):
    """Headings of the numbers; those of the hold-out first."""

    JACCARD = "J"
    JACCARD_MINED = "J mined"
    SUPPORT = "support"
    SUPPORT_MINED = "support mined"
    P_MINED = "p mined"
    Q_VALUE = "q"
    CONFIRMED = "confirmed"


IN_SAMPLE = (Column.JACCARD_MINED, Column.SUPPORT_MINED, Column.P_MINED)
HELD_OUT = (
    *(Column.JACCARD, Column.JACCARD_MINED, Column.SUPPORT, Column.Q_VALUE),
    Column.CONFIRMED,
)


def columns_of(assessed: AssessedSet) -> tuple[Column, ...]:
    """Return the columns that a set has values for."""
    return IN_SAMPLE if assessed.evidence.in_sample_only else HELD_OUT


def cells_of(finding: Finding) -> dict[Column, str]:
    """Return the numbers of a finding as people read them; blank where there is none."""
    redescription, assessment = finding.redescription, finding.assessment
    mined = redescription.mined
    cells = {
        Column.JACCARD_MINED: format_jaccard(mined.jaccard),
        Column.SUPPORT_MINED: f"{mined.support}/{mined.n_entities}",
        Column.P_MINED: format_p(redescription.log10_p_mined),
    }
    if assessment is not None:
        held_out = assessment.hold_out
        cells |= {
            Column.JACCARD: format_jaccard(held_out.jaccard) if held_out.union else "",
            Column.SUPPORT: f"{held_out.support}/{held_out.n_entities}",
            Column.Q_VALUE: format_p(assessment.log10_q_value),
            Column.CONFIRMED: "yes" if assessment.confirmed else "no",
        }
    return cells
