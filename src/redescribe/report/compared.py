"""Another run beside this one, as rows and texts of the interactive report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redescribe.core.printing import in_words
from redescribe.relations.run_comparison import RunComparison, compare_folders

if TYPE_CHECKING:
    from redescribe.core.assessed import Finding
    from redescribe.core.dataset import Dataset
    from redescribe.report.schema import ComparedRecord
    from redescribe.store.run import RunFolder

NAMES = ("the other run", "this run")


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What became of the findings of another run.

    Attributes
    ----------
    comparison
        The other run is the earlier one, whichever was made first.
    dataset
        Of the other run.
    """

    comparison: RunComparison
    dataset: Dataset

    @classmethod
    def of(cls, other: RunFolder, run: RunFolder) -> Compared:
        """Compare a run with another one.

        Raises
        ------
        StoreError
            If a run is not finished, or a file is broken.
        """
        return cls(compare_folders(other, run), other.dataset())

    def record(self, nouns: str) -> ComparedRecord:
        """Return what is said of the other run as a whole."""
        comparison = self.comparison
        common = comparison.comparability
        return {
            "title": comparison.before,
            "tested": common.part == "hold-out",
            "n_shared": common.n_shared,
            "warnings": common.warnings(nouns, NAMES),
            "settings": [
                {"name": s.name, "other": s.before, "here": s.after}
                for s in comparison.settings
            ],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one row per change, with the columns of the schema."""
        part = self.dataset.mining_part
        return [
            {
                "change": change.change.value,
                "target": row["target"],
                "kind": row["kind"],
                "explained": row["explained_in_both"],
                "id": row["id_after"] or "",
                "other_id": row["id_before"] or "",
                "other_rules": _texts(change.before),
                "other_words": _words(change.before, part),
                "other_jaccard_mined": row["jaccard_mined_before"],
                "other_jaccard": row["jaccard_before"],
                "other_log10_q": row["log10_q_value_before"],
                "other_confirmed": row["confirmed_before"],
            }
            for change in self.comparison.changes
            for row in [change.row()]
        ]


def _texts(finding: Finding | None) -> list[str]:
    return [] if finding is None else [str(q) for q in finding.redescription.queries]


def _words(finding: Finding | None, part: Dataset) -> list[str]:
    if finding is None:
        return []
    queries = finding.redescription.queries
    return [in_words(query, part.view(query.view), shares=True) for query in queries]
