"""Writes docs/explanation/evidence.md: what each number means, and how well it keeps it.

Run it from the root of the repository: python -m docs.make_evidence. It simulates nothing:
the tables are made of docs/data/calibration.json, which `python -m benchmarks.calibration`
writes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import null_networks
from benchmarks.calibration_summary import FEW
from benchmarks.calibration_tables import holds, levels, tables
from benchmarks.monte_carlo import percent

from redescribe.core.entities import SplitParams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.calibration_summary import Summary
    from benchmarks.calibration_tables import Table
    from benchmarks.monte_carlo import Estimate

FOLDER = Path(__file__).parent
PAGE = FOLDER / "explanation" / "evidence.md"
RESULT = FOLDER / "data" / "calibration.json"

MEANINGS = """\
# What the numbers are evidence of

<!-- Written by docs/make_evidence.py; do not edit. -->

A finding says that two rules over different views hold for nearly the same entities. The
search looks at thousands to millions of pairs of rules and shows the best ones, and the
best of many pairs looks good even where nothing is there. So every number belongs to one
of three kinds, and only the last two are evidence:

- Numbers of the **mining part**, where the rules were chosen (`jaccard_mined`,
  `adjusted_jaccard_mined`, `p_mined`): the search made them look good. They describe.
- Numbers of the **hold-out**, which the search never saw (`jaccard` and its interval,
  `adjusted_jaccard`, `p_value`, `q_value`, `confirmed`, `stability`): nothing made them
  look good.
- Numbers of **repeated searches** of the mining part (`p_search`, `p_search_family`,
  `p_rotated`, `p_untrained`, `recovery`): the search is part of what is repeated.

## How well the rules agree

**`jaccard_mined`**: of the mined entities for which a rule holds, the share for which all
hold. *It is not* what to expect on other entities: it was maximised, so it is too large,
and the more so the more was tried and the fewer entities there were.

**`jaccard`**: the same, on the hold-out. The rules are unchanged, so it estimates what
they reach on further entities of the same kind, without bias by the search. *It is not* a
promise for another population, another network or another preparation of the data. Empty
where no rule holds for any held-out entity.

**`jaccard_low`, `jaccard_high`**: 95 % interval of `jaccard`, by Clopper and Pearson:
exact, given how many held-out entities satisfy a rule; where entities have groups, by a
bootstrap of whole groups, which is approximate when there are few. It holds for one
finding that is looked at for a reason other than its hold-out value. *It is not*
simultaneous: of twenty findings one interval may miss, and the one with the largest
`jaccard` is the likeliest.

**`adjusted_jaccard`**: (J - J0) / (1 - J0), where J0 is what two unrelated rules of these
sizes reach. Two rules that each hold for 80 % of the entities have J0 = 0.67: a large
Jaccard of large supports says little. 1 is perfect, 0 is chance, below 0 is less than
that. *It is not* a measure of doubt: with few entities 0.5 can be luck.

## Whether it could be luck

**`p_value`**: the chance that unrelated rules which hold for as many held-out entities
have at least so many in common (hypergeometric, or binomial if asked for). Exact for any
number of entities; unlikely to be small where there are few of them. Entities are taken
as independent: with groups (patients, documents) it is too small. *It is not* the
probability that the finding is false, and it does not say how strong the agreement is:
with many entities a weak one has a tiny p.

**`q_value`**: `p_value`, corrected for all findings that are reported (the family, fixed
before the hold-out was opened). BH, the default: the expected share of false ones among
the findings with q <= .05 is at most 5 %; proved for independent tests and some kinds of
positive dependence, tried below. BY: the same under any dependence. Holm: at most a 5 %
chance of a single false one. *It is not* corrected for another run on the same split,
other thresholds tried first, or findings dropped after looking.

**Shards and merged runs.** A search that is divided into shards and merged is one run:
all candidates are put together before the findings are chosen, and the hold-out is opened
once. Merging *finished* runs is something else: each of them has opened the hold-out
already. The merged run corrects over the union of their families, in which a
redescription that several found counts once with the p-value that it had. That makes its
q-values those of one family, chosen before anything was tested, *if* no run was planned
by what another one showed on the hold-out: whoever mines again because too little was
confirmed, and merges what helped, has chosen by the hold-out, and no correction knows of
that. So `run.json` lists every opening, and every output that states the family says how
often the hold-out had been opened before. What the union does to a q: Holm's only grows.
BH and BY weigh a p-value against how many of the others are small, so one that stood
alone in its own run may get a *smaller* q beside many strong findings of another, but
never a smaller one than the rest of the other family would give that p-value by itself.

