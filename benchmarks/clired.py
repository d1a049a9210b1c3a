"""python-clired on the mining part of a case, its queries evaluated by ours."""

from __future__ import annotations

import json
import math
import os
import subprocess
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from benchmarks.quality import Description, Outcome
from redescribe.core.redescription import Agreement
from redescribe.readers.clired import read_clired
from redescribe.search.params import Thresholds
from redescribe.writers.clired import write_clired_views

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks.inputs import Case
    from redescribe.core.dataset import Dataset
    from redescribe.core.query import Query
    from redescribe.core.view import View

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
"""Made by `make bench-peers`."""
LIMIT = 120
"""CPU seconds for one search, after which it is asked to end and to write its results."""
PATIENCE = 5
"""A search that has not ended after so many times its limit in wall seconds is killed."""
NO_LIMIT = "-1"
EVERYTHING = "1"
REREMI_LITERALS, TREE_DEPTH = 4, 3
N_BUCKETS = 10


@dataclass(frozen=True)
class Clired:
    """One algorithm of python-clired with its options.

    Attributes
    ----------
    alone
        Whether a target must be alone on its side: one literal or a tree of one split,
        and one search for each view of targets. Otherwise both sides may be equally long.
    length
        Literals, or depth of the tree, of a side at most.
    limit
        CPU seconds for one search.
    """

    name: str
    algorithm: str
    alone: bool
    length: int
    options: tuple[tuple[str, str], ...] = ()
    limit: float = LIMIT

    def outcomes(self, cases: Sequence[Case]) -> list[Outcome]:
        """Search each case; costs are summed over its searches."""
        return [self._outcome(case) for case in cases]

    def _outcome(self, case: Case) -> Outcome:
        views = case.dataset.mining_part.views
        if not self.alone:
            return _judged(case, [self._search(views, (self.length, self.length), case)])
        searches = []
        for target in case.target_views:
            lengths = tuple(1 if view.name == target else self.length for view in views)
            searches.append(self._search(views, lengths, case))
        return _judged(case, searches)

    def _search(self, sides: Sequence[View], lengths: Sequence[int], case: Case) -> Search:
        low, high = Thresholds().support_bounds(case.dataset.split.mined.size)
        with TemporaryDirectory() as path:
            folder = Path(path)
            left, right = write_clired_views(sides, folder)
            preferences = {
                "mining_algo": self.algorithm,
                "LHS_data": str(left),
                "RHS_data": str(right),
                "result_rep": f"{folder}/",
                "out_base": "found",
                "logfile": str(folder / "log.txt"),
                "verbosity": "1",
                "min_itm_in": str(low),
                "min_itm_out": str(case.dataset.split.mined.size - high),
                "min_fin_acc": str(Thresholds().min_jaccard),
                "max_fin_pval": str(Thresholds().max_p_mined),
                "max_var_s0": str(lengths[0]),
                "max_var_s1": str(lengths[1]),
                "max_inits": NO_LIMIT,
                "redundancy_threshold": EVERYTHING,
                **dict(self.options),
            }
            (folder / "preferences.xml").write_text(as_xml(preferences), encoding="utf-8")
            cost = _run(folder, self.limit)
            queries = folder / "found.queries"
            pairs = []
            if queries.exists():
                tables = read_clired(left, right, queries)
                pairs = [one.queries for one in tables.redescriptions]
        return replace(cost, pairs=tuple(pairs))


@dataclass(frozen=True)
class Search:
    """What one search cost and which pairs of queries it wrote."""

    wall: float
    cpu: float
    peak: float
    note: str = ""
    pairs: tuple[tuple[Query, Query], ...] = ()


