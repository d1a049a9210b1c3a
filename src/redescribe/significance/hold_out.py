"""A redescription on entities that the search never saw, its queries unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.special import betaincinv

from redescribe.core.redescription import Agreement
from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from redescribe.core.dataset import Dataset
    from redescribe.core.redescription import Redescription


def evaluate(redescription: Redescription, part: Dataset) -> Agreement:
    """Return how well the unchanged queries agree on other entities.

    Parameters
    ----------
    redescription
        Found on the mining part.
    part
        Usually `dataset.hold_out_part`; an unknown query value satisfies nothing.

    Raises
    ------
    UnknownNameError, ViewError
        If the part lacks a view or an attribute of a query.

    References
    ----------
    Specification of redescription mining, section 7.3.

    Examples
    --------
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.entities import SplitParams
    >>> from redescribe.core.grammar import parse_query
    >>> from redescribe.core.redescription import Kind, Redescription
    >>> from redescribe.core.view import View
    >>> views = [View.of(name, [[1.0], [2.0], [3.0]], names=["a"]) for name in "xy"]
    >>> part = Dataset.of(views, SplitParams(hold_out=0))
    >>> queries = (parse_query("a > 1", "x"), parse_query("a > 2", "y"))
    >>> found = Redescription("x", "a", "x:a", Kind.INDIVIDUAL, queries, (), 0.5, -1.0)
    >>> evaluate(found, part).jaccard
    0.5
    """
    return Agreement.of(redescription.supports_on(part), redescription.missing)


def clopper_pearson(
    n_successes: int, n_trials: int, level: float = 0.95
) -> tuple[float, float]:
    """Return the exact interval of a share: given |U|, |I| is binomial with the true J.

    Parameters
    ----------
    n_successes, n_trials
        |I| and |U|; at least one trial.
    level
        Coverage, between 0 and 1.

    Raises
    ------
    ParameterError
        If not 0 <= n_successes <= n_trials, 0 < n_trials and 0 < level < 1.

    References
    ----------
    Specification of redescription mining, section 7.3. Clopper and Pearson, 1934.

    Examples
    --------
    >>> low, high = clopper_pearson(8, 10)
    >>> round(low, 4), round(high, 4)
    (0.4439, 0.9748)
    """
    if not (0 <= n_successes <= n_trials and n_trials > 0 and 0 < level < 1):
        em = (
            "clopper_pearson needs 0 <= n_successes <= n_trials, at least one trial and a "
            f"level between 0 and 1. Got {n_successes}, {n_trials} and {level}."
        )
        raise ParameterError(em)
    outside = (1 - level) / 2
    n_failures = n_trials - n_successes
    low = betaincinv(n_successes, n_failures + 1, outside) if n_successes else 0.0
    high = betaincinv(n_successes + 1, n_failures, 1 - outside) if n_failures else 1.0
    return float(low), float(high)