**`confirmed`**: `q_value` <= `alpha` (0.01) and `jaccard` at least the threshold of the
search. *Not confirmed* is no proof of absence: with a small hold-out even strong findings
stay unconfirmed, see *Power*.

**`p_mined`**: the p-value on the mining part, as if the rules had been given and not
searched for. It guides the search. *It is no* p-value of what was found, also not after a
correction for the number of findings or of candidates.

**`p_search`**: entities are permuted in each view, so that nothing relates the views, and
the whole search is repeated. The value is (1 + searches whose best for this target is at
least as good) / (1 + searches): it covers everything the search tries for one target.
With B searches it is never below 1 / (B + 1). It needs no hold-out, so it suits few
entities; where entities have groups, whole groups change places. *It is not* corrected
for the number of targets, and it is about the best of its target: a second finding of the
same target is compared with the best ones. It says that the views are related where this
target is concerned, not that each literal of the rule is needed. Two views that both know
the class of an entity are related: `--permute-within VIEW:LABEL` asks for agreement
beyond that.

**`p_search_family`**: the same with the best of *any* target, so it covers all targets:
the chance of one false finding among all of them. Demanding where targets are many.

**`p_rotated`**, **`p_untrained`**: for neurons of one network that another network
explains. The other one is replaced by a null network, and the search is repeated with bins
and rules made anew: by its own layers after a random rotation, which keeps every distance
between entities and loses only which directions are the neurons (`--rotations 20`); or by
networks of the same architecture before training (`redescribe.untrained`, `--null-view
VIEW=FILE`). The value is (1 + null networks with which the best for this target is at
least as good) / (1 + null networks); the targets' table has their mean and maximum too. A
small `p_search` but no small `p_rotated`: the layers say the same about the entities, but
not neuron by neuron. None against `p_untrained`: the inputs and the architecture suffice.
Of 5 networks no p is below 1/6. *It is not* corrected for the number of targets, nor for
the choice of the best of several other networks; and null networks share the inputs, so
it is no test of whether the views are related: that is `p_search`. Where most searches
find a Jaccard of 1, compare `--permutation-statistic log_p`, which counts entities too.

**The p of cohorts** (`redescribe cohorts`): whether a column differs between the entities
of a finding and the rest. Exact or by permutation, with q-values over the tests of the
call. *Exploratory*: you choose what to look at after seeing the findings; columns that go
with one in a rule differ because of it; and a difference is no cause.

## Whether it would be found again

**`stability`**: the share of resamples of the hold-out in which the unchanged rules keep
the threshold of the Jaccard. Near 0.5: the threshold lies within what chance moves. *It
is not* a p-value, and says nothing about the search.

**`recovery`**: the search is repeated on resamples of the mining part; the share of these
that find, for the same target, nearly the same entities again (a Jaccard of the supports
of 0.8). Low where rules compete, although each may be true. *It is not* evidence against
chance: a search finds a lucky pattern again in resamples of the same entities.
"""

SIMULATION = """\
# Do they keep what they promise?

Simulated data sets, in which it is known what is related: two views of entities that are
independent draws. A *planted* attribute of one view and one of the other carry the same
hidden signal, each with noise; all other attributes of a view have a common factor (so
the tests depend on each other), and nothing in common with the other view. A finding is
**null** if no attribute of its left rule carries a signal that an attribute of its right
rule carries: then its rules are independent by construction, whatever else they say. All
others are **planted**.

The search is a small one (a beam of width 1, two literals) with thresholds that let nulls
pass (Jaccard from {min_jaccard:g} on, no limit of `p_mined`). Intervals are 95 % Monte
Carlo intervals over data sets; *holds*: the promised level is not below the interval.
`python -m benchmarks.calibration` simulates, `python -m docs.make_evidence` writes this
page.