REREMI = (
    ("method_buckets", "similar-height"),
    ("nb_buckets", str(N_BUCKETS)),
    # By default every literal of a query must depend on its others, which ours need not.
    ("score.pval_query", "0"),
)
PROGRAMS = tuple(
    Clired(f"{name}, {'alone' if alone else 'free'}", algorithm, alone, length, options)
    for name, algorithm, length, options in (
        ("ReReMi", "reremi", REREMI_LITERALS, REREMI),
        ("SplitTrees", "splittrees", TREE_DEPTH, ()),
        ("LayeredTrees", "layeredtrees", TREE_DEPTH, ()),
    )
    for alone in (True, False)
)
SLOW = Clired("ReReMi, as it comes, free", "reremi", alone=False, length=REREMI_LITERALS)
"""It tries all pairs of intervals between the values of two attributes."""


def as_xml(preferences: Mapping[str, str]) -> str:
    """Return preferences in the form that python-clired reads."""
    items = "".join(
        f"<parameter><name>{name}</name><value>{escape(value)}</value></parameter>\n"
        for name, value in preferences.items()
    )
    return f"<root>\n{items}</root>\n"


def _run(folder: Path, limit: float) -> Search:
    """Run it in a process of its own, on one thread."""
    files = [str(folder / "preferences.xml"), str(limit), str(folder / "cost.json")]
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    output = folder / "output.txt"
    with output.open("w", encoding="utf-8") as file:
        try:
            subprocess.run(
                [str(PYTHON), "-m", "benchmarks.clired_main", *files],
                cwd=ROOT,
                env=os.environ | threads,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=PATIENCE * limit,
                check=True,
            )
        except subprocess.TimeoutExpired:
            return Search(PATIENCE * limit, math.nan, math.nan, "killed")
        except subprocess.CalledProcessError:
            last = output.read_text(encoding="utf-8").strip().splitlines()[-1:]
            return Search(math.nan, math.nan, math.nan, f"failed: {' '.join(last)}")
    cost = json.loads((folder / "cost.json").read_text(encoding="utf-8"))
    note = "time limit" if cost["stopped"] else ""
    return Search(cost["wall"], cost["cpu"], cost["peak"], note)


def _judged(case: Case, searches: Sequence[Search]) -> Outcome:
    described, mentioned = judged(case, [p for one in searches for p in one.pairs])
    return Outcome(
        wall=sum(one.wall for one in searches),
        cpu=sum(one.cpu for one in searches),
        peak=max(one.peak for one in searches),
        described=described,
        mentioned=mentioned,
        note="; ".join(dict.fromkeys(one.note for one in searches if one.note)),
    )


def judged(
    case: Case, pairs: Iterable[tuple[Query, Query]]
) -> tuple[dict[str, tuple[Description, ...]], frozenset[str]]:
    """Evaluate pairs of queries again, and say which targets they describe or mention.

    Pairs that our thresholds do not admit on the mining part count for nothing.
    """
    mining, hold_out = case.dataset.mining_part, case.dataset.hold_out_part
    thresholds = Thresholds()
    low, high = thresholds.support_bounds(mining.n_entities)
    found: dict[str, list[Description]] = defaultdict(list)
    mentioned: set[str] = set()
    for pair in dict.fromkeys(pairs):
        mined = Agreement.of(tuple(query.on(mining.view(query.view)) for query in pair))
        admitted = mined.jaccard >= thresholds.min_jaccard and low <= mined.support <= high
        if not admitted:
            continue
        for target, alone in _targets(case, mining, pair):
            mentioned.add(target)
            if alone:
                found[target].append(Description.of(pair, mined, hold_out))
    return {target: tuple(some) for target, some in found.items()}, frozenset(mentioned)


def _targets(
    case: Case, mining: Dataset, pair: tuple[Query, Query]
) -> Iterable[tuple[str, bool]]:
    """The targets that a pair speaks about, and whether each is alone on its side."""
    for query in pair:
        if query.view not in case.target_views:
            continue
        for attribute in query.attributes:
            if case.attribute in ("", attribute):
                name = mining.view(query.view).target_name(attribute)
                yield case.key(name), len(query.attributes) == 1
