"""What repeated searches, and resamples of the hold-out, mean in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.core.network_null import NullKind
from redescribe.core.resampling import Statistic

if TYPE_CHECKING:
    from redescribe.core.resampling import Resampling

_STATISTICS = {
    Statistic.ADJUSTED_JACCARD: "J with the agreement by chance taken away",
    Statistic.JACCARD: "J",
    Statistic.LOG_P: "the in-sample p-value",
}


def resampling_steps(resampling: Resampling, nouns: str, least: str) -> list[str]:
    """Return what was permuted and resampled, a sentence or two for each; none for nothing.

    Parameters
    ----------
    resampling
        How often.
    nouns
        What the entities are.
    least
        The threshold of the Jaccard, as text.

    Examples
    --------
    >>> from redescribe.core.resampling import Resampling
    >>> resampling_steps(Resampling(n_recovery=9), "tumours", "0.50")[0][:41]
    'The search ran 9 times on tumours that we'
    """
    steps = []
    if resampling.n_permutations:
        within = (
            f", among those of the same {resampling.within}" if resampling.within else ""
        )
        measure = _STATISTICS[Statistic(resampling.statistic)]
        steps.append(
            f"The whole search ran again on {resampling.n_permutations:,} copies of the "
            f"mined {nouns} in which the rows of each view were permuted{within}, so that "
            "nothing relates the views. p_search, in the tables of the run, is the share "
            "of these searches, the real one included, whose best for the target, by "
            f"{measure}, is at least as good. It accounts for everything that the search "
            f"tried, and speaks about the mined {nouns}."
        )
    if resampling.n_bootstrap:
        steps.append(
            f"The held-out {nouns} were resampled {resampling.n_bootstrap:,} times, whole "
            "groups where there are any: stability is the share of resamples in which J "
            f"stays at {least} or more."
        )
    if resampling.n_recovery:
        steps.append(
            f"The search ran {resampling.n_recovery:,} times on {nouns} that were drawn "
            "from the mined ones with replacement: recovery is the share of searches that "
            f"find rules for the target that hold for nearly the same {nouns} (Jaccard "
            "0.8 at least)."
        )
    return steps + _replacing_steps(resampling)


def _replacing_steps(resampling: Resampling) -> list[str]:
    given = {
        NullKind.ROTATED: f"{resampling.n_rotations:,} random rotations of its layers, "
        "which keep all distances and lose which directions are neurons",
        NullKind.UNTRAINED: "untrained networks of the same architecture",
    }
    if not resampling.null_networks:
        return []
    nulls = ", and by ".join(given[null] for null in resampling.null_networks)
    return [
        "Where one network explains neurons of another one, it was replaced by "
        f"{nulls}, and the search ran again. The table of targets shows what such null "
        f"networks reach, by {_STATISTICS[Statistic(resampling.statistic)]}: mean and "
        "largest value, and p, the share of these searches, the real one included, that "
        "are at least as good. With few searches no p is small."
    ]
