"""Writes docs/rules.md: rules that imitate networks, beside those of other programs.

Run it from the root of the repository: python -m docs.make_rules
The peers take part where `make bench-rules` has installed them. Networks and results are
kept in .rules-cache; without it this takes hours.
"""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.rule_networks import FOLDS, HIDDEN, SEEDS
from benchmarks.rules import (
    AUGMENTED_CUTS,
    COPIES,
    ENOUGH,
    FEWER,
    WITHOUT,
    comparison_table,
    comparisons,
    failures,
    results,
    table,
)

from redescribe.datasets.wdbc import HIDDEN as HIDDEN_OF_WDBC
from redescribe.rules.params import RuleParams

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.rules import Row

PAGE = Path(__file__).with_name("rules.md")
AIMS = {"weighted, 12": 0.965, "weighted, 60": 0.975}
"""Fidelity on WDBC that the project set itself; of one setting each, not of the best."""
INTRODUCTION = f"""\
# Rules that imitate a network

<!-- Written by docs/make_rules.py; do not edit. -->

`redescribe rules`, `Study.imitate` and `RuleExtractor` say what a network answers as rules
over its inputs. *Fidelity* is the share of entities that the rules were not made from for
which they answer as the network; *accuracy*, as the true class. *Literals* are all
conditions of all rules together; of a tree, its tests, each counted once.

```python
import redescribe as rd

rules = rd.RuleExtractor(max_literals=12).fit(X, model.predict(X))
rules.predict(X_new), rules.explain(X_new[0])
print(rules.rules_.to_text("words"))  # or text, latex, sql, python
```

```console
$ redescribe rules run --outputs net:answer --inputs attributes --max-literals 12 --form sql
```

The run keeps the rules (`--name` calls them; `--no-keep` does not), and the page *Rules* of
its report shows them: what each length reaches, what each rule covers and how often it is
right on the hold-out, what is lost without it, and what the rules answer for rows that are
entered or uploaded. From Python, `Study.imitate(..., keep_as="first")` does the same.

`rd.cross_validate_rules` measures sets on folds, drawn as often as one likes, and
`rd.compare_rules` gives the mean difference of two with its interval.

## Where candidates come from, and how rules are chosen

- `kind`: *pedagogical* rules see inputs and outputs. *Decompositional* rules go through the
  layers: each class is described over the last hidden layer, each literal of that over the
  layer before, down to the inputs; descriptions stand for what they describe. *Eclectic*
  rules choose among both. Confirmed findings of a run are candidates too.
- `method`: `weighted` adds, exchanges and weighs rules together, by the cross-entropy to
  what the network answers (logits and probabilities say more than classes); pairs of
  literals join where they stand out from chance. `cover` takes reliable rules that cover
  the classes; `exact` the OR of conjunctions with the fewest errors, by column generation
  and an integer program; `paper` is the published procedure, whose known defects
  (`redescribe.rules.paper` lists them) are not copied.
- `combination`: a `list` (the most reliable rule that holds answers), a `vote` of log-odds,
  or the learned weights. `default = False` gives no answer where no rule holds.
- `max_literals` bounds the size. Below it, the shortest set is taken that loses at most
  `max_loss` against the best, by cross-validation within the mining part; the whole
  trade-off is printed. `max_loss = 0` takes what is allowed.
- `augment = k` asks the network on k perturbed copies of each entity.

## Beside other programs

Networks: on WDBC 30-{"-".join(map(str, HIDDEN_OF_WDBC))}-1 (`redescribe.datasets.wdbc`);
else {"-".join(map(str, HIDDEN))} hidden units of scikit-learn's perceptron, on standardised
inputs. Folds: {FOLDS}, stratified and shuffled; on WDBC with the seeds
{SEEDS["wdbc"][0]} to {SEEDS["wdbc"][-1]}, else with seed {SEEDS["wine"][0]}. *Diabetes* is
whether the progression is above 140. FIGS, HSTree and trustee take no seed: they draw from
a global state that is set before each fold. Every program gets the classes that the network
gives, on the same folds; ours also the logits, but for *classes only*. *Augmented*: the
network is asked on {COPIES} perturbed copies of each entity, with noise of
{RuleParams().noise:g} standard deviations, and {AUGMENTED_CUTS} cuts are tried instead of
{RuleParams().max_cuts}; only trustee asks the network as well. What was set by hand (cuts,
shrinkage, noise) was chosen on WDBC with the seeds 5 to 9: other folds and networks, but of
the same tumours. The peers were not tuned: they run with their defaults and the sizes that
their names tell. Settings that are run on fewer folds than others are compared on these.

*Literals of rules* (*of rules* in the tables) count what a reader of the rules meets: of a
tree, a rule per leaf with a literal per attribute on its path, as an interval is one
literal. The tables of comparisons use the first count, which favours trees.

The *best peer* of a comparison is the one with the largest mean fidelity among those with
no more literals on the average. Intervals are those of the corrected resampled t-test.
"""
COUNTS = {
    "n_literals": "each test of a tree counted once",
    "of_rules": "by literals of rules",
}
NO_PEERS = "The peers were not installed when this page was written: `make bench-rules`.\n"
NOT_INSTALLED = """\
## What did not take part

- psyke: it needs kivy, which does not build here; without it, it lacks `tuprolog`.
- ECLAIRE and REM-D are on no package index.
- SkopeRules, RuleFit, FIGS, BRCG, LogRR, RIPPER and te2rules tell two classes apart; they
  are left out of wine, digits and iris.
"""
CUT = "- Not run, because it takes a minute a fold or more:"
FEWER_SEEDS = "- Run with fewer seeds, because it is slow:"


