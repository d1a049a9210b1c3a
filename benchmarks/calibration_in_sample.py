"""What p-values say that ignore the search, where nothing relates the views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.calibration_studies import ALPHA, PERMUTED, SEARCH
from benchmarks.monte_carlo import ratio, share
from benchmarks.simulated import OWN
from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.selection.select import select
from redescribe.significance.correction import correct
from redescribe.significance.params import Correction

if TYPE_CHECKING:
    from benchmarks.calibration_summary import Summary

LEVELS = (0.01, 0.05)
"""At which in-sample p-values are looked at."""


def in_sample_summary(n_data_sets: int) -> Summary:
    """Shares of findings and of data sets that look significant; all are null.

    The data sets are those of the permutation study, mined without permutations: quick
    enough not to be kept.
    """
    log10_ps = [reported(number) for number in range(n_data_sets)]
    n_findings = [one.size for one in log10_ps]
    corrected = [
        (correct(one, Correction.HOLM) <= np.log10(ALPHA)).any() for one in log10_ps
    ]
    return {
        "n_data_sets": n_data_sets,
        "n_findings": sum(n_findings),
        "level": ALPHA,
        "levels": [
            {
                "level": level,
                **ratio(
                    [int((one <= np.log10(level)).sum()) for one in log10_ps], n_findings
                ),
            }
            for level in LEVELS
        ],
        "any_corrected": share(int(np.sum(corrected)), n_data_sets),
    }


def reported(number: int) -> np.ndarray:
    """The log10 of `p_mined` of what is reported of a data set."""
    dataset = Dataset.of(PERMUTED.views(number), SplitParams(hold_out=0))
    found = select(mine(dataset, MineParams(targets=(OWN,), search=SEARCH, seed=number)))
    return np.array([one.log10_p_mined for one in found], np.float64)
