"""The evidence for redescriptions on entities that the search never saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from redescribe.core.certificate import certificates_text
from redescribe.core.frame import frame_of
from redescribe.core.network_null import NetworkNull, share_counts
from redescribe.core.notation import power_of_ten
from redescribe.core.opening import opened_before_text
from redescribe.core.redescription import Agreement, Kind, Redescription, TargetState
from redescribe.core.resampling import Recovery, Resampling, SearchPValue, finding_cells
from redescribe.core.support import Support
from redescribe.core.target_row import target_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from redescribe.core.certificate import Certificate
    from redescribe.core.dataset import Dataset
    from redescribe.core.near_duplicate import NearDuplicate
    from redescribe.core.opening import Opening
    from redescribe.core.redescription import TargetReport
    from redescribe.core.replication import ReplicatedSet
    from redescribe.core.sample import TargetSample

Cell = str | int | float | bool | None
"""One value of a table; None is "not defined for this row"."""
_NO_EVIDENCE = "these numbers are no evidence."


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a redescription is worth on the hold-out.

    Attributes
    ----------
    hold_out
        Agreement of the unchanged queries on the held-out entities.
    jaccard_low, jaccard_high
        95 % interval of the hold-out Jaccard, exact or, where entities have groups, by a
        bootstrap of these; None where the union is empty or, without groups, the Jaccard
        is not |I| / |U| (another policy for missing values).
    work
        Hold-out Jaccard lost when the target's literals are taken away.
    log10_p_value, log10_q_value
        log10 of P(X >= support) and of its correction over the whole family.
    confirmed
        q <= alpha and hold-out Jaccard >= the mining threshold.
    """

    hold_out: Agreement
    jaccard_low: float | None
    jaccard_high: float | None
    work: float
    log10_p_value: float
    log10_q_value: float
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A redescription with its evidence; `assessment` is None without a hold-out.

    Attributes
    ----------
    id
        Its place in the order of the report: `R1`, `R2`, ….
    near_duplicates
        What it stands for: redescriptions of nearly the same entities that gave way to it
        when the reported ones were chosen, best first. They were not tested.
    p_search
        Against searches of permuted entities; None if not asked for.
    stability
        Share of resamples of the hold-out in which it keeps the threshold of the Jaccard;
        None if not asked for, or not testable.
    recovery
        What searches of resampled entities find again; None if not asked for.
    nulls
        Between two networks: against null networks; empty if not asked for.
    """

    id: str
    redescription: Redescription
    assessment: Assessment | None
    near_duplicates: tuple[NearDuplicate, ...] = ()
    p_search: SearchPValue | None = None
    stability: float | None = None
    recovery: Recovery | None = None
    nulls: tuple[NetworkNull, ...] = ()

    def row(self, views: tuple[str, ...]) -> dict[str, Cell]:
        """Return the finding as one row of the table of findings, of what is defined."""
        redescription = self.redescription
        mined = redescription.mined
        queries = {
            f"query_{view}": _text_or_none(redescription.query(view)) for view in views
        }
        row: dict[str, Cell] = {
            "id": self.id,
            "key": redescription.key,
            "kind": redescription.kind.value,
            "target": redescription.target,
            **queries,
            "n_literals": len(redescription),
            "n_mined": mined.n_entities,
            "support_mined": mined.support,
            "jaccard_mined": mined.jaccard,
            "adjusted_jaccard_mined": mined.adjusted_jaccard,
            "p_mined": power_of_ten(redescription.log10_p_mined),
            "work_mined": redescription.work_mined,
        }
        logs: dict[str, Cell] = {"log10_p_mined": redescription.log10_p_mined}
        if self.assessment is not None:
            row |= _hold_out_cells(self.assessment)
            logs["log10_p_value"] = self.assessment.log10_p_value
            logs["log10_q_value"] = self.assessment.log10_q_value
        return row | finding_cells(self) | logs


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a family was tested: what a reader must know before the numbers.

    Attributes
    ----------
    n_mined, n_hold_out
        Entities of the two parts; without a hold-out all numbers are in-sample.
    family_size
        Redescriptions over which q-values were computed.
    n_candidates
        Candidates that the search scored.
    test, correction
        Names of the test and of the correction.
    alpha, min_jaccard
        Thresholds of `confirmed`.
    seed
        Root seed of the split and the search.
    resampling
        How often was permuted and resampled.
    opened_before
        Earlier openings of the same hold-out that are known of: those of the runs that
        were merged, or of a run with other parameters that was replaced.
    n_merged
        Runs whose families were joined; 0 where the family is that of one search.
    """

    n_mined: int
    n_hold_out: int
    family_size: int
    n_candidates: int
    test: str
    correction: str
    alpha: float
    min_jaccard: float
    seed: int
    resampling: Resampling = field(default_factory=Resampling)
    opened_before: tuple[Opening, ...] = ()
    n_merged: int = 0

    @property
    def in_sample_only(self) -> bool:
        """Whether nothing was held out."""
        return self.n_hold_out == 0

    @property
    def caveat(self) -> str:
        """One sentence on what the numbers are evidence of."""
        permuted = self.resampling.caveat
        if self.in_sample_only:
            warning = "" if self.resampling.n_permutations else _NO_EVIDENCE
            return (
                f"In-sample only: all {self.n_mined} entities were mined and none held "
                f"out. p_mined ignores the search; {f'{warning} {permuted}'.strip()}"
            )
        joined = f" joined from {self.n_merged} runs and" if self.n_merged else ","
        first = "" if self.opened_before else " before the hold-out was opened"
        tested = (
            f"Mined on {self.n_mined} entities, tested on {self.n_hold_out} others; "
            f"q-values ({self.correction}) over a family of {self.family_size}{joined} "
            f"chosen from {self.n_candidates:,} scored candidates{first}."
        )
        texts = (tested, opened_before_text(self.opened_before), permuted)
        return " ".join(text for text in texts if text)


