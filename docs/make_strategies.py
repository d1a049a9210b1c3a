"""Writes docs/strategies.md: all search strategies, and python-clired, on the same inputs.

Run it from the root of the repository: python -m docs.make_strategies
It takes long. python-clired takes part where `make bench-peers` has installed it, and the
published activations where REDESCRIBE_REFERENCE_DATA names their folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import peers
from benchmarks.clired import PYTHON
from benchmarks.inputs import (
    INPUTS,
    NOISE,
    PLANTED_LENGTHS,
    PLANTED_SEEDS,
    SEEDS,
    has_reference,
)
from benchmarks.networks import N_UNITS
from benchmarks.strategies import Results, registered, tables

from redescribe.core.entities import SplitParams

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = Path(__file__).with_name("strategies.md")
INTRODUCTION = f"""\
# Search strategies compared

<!-- Written by docs/make_strategies.py; do not edit. -->

`redescribe mine --search NAME` chooses how descriptions are sought. This page runs every
strategy with its default parameters on the same inputs, pairs of views only, targets alone
on their side. `python -m docs.make_strategies` writes it; `make bench` prints its tables.

**Inputs.** {SplitParams().hold_out:.0%} of the entities are held out, {len(SEEDS)} splits
of each input but the largest. *WDBC*: hidden units of two small networks, or of one of them
and the 30 attributes of the tumours. *Digits*: {N_UNITS} units of a small CNN and the 64
pixels of 1,797 images. *MNIST*: {N_UNITS} units of a LeNet and the 784 pixels of 5,000
images, one split. These networks learned a random half of their images. *Planted*: data
sets in which one redescription holds by construction, {len(PLANTED_SEEDS)} for each of
{PLANTED_LENGTHS[0]} to {PLANTED_LENGTHS[-1]} literals, with {NOISE:.0%} noise; only its
target is described. 'exact' is left out on the images: their cuts are so many that it would
count for minutes before it could prove anything about one target.

**Two descriptions of each target** are looked at: the one *ranked first*, by the cautious
Jaccard of the mining part, and the one with the *largest mined Jaccard*, which is the
luckiest as well. Both are chosen without the hold-out. *Adjusted* is the Jaccard corrected
for chance: 0 is what independent queries of the same sizes reach, 1 is perfect.

**Paired differences** compare two programs on the targets that both describe, so that one
that only describes what is easy gains nothing by it: means over the targets, each the mean
of its splits, with intervals of 95 % by normal theory. The targets of an input share their
entities and are not independent, so the intervals are rather too narrow. *At most n
literals*: the largest mined Jaccard among descriptions of at most so many literals.
"""
WDBC = {
    True: "WDBC here: the published activations of the reference (two networks, 32 units).",
    False: "WDBC here: the two networks of `redescribe demo`.",
}
PEER = f"""\
## Beside python-clired

`make bench-peers` installs it in an environment of its own and prints these tables, on the
first {peers.N_SPLITS} splits of each input.

{peers.WHAT_DIFFERS}"""
NO_PEER = """\
## Beside python-clired

It was not installed when this page was written. `make bench-peers` installs it.
"""


def page(ours: Sequence[Results], beside: Sequence[Results], *, published: bool) -> str:
    """Return the page: the tables of all inputs, and those with the peer if it ran.

    Parameters
    ----------
    ours, beside
        Results of our strategies; and with the peer's, empty: it was not there.
    published
        Whether WDBC are the published activations.
    """
    blocks = [INTRODUCTION, WDBC[published] + "\n", *_sections(ours)]
    blocks += [PEER, *_sections(beside)] if beside else [NO_PEER]
    return "\n".join(blocks)


def _sections(results: Sequence[Results]) -> list[str]:
    return [
        f"**{table.title}**\n\n{table.markdown()}"
        for table in tables(results)
        if table.rows
    ]


def main() -> None:
    """Run everything and write the page."""
    ours = [
        Results.of(source.name, source.cases(), registered(without=source.without))
        for source in INPUTS
    ]
    beside = [*peers.results(), peers.slow_results()] if PYTHON.exists() else []
    text = page(ours, beside, published=has_reference())
    PAGE.write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
