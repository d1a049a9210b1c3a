"""Findings on new entities: what they reach there, and how far that is from before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redescribe.core.frame import frame_of
from redescribe.core.notation import power_of_ten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redescribe.core.assessed import Cell, Finding
    from redescribe.core.redescription import Agreement


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the Jaccard on new entities is from an earlier one.

    Attributes
    ----------
    jaccard
        The earlier one.
    difference
        New less earlier; None where no new entity satisfies any query.
    log10_p, log10_q
        log10 of Fisher's exact two-sided p that both are of one population, and of its
        correction over the findings applied; None where a union is empty or the Jaccard is
        not |I| / |U| (another policy for missing values).
    """

    jaccard: float
    difference: float | None
    log10_p: float | None
    log10_q: float | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Categories of new entities that no mined entity has.

    Attributes
    ----------
    view, attribute
        The column.
    categories
        Their texts. For an entity with one of them, `attribute = c` is false for every
        category c of a finding: known, not missing.
    n_entities
        New entities that have one of them.
    """

    view: str
    attribute: str
    categories: tuple[str, ...]
    n_entities: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A finding that was not applied, and the column that the new data lack."""

    id: str
    view: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Replication:
    """A finding on new entities, its queries unchanged.

    Attributes
    ----------
    finding
        What was found before.
    agreement
        How well its queries agree on the new entities.
    n_unknown
        New entities for which some query is unknown, because a value is missing.
    unseen
        Categories that were not seen in mining, in the columns of its queries; None where
        nobody knows which were.
    n_unseen
        New entities with one of them; None likewise.
    jaccard_low, jaccard_high
        Exact 95 % interval; None where the union is empty or the Jaccard is not |I| / |U|.
    log10_p_value, log10_q_value
        log10 of P(X >= support) on the new entities, and of its correction over the
        findings applied (Benjamini-Hochberg).
    replicated
        q <= alpha and Jaccard >= the threshold of the run.
    drift_mined, drift_hold_out
        Against the mining part, where the search made the Jaccard large, and against the
        hold-out; None where there was none, or no query held there.
    """

    finding: Finding
    agreement: Agreement
    n_unknown: int
    unseen: tuple[Unseen, ...] | None
    n_unseen: int | None
    jaccard_low: float | None
    jaccard_high: float | None
    log10_p_value: float
    log10_q_value: float
    replicated: bool
    drift_mined: Drift | None
    drift_hold_out: Drift | None

    def row(self, views: tuple[str, ...], *, held_out: bool) -> dict[str, Cell]:
        """Return the replication as a row; with the cells of the hold-out if there is one.

        Parameters
        ----------
        views
            Names of the views, in order.
        held_out
            Whether the findings were tested on a hold-out.
        """
        found, agreement = self.finding.redescription, self.agreement
        testable = agreement.union > 0
        sizes = {
            query.view: size
            for query, size in zip(found.queries, agreement.sizes, strict=True)
        }
        texts = {view: found.query(view) for view in views}
        return {
            "id": self.finding.id,
            "key": found.key,
            "target": found.target,
            **{f"query_{v}": None if q is None else str(q) for v, q in texts.items()},
            "n_entities": agreement.n_entities,
            **{f"size_{view}": sizes.get(view) for view in views},
            "support": agreement.support,
            "union": agreement.union,
            "n_unknown": self.n_unknown,
            "n_unseen": self.n_unseen,
            "jaccard": agreement.jaccard if testable else None,
            "jaccard_low": self.jaccard_low,
            "jaccard_high": self.jaccard_high,
            "adjusted_jaccard": agreement.adjusted_jaccard if testable else None,
            "p_value": power_of_ten(self.log10_p_value),
            "q_value": power_of_ten(self.log10_q_value),
            "replicated": self.replicated,
            **_drift_cells("mined", self.drift_mined),
            **(_drift_cells("hold_out", self.drift_hold_out) if held_out else {}),
            "log10_p_value": self.log10_p_value,
            "log10_q_value": self.log10_q_value,
        }


@dataclass(frozen=True, slots=True)
class ReplicatedSet:
    """Findings on new entities: constructed by `significance` only.

    Attributes
    ----------
    replications
        In the order of the findings.
    skipped
        Findings that were left out, because the new data lack a column.
    views
        Names of the views of the run, in order.
    n_entities
        New entities.
    n_known_mined, n_known_hold_out
        Of these, how many have the id of a mined or held-out one; None where nobody knows,
        or where entities are only numbered.
    held_out
        Whether the findings were tested on a hold-out.
    grouped
        Whether the new entities have groups, which the tests ignore.
    test, correction, alpha, min_jaccard
        How p and q were found, and the thresholds of `replicated`.
    """

    replications: tuple[Replication, ...]
    skipped: tuple[Skipped, ...]
    views: tuple[str, ...]
    n_entities: int
    n_known_mined: int | None
    n_known_hold_out: int | None
    held_out: bool
    grouped: bool
    test: str
    correction: str
    alpha: float
    min_jaccard: float

    def __len__(self) -> int:
        return len(self.replications)

    def __iter__(self) -> Iterator[Replication]:
        return iter(self.replications)

    @property
    def n_replicated(self) -> int:
        """Number of findings that were replicated."""
        return sum(replication.replicated for replication in self)

    @property
    def caveat(self) -> str:
        """What the numbers are evidence of."""
        sentences = [
            f"{len(self)} findings, fixed before, on {self.n_entities} entities: a "
            f"replication, no new test of the family they were chosen from. p exact "
            f"({self.test}), q ({self.correction}) over these {len(self)}."
        ]
        if self.skipped:
            sentences.append(
                f"{len(self.skipped)} findings were left out: the data lack their columns."
            )
        for n_known, part in (
            (self.n_known_mined, "mining part"),
            (self.n_known_hold_out, "hold-out"),
        ):
            if n_known:
                sentences.append(
                    f"{n_known} entities have the id of one of the {part}: where they are "
                    "the same, this is no replication."
                )
        if self.grouped:
            sentences.append("p and q take entities as independent; these have groups.")
        return " ".join(sentences)

    def rows(self) -> list[dict[str, Cell]]:
        """Return the findings as rows; all rows have the same columns."""
        return [r.row(self.views, held_out=self.held_out) for r in self]

    def to_frame(self) -> Any:  # noqa: ANN401 - whichever frame the caller has
        """Return the rows as a frame: pandas, else Polars, else a pyarrow table."""
        rows = self.rows()
        return frame_of(rows, tuple(rows[0]))


def _drift_cells(part: str, drift: Drift | None) -> dict[str, Cell]:
    """The cells of a drift; all null where there is none."""
    values: tuple[float | None, ...] = (None, None, None, None)
    if drift is not None:
        values = (drift.jaccard, drift.difference, drift.log10_p, drift.log10_q)
    jaccard, difference, log10_p, log10_q = values
    return {
        f"jaccard_{part}": jaccard,
        f"difference_{part}": difference,
        f"p_drift_{part}": None if log10_p is None else power_of_ten(log10_p),
        f"q_drift_{part}": None if log10_q is None else power_of_ten(log10_q),
        f"log10_p_drift_{part}": log10_p,
        f"log10_q_drift_{part}": log10_q,
    }
