"""Reports on a target that several runs explain, and links of what both found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.report.examples import dataset, family, redescriptions

from redescribe.core.missing import MissingPolicy
from redescribe.core.near_duplicate import NearDuplicate
from redescribe.core.redescription import RedescriptionSet, TargetState
from redescribe.core.resampling import SearchPValue, TargetSearch
from redescribe.errors import ParameterError
from redescribe.selection.union import identity, union_of
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from redescribe.core.assessed import AssessedSet
    from redescribe.core.redescription import Redescription, TargetReport

DATA = dataset()
FOUND = redescriptions(DATA)


def near(key: str) -> NearDuplicate:
    first, second, *_ = FOUND[0].queries
    return NearDuplicate(key, (first, second), 0.96, 0.8)


def assessed(
    found: list[Redescription],
    targets: tuple[TargetReport, ...],
    links: dict[Redescription, tuple[NearDuplicate, ...]] | None = None,
) -> AssessedSet:
    made: RedescriptionSet = replace(family(DATA, found), targets=targets)
    return assess(replace(made, near_duplicates=links or {}), DATA)


REPORT, FAILED, DEAD = family(DATA, []).targets[:3]


def test_what_both_found_counts_once_with_all_its_links() -> None:
    one, two, three = FOUND[:3]
    first = assessed([one, two], (REPORT,), {one: (near("a"), near("b"))})
    second = assessed([three, one], (REPORT,), {one: (near("b"), near("c"))})
    union = union_of([first, second], DATA)
    assert sorted(map(str, union)) == sorted(map(str, (one, two, three)))
    assert [link.key for link in union.near_duplicates[one]] == ["a", "b", "c"]
    assert union.n_candidates == 2 * REPORT.n_candidates


def test_a_statement_about_two_targets_counts_for_each() -> None:
    one = FOUND[0]
    turned = replace(
        one,
        view=one.queries[1].view,
        attribute=one.queries[1].attributes[0],
        queries=one.queries[::-1],
        supports=one.supports[::-1],
    )
    assert identity(one) != identity(turned)
    assert len(union_of([assessed([one], ()), assessed([turned], ())], DATA)) == 2
    assert identity(one) == identity(replace(one, work_mined=0.1, log10_p_mined=-1.0))


def test_the_run_that_describes_a_target_best_reports_it() -> None:
    described = replace(REPORT, n_candidates=5, n_bins=3)
    better = replace(described, best_jaccard_mined=0.9, n_bins=4, baseline=None)
    failed = replace(described, state=TargetState.NOT_DESCRIBED, best_jaccard_mined=0.95)
    dead = replace(DEAD, attribute=REPORT.attribute, target=REPORT.target)
    for order in ([described, better, failed, dead], [dead, failed, better, described]):
        union = union_of([assessed([], (report,)) for report in order], DATA)
        (joined,) = union.targets
        assert joined.state is TargetState.DESCRIBED
        assert joined.n_bins == 4
        assert joined.best_jaccard_mined == 0.95
        assert joined.baseline == REPORT.baseline
        assert joined.n_candidates == 15
        assert joined.reason == ""


def test_targets_are_in_the_order_of_the_views() -> None:
    union = union_of([assessed([], (DEAD, FAILED)), assessed([], (REPORT,))], DATA)
    assert union.targets == (REPORT, FAILED, DEAD)


def test_comparisons_with_one_search_are_left_out() -> None:
    searched = replace(REPORT, search=TargetSearch(0.9, 0.2, 0.8, SearchPValue(0.01, 0.1)))
    assert union_of([assessed([], (searched,))], DATA).targets == (REPORT,)


def test_one_policy_for_missing_values() -> None:
    other = replace(FOUND[1], missing=MissingPolicy.PESSIMISTIC)
    with pytest.raises(ParameterError, match="pessimistic and as query_non_missing"):
        union_of([assessed([FOUND[0]], ()), assessed([other], ())], DATA)
