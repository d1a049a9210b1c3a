"""Redescriptions of two arrays, with scikit-learn manners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import Tags, TargetTags, TransformerTags
from sklearn.utils.validation import (
    check_array,
    check_consistent_length,
    check_is_fitted,
    validate_data,
)

from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.view import View
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.search.params import SearchParams, Thresholds
from redescribe.selection.select import select
from redescribe.significance.assess import assess
from redescribe.significance.params import AssessParams

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from redescribe._typing import AnyArray, Mask
    from redescribe.core.assessed import AssessedSet
    from redescribe.core.support import Support

VIEWS = ("X", "Y")


class RedescriptionMiner(BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Finds pairs of rules, one over X and one over Y, that hold for the same samples.

    Both arrays describe the same samples, as in `CCA.fit(X, Y)`: say, input attributes and
    activations. Every column of both is a target.

    Parameters
    ----------
    min_jaccard
        Smallest Jaccard on the mining part and, for a confirmed finding, on the hold-out.
    min_support, max_support
        Bounds on the samples of a finding in the mining part: int counts, float shares.
    hold_out
        Share of the samples that test the findings; 0 for in-sample results only.
    discretizer
        "two-bin", "equal-width", "equal-frequency" or "kmeans".
    alpha
        Largest q-value of a confirmed finding.
    n_jobs
        Threads, as joblib counts them.
    random_state
        Seed of the split and of the search, an int.

    Attributes
    ----------
    findings_ : AssessedSet
        The findings with their evidence, on views called "X" and "Y".
    n_features_in_ : int
        Columns of X.
    feature_names_in_ : ndarray of str
        Names of the columns of X, if it was a data frame with text names.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(200, 2))
    >>> Y = np.column_stack([X[:, 0] > 0.5, X[:, 1]])
    >>> miner = RedescriptionMiner(random_state=0).fit(X, Y)
    >>> miner.transform(X, Y).shape == (200, len(miner.findings_))
    True
    """

    def __init__(
        self,
        *,
        min_jaccard: float = 0.5,
        min_support: float = 10,
        max_support: float = 0.8,
        hold_out: float = 0.3,
        discretizer: str = "two-bin",
        alpha: float = 0.01,
        n_jobs: int | None = None,
        random_state: int = 0,
    ) -> None:
        self.min_jaccard = min_jaccard
        self.min_support = min_support
        self.max_support = max_support
        self.hold_out = hold_out
        self.discretizer = discretizer
        self.alpha = alpha
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(self, X: ArrayLike, Y: ArrayLike) -> RedescriptionMiner:
        """Mine and test redescriptions between the columns of X and those of Y.

        Parameters
        ----------
        X, Y
            Arrays or data frames of numbers, shapes (n_samples, n_features_x) and
            (n_samples, n_features_y); NaN means missing.

        Raises
        ------
        RedescribeError
            If a parameter is out of its bounds or the data cannot be mined.
        """
        views = self._views(X, Y, reset=True)
        dataset = Dataset.of(
            views, SplitParams(hold_out=self.hold_out, seed=self.random_state)
        )
        thresholds = Thresholds(
            min_jaccard=self.min_jaccard,
            min_support=self.min_support,
            max_support=self.max_support,
        )
        params = MineParams(
            discretizer=self.discretizer,  # type: ignore[arg-type]  # MineParams checks it
            search=SearchParams(thresholds=thresholds),
            seed=self.random_state,
        )
        mined = mine(dataset, params, executor=JoblibExecutor(n_jobs=self.n_jobs))
        family = select(mined)
        self.findings_: AssessedSet = assess(
            family, dataset, AssessParams(alpha=self.alpha)
        )
        return self

    def transform(self, X: ArrayLike, Y: ArrayLike) -> Mask:
        """Return where both rules of each finding hold, for samples of any origin.

        Returns
        -------
        ndarray of bool, shape (n_samples, n_findings)
            False also where a missing value leaves a rule undecided.

        Raises
        ------
        ValueError
            If X or Y have other columns than the arrays of `fit`.
        """
        check_is_fitted(self, "findings_")
        dataset = Dataset.of(self._views(X, Y, reset=False), SplitParams(hold_out=0))
        supports = [
            finding.redescription.supports_on(dataset) for finding in self.findings_
        ]
        columns = [_all(pair) for pair in supports]
        return np.array(columns, dtype=np.bool_).reshape(len(columns), dataset.n_entities).T

    def __sklearn_tags__(self) -> Tags:
        tags: Tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags = TransformerTags()
        tags.target_tags = TargetTags(
            required=True, two_d_labels=True, multi_output=True, single_output=False
        )
        return tags

    def _views(
        self, X: ArrayLike, Y: ArrayLike | None, *, reset: bool
    ) -> tuple[View, View]:
        """Check both arrays, remember or compare the columns of X, and name the views."""
        if Y is None:
            em = "Y: Expected array-like (array or non-string sequence), got None."
            raise ValueError(em)
        options: dict[str, Any] = {
            "ensure_all_finite": "allow-nan",
            "dtype": "numeric",
            "ensure_min_samples": 2 if reset else 1,
        }
        arrays: list[AnyArray] = [
            validate_data(self, X, reset=reset, **options),
            check_array(Y, input_name="Y", **options),
        ]
        check_consistent_length(*arrays)
        entities = EntityIndex.numbered(len(arrays[0]))
        first, second = (
            View.of(name, array, names=_names(values), entities=entities)
            for name, array, values in zip(VIEWS, arrays, (X, Y), strict=True)
        )
        return first, second


def _names(values: Any) -> list[str]:  # noqa: ANN401 - any array or data frame
    columns = list(getattr(values, "columns", []))
    return columns if all(isinstance(column, str) for column in columns) else []


def _all(supports: tuple[Support, ...]) -> Mask:
    both = supports[0]
    for support in supports[1:]:
        both = both & support
    return both.mask
