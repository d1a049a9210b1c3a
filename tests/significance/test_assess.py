"""A family on the hold-out: evidence, order, and what happens at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from tests.significance import examples

from redescribe.core.redescription import RedescriptionSet
from redescribe.errors import EntityMismatchError
from redescribe.significance.assess import assess
from redescribe.significance.correction import correct
from redescribe.significance.params import AssessParams, Correction, TailTest
from redescribe.significance.tails import log10_p

TRUE_PAIR, CHANCE_PAIR, NEVER = (
    ("a > 0.1", "c > 0.1"),
    ("b > 0", "d > 0"),
    ("a > 90", "c > 90"),
)


def test_findings_are_ordered_numbered_and_confirmed() -> None:
    data = examples.dataset(400, 128)
    family = examples.family(data, CHANCE_PAIR, NEVER, TRUE_PAIR)
    result = assess(family, data)
    assert [finding.id for finding in result] == ["R1", "R2", "R3"]
    assert [finding.redescription for finding in result] == [
        family.redescriptions[i] for i in (2, 0, 1)
    ]
    confirmed = [f.assessment is not None and f.assessment.confirmed for f in result]
    assert confirmed == [True, False, False]
    assert result.counts["replicated"] == 1


def test_numbers_are_those_of_the_hold_out() -> None:
    data = examples.dataset(400, 128)
    family = examples.family(data, TRUE_PAIR, CHANCE_PAIR)
    params = AssessParams(test=TailTest.BINOMIAL, correction=Correction.BY)
    result = assess(family, data, params)
    assessments = [finding.assessment for finding in result]
    p_values = []
    for assessment in assessments:
        assert assessment is not None
        held_out = assessment.hold_out
        assert held_out.n_entities == 128
        want = log10_p(held_out.sizes, held_out.support, 128, TailTest.BINOMIAL)
        assert assessment.log10_p_value == want
        assert assessment.jaccard_low is not None
        assert assessment.jaccard_high is not None
        assert assessment.jaccard_low < held_out.jaccard < assessment.jaccard_high
        p_values.append(want)
    got = [assessment.log10_q_value for assessment in assessments if assessment]
    assert got == correct(np.array(p_values), Correction.BY).tolist()
    assert assessments[0] is not None
    assert assessments[0].work > 0


def test_evidence_says_how_the_family_was_tested() -> None:
    data = examples.dataset(400, 128)
    params = AssessParams(alpha=0.05, correction=Correction.HOLM)
    family = examples.family(data, TRUE_PAIR, NEVER, min_jaccard=0.6)
    evidence = assess(family, data, params).evidence
    assert (evidence.n_mined, evidence.n_hold_out) == (272, 128)
    assert (evidence.family_size, evidence.n_candidates) == (2, 1_234)
    assert (evidence.test, evidence.correction) == ("fixed_margin", "holm")
    assert (evidence.alpha, evidence.min_jaccard, evidence.seed) == (0.05, 0.6, 7)


def test_large_q_or_small_jaccard_is_not_confirmed() -> None:
    data = examples.dataset(400, 128)
    for params, min_jaccard in (
        (AssessParams(), 0.99),
        (AssessParams(alpha=1e-200), 0.5),
    ):
        family = examples.family(data, TRUE_PAIR, min_jaccard=min_jaccard)
        (finding,) = assess(family, data, params)
        assert finding.assessment is not None
        assert not finding.assessment.confirmed


def test_empty_union_is_not_testable() -> None:
    data = examples.dataset(100, 65)
    (finding,) = assess(examples.family(data, NEVER, min_jaccard=0.0), data)
    assessment = finding.assessment
    assert assessment is not None
    assert (assessment.jaccard_low, assessment.jaccard_high) == (None, None)
    assert (assessment.log10_p_value, assessment.log10_q_value) == (0, 0)
    assert not assessment.confirmed
    assert finding.row(data.names)["jaccard"] is None


def test_without_a_hold_out_nothing_is_assessed() -> None:
    data = examples.dataset(65, 0)
    result = assess(examples.family(data, CHANCE_PAIR, TRUE_PAIR), data)
    assert [finding.assessment for finding in result] == [None, None]
    assert str(result.findings[0].redescription.queries[0]) == "a > 0.1"
    assert result.evidence.in_sample_only


def test_one_held_out_entity() -> None:
    data = examples.dataset(64, 1)
    (finding,) = assess(examples.family(data, ("a > -90", "c > -90")), data)
    assert finding.assessment is not None
    assert finding.assessment.log10_p_value == 0
    assert finding.assessment.jaccard_high == 1.0


@pytest.mark.parametrize("n_held_out", [0, 20])
def test_empty_family(n_held_out: int) -> None:
    data = examples.dataset(64, n_held_out)
    result = assess(examples.family(data), data)
    assert len(result) == 0
    assert result.evidence.family_size == 0
    assert result.seconds == 0.25


def test_ties_prefer_fewer_literals_then_the_text() -> None:
    data = examples.dataset(200, 65)
    family = examples.family(
        data, ("a > 0.1 AND b > -90", "c > 0.1"), ("NOT (a <= 0.1)", "c > 0.1"), TRUE_PAIR
    )
    texts = [str(f.redescription.queries[0]) for f in assess(family, data)]
    assert texts == [*sorted(texts[:2]), "a > 0.1 AND b > -90"]


def test_family_of_other_entities_is_refused() -> None:
    data = examples.dataset(64, 20)
    family = RedescriptionSet((), (), data.names, 45, 0.0, 0.5)
    with pytest.raises(EntityMismatchError, match=r"mined on 45 entities.* has 44"):
        assess(family, data)
