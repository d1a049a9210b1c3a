"""What searches of resampled entities find again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.mining import examples

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.support import Support
from redescribe.core.view import View
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.mining.recovery import RecoveryChunk, plan_recovery, recovery_chunk
from redescribe.mining.tasks import plan_chunks
from redescribe.search.params import Alternation, SearchParams, Thresholds
from redescribe.selection.select import select

if TYPE_CHECKING:
    from redescribe.core.redescription import RedescriptionSet

INTERACTIONS = Alternation(interactions=True, max_interactions=10)
LOOSE = Thresholds(min_jaccard=0.3, min_support=5, max_p_mined=0.5)


def planned(
    data: Dataset, params: MineParams, n_resamples: int
) -> tuple[RedescriptionSet, list[RecoveryChunk]]:
    family = select(mine(data, params))
    return family, plan_recovery(plan_chunks(data, params), family, n_resamples)


@pytest.mark.parametrize(
    "search",
    [
        SearchParams(thresholds=LOOSE),
        SearchParams(thresholds=LOOSE, alternation=INTERACTIONS),
    ],
)
def test_the_same_entities_give_every_finding_again(search: SearchParams) -> None:
    """Each entity once, in an order of its own: supports are those of the original ones."""
    data = examples.dataset(examples.mixed_views(90, missing_share=0.05))
    family, (chunk,) = planned(data, MineParams(search=search), 1)
    assert len(family) > 5
    assert len({len(found.queries) for found in family}) > 1
    # One unit of all entities is drawn as itself.
    order = np.random.default_rng(0).permutation(90)
    _, best = recovery_chunk(replace(chunk, units=(order,)))
    assert best.tolist() == [[1.0] * len(family)]


def test_what_is_planted_is_found_again_and_other_entities_are_not() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(150, 2))
    y = np.stack([x[:, 0] + 0.05 * rng.normal(size=150), rng.normal(size=150)], axis=1)
    data = Dataset.of([View.of("x", x), View.of("y", y)], SplitParams(hold_out=0))
    planted = max(mine(data, MineParams()), key=lambda found: found.mined.jaccard)
    shuffled = Support.from_mask(rng.permutation(planted.supports[0].mask))
    other = replace(planted, supports=(shuffled, shuffled))
    chunks = plan_recovery(plan_chunks(data, MineParams()), [other, planted], 12)
    assert [len(chunk.searches) for chunk in chunks] == [5, 5, 2]
    best = np.concatenate([recovery_chunk(chunk)[1] for chunk in chunks])
    assert (best[:, 0] < 0.8).all()
    assert (best[:, 1] >= 0.8).mean() > 0.75


def test_resamples_are_drawn_by_their_numbers() -> None:
    data = examples.dataset(examples.mixed_views(60))
    _, few = planned(data, MineParams(), 2)
    _, many = planned(data, MineParams(), 7)
    first = recovery_chunk(few[0])[1]
    assert np.array_equal(first, recovery_chunk(many[0])[1][:2])
    assert not np.array_equal(first[0], first[1])


def test_groups_are_drawn_as_a_whole() -> None:
    """Groups of unequal size: resamples differ in their number of entities."""
    groups = tuple(str(min(i // 5, 9)) for i in range(60))
    views = [
        View(v.name, EntityIndex(v.entities.ids, groups), v.attributes, v.values)
        for v in examples.mixed_views(60)
    ]
    data = Dataset.of(views, SplitParams(hold_out=0))
    family, (chunk,) = planned(data, MineParams(), 3)
    assert [unit.size for unit in chunk.units] == [5] * 9 + [15]
    _, best = recovery_chunk(chunk)
    assert best.shape == (3, len(family))
    assert ((best >= 0) & (best <= 1)).all()
    assert (best > 0.5).any()
