"""What counts as found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from redescribe.core.query import Conjunction, Interval, Query
from redescribe.core.redescription import Kind, Redescription
from redescribe.datasets.planted import Planted, PlantParams, Side, plant
from redescribe.datasets.recovery import Recovery, recovery

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTHING = Recovery(support=False, attributes=False, complement=False)


def redescription(planted: Planted, queries: Sequence[Query]) -> Redescription:
    view, attribute = planted.target.split(":")
    part = planted.dataset.mining_part
    return Redescription(
        view=view,
        attribute=attribute,
        target=planted.target,
        kind=planted.kind,
        queries=tuple(queries),
        supports=tuple(query.on(part.view(query.view)) for query in queries),
        work_mined=0.5,
        log10_p_mined=-5.0,
    )


def negated(query: Query) -> Query:
    (term,) = query.terms
    return Query(query.view, (Conjunction(term.literals, not term.negated),))


@pytest.mark.parametrize("hard", [{}, {"noise": 0.2}, {"missing": 0.2}])
def test_planted_queries_themselves_are_recovered(hard: dict[str, float]) -> None:
    planted = plant(PlantParams(own=Side(length=2), **hard))  # type: ignore[arg-type]
    found = redescription(planted, planted.queries)
    recovered = recovery(planted, [found])
    assert recovered == Recovery(support=True, attributes=True, complement=False)


def test_negated_queries_are_its_complement() -> None:
    planted = plant(PlantParams(own=Side(length=2)))
    found = redescription(planted, [negated(query) for query in planted.queries])
    recovered = recovery(planted, [found])
    assert recovered == Recovery(support=False, attributes=False, complement=True)


def test_another_attribute_more_is_the_support_only() -> None:
    planted = plant()
    own, partner = planted.queries
    idle = Interval("x9" if "x9" not in partner.attributes else "x8", low=-9.0)
    longer = Query("partner", (Conjunction((*partner.terms[0].literals, idle)),))
    recovered = recovery(planted, [redescription(planted, [own, longer])])
    assert recovered == Recovery(support=True, attributes=False, complement=False)


def test_a_literal_less_is_nothing() -> None:
    planted = plant()
    own, partner = planted.queries
    shorter = Query("partner", (Conjunction(partner.terms[0].literals[:1]),))
    assert recovery(planted, [redescription(planted, [own, shorter])]) == NOTHING


def test_other_targets_and_kinds_do_not_count() -> None:
    planted = plant()
    found = redescription(planted, planted.queries)
    others = [replace(found, attribute="x0"), replace(found, kind=Kind.INTERACTION)]
    assert planted.target != "own:x0"
    assert recovery(planted, others) == NOTHING


def test_each_partner_view_needs_a_finding() -> None:
    planted = plant(PlantParams(n_views=3))
    own, *partners = planted.queries
    pairs = [redescription(planted, [own, partner]) for partner in partners]
    assert recovery(planted, pairs[:1]) == NOTHING
    assert recovery(planted, pairs).attributes
    assert recovery(planted, [redescription(planted, planted.queries)]).attributes
