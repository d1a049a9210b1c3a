"""Rules that imitate networks, ours and those of others, on the same folds."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.rule_networks import CACHE, SEEDS, folds
from benchmarks.rule_peers_main import PEERS, TWO_CLASSES
from redescribe.core.view import View
from redescribe.rules.fidelity import measure_fidelity
from redescribe.rules.imitate import imitate
from redescribe.rules.outputs import Outputs
from redescribe.rules.params import Method, RuleKind, RuleParams, Task
from redescribe.rules.validate import paired_difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.rule_networks import Fold
    from redescribe.rules.validate import PairedDifference

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-rules" / "bin" / "python"
"""Made by `make bench-rules`."""
PATIENCE = 600
"""Wall seconds per fold after which a peer is given up."""
ENOUGH = -0.005
"""The mean paired difference to the best peer that the project set itself."""
COPIES, AUGMENTED_CUTS = 3, 19
"""Perturbed copies of each entity, and cuts of an attribute, where the network is asked."""


@dataclass(frozen=True)
class Ours:
    """One setting of ours.

    Attributes
    ----------
    logits
        Whether the logits are used, or only the classes, as the peers do.
    """

    params: RuleParams
    logits: bool = True


def _weighted(length: int, augment: int = 0) -> RuleParams:
    # Perturbed copies tell more cuts apart; chosen on WDBC with the seeds 5 to 9.
    n_cuts = AUGMENTED_CUTS if augment else RuleParams().max_cuts
    return RuleParams(max_literals=length, max_loss=0, augment=augment, max_cuts=n_cuts)


OURS = {
    "weighted, 6": Ours(_weighted(6)),
    "weighted, 12": Ours(_weighted(12)),
    "weighted, 24": Ours(_weighted(24)),
    "weighted, 60": Ours(_weighted(60)),
    "weighted, 12, classes only": Ours(_weighted(12), logits=False),
    "weighted, 60, classes only": Ours(_weighted(60), logits=False),
    "weighted, 12, augmented": Ours(_weighted(12, COPIES)),
    "weighted, 60, augmented": Ours(_weighted(60, COPIES)),
    "weighted, size chosen": Ours(RuleParams(max_literals=60)),
    "cover, 12": Ours(
        RuleParams(method=Method.COVER, max_literals=12, max_loss=0, max_length=3)
    ),
    "exact, 12": Ours(
        RuleParams(method=Method.EXACT, max_literals=12, max_loss=0, max_length=3)
    ),
    "decompositional, exact, 12": Ours(
        RuleParams(
            kind=RuleKind.DECOMPOSITIONAL,
            method=Method.EXACT,
            max_literals=12,
            max_loss=0,
            max_length=3,
            max_nodes=50,
        )
    ),
    "paper": Ours(RuleParams(method=Method.PAPER, max_length=4)),
}
ONLY_FIRST = frozenset(
    {
        "weighted, size chosen",
        "cover, 12",
        "exact, 12",
        "decompositional, exact, 12",
        "paper",
    }
)
"""Settings that are run on the first repetition only."""
_LAYERS = "decompositional, exact, 12"
WITHOUT = {
    "wdbc": frozenset({_LAYERS}),
    "digits": frozenset({"exact, 12", _LAYERS}),
    "diabetes": frozenset({_LAYERS, "BRCG, DNF", "BRCG, CNF"}),
}
"""What takes too long, a minute a fold or more, by data set."""
FEWER: dict[tuple[str, str], tuple[int, ...]] = {}
"""Repetitions of what is slow."""


@dataclass(frozen=True)
class Result:
    """What a program reached on one fold; `failed` says why it reached nothing.

    Attributes
    ----------
    n_literals
        Literals of all rules; of a tree its tests, each once.
    of_rules
        The same, but of a tree the literals of a rule per leaf.
    """

    fidelity: float = float("nan")
    accuracy: float = float("nan")
    n_rules: int = 0
    n_literals: int = 0
    of_rules: int = 0
    seconds: float = float("nan")
    failed: str = ""


@dataclass(frozen=True)
class Row:
    """A program on all folds of a data set."""

    name: str
    ours: bool
    results: tuple[Result, ...]
    keys: tuple[str, ...]

    def mean(self, measure: str) -> float:
        """Mean over the folds."""
        return float(np.mean([getattr(one, measure) for one in self.results]))

    @property
    def failed(self) -> str:
        """Why it failed on the first fold where it did; empty where it never did."""
        return next((one.failed for one in self.results if one.failed), "")


def results(name: str, *, ours: bool = True, peers: bool = True) -> list[Row]:
    """Return programs on the folds of a data set, from the cache where they ran."""
    rows = []
    left_out = WITHOUT.get(name, frozenset())
    if ours:
        rows += [_row(name, s, one) for s, one in OURS.items() if s not in left_out]
    if peers and PYTHON.exists():
        n_classes = max(2, next(folds(name)).z.shape[1])
        usable = [
            peer
            for peer in PEERS
            if (n_classes == 2 or peer not in TWO_CLASSES) and peer not in left_out
        ]
        rows += [_row(name, peer) for peer in usable]
    return rows


def _row(name: str, program: str, ours: Ours | None = None) -> Row:
    """One of ours, or a peer, on all its folds."""
    chosen = [fold for fold in folds(name) if _is_run(program, fold)]
    kind = "peers" if ours is None else "ours"
    slug = program.replace(" ", "_").replace(",", "")
    paths = [CACHE / kind / f"{slug}-{fold.key}.json" for fold in chosen]
    left = [(f, p) for f, p in zip(chosen, paths, strict=True) if not p.exists()]
    (CACHE / kind).mkdir(parents=True, exist_ok=True)
    if ours is not None:
        for fold, path in left:
            path.write_text(json.dumps(asdict(_run(ours, fold))), encoding="utf-8")
    elif left:
        _run_peer(program, left)
    found = [Result(**json.loads(path.read_text(encoding="utf-8"))) for path in paths]
    return Row(program, ours is not None, tuple(found), tuple(f.key for f in chosen))


def _is_run(program: str, fold: Fold) -> bool:
    if program in ONLY_FIRST:
        return fold.seed == SEEDS[fold.name][0]
    return fold.seed in FEWER.get((fold.name, program), SEEDS[fold.name])


def _run(ours: Ours, fold: Fold) -> Result:
    """Ours on one fold; layers are those of the network."""
    train, test = fold.train, fold.test
    names = [f"x{i}" for i in range(fold.X.shape[1])]
    view = View.of("x", fold.X, names=names)
    task = Task.LOGITS if ours.logits else Task.CLASSES
    answers = fold.z if ours.logits else fold.answers
    outputs = Outputs.of(answers, task=task)
    layers = []
    if ours.params.kind is not RuleKind.PEDAGOGICAL:
        hidden = fold.hidden(fold.X)[fold.linear : -1]
        layers = [View.of(f"h{i}", one).take(train) for i, one in enumerate(hidden)]
    started = time.process_time()
    rules = imitate(
        view.take(train),
        outputs.take(train),
        ours.params,
        layers=layers,
        network=fold.network if ours.params.augment else None,
        task=task,
    )
    seconds = time.process_time() - started
    true = [str(one) for one in fold.y[test].tolist()]
    found = measure_fidelity(rules, view.take(test), outputs.take(test), true)
    return Result(
        found.fidelity,
        found.accuracy if found.accuracy is not None else float("nan"),
        found.n_rules,
        found.n_literals,
        found.n_literals,
        seconds,
    )


def _run_peer(peer: str, left: Sequence[tuple[Fold, Path]]) -> None:
    """A peer in its own environment, on one thread; it writes a result for each fold."""
    pairs = [
        str(path)
        for fold, result in left
        for path in (CACHE / "folds" / f"{fold.key}.npz", result)
    ]
    script = ROOT / "benchmarks" / "rule_peers_main.py"
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    reason = ""
    try:
        subprocess.run(
            [str(PYTHON), str(script), peer, *pairs],
            env=os.environ | threads,
            capture_output=True,
            timeout=PATIENCE * len(left),
            check=True,
        )
    except subprocess.TimeoutExpired:
        reason = f"given up after {PATIENCE * len(left)} s"
    except subprocess.CalledProcessError as error:
        reason = " ".join(error.stderr.decode(errors="replace").strip().splitlines()[-1:])
    for _, result in left:
        if not result.exists():
            failed = asdict(Result(failed=reason[:200]))
            result.write_text(json.dumps(failed), encoding="utf-8")


@dataclass(frozen=True)
class Comparison:
    """One setting of ours against the best peer with no more literals on the average."""

    ours: Row
    peer: Row
    difference: PairedDifference


def comparisons(rows: Sequence[Row], count: str = "n_literals") -> Iterator[Comparison]:
    """Yield each setting of ours with the best peer of at most as many literals."""
    peers = [row for row in rows if not row.ours and not row.failed]
    for row in (one for one in rows if one.ours):
        shorter = [
            peer
            for peer in peers
            if peer.mean(count) <= row.mean(count) and len(_results(peer, row.keys)) > 1
        ]
        if shorter:
            best = max(shorter, key=lambda one: _on(one, row.keys))
            pairs = [
                ours.fidelity - theirs.fidelity
                for ours, theirs in zip(
                    _results(row, best.keys), _results(best, row.keys), strict=True
                )
            ]
            yield Comparison(row, best, paired_difference(np.array(pairs), 1 / 4))


def _on(row: Row, keys: Sequence[str]) -> float:
    return float(np.mean([one.fidelity for one in _results(row, keys)]))


def _results(row: Row, keys: Sequence[str]) -> list[Result]:
    """The results on those of some folds that it was run on."""
    pairs = zip(row.keys, row.results, strict=True)
    return [one for key, one in pairs if key in keys]


def table(rows: Sequence[Row]) -> str:
    """Return a Markdown table: shortest first."""
    lines = [
        "| program | literals | of rules | rules | fidelity | accuracy | CPU s | folds |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in sorted(rows, key=lambda one: (one.mean("n_literals"), one.name)):
        if row.failed:
            continue
        name = f"**{row.name}**" if row.ours else row.name
        lines.append(
            f"| {name} | {row.mean('n_literals'):.1f} | {row.mean('of_rules'):.1f} | "
            f"{row.mean('n_rules'):.1f} | "
            f"{row.mean('fidelity'):.4f} | {row.mean('accuracy'):.4f} | "
            f"{row.mean('seconds'):.1f} | {len(row.results)} |"
        )
    return "\n".join(lines)


def comparison_table(rows: Sequence[Row]) -> str:
    """Return a Markdown table of paired differences to the best peer."""
    lines = [
        "| ours | literals | best peer | literals | difference | 95 % interval |",
        "|---|---:|---|---:|---:|---|",
    ]
    for one in comparisons(rows):
        found = one.difference
        lines.append(
            f"| {one.ours.name} | {one.ours.mean('n_literals'):.1f} | {one.peer.name} | "
            f"{one.peer.mean('n_literals'):.1f} | {found.mean:+.4f} | "
            f"{found.low:+.4f} to {found.high:+.4f} |"
        )
    return "\n".join(lines)


def failures(rows: Sequence[Row]) -> list[str]:
    """Return which peers failed, and why."""
    return [f"{row.name}: {row.failed}" for row in rows if row.failed]


def report() -> None:
    """Print the tables of all data sets."""
    for name in SEEDS:
        rows = results(name)
        print(f"\n{name}\n{table(rows)}\n\n{comparison_table(rows)}")
        for line in failures(rows):
            print(line)


if __name__ == "__main__":
    report()
