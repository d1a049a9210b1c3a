"""Writes docs/recall.md: which planted redescriptions the default search finds.

Run it from the root of the repository: python -m docs.make_recall
"""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from redescribe.core.entities import SplitParams
from redescribe.core.redescription import Kind
from redescribe.datasets.planted import Planted, PlantParams, Side, TargetValues, plant
from redescribe.datasets.recovery import MIN_OVERLAP, recovery
from redescribe.discretize.modes import Discretization
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.params import Alternation, SearchParams
from redescribe.selection.params import SelectParams
from redescribe.selection.select import select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

PAGE = Path(__file__).with_name("recall.md")
SEEDS = range(50)
NONE = "–"
DEFAULT = PlantParams()


class Row(NamedTuple):
    """Literals planted in the target's view and in each partner view, and all views."""

    own: int
    partner: int
    n_views: int = 2


@dataclass(frozen=True)
class Column:
    """What makes it hard."""

    noise: float = 0.0
    missing: float = 0.0
    partner_or: bool = False
    partner_not: bool = False
    own_or: bool = False
    own_not: bool = False

    def fits(self, row: Row) -> bool:
        """Whether the sides have the literals that the form needs."""
        shaped = self.partner_or or self.partner_not
        return row.partner > shaped and row.own > (self.own_or or self.own_not)


@dataclass(frozen=True)
class Shares:
    """What was recovered, in percent of what was planted, and CPU seconds per data set."""

    support: float
    attributes: float
    either: float
    reported: float
    seconds: float


ROWS = {
    "individual, 1": Row(1, 1),
    "individual, 2": Row(1, 2),
    "individual, 3": Row(1, 3),
    "individual, 4": Row(1, 4),
    "individual, 2 in each of two partner views": Row(1, 2, 3),
    "interaction, 2 and 2": Row(2, 2),
    "interaction, 3 and 3": Row(3, 3),
}
COLUMNS = {
    "clean": Column(),
    "noise 5 %": Column(noise=0.05),
    "noise 10 %": Column(noise=0.1),
    "missing 5 %": Column(missing=0.05),
    "missing 10 %": Column(missing=0.1),
    "OR": Column(partner_or=True),
    "NOT": Column(partner_not=True),
    "own OR": Column(own_or=True),
    "own NOT": Column(own_not=True),
}
FIGURES = {
    "support": "Support recovered",
    "attributes": "Exact attributes recovered",
    "either": "Exact attributes recovered, as planted or as complement",
    "reported": "The same, among the findings that are reported",
    "seconds": "CPU seconds per data set",
}

INTRODUCTION = f"""\
# Recall of planted redescriptions

<!-- Written by docs/make_recall.py; do not edit. -->

Can the search find what is known to be there? `redescribe.datasets.planted` makes data in
which one redescription holds by construction; then its target is mined with the default
parameters. `python -m docs.make_recall` writes this page.

**Data.** {DEFAULT.n_entities} entities, {SplitParams().hold_out:.0%} of them held out;
views of {DEFAULT.n_attributes} numeric attributes, all but the planted ones independent
noise; the planted set holds {DEFAULT.share:.0%} of the entities. A conjunction of n
literals is made like one of n independent literals, each true on a share s^(1/n) of the
entities: without any one of them its Jaccard with the set falls to s^(1/n). Values are
normal, without a gap at the planted cuts; only the target is 0 or above 1, two states with
a gap between them (other targets: last table).

**Rows.** *Individual, 3*: the target alone on its side, three literals on the other.
*Interaction, 2 and 2*: the target and one other attribute of its view, two literals on the
other side, mined with `--interactions`. Each cell: {len(SEEDS)} data sets, seeds
{SEEDS[0]} to {SEEDS[-1]}.

**Columns.** *Noise*: so many entities change sides, each in one of the views. *Missing*: so
many cells of each view are empty, the target's too. *OR*: the partner's literals form two
conjunctions, each true on one half of the set; *NOT*: they form one negated conjunction;
*own OR, own NOT*: the target's side does. {NONE}: too few literals for the form.

**Recovered**, in percent of the data sets.

- *Support*: a finding of the target, of the planted kind, holds for the planted entities.
  On all entities, held-out ones too, its support (where both sides hold) and its union
  (where one does) each have a Jaccard of at least {MIN_OVERLAP} with those of the planted
  queries on the same data. What noise and missing values take from these is no miss.
- *Exact attributes*: such a finding names exactly the planted attributes on every side.
- *Complement*: a finding with exactly the planted attributes has the support and the union
  of the negated queries. It says NOT own ⇔ NOT partner: the same rule, told about the other
  entities, of whom there are more here.
- *Reported*: one of these two is still there after `select`, which keeps
  {SelectParams().max_per_target} findings per target and kind.
"""

