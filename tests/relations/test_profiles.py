"""Many cohorts and columns at once: the family of tests, unknown entities, rows."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import false_discovery_control
from tests.relations.examples import THREE, TWO, dataset, finding

from redescribe.core.entities import EntityIndex
from redescribe.core.redescription import Kind
from redescribe.core.support import Support
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import EntityMismatchError, ParameterError, UnknownNameError
from redescribe.relations.cohorts import Cohort
from redescribe.relations.columns import ColumnChoice
from redescribe.relations.comparisons import ClassComparison, NumberComparison
from redescribe.relations.finding_profiles import Part, profile_findings
from redescribe.relations.params import CohortParams
from redescribe.relations.profile_rows import ROW_COLUMNS, profiles_record
from redescribe.relations.profiles import CohortProfiles, profile_cohorts

PARAMS = CohortParams(permutations=99)


def results_of(found: CohortProfiles) -> list[tuple[float, float]]:
    return [
        (test.log10_p, test.log10_q)
        for profile in found.profiles
        for comparison in profile.comparisons
        for test in comparison.tests
    ]


def profiles() -> CohortProfiles:
    data = dataset()
    cohorts = [
        Cohort.of_query("a > 0.5", data.view("x")),
        Cohort.of_query("c > 0", data.view("y")),
        Cohort.of_ids(data.entities.ids[:20], data.entities, name="first"),
    ]
    return profile_cohorts(cohorts, data.views, PARAMS)


def test_q_values_are_over_all_tests_of_the_call() -> None:
    found = profiles()
    log10_p, log10_q = np.array(results_of(found)).T
    assert found.n_tests == log10_p.size > 20
    want = false_discovery_control(10**log10_p)
    np.testing.assert_allclose(10**log10_q, want, rtol=1e-9)


def test_columns_that_define_a_cohort_are_marked_and_left_out() -> None:
    marked = [
        [f"{c.view}:{c.attribute}" for c in p.comparisons if c.by_construction]
        for p in profiles().profiles
    ]
    assert marked == [["x:a"], ["y:c"], []]
    for profile in profiles().profiles:
        for comparison in profile.comparisons:
            assert bool(comparison.tests) != comparison.by_construction


def test_unknown_members_and_values_are_left_out_column_by_column() -> None:
    data = dataset()
    found = profiles().profiles[1]
    c = data.view("y").column("c")
    unknown = np.isnan(c)
    assert (found.n_unknown, found.n_cohort) == (unknown.sum(), (c > 0).sum())
    assert found.n_cohort + found.n_rest + found.n_unknown == data.n_entities
    stage = data.view("labels").column("stage")
    by_name = {comparison.attribute: comparison for comparison in found.comparisons}
    assert by_name["a"].n_cohort == (c > 0).sum()
    known = ~unknown & ~np.isnan(stage)
    assert by_name["stage"].n_cohort == (known & (c > 0)).sum()
    assert by_name["stage"].n_rest == (known & ~(c > 0)).sum()
    # Of the first cohort, every member is known, but not every value of c.
    other = {
        comparison.attribute: comparison
        for comparison in profiles().profiles[0].comparisons
    }
    assert other["c"].n_cohort + other["c"].n_rest == (~unknown).sum()
    assert other["b"].n_cohort + other["b"].n_rest == data.n_entities


def test_further_columns_and_cohorts_change_no_p() -> None:
    """Streams of random numbers belong to names, not to places in a list."""
    data = dataset(30, 0)
    cohorts = [
        Cohort.of_ids(data.entities.ids[:n], data.entities, name=f"first {n}")
        for n in (4, 7)
    ]
    every = profile_cohorts(cohorts, data.views, PARAMS)
    chosen, _ = ColumnChoice(columns=["labels:stage"]).among(data)
    one = profile_cohorts(cohorts[1:], chosen, PARAMS).profiles[0].comparisons[0]
    again = next(c for c in every.profiles[1].comparisons if c.attribute == "stage")
    assert isinstance(one, ClassComparison)
    assert isinstance(again, ClassComparison)
    assert one.test is not None
    assert again.test is not None
    assert one.test.method.value == "permutation"
    assert one.test.log10_p == again.test.log10_p
    seeds = {
        profile_cohorts(cohorts, data.views, CohortParams(permutations=99, seed=seed))
        for seed in (0, 0, 1)
    }
    assert len(seeds) == 2


def test_rows_and_record_hold_the_same() -> None:
    found = profiles()
    rows = found.rows()
    assert all(tuple(row) == ROW_COLUMNS for row in rows)
    assert list(found.to_frame().columns) == list(ROW_COLUMNS)
    record = json.loads(json.dumps(profiles_record(found), allow_nan=False))
    columns = [column for cohort in record["cohorts"] for column in cohort["columns"]]
    flat = [one for column in columns for one in (column, *column.get("classes", []))]
    assert len(flat) == len(rows)
    for row, one in zip(rows, flat, strict=True):
        plain = {name: value for name, value in one.items() if name != "classes"}
        assert {name: row[name] for name in plain} == plain
    kinds = [row["kind"] for row in rows]
    assert (kinds.count("number"), kinds.count("classes"), kinds.count("class")) == (
        9,
        9,
        21,
    )
    assert record["n_tests"] == found.n_tests
    assert sum(one["p_value"] is not None for one in flat) > found.n_tests  # two classes


def test_cohorts_of_other_entities_are_refused() -> None:
    data = dataset()
    cohort = Cohort.of_query("a > 0", data.mining_part.view("x"))
    with pytest.raises(EntityMismatchError, match="Got 90 and 60 entities"):
        profile_cohorts([cohort], data.views)


def test_groups_are_named_in_the_caveat() -> None:
    data = dataset(groups=True)
    cohort = Cohort.of_query("a > 0", data.view("x"))
    assert "these have groups" in profile_cohorts([cohort], data.views, PARAMS).caveat
    assert "groups" not in profiles().caveat


@pytest.mark.parametrize(
    ("part", "n", "words"),
    [
        (None, 30, "never saw"),
        ("hold_out", 30, "never saw"),
        (Part.MINED, 60, "no evidence"),
    ],
)
def test_findings_are_looked_at_on_one_part(
    part: Part | str | None, n: int, words: str
) -> None:
    data = dataset()
    found = profile_findings([finding(data, *TWO)], data, part=part, params=PARAMS)
    assert found.n_entities == n
    assert words in found.caveat
    assert f"over the {found.n_tests} tests of this call" in found.caveat
    assert [p.name for p in found.profiles] == [
        "both",
        "left only",
        "right only",
        "neither",
    ]
    held_out = n == 30
    where = data.hold_out_part if held_out else data.mining_part
    a, c = where.view("x").column("a"), where.view("y").column("c")
    assert found.profiles[0].n_cohort == ((a > 0) & (c > 0.1)).sum()


def test_without_a_hold_out_the_mining_part_is_looked_at() -> None:
    data = dataset(60, 0)
    found = profile_findings([finding(data, *TWO)], data, params=PARAMS)
    assert found.part == "mined"
    with pytest.raises(ParameterError, match="has no hold-out"):
        profile_findings([finding(data, *TWO)], data, part="hold_out")
    with pytest.raises(UnknownNameError, match="no part 'held'"):
        profile_findings([finding(data, *TWO)], data, part="held")


def test_errors_are_by_construction_if_their_columns_are_in_the_rules() -> None:
    data = dataset()
    choice = ColumnChoice(views=["labels"], errors=["labels:guessed=labels:ill"])
    findings = [finding(data, *TWO), finding(data, *THREE, name="R2")]
    found = profile_findings(
        findings, data, columns=choice, supports_only=True, params=PARAMS
    )
    assert [(p.finding, p.name) for p in found.profiles] == [("R1", "both"), ("R2", "all")]
    marked = [
        [c.attribute for c in p.comparisons if c.by_construction] for p in found.profiles
    ]
    assert marked == [[], ["ill", "labels:guessed != ill"]]
    error = found.profiles[0].comparisons[-1]
    assert isinstance(error, ClassComparison)
    part = data.hold_out_part
    labels = part.view("labels")
    wrong = 1 - labels.column("guessed") != labels.column("ill")
    both = (part.view("x").column("a") > 0) & (part.view("y").column("c") > 0.1)
    assert error.classes[1].n_cohort == (wrong & both).sum()


def test_a_planted_difference_is_found_and_noise_is_not() -> None:
    data = dataset(600, 300)
    found = profile_findings([finding(data, *TWO)], data, params=PARAMS)
    both = {c.attribute: c for c in found.profiles[0].comparisons}
    assert isinstance(both["b"], NumberComparison)
    assert isinstance(both["stage"], ClassComparison)
    assert isinstance(both["ill"], ClassComparison)
    assert both["b"].test is not None
    assert both["b"].test.log10_q > -1
    for name in ("stage", "ill"):
        comparison = both[name]
        assert comparison.test is not None
        assert comparison.test.log10_q < -10
    assert both["ill"].cohort.majority == "true"
    assert finding(data, *TWO).redescription.kind is Kind.INDIVIDUAL


def test_p_values_of_random_cohorts_are_super_uniform() -> None:
    """Also where most values are 0, a class is rare, or classes are many."""
    random = np.random.default_rng(11)
    n, n_cohorts = 150, 400
    entities = EntityIndex.numbered(n)
    sparse = random.exponential(size=n) * (random.random(n) < 0.04)
    numbers = np.stack([random.normal(size=n), sparse, np.round(sparse)], axis=1)
    kinds = tuple(
        Attribute(name, AttributeKind.NOMINAL, tuple("abcdefghi"[:k]))
        for name, k in (("rare", 2), ("even", 2), ("many", 9))
    )
    codes = np.stack(
        [random.random(n) < 0.03, random.random(n) < 0.5, random.integers(9, size=n)]
    ).astype(float)
    views = (View.of("x", numbers, entities=entities), View("l", entities, kinds, codes))
    sizes = random.integers(4, 60, size=n_cohorts)
    cohorts = []
    for i, size in enumerate(sizes):
        mask = np.zeros(n, bool)
        mask[random.choice(n, size, replace=False)] = True
        cohorts.append(Cohort(str(i), entities, Support.from_mask(mask)))
    found = profile_cohorts(cohorts, views, CohortParams(permutations=199))
    columns: dict[str, list[float]] = {}
    for profile in found.profiles:
        for comparison in profile.comparisons:
            tests = [comparison.test]
            if isinstance(comparison, ClassComparison):
                tests += [share.test for share in comparison.classes[:1]]
            for kind, test in zip(("", " Fisher"), tests, strict=False):
                assert test is not None
                key = comparison.attribute + kind
                columns.setdefault(key, []).append(10**test.log10_p)
    assert len(columns) == 9
    for name, p_values in columns.items():
        for level in (0.01, 0.05, 0.2):
            error = 3.5 * np.sqrt(level * (1 - level) / n_cohorts)
            assert np.mean(np.array(p_values) <= level) <= level + error, (name, level)