{verdict}
"""

HOLD_OUT = """\
## Hold-out: {n_data_sets:,} data sets

{shapes} entities × attributes, with {n_planted} planted pairs;
signals are on for {supports} of the entities, {gaps} of the cells are
missing; every combination is equally frequent. {held_out} of the entities are held out.
{n_findings:,} findings reached the hold-out, {n_null:,} of them null. {empty} of the data
sets had no finding, {few} had fewer than {n_some}.

{p_values}
The p-values of nulls are small at most as often as they say. They are conservative
because the number of shared entities is whole: many hold-outs have the same p. *Ties
broken*: P(X > k) + u P(X = k) with a random u in place of P(X >= k), which is uniform if
the law is right. By kind of data set:

{p_values_by}
What the corrections keep at q <= {level}: the *false share* is the mean share of nulls
among what is kept in a data set, the false discovery rate; *any false* is the share of
data sets with a null among it, which only Holm limits.

{false_discoveries}
`confirmed`, at the default alpha of {alpha:g} and the lowered threshold of the Jaccard:
{n_confirmed:,} findings, of which {n_false:,} null: {false_share} (interval
{false_low} to {false_high}).

The 95 % intervals of the hold-out Jaccard hold the Jaccard among {n_population:,} fresh
entities for {covered} of the findings (interval {covered_low} to {covered_high}).
"""

IN_SAMPLE = """\
## In-sample p-values: {n_data_sets:,} data sets

Why `p_mined` is no evidence: the data sets of the next section, in which **nothing** is
related, mined without hold-out. Of {n_findings:,} reported findings, {shares}.
After Holm's correction for the reported findings, {any_value} of the data sets
(interval {any_low} to {any_high}) still have one at {level:g}. A correction for what is
reported does not cover what was tried.
"""

PERMUTATIONS = """\
## Permutation test: {n_data_sets:,} data sets

{n_entities} entities × ({n_attributes} + {n_attributes}) attributes, nothing
planted, {n_permutations} permutations. A search scores {mean_candidates:,.0f} candidates
for the {n_attributes} targets of one view. Per target: the share of all targets with
`p_search` <= alpha. For all targets: the share of data sets in which any
`p_search_family` <= alpha.

{permutations}
Beside planted targets, in the data sets of the next table, {null_value} of the targets
that nothing relates to the other view have `p_search` <= {level:g} (interval {null_low}
to {null_high}).
"""

POWER = """\
## Power: {n_data_sets:,} data sets

One planted pair among six attributes of each view. Its signal is on for {on} of the
entities; each of its attributes has the wrong value with the probability *noise*. *J*:
the Jaccard of the pair among endlessly many entities. Shown: the share of data sets in
which a planted finding is **kept** at {level:g}: `confirmed` with this alpha (BH over all
findings) for three sizes of the hold-out; or `p_search_family`, with {n_permutations}
permutations and all entities mined, which bounds the chance of any false one and so asks
for more than BH.

{power}
The permutation test finds and tests with all entities, at the price of many searches. It
does not say what a finding reaches on others: with few entities use it, with many hold
out.
"""

NULL_NETWORKS = """\
## Null networks: two networks for the same tumours

Two small networks with other initial weights learned half of the WDBC tumours; the neurons
of a layer of one are explained by those of the other on the other half, all of which is
mined. *Above all*: neurons whose best finding is better than in each of {n_searches}
searches with a null in the place of the other network; *by chance*: how many would be if
null and network were alike. *Mean*: of the best, `minus log10 p` for `log_p`.
`python -m benchmarks.null_networks` computes it, in {wall:,.0f} seconds on {n_workers}
workers of a shared machine ({cpu:,.0f} CPU seconds for {n_all:,} searches).

