"""All search strategies on the same inputs: what they cost, and what they find."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from statistics import fmean
from typing import TYPE_CHECKING, Protocol

from benchmarks.inputs import INPUTS, SEEDS
from benchmarks.measure import Cell, Table, in_fresh_process, peak_megabytes
from benchmarks.quality import (
    Comparison,
    Description,
    Means,
    Outcome,
    chosen_by,
    compared,
    first,
    largest,
    largest_within,
)
from redescribe.core.redescription import Kind, TargetState
from redescribe.errors import UnknownNameError
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.mining.warm_up import warm_up
from redescribe.search.params import SearchParams
from redescribe.search.registry import strategy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.inputs import Case
    from benchmarks.quality import Descriptions
    from redescribe.core.redescription import RedescriptionSet

BASE = SearchParams().search
"""What all others are compared with: the default."""
STRATEGIES = tuple(dict.fromkeys((BASE, "auto", "beam", "exact", "trees")))
LENGTHS = (2, 3, 4)
_ROUNDING = 1e-12
CHOICES: Mapping[str, Callable[[Descriptions], Description | None]] = {
    "first-ranked": first,
    "largest mined J": largest,
    **{f"at most {n} literals": partial(largest_within, max_length=n) for n in LENGTHS},
}


class Program(Protocol):
    """Something that describes the targets of cases."""

    @property
    def name(self) -> str:
        """Its name in the tables."""

    def outcomes(self, cases: Sequence[Case]) -> list[Outcome]:
        """Return what it did with each case."""


@dataclass(frozen=True)
class Strategy:
    """A search strategy of ours with its default parameters."""

    name: str

    def outcomes(self, cases: Sequence[Case]) -> list[Outcome]:
        """Mine all cases in a process of their own."""
        return in_fresh_process(mine_all, self.name, list(cases))


def mine_all(name: str, cases: Sequence[Case]) -> list[Outcome]:
    """Mine all cases; evaluation on the hold-out is not timed."""
    warm_up(name)
    return [_mined(name, case) for case in cases]


def _mined(name: str, case: Case) -> Outcome:
    search = SearchParams(search=name)
    params = MineParams(targets=case.targets, max_views=2, search=search)
    wall, cpu = time.perf_counter(), time.process_time()
    found = mine(case.dataset, params)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = peak_megabytes()
    described = _described(found, case)
    return Outcome(
        wall=wall,
        cpu=cpu,
        peak=peak,
        described=described,
        mentioned=frozenset(described),
        n_candidates=found.n_candidates,
        describable=frozenset(
            case.key(report.target)
            for report in found.targets
            if report.state is not TargetState.NOT_DESCRIBABLE
        ),
        proven={
            case.key(report.target): proof.best
            for report in found.targets
            for proof in report.certificates
            if proof.complete and proof.best is not None
        },
    )


def _described(found: RedescriptionSet, case: Case) -> dict[str, Descriptions]:
    hold_out = case.dataset.hold_out_part
    described: dict[str, list[Description]] = defaultdict(list)
    for one in found:
        if one.kind is Kind.INDIVIDUAL:
            description = Description.of(one.queries, one.mined, hold_out)
            described[case.key(one.target)].append(description)
    return {target: tuple(some) for target, some in described.items()}


def registered(
    names: Sequence[str] = STRATEGIES, *, without: Sequence[str] = ()
) -> list[Program]:
    """The strategies that this version has; a line is printed for each that it has not."""
    programs: list[Program] = []
    for name in names:
        if name in without:
            continue
        try:
            strategy(name)
        except (ModuleNotFoundError, UnknownNameError):
            print(f"  Left out: the strategy {name!r}, which this version does not have.")
        else:
            programs.append(Strategy(name))
    return programs


@dataclass(frozen=True)
class Results:
    """What every program did with the cases of one input."""

    name: str
    outcomes: Mapping[str, Sequence[Outcome]]

    @classmethod
    def of(cls, name: str, cases: Sequence[Case], programs: Sequence[Program]) -> Results:
        """Run all programs on the same cases."""
        return cls(name, {one.name: one.outcomes(cases) for one in programs})

    def costs(self) -> list[tuple[Cell, ...]]:
        """Means over the cases; the memory is the largest."""
        return [
            (
                self.name,
                program,
                fmean(one.wall for one in outcomes),
                fmean(one.cpu for one in outcomes),
                max(one.peak for one in outcomes),
                _mean_candidates(outcomes),
                "; ".join(dict.fromkeys(one.note for one in outcomes if one.note)),
            )
            for program, outcomes in self.outcomes.items()
        ]

    def first_ranked(self) -> list[tuple[Cell, ...]]:
        """Counts over all cases, then means of the findings ranked first."""
        n_describable = len(self._describable())
        return [
            (
                *(self.name, program),
                f"{sum(len(one.described) for one in outcomes)} / {n_describable}",
                sum(len(one.mentioned) for one in outcomes),
                *_means(first, outcomes),
            )
            for program, outcomes in self.outcomes.items()
        ]

    def largest(self) -> list[tuple[Cell, ...]]:
        """Means of the findings with the largest mined Jaccard."""
        return [
            (self.name, program, *_means(largest, outcomes))
            for program, outcomes in self.outcomes.items()
        ]

    def against_proofs(self, prover: str = "exact") -> list[tuple[Cell, ...]]:
        """How often others reach what is proven to be the largest Jaccard of its language.

        Targets that a program leaves undescribed do not reach it.
        """
        rows: list[tuple[Cell, ...]] = []
        proofs = [outcome.proven for outcome in self.outcomes.get(prover, ())]
        n_proven = sum(map(len, proofs))
        n_describable = len(self._describable())
        for program, outcomes in self.outcomes.items():
            if program == prover or not n_proven:
                continue
            gaps = [
                best
                - max((one.mined for one in outcome.described.get(key, ())), default=0.0)
                for outcome, proven in zip(outcomes, proofs, strict=True)
                for key, best in proven.items()
            ]
            rows.append(
                (
                    self.name,
                    program,
                    f"{n_proven} / {n_describable}",
                    sum(gap <= _ROUNDING for gap in gaps) / n_proven,
                    sum(gap < -_ROUNDING for gap in gaps) / n_proven,
                    fmean(max(gap, 0.0) for gap in gaps),
                )
            )
        return rows

    def comparisons(self, base: str = BASE) -> list[tuple[Cell, ...]]:
        """Every other program less the base, for each choice of one description."""
        rows: list[tuple[Cell, ...]] = []
        for program, outcomes in self.outcomes.items():
            if program == base:
                continue
            for choice, choose in CHOICES.items():
                other, basis = (
                    [chosen_by(choose, outcome) for outcome in some]
                    for some in (outcomes, self.outcomes[base])
                )
                cells = _comparison(compared(other, basis))
                rows.append((self.name, program, choice, *cells))
        return rows

    def _describable(self) -> set[tuple[int, str]]:
        """Case and target of all that some program says can be described."""
        return {
            (number, target)
            for outcomes in self.outcomes.values()
            for number, outcome in enumerate(outcomes)
            for target in outcome.describable or ()
        }


def _best_mined(outcome: Outcome, key: str) -> float:
    """Largest mined Jaccard of a target; 0 where it is not described."""
    return max((one.mined for one in outcome.described.get(key, ())), default=0.0)


def _mean_candidates(outcomes: Sequence[Outcome]) -> float | None:
    counts = [one.n_candidates for one in outcomes if one.n_candidates is not None]
    return fmean(counts) if counts else None


def _means(
    choose: Callable[[Descriptions], Description | None], outcomes: Sequence[Outcome]
) -> tuple[Cell, ...]:
    chosen = [one for outcome in outcomes for one in chosen_by(choose, outcome).values()]
    means = Means.of(chosen)
    if means is None:
        return (None,) * 5
    mined, held_out = means.mined, means.held_out
    return mined, means.adjusted, held_out, means.held_out_adjusted, means.length


def _comparison(found: Comparison | None) -> tuple[Cell, ...]:
    if found is None:
        return (0, *(None,) * 4)
    differences = str(found.jaccard), str(found.adjusted)
    return (found.n_targets, *differences, found.length, found.base_length)


def tables(results: Sequence[Results]) -> tuple[Table, ...]:
    """Costs, qualities and paired differences of all inputs."""
    whose = ("input", "program")
    means = ("mined J", "adjusted", "hold-out J", "adjusted", "literals")
    return (
        Table(
            "Cost: means over the splits, one thread, in a process of its own whose peak "
            "the memory is",
            (*whose, "wall s", "CPU s", "peak MB", "candidates", "note"),
            tuple(row for one in results for row in one.costs()),
        ),
        Table(
            "Targets alone on their side, counted over all splits; means of the finding "
            "ranked first",
            (*whose, "described", "mentioned", *means),
            tuple(row for one in results for row in one.first_ranked()),
        ),
        Table(
            "The same targets: means of the finding with the largest mined Jaccard",
            (*whose, *means),
            tuple(row for one in results for row in one.largest()),
        ),
        Table(
            f"Paired: hold-out Jaccard less that of {BASE}, over the targets that both "
            "describe",
            (
                *(*whose, "choice", "targets", "difference of J", "of adjusted J"),
                *("literals", f"literals of {BASE}"),
            ),
            tuple(row for one in results for row in one.comparisons()),
        ),
        Table(
            "Largest mined Jaccard beside what 'exact' proves to be the largest with a cut "
            "or category of the target and three of the partner joined by AND; OR, NOT and "
            "longer queries may exceed it",
            (*whose, "proven", "reach it", "exceed it", "mean shortfall"),
            tuple(row for one in results for row in one.against_proofs()),
        ),
    )


def report() -> None:
    """Print the tables of every input, one after the other."""
    print(f"\n{len(SEEDS)} splits of each input but the largest, 30 % held out", flush=True)
    for source in INPUTS:
        programs = registered(without=source.without)
        show(Results.of(source.name, source.cases(), programs))


def show(results: Results) -> None:
    """Print the tables of one input that have rows."""
    for table in tables([results]):
        if table.rows:
            table.print()