DISCRETISED = """\
## Kinds of targets

Individual, 2, clean, by the discretiser of the target (default: two-bin): support recovered
/ exact attributes, as planted or as complement. *Separated*: 0 or above 1. *Rectified*: 0
or any positive value, as after ReLU. *Normal*: the planted cut is nowhere visible in the
target's values.
"""


def page() -> str:
    """Return the page."""
    shares = {
        (row, column): recall(row, column)
        for row in ROWS
        for column in COLUMNS
        if COLUMNS[column].fits(ROWS[row])
    }
    blocks = [INTRODUCTION]
    for field in fields(Shares):
        cells = {key: text(field.name, one) for key, one in shares.items()}
        blocks.append(f"## {FIGURES[field.name]}\n\n{_table('literals', cells)}")
    cells = {
        (kind.value, mode.value): discretised(kind, mode)
        for kind in TargetValues
        for mode in Discretization
    }
    blocks.append(f"{DISCRETISED}\n{_table('target', cells)}")
    return "\n".join(blocks)


def recall(row: str, column: str) -> Shares:
    """Return what the default search recovers of what a cell plants."""
    return _shares(lambda seed: planted(row, column, seed), MineParams())


def planted(row: str, column: str, seed: int) -> Planted:
    """Return one data set of a cell."""
    form, hard = ROWS[row], COLUMNS[column]
    own = Side(length=form.own, disjunction=hard.own_or, negation=hard.own_not)
    partner = Side(
        length=form.partner, disjunction=hard.partner_or, negation=hard.partner_not
    )
    return plant(
        PlantParams(
            own=own,
            partner=partner,
            n_views=form.n_views,
            noise=hard.noise,
            missing=hard.missing,
            seed=seed,
        )
    )


def text(figure: str, shares: Shares) -> str:
    """Return a cell of a table."""
    value = getattr(shares, figure)
    return f"{value:.2f}" if figure == "seconds" else f"{value:.0f}"


def discretised(kind: TargetValues, mode: Discretization) -> str:
    """Return a cell of the table of targets."""

    def make(seed: int) -> Planted:
        return plant(PlantParams(target=kind, seed=seed))

    shares = _shares(make, MineParams(discretizer=mode))
    return f"{shares.support:.0f} / {shares.either:.0f}"


def _shares(make: Callable[[int], Planted], params: MineParams) -> Shares:
    started = time.process_time()
    results = [_recovered(make(seed), params) for seed in SEEDS]
    seconds = (time.process_time() - started) / len(SEEDS)
    support, attributes, either, reported = (
        100 * sum(column) / len(SEEDS) for column in zip(*results, strict=True)
    )
    return Shares(support, attributes, either, reported, seconds)


def _recovered(made: Planted, params: MineParams) -> tuple[bool, bool, bool, bool]:
    interactions = made.kind is Kind.INTERACTION
    found = mine(
        made.dataset,
        MineParams(
            targets=(made.target,),
            discretizer=params.discretizer,
            search=SearchParams(alternation=Alternation(interactions=interactions)),
        ),
    )
    mined, kept = recovery(made, found), recovery(made, select(found))
    return (
        mined.support,
        mined.attributes,
        mined.attributes or mined.complement,
        kept.attributes or kept.complement,
    )


def _table(corner: str, cells: Mapping[tuple[str, str], str]) -> str:
    rows, columns = (list(dict.fromkeys(key[i] for key in cells)) for i in (0, 1))
    lines = [[corner, *columns], ["---", *("---:" for _ in columns)]]
    lines += [
        [row, *(cells.get((row, column), NONE) for column in columns)] for row in rows
    ]
    return "\n".join(_lines(lines)) + "\n"


def _lines(table: Sequence[Sequence[str]]) -> Iterator[str]:
    return (f"| {' | '.join(cells)} |" for cells in table)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="")
