"""Findings on new entities: replication, drift, missing and unseen values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import false_discovery_control, fisher_exact
from tests.significance.examples import dataset, family

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.missing import MissingPolicy
from redescribe.core.redescription import Kind, Redescription, RedescriptionSet
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import ParameterError, UnknownNameError, ViewError
from redescribe.significance.assess import assess
from redescribe.significance.hold_out import clopper_pearson

if TYPE_CHECKING:
    from redescribe.core.assessed import AssessedSet

PAIRS = (("a > 0", "c > 0"), ("a > 0.5", "c > 0.4"), ("a > 0", "d > 0"), ("b > 9", "c > 9"))


def assessed(n_held_out: int = 60) -> tuple[AssessedSet, Dataset]:
    data = dataset(200, n_held_out)
    return assess(family(data, *PAIRS), data), data


def new(n_entities: int = 80, seed: int = 1) -> Dataset:
    """Other entities of the same kind, with other ids."""
    made = dataset(n_entities, 0, seed)
    entities = EntityIndex(tuple(f"new{i}" for i in range(n_entities)))
    views = tuple(View(v.name, entities, v.attributes, v.values) for v in made.views)
    return Dataset.of(views, SplitParams(hold_out=0))


def test_numbers_of_the_new_entities() -> None:
    before, _ = assessed()
    data = new()
    found = before.on(data)
    assert [r.finding.id for r in found] == ["R1", "R2", "R3", "R4"]
    assert len(found) == 4
    for replication in found:
        queries = replication.finding.redescription.queries
        masks = [query.on(data.view(query.view)).mask for query in queries]
        both, union = int((masks[0] & masks[1]).sum()), int((masks[0] | masks[1]).sum())
        agreement = replication.agreement
        assert (agreement.n_entities, agreement.support, agreement.union) == (
            *(80, both, union),
        )
        if not union:
            assert replication.jaccard_low is None
            assert replication.log10_p_value == 0
            continue
        assert agreement.jaccard == both / union
        low_high = (replication.jaccard_low, replication.jaccard_high)
        assert low_high == clopper_pearson(both, union)
        table = [[both, masks[0].sum() - both]]
        table.append([masks[1].sum() - both, 80 - union])
        want = fisher_exact(table, alternative="greater").pvalue
        assert 10**replication.log10_p_value == pytest.approx(want, rel=1e-9)


def test_q_values_are_over_the_findings_applied() -> None:
    before, _ = assessed()
    found = before.on(new())
    p = np.array([10**r.log10_p_value for r in found])
    q = [10**r.log10_q_value for r in found]
    np.testing.assert_allclose(q, false_discovery_control(p), rtol=1e-9)
    for replication in found:
        reached = replication.agreement.jaccard >= 0.5
        want = reached and 10**replication.log10_q_value <= 0.01
        assert replication.replicated == want
    assert 0 < found.n_replicated < 4
    assert found.correction == "bh"


def test_drift_is_a_comparison_of_two_shares() -> None:
    before, _ = assessed()
    found = before.on(new())
    p_values = []
    for replication in found:
        assessment = replication.finding.assessment
        assert assessment is not None
        held_out = assessment.hold_out
        if not held_out.union:
            assert replication.drift_hold_out is None
            continue
        drift, agreement = replication.drift_hold_out, replication.agreement
        assert drift is not None
        assert drift.jaccard == held_out.jaccard
        assert drift.difference == agreement.jaccard - held_out.jaccard
        rows = [[a.support, a.union - a.support] for a in (agreement, held_out)]
        tails = [fisher_exact(rows, alternative=s).pvalue for s in ("less", "greater")]
        assert drift.log10_p is not None
        assert 10**drift.log10_p == pytest.approx(min(1, 2 * min(tails)), rel=1e-9)
        p_values.append((10**drift.log10_p, drift.log10_q))
    p, log10_q = np.array(p_values).T
    assert p.size == 3
    np.testing.assert_allclose(10**log10_q, false_discovery_control(p), rtol=1e-9)
    for replication in found:
        mined = replication.finding.redescription.mined
        assert (replication.drift_mined is None) == (mined.union == 0)


def test_a_relation_that_is_gone_drifts_and_does_not_replicate() -> None:
    before, _ = assessed()
    data = new(300)
    y = data.view("y")
    shuffled = y.values[:, np.random.default_rng(0).permutation(300)]
    broken = Dataset(
        (data.view("x"), View("y", y.entities, y.attributes, shuffled)), data.split
    )
    first = before.on(broken).replications[0]
    assert not first.replicated
    assert first.drift_hold_out is not None
    assert first.drift_hold_out.difference is not None
    assert first.drift_hold_out.difference < -0.3
    assert first.drift_hold_out.log10_q is not None
    assert first.drift_hold_out.log10_q < -4


def test_p_values_of_drift_are_super_uniform_without_any() -> None:
    """A threshold fixed before, on 400 pairs of samples of one population."""
    p_values = []
    for seed in range(400):
        data = dataset(120, 60, seed)
        before = assess(family(data, PAIRS[0]), data)
        drift = before.on(new(60, seed + 1_000)).replications[0].drift_hold_out
        assert drift is not None
        assert drift.log10_p is not None
        p_values.append(10**drift.log10_p)
    for level in (0.01, 0.05, 0.2):
        error = 3 * np.sqrt(level * (1 - level) / 400)
        assert np.mean(np.array(p_values) <= level) <= level + error
    assert min(p_values) < 0.2


def test_without_a_hold_out_there_is_drift_against_the_mining_part_only() -> None:
    before, _ = assessed(0)
    found = before.on(new())
    assert {r.drift_hold_out for r in found} == {None}
    row = found.rows()[0]
    assert "jaccard_mined" in row
    assert "jaccard_hold_out" not in row
    assert list(found.to_frame().columns) == list(row)


def test_another_policy_has_no_interval_and_no_test_of_drift() -> None:
    before, _ = assessed()
    findings = tuple(
        replace(
            finding,
            redescription=replace(finding.redescription, missing=MissingPolicy.PESSIMISTIC),
        )
        for finding in before
    )
    first = replace(before, findings=findings).on(new()).replications[0]
    assert (first.jaccard_low, first.jaccard_high) == (None, None)
    assert first.drift_hold_out is not None
    assert first.drift_hold_out.difference is not None
    assert first.drift_hold_out.log10_p is None


def test_absent_columns_are_named_or_left_out() -> None:
    before, _ = assessed()
    data = new()
    x, y = data.views
    only_c = View("y", y.entities, y.attributes[:1], y.values[:1])
    without = Dataset((x, only_c), data.split)
    message = r"Finding R\d needs column 'd' of view 'y', which the new data lack\. Give"
    with pytest.raises(UnknownNameError, match=message):
        before.on(without)
    found = before.on(without, skip_absent=True)
    assert [(one.view, one.attribute) for one in found.skipped] == [("y", "d")]
    assert len(found) == 3
    assert "1 findings were left out" in found.caveat
    p = np.array([10**r.log10_p_value for r in found])
    q = [10**r.log10_q_value for r in found]
    np.testing.assert_allclose(q, false_discovery_control(p), rtol=1e-9)


def test_an_absent_view_is_named() -> None:
    before, _ = assessed()
    data = new()
    y = data.view("y")
    renamed = View("z", y.entities, y.attributes, y.values)
    other = Dataset((data.view("x"), renamed), data.split)
    message = r"needs view 'y', which the new data lack \(they have 'x', 'z'\)\. 3 more"
    with pytest.raises(UnknownNameError, match=message):
        before.on(other)
    with pytest.raises(ParameterError, match="lack a column of each of the 4"):
        before.on(other, skip_absent=True)


def test_a_set_without_findings_cannot_be_applied() -> None:
    data = dataset(40, 10)
    empty = assess(family(data), data)
    with pytest.raises(ParameterError, match="there are none"):
        empty.on(new())


def classes(
    kind: AttributeKind, categories: tuple[str, ...], codes: list[float]
) -> Dataset:
    """Views x (a, ascending) and labels (stage) with these classes."""
    entities = EntityIndex(tuple(f"p{i}" for i in range(len(codes))))
    a = np.arange(len(codes), dtype=float).reshape(-1, 1)
    stage = Attribute("stage", kind, categories)
    labels = View("labels", entities, (stage,), np.array([codes]))
    views = (View.of("x", a, names=["a"], entities=entities), labels)
    return Dataset.of(views, SplitParams(hold_out=0))


def of_stage(data: Dataset, *texts: str) -> AssessedSet:
    """Findings a <= 3 against queries on stage, on everything."""
    found = []
    for text in texts:
        queries = (parse_query("a <= 3", "x"), parse_query(text, "labels"))
        supports = tuple(query.on(data.view(query.view)) for query in queries)
        one = Redescription("x", "a", "x:a", Kind.INDIVIDUAL, queries, supports, 0.1, -1.0)
        found.append(one)
    every = RedescriptionSet(tuple(found), (), data.names, data.n_entities, 0.0, 0.5)
    return assess(every, data)


def test_unseen_categories_are_known_to_be_others() -> None:
    nominal = AttributeKind.NOMINAL
    mined = classes(nominal, ("I", "II"), [0, 0, 0, 0, 1, 1, 1, 1])
    before = of_stage(mined, 'stage = "I"', 'NOT (stage = "II")')
    data = classes(nominal, ("I", "II", "III", "IV"), [0, 0, np.nan, 2, 1, 2, 1, 1])
    applied = before.on(data, mined_on=mined)
    found = {str(r.finding.redescription.queries[1]): r for r in applied}
    positive, negated = found['stage = "I"'], found['NOT (stage = "II")']
    assert positive.agreement.sizes == (4, 2)  # two of stage III are not I
    assert negated.agreement.sizes == (4, 4)  # and not II
    for replication in (positive, negated):
        assert (replication.n_unknown, replication.n_unseen) == (1, 2)
        assert replication.unseen is not None
        (unseen,) = replication.unseen
        assert (unseen.view, unseen.attribute) == ("labels", "stage")
        assert (unseen.categories, unseen.n_entities) == (("III",), 2)
    nobody_knows = before.on(data).replications[0]
    assert (nobody_knows.unseen, nobody_knows.n_unseen) == (None, None)


def test_only_the_mining_part_counts_as_seen() -> None:
    whole = classes(AttributeKind.NOMINAL, ("I", "II"), [0, 0, 0, 0, 0, 0, 0, 1])
    mined = Dataset(whole.views, dataset(8, 1).split)
    before = of_stage(whole, 'stage = "I"')
    first = before.on(whole, mined_on=mined).replications[0]
    assert first.n_unseen == 1


def test_a_column_of_another_kind_is_an_error_unless_it_is_empty() -> None:
    mined = classes(AttributeKind.NOMINAL, ("I", "II"), [0, 0, 0, 0, 1, 1, 1, 1])
    before = of_stage(mined, 'stage = "I"')
    numbers = classes(AttributeKind.NUMERIC, (), [1, 1, 1, 1, 2, 2, 2, 2])
    message = "R1 asks for classes in column 'stage' of view 'labels', but .* numeric"
    with pytest.raises(ViewError, match=message):
        before.on(numbers)
    empty = classes(AttributeKind.NUMERIC, (), [np.nan] * 8)
    first = before.on(empty, mined_on=mined).replications[0]
    assert (first.agreement.sizes, first.n_unknown, first.n_unseen) == ((4, 0), 8, 0)


def test_entities_of_the_run_are_counted() -> None:
    before, data = assessed()
    found = before.on(new(), mined_on=data)
    assert (found.n_known_mined, found.n_known_hold_out) == (0, 0)
    ids = EntityIndex(tuple(f"e{i}" for i in range(200)))
    views = tuple(View(v.name, ids, v.attributes, v.values) for v in data.views)
    named = Dataset(views, data.split)
    same = before.on(named, mined_on=named)
    assert (same.n_known_mined, same.n_known_hold_out) == (140, 60)
    assert "140 entities have the id of one of the mining part" in same.caveat
    # Numbers are no names: "0" of one file is not "0" of another.
    numbered = before.on(data, mined_on=data)
    assert (numbered.n_known_mined, numbered.n_known_hold_out) == (None, None)
    assert "a replication, no new test of the family" in numbered.caveat


def test_groups_are_named_in_the_caveat() -> None:
    before, _ = assessed()
    data = new()
    grouped = EntityIndex(data.entities.ids, ("g",) * 80)
    views = tuple(View(v.name, grouped, v.attributes, v.values) for v in data.views)
    assert "these have groups" in before.on(Dataset(views, data.split)).caveat