{null_networks}
In every layer all neurons are above permuted entities: the networks know the same about
the tumours. Against rotations {rotated} of {n_rotated} are left in the first hidden layer
and {rotated_last} of {n_rotated_last} in the last one: what is shared is the layer, not
the neuron. The last layer needs training ({untrained_last} of {n_untrained_last} above
untrained networks), the first one less ({untrained} of {n_untrained}).
"""


def page() -> str:
    """Return the page, of the stored result."""
    result = json.loads(RESULT.read_text(encoding="utf-8"))
    shown = {name: markdown(table) for name, table in tables(result).items()}
    hold_out, permuted, power = (
        result[name] for name in ("hold_out", "permutations", "power")
    )
    words, in_sample = hold_out_words(hold_out), result["in_sample"]
    nulls = percents("null", power["null_targets"], 1)
    blocks = [
        MEANINGS,
        SIMULATION.format_map(hold_out | {"verdict": verdict(result)}),
        HOLD_OUT.format_map(hold_out | words | shown),
        IN_SAMPLE.format_map(in_sample | in_sample_words(in_sample)),
        PERMUTATIONS.format_map(permuted | nulls | shown | {"level": power["level"]}),
        POWER.format_map(power | shown | {"on": percent(power["share"])}),
        NULL_NETWORKS.format_map(null_network_words()),
    ]
    return "\n".join(blocks)


def null_network_words() -> dict[str, object]:
    """What the text on null networks says."""
    result = json.loads(null_networks.RESULT.read_text(encoding="utf-8"))
    table, times = null_networks.tables(result)
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    counts = {
        f"{row['null']}{'' if row['layer'] == null_networks.LAYERS[0] else '_last'}": row
        for row in rows
        if row["statistic"] == "adjusted_jaccard"
    }
    if any(row["above all"] != row["neurons"] for row in rows if row["null"] == "permuted"):
        em = "Not all neurons are above permuted entities: the text must say so."
        raise ValueError(em)
    spent = [dict(zip(times.header, row, strict=True)) for row in times.rows]
    return {
        **{name: row["above all"] for name, row in counts.items()},
        **{f"n_{name}": row["neurons"] for name, row in counts.items()},
        "n_searches": null_networks.N_SEARCHES,
        "n_workers": null_networks.N_WORKERS,
        "wall": sum(float(row["wall s"] or 0) for row in spent),
        "cpu": sum(float(row["CPU s"] or 0) for row in spent),
        "n_all": sum(int(row["searches"] or 0) for row in spent),
        "null_networks": table.markdown(),
    }


def hold_out_words(hold_out: Summary) -> dict[str, object]:
    """What the text on the hold-out says that is in no table."""
    n_data_sets, confirmed = hold_out["n_data_sets"], hold_out["confirmed"]
    groups = hold_out["p_values_by"]
    false, covered = (
        percents("false", confirmed, 2),
        percents("covered", hold_out["covered"], 1),
    )
    return {
        **false,
        **covered,
        "shapes": ", ".join(groups["entities × attributes"]),
        "supports": " or ".join(groups["support"]),
        "gaps": " or ".join(groups["missing"]),
        "held_out": percent(SplitParams().hold_out),
        "n_some": FEW,
        "empty": percent(hold_out["n_empty"] / n_data_sets, 1),
        "few": percent(hold_out["n_few"] / n_data_sets, 1),
        "alpha": confirmed["alpha"],
        "n_confirmed": confirmed["n"],
        "n_false": confirmed["n_false"],
        "false_share": false["false_value"],
        "covered": covered["covered_value"],
    }


def in_sample_words(in_sample: Summary) -> dict[str, str]:
    """What the text on in-sample p-values says."""
    shares = (
        f"{percent(one['value'])} have `p_mined` <= {one['level']:g}"
        for one in in_sample["levels"]
    )
    any_corrected = percents("any", in_sample["any_corrected"], 0)
    return {"shares": ", ".join(shares), **any_corrected}


def percents(name: str, estimate: Estimate, digits: int) -> dict[str, str]:
    """An estimate and the ends of its interval in percent, under names that begin so."""
    return {
        f"{name}_{part}": percent(estimate[part], digits)
        for part in ("value", "low", "high")
    }


def verdict(result: Mapping[str, Summary]) -> str:
    """One sentence on all levels."""
    realised = list(levels(result))
    n_kept = sum(holds(level, estimate) for level, estimate in realised)
    return f"Of {len(realised)} levels that were checked, {n_kept} hold."


def markdown(table: Table) -> str:
    """The table as Markdown, numbers to the right."""
    lines = [table.header, ["---", *("---:" for _ in table.header[1:])], *table.rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8", newline="")