@dataclass(frozen=True, slots=True, repr=False)
class AssessedSet:
    """The findings of a run: constructed by `significance` only.

    Attributes
    ----------
    findings
        In the order of the report: `R1`, `R2`, ….
    targets
        A report on every target that was explained.
    views
        Names of the views, in order.
    evidence
        How the family was tested.
    seconds
        Wall time of the search.
    sample
        What the targets were drawn of; None where all that were asked for are explained.
    """

    findings: tuple[Finding, ...]
    targets: tuple[TargetReport, ...]
    views: tuple[str, ...]
    evidence: Evidence
    seconds: float
    sample: TargetSample | None = None

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def top(self, n_findings: int) -> tuple[Finding, ...]:
        """Return the first findings, at most so many."""
        return self.findings[:n_findings]

    @property
    def counts(self) -> dict[str, int | None]:
        """Targets explained, of those available; described, describable and dead ones.

        Then candidates, kept and replicated; `replicated` is None without a hold-out. More
        targets are available than explained where a sample of them was. With null networks
        also the pairs of a neuron and another network, and how many are above each null.
        """
        n_targets = len(self.targets)
        states = [target.state for target in self.targets]
        return {
            "targets": n_targets,
            "available": self.sample.n_available if self.sample else n_targets,
            "described": states.count(TargetState.DESCRIBED),
            "describable": n_targets - states.count(TargetState.NOT_DESCRIBABLE),
            "dead": sum(t.reason in {"constant", "all_missing"} for t in self.targets),
            "candidates": self.evidence.n_candidates,
            "kept": len(self.findings),
            "replicated": None if self.evidence.in_sample_only else self._n_confirmed(),
            **share_counts(self.targets),
        }

    @property
    def scope(self) -> str:
        """What was explained: "512 targets", or how many of them a sample took."""
        return f"{len(self.targets):,} targets" if self.sample is None else str(self.sample)

    @property
    def caveat(self) -> str:
        """What the numbers are evidence of and, where it was a sample, what of."""
        evidence = self.evidence.caveat
        return evidence if self.sample is None else f"{evidence} {self.sample.caveat}"

    def __repr__(self) -> str:
        from redescribe.core.display import table_text  # noqa: PLC0415 - only when shown

        return table_text(self)

    def _repr_html_(self) -> str:
        from redescribe.core.display import table_html  # noqa: PLC0415 - only when shown

        return table_html(self)

    def rows(self) -> list[dict[str, Cell]]:
        """Return the findings as rows; all rows have the same columns."""
        rows = [finding.row(self.views) for finding in self.findings]
        return [{name: row.get(name) for name in self.columns} for row in rows]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the table of findings."""
        held_out = not self.evidence.in_sample_only
        resampling = self.evidence.resampling
        return finding_columns(self.views, held_out=held_out, resampling=resampling)

    def target_rows(self) -> list[dict[str, Cell]]:
        """Return the reports on the targets as rows.

        There is a column `certificate` where something is proven about some target.
        """
        rows = [target_row(target) for target in self.targets]
        if any(target.certificates for target in self.targets):
            for row, target in zip(rows, self.targets, strict=True):
                row["certificate"] = certificates_text(target.certificates)
        cells = self.evidence.resampling.target_cells
        return [row | cells(target) for row, target in zip(rows, self.targets, strict=True)]

    def certificates(self) -> dict[tuple[str, str, str], Certificate]:
        """Return what is proven, by view and attribute of the target and partner view."""
        return {
            (target.view, target.attribute, found.partner): found
            for target in self.targets
            for found in target.certificates
        }

    def to_frame(self) -> Any:  # noqa: ANN401 - whichever frame the caller has
        """Return the findings as a frame: pandas, else Polars, else a pyarrow table."""
        return frame_of(self.rows(), self.columns)

    def on(
        self,
        dataset: Dataset,
        *,
        mined_on: Dataset | None = None,
        skip_absent: bool = False,
    ) -> ReplicatedSet:
        """Return what the findings reach on new entities: a replication.

        `redescribe.significance.replicate.replicate` documents parameters and errors.
        """
        replicate = import_module("redescribe.significance.replicate").replicate
        found: ReplicatedSet = replicate(
            self, dataset, mined_on=mined_on, skip_absent=skip_absent
        )
        return found

    def save(self, path: str | PathLike[str]) -> None:
        """Write the set into a new folder, which `redescribe.load` reads again.

        Raises
        ------
        StoreError
            If the folder is not empty or cannot be written.
        """
        # The store lies above the data model, so it is found by name, at the call.
        import_module("redescribe.store.results").save(self, path)

    def _n_confirmed(self) -> int:
        return sum(
            f.assessment is not None and f.assessment.confirmed for f in self.findings
        )


def finding_columns(
    views: tuple[str, ...], *, held_out: bool, resampling: Resampling | None = None
) -> tuple[str, ...]:
    """Return the columns of the table of findings, which an empty table has as well.

    Parameters
    ----------
    views
        Names of the views, in order.
    held_out
        Whether there is a hold-out.
    resampling
        What was permuted and resampled; without it, nothing.

    Examples
    --------
    >>> finding_columns(("neurons", "labels"), held_out=False)[3:6]
    ('target', 'query_neurons', 'query_labels')
    """
    nothing = (Support.everything(1),)
    blank = Redescription("", "", "", Kind.INDIVIDUAL, (), nothing, 0.0, 0.0)
    agreement = Agreement.of(nothing)
    tested = Assessment(agreement, None, None, 0.0, 0.0, 0.0, confirmed=False)
    asked = resampling or Resampling()
    finding = Finding(
        "",
        blank,
        tested if held_out else None,
        p_search=SearchPValue(1.0, 1.0) if asked.n_permutations else None,
        stability=0.0 if asked.n_bootstrap else None,
        recovery=Recovery(0.0, 0.0) if asked.n_recovery else None,
        nulls=tuple(NetworkNull(n, "", 0.0, 1, 0.0, 0.0, 1.0) for n in asked.null_networks),
    )
    return tuple(finding.row(views))


def _text_or_none(query: object) -> str | None:
    return None if query is None else str(query)


def _hold_out_cells(assessment: Assessment) -> dict[str, Cell]:
    held_out = assessment.hold_out
    testable = held_out.union > 0
    return {
        "n_hold_out": held_out.n_entities,
        "support": held_out.support,
        "jaccard": held_out.jaccard if testable else None,
        "jaccard_low": assessment.jaccard_low,
        "jaccard_high": assessment.jaccard_high,
        "adjusted_jaccard": held_out.adjusted_jaccard if testable else None,
        "work": assessment.work if testable else None,
        "p_value": power_of_ten(assessment.log10_p_value),
        "q_value": power_of_ten(assessment.log10_q_value),
        "confirmed": assessment.confirmed,
    }
