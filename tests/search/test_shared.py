"""Several labels at once: joint targets of trees, and the rules that serve all labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mining import examples as datasets
from tests.mining import naive
from tests.trees import examples

from redescribe.core.redescription import TargetState
from redescribe.core.support import unpack
from redescribe.core.view import AttributeKind, View
from redescribe.discretize.base import categorical_bins
from redescribe.discretize.quantile import bin_view
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.language import QueryLanguage
from redescribe.search.params import SearchParams, Thresholds
from redescribe.search.shared import shared_rules
from redescribe.trees.params import TreeParams
from redescribe.trees.rules import rule_support
from redescribe.trees.tree import Targets, grow_tree

if TYPE_CHECKING:
    from redescribe._typing import Int32s
    from redescribe.core.binned import BinnedView
    from redescribe.trees.rules import RuleList

N = 120


def classes(view: BinnedView, rows: list[int] | None = None) -> Int32s:
    """The codes of a nominal view as labels, -1 where they are missing; else none."""
    if not view.is_nominal.all():
        return np.empty((0, view.n_entities), np.int32)
    codes = view.codes[rows if rows is not None else slice(None)].astype(np.int32)
    codes[codes == view.missing_code] = -1
    return codes


seeds = st.integers(0, 10_000)
SEED = np.random.SeedSequence(0)
KINDS = {
    "colour": AttributeKind.NOMINAL,
    **dict.fromkeys(("l0", "l1", "l2", "l3"), AttributeKind.BOOLEAN),
}


def labels(seed: int, n_entities: int, missing_share: float = 0.0) -> View:
    """A nominal attribute and two boolean ones, none of them independent."""
    rng = np.random.default_rng(seed)
    colour = rng.integers(0, 3, n_entities).astype(np.float64)
    columns = {
        "colour": colour,
        "l0": (rng.random(n_entities) < 0.2 + 0.3 * (colour == 1)).astype(np.float64),
        "l1": (rng.random(n_entities) < 0.05).astype(np.float64),
    }
    for values in columns.values():
        values[rng.random(n_entities) < missing_share] = np.nan
    return datasets.view("labels", columns, KINDS)


def naive_gain(view: View, names: list[str], yes: set[int], known: list[int]) -> float:
    """Section 4: reduction of squared deviations; attributes share 1 / sum of variances."""
    total = 0.0
    labelled = [e for e in range(len(view.entities)) if not _misses(view, names, e)]
    for name in names:
        values = view.column(name)
        one_hot = [values == c for c in range(len(view.attributes[0].categories))]
        columns = [np.array(column, np.float64) for column in one_hot]
        variance = sum(column[labelled].var() for column in columns)
        if not variance:
            continue
        node = [e for e in known if e in labelled]
        parts = ([e for e in node if e in yes], [e for e in node if e not in yes])
        for column in columns:
            before = ((column[node] - column[node].mean()) ** 2).sum()
            after = sum(((column[p] - column[p].mean()) ** 2).sum() for p in parts)
            total += (before - after) / variance
    return total


def _misses(view: View, names: list[str], entity: int) -> bool:
    return any(np.isnan(view.column(name)[entity]) for name in names)


@pytest.mark.parametrize("missing_share", [0.0, 0.2])
@settings(max_examples=15)
@given(seed=seeds)
def test_the_gain_of_a_joint_target_is_that_of_the_specification(
    missing_share: float, seed: int
) -> None:
    view = labels(seed, 60, missing_share)
    names = ["colour", "l0", "l1"]
    partner = examples.mixed_view(seed, 60)
    binned = bin_view(partner)
    targets = Targets.joint(classes(bin_view(view), [0, 1, 2]))
    tree = grow_tree(binned, targets, np.arange(3), TreeParams(max_depth=1))
    if len(tree) == 1:
        return
    attribute, code = tree.nodes[0, :2].tolist()
    known = list(range(60))

    def gain(row: int, cut: int) -> float:
        above = set(np.flatnonzero(binned.codes[row] > cut).tolist())
        return naive_gain(view, names, above, known)

    entities = targets.entities
    best = max(
        gain(row, cut)
        for row in range(3)
        for cut in np.unique(binned.codes[row]).tolist()[:-1]
        if min(
            (binned.codes[row, entities] > cut).sum(),
            (binned.codes[row, entities] <= cut).sum(),
        )
        >= 2
    )
    # Weights are rounded to integers, so another test may be as good but for that.
    assert gain(attribute, code) == pytest.approx(best, rel=1e-4)


def test_entities_that_miss_a_label_are_left_out() -> None:
    view = labels(0, 70, 0.2)
    targets = Targets.joint(classes(bin_view(view), [0, 2]))
    want = [e for e in range(70) if not _misses(view, ["colour", "l1"], e)]
    assert targets.entities.tolist() == want
    assert 0 < len(want) < 70


def test_each_attribute_counts_alike_whatever_its_categories() -> None:
    view = labels(1, 200)
    targets = Targets.joint(classes(bin_view(view), [0, 1, 2]))
    weights = targets.weights[:7].astype(np.float64)
    variances = targets.values[:, :7].var(axis=0)
    shares = [(weights * variances)[part].sum() for part in (slice(3), slice(3, 5))]
    assert shares[0] == pytest.approx(shares[1], rel=1e-4)
    assert len(set(weights[:3])) == 1
    assert not targets.weights[7:].any()


def test_labels_without_variance_or_values_weigh_nothing() -> None:
    columns = {"colour": np.zeros(20), "l0": np.full(20, np.nan), "l1": np.arange(20) % 2}
    view = bin_view(
        datasets.view("labels", {k: v + 0.0 for k, v in columns.items()}, KINDS)
    )
    assert not Targets.joint(classes(view, [0])).weights.any()
    nothing = Targets.joint(classes(view, [0, 1, 2]))
    assert nothing.entities.size == 0
    tree = grow_tree(view, nothing, np.array([2]), TreeParams())
    assert len(tree) == 1


def shared(
    view: BinnedView, partner: View, language: QueryLanguage | None = None, size: int = 100
) -> RuleList:
    search = SearchParams(
        language=language or QueryLanguage(), trees=TreeParams(targets_per_tree=size)
    )
    coarse = [
        bin_view(View(partner.name, partner.entities, (a,), values[None, :]), 4).bins[0]
        if a.is_numeric
        else categorical_bins(len(a.categories))
        for a, values in zip(partner.attributes, partner.values, strict=True)
    ]
    binned = bin_view(partner, 255, coarse)
    found = shared_rules(classes(view), binned, coarse, search, min_support=5, seed=SEED)
    for rule, satisfied in zip(found.literals, found.satisfied, strict=True):
        assert (rule_support(rule, binned)[0] == satisfied).all()
        ends = binned.n_bins[rule[:, 0]] - 1
        assert ((rule[:, 1] > 0) | (rule[:, 2] < ends)).all()
    assert (found.sizes >= 5).all()
    return found


@pytest.mark.parametrize("missing_share", [0.0, 0.2])
def test_who_gets_shared_rules(missing_share: float) -> None:
    partner = examples.mixed_view(3, N, missing_share=missing_share)
    several = bin_view(labels(3, N, missing_share))
    numbers = bin_view(examples.mixed_view(4, N))
    assert len(shared(several, partner))
    assert len(shared(several, partner, size=2))
    assert len(shared(numbers, partner)) == 0
    narrow = QueryLanguage(view_language=("x: conjunction=no",))
    single = shared(numbers, partner, narrow)
    assert len(single)
    assert {len(rule) for rule in single.literals} == {1}
    masks = unpack(single.satisfied, N)
    assert not masks.all(axis=1).any()


def multi_label(
    seed: int, *, missing_share: float = 0.0, numeric: bool = False
) -> list[View]:
    """Neurons, and labels of which two follow one neuron and one is a colour."""
    rng = np.random.default_rng(seed)
    neurons = rng.normal(size=(4, N))
    columns = {
        "l0": (neurons[0] > 0.2).astype(np.float64),
        "l1": ((neurons[0] > 0) & (neurons[1] > -0.5)).astype(np.float64),
        "l2": (rng.random(N) < 0.3).astype(np.float64),
        "colour": np.digitize(neurons[2], [-0.5, 0.5]).astype(np.float64),
    }
    if numeric:
        columns["size"] = neurons[3] + 0.2 * rng.normal(size=N)
    for values in columns.values():
        values[rng.random(N) < missing_share] = np.nan
    units = {f"n{i}": values for i, values in enumerate(neurons)}
    return [datasets.view("net", units, {}), datasets.view("labels", columns, KINDS)]


@pytest.mark.parametrize("missing_share", [0.0, 0.1])
@pytest.mark.parametrize("numeric", [False, True])
def test_a_view_of_labels_is_target_and_partner(
    missing_share: float, *, numeric: bool
) -> None:
    views = multi_label(0, missing_share=missing_share, numeric=numeric)
    data = datasets.dataset(views)
    found = mine(data, MineParams())
    states = {(t.view, t.attribute): t.state for t in found.targets}
    described = [("labels", "l0"), ("labels", "l1"), ("labels", "colour"), ("net", "n0")]
    described += [("labels", "size")] if numeric else []
    assert all(states[target] is TargetState.DESCRIBED for target in described)
    for r in found:
        assert r.mined.jaccard == naive.jaccard(naive.truths_of(r, data))
    least = 0.85 if missing_share else 0.99
    best = max(r.mined.jaccard for r in found if r.attribute == "l1")
    assert best >= least
    partners = {name for r in found if r.view == "net" for name in r.queries[1].attributes}
    assert {"l0", "colour"} <= partners
    assert missing_share or "l1" in partners


def test_rules_of_joint_trees_reach_the_targets() -> None:
    # No tree for one label is allowed a second test; the joint tree has as many rules.
    views = multi_label(2)
    view, partner = bin_view(views[1]), views[0]
    rules = shared(view, partner)
    joint = {frozenset(np.flatnonzero(mask)) for mask in unpack(rules.satisfied, N)}
    follows = frozenset(np.flatnonzero(views[1].column("l0") == 1))
    best = max(len(follows & rule) / len(follows | rule) for rule in joint)
    assert best >= 0.9
    search = SearchParams(thresholds=Thresholds(min_support=5))
    found = mine(datasets.dataset(views), MineParams(targets=("labels",), search=search))
    supports = {
        frozenset(np.flatnonzero(unpack(r.supports[1].satisfied[None, :], N)[0]))
        for r in found
        if r.attribute == "l0"
    }
    assert follows in supports


def test_labels_that_are_never_known_together() -> None:
    views = multi_label(1)
    values = views[1].values.copy()
    values[0, ::2], values[1, 1::2] = np.nan, np.nan
    apart = View("labels", views[1].entities, views[1].attributes, values)
    found = mine(datasets.dataset([views[0], apart]))
    assert {t.attribute for t in found.targets if t.view == "labels"} == set(apart.names)
    assert any(r.attribute == "l0" for r in found)
