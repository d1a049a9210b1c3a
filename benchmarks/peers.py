"""Our strategies and python-clired on the same inputs; `make bench-peers` installs it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.clired import LIMIT, N_BUCKETS, PROGRAMS, PYTHON, REREMI_LITERALS, SLOW
from benchmarks.clired import TREE_DEPTH as DEPTH
from benchmarks.inputs import INPUTS, wdbc_pair
from benchmarks.strategies import BASE, Results, Strategy, registered, show
from redescribe.search.language import QueryLanguage
from redescribe.search.params import Thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator

N_SPLITS = 2
"""Splits of an input that the peer is run on."""
SLOW_LIMIT = 1800
"""CPU seconds for the search that is known to be slow, on one split of one input."""
THRESHOLDS = Thresholds()
WHAT_DIFFERS = f"""\
python-clired searches the same views on the mining part, on one thread, with the same
thresholds: support at least {THRESHOLDS.min_support} entities, Jaccard at least
{THRESHOLDS.min_jaccard}, p at most {THRESHOLDS.max_p_mined}. Its queries are read by
`redescribe.readers.clired` and evaluated by our code on both parts; what our thresholds do
not admit is left out. It differs in what it is asked, so read with care:

- It has no targets: it looks for redescriptions between any attributes. *Alone*: the side
  of the targets is limited to one literal, or to a tree of one split, and there is one
  search for each view of targets; costs are their sum. *Free*: one search, both sides may
  be equally long. *Described* are targets that stand alone on their side, *mentioned* those
  that a redescription uses at all.
- Length: ReReMi at most {REREMI_LITERALS} literals on a side; the tree algorithms trees of
  depth {DEPTH}, whose query joins the paths to their leaves, so it can be longer. Ours:
  {QueryLanguage().max_literals} literals in all.
- Its upper bound of the support is one of the union: {1 - THRESHOLDS.max_support:.0%} of
  the entities must satisfy neither query. Ours is one of the intersection, so ours may say
  more.
- Its filter of redundant redescriptions is off and the number of starting points is not
  limited, so that every target has its chance. Which one is *ranked first* our cautious
  Jaccard says; python-clired itself sorts by the Jaccard. It keeps one redescription of
  each start, so it has few short ones for the comparisons of *at most n literals*.
- ReReMi gets {N_BUCKETS} buckets of equally many entities for each attribute in its search
  for pairs, and is not asked for literals that depend on each other (`score.pval_query`
  0). As it comes, it has a bucket for every value and compares all pairs of intervals of
  two attributes, which takes minutes even for the smallest input, and it cannot join
  independent literals, such as those of the planted data. The last tables show it.
- On the planted data it searches all attributes, *alone* only; ours search one target.
- A search ends after {LIMIT} CPU seconds and keeps what it has (*time limit*); ReReMi has
  nothing before all pairs are searched. Its seconds are without the start of Python, but
  with reading and writing small tables; ours are without any files. Neither compiles.
- Targets that we call not describable (dead units, or without a cut within the bounds of
  the support) it may describe all the same.
"""


def results() -> Iterator[Results]:
    """What our strategies and the peer do with each input, one after the other."""
    for source in INPUTS:
        ours = registered(without=source.without)
        cases = source.cases()
        one_target = bool(cases[0].attribute)
        programs = [one for one in PROGRAMS if one.alone or not one_target]
        chosen = cases if one_target else cases[:N_SPLITS]
        yield Results.of(source.name, chosen, [*ours, *programs])


def slow_results() -> Results:
    """The peer's default on one split of the smallest input."""
    slow = replace(SLOW, limit=SLOW_LIMIT)
    pair = INPUTS[0]
    assert pair.make is wdbc_pair
    return Results.of(f"{pair.name}, one split", pair.cases()[:1], [Strategy(BASE), slow])


def report() -> None:
    """Print what differs, and the tables of `strategies` with the rows of the peer."""
    if not PYTHON.exists():
        print("\nLeft out: python-clired is not installed. Run: make bench-peers")
        return
    print(f"\n{WHAT_DIFFERS}", flush=True)
    for one in results():
        show(one)
    show(slow_results())
