"""Compiles, or loads from the cache, every kernel of a search before work is timed."""

from __future__ import annotations

import numpy as np

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.view import View
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.params import SearchParams, Thresholds

_N_ENTITIES = 48


def warm_up(search: str) -> None:
    """Mine a tiny dataset by trees and by a named strategy, and forget the results.

    Threads then find all kernels compiled, and the seconds of a run hold no compilation.
    The first call after an installation takes most of a minute, later ones a moment.
    """
    values = np.random.default_rng(0).normal(size=(_N_ENTITIES, 3))
    noisy = values + 0.5 * np.random.default_rng(1).normal(size=values.shape)
    noisy[0, 0] = np.nan
    dataset = Dataset.of(
        [View.of("x", values), View.of("y", noisy)], SplitParams(hold_out=0)
    )
    thresholds = Thresholds(min_support=4, min_jaccard=0.1, max_p_mined=1.0)
    # Further views are added by trees, whatever the strategy.
    for name in dict.fromkeys(("trees", search)):
        mine(dataset, MineParams(search=SearchParams(search=name, thresholds=thresholds)))
