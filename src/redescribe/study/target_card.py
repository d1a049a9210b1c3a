"""Everything that a study knows of one target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe.core.assessed import Finding
    from redescribe.core.redescription import TargetReport
    from redescribe.relations.roles import Role


@dataclass(frozen=True, slots=True)
class TargetCard:
    """Everything that a study knows of one target.

    Attributes
    ----------
    report
        What became of it in the search.
    findings
        In the order of the report.
    role
        What it stands for.
    """

    report: TargetReport
    findings: tuple[Finding, ...]
    role: Role