def page(rows: Mapping[str, Sequence[Row]]) -> str:
    """Return the page from the results of each data set."""
    blocks = [INTRODUCTION]
    if not any(not row.ours for of_set in rows.values() for row in of_set):
        blocks.append(NO_PEERS)
    blocks.append(summary(rows))
    for name, of_set in rows.items():
        blocks += [f"### {name}\n\n{table(of_set)}\n", comparison_table(of_set) + "\n"]
        blocks += [f"- failed: {line}\n" for line in failures(of_set)]
    blocks.append(NOT_INSTALLED + cut(rows))
    machine = f"Python {platform.python_version()} on {platform.machine()}, one thread."
    return "\n".join([*blocks, machine, ""])


def cut(rows: Mapping[str, Sequence[Row]]) -> str:
    """Return what was left out for its time, by data set."""
    left_out = "; ".join(
        f"{name}: {' and '.join(f'*{one}*' for one in sorted(WITHOUT[name]))}"
        for name in rows
        if name in WITHOUT
    )
    seeds = "; ".join(
        f"*{program}* on {name}: {', '.join(map(str, chosen))}"
        for (name, program), chosen in FEWER.items()
        if name in rows
    )
    lines = [f"{CUT} {left_out}."] if left_out else []
    lines += [f"{FEWER_SEEDS} {seeds}."] if seeds else []
    return "\n".join([*lines, ""])


def summary(rows: Mapping[str, Sequence[Row]]) -> str:
    """Return what was aimed at, what was reached, and where a peer is better."""
    lines = []
    by_name = {row.name: row for row in rows.get("wdbc", ()) if row.ours}
    for setting, aim in AIMS.items():
        if setting in by_name:
            found = by_name[setting].mean("fidelity")
            verdict = "reached" if found >= aim else f"missed by {aim - found:.4f}"
            lines.append(f"- WDBC, {setting}: aim {aim}, {found:.4f}: {verdict}.")
    for count, meaning in COUNTS.items():
        worse = [
            f"{name}, {one.ours.name} ({one.difference.mean:+.4f} to {one.peer.name})"
            for name, of_set in rows.items()
            for one in comparisons(of_set, count)
            if one.difference.mean < ENOUGH
        ]
        everywhere = "nowhere" if not worse else "; ".join(worse)
        lines.append(
            f"- Worse than the best peer by more than {-ENOUGH}, {meaning}: {everywhere}."
        )
    return "\n".join([*lines, ""])


def main() -> None:
    """Run what is not cached and write the page."""
    text = page({name: results(name) for name in SEEDS})
    PAGE.write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
