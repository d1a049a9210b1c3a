"""The estimator keeps scikit-learn's manners, and finds what the functions find."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.view import View
from redescribe.errors import ParameterError, RedescribeError
from redescribe.estimators.miner import RedescriptionMiner
from redescribe.mining.miner import mine
from redescribe.mining.params import MineParams
from redescribe.selection.select import select
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from collections.abc import Callable

    from redescribe._typing import Floats

TWO_ARRAYS = "the check calls transform(X), and rules over Y need Y as in CCA.transform"
EXPECTED_FAILURES = dict.fromkeys(
    (
        "check_array_api_input",
        "check_dict_unchanged",
        "check_dtype_object",
        "check_estimators_dtypes",
        "check_estimators_pickle",
        "check_f_contiguous_array_estimator",
        "check_fit2d_predict1d",
        "check_fit_idempotent",
        "check_methods_sample_order_invariance",
        "check_methods_subset_invariance",
        "check_n_features_in_after_fitting",
        "check_transformers_unfitted",
    ),
    TWO_ARRAYS,
) | {
    "check_transformer_data_not_an_array": "the check fits a vector y; Y is a table",
    "check_transformer_general": "the check fits a vector y; Y is a table",
    "check_transformer_preserve_dtypes": "there is no fit_transform: findings are Booleans",
}
# The checks fit as few as ten samples, of which none can be held out.
SMALL = RedescriptionMiner(min_support=1, hold_out=0)


def expected_failures(estimator: RedescriptionMiner) -> dict[str, str]:
    return EXPECTED_FAILURES


@parametrize_with_checks(  # type: ignore[untyped-decorator]  # scikit-learn is untyped
    [SMALL], expected_failed_checks=expected_failures
)
def test_manners_of_scikit_learn(
    estimator: RedescriptionMiner, check: Callable[[RedescriptionMiner], None]
) -> None:
    check(estimator)


@pytest.fixture(scope="module")
def arrays() -> tuple[Floats, Floats]:
    """Two columns of Y follow from X."""
    generator = np.random.default_rng(1)
    X = generator.normal(size=(200, 3))
    Y = np.column_stack([X[:, 0] > 0.5, X[:, 1] + 0.1 * generator.normal(size=200)])
    return X, Y


def test_it_finds_what_the_functions_find(arrays: tuple[Floats, Floats]) -> None:
    miner = RedescriptionMiner(random_state=4).fit(*arrays)
    views = [View.of(name, a) for name, a in zip("XY", arrays, strict=True)]
    dataset = Dataset.of(views, SplitParams(seed=4))
    family = select(mine(dataset, MineParams(seed=4)))
    assert miner.findings_.rows() == assess(family, dataset).rows()
    assert miner.findings_.counts["replicated"]
    assert miner.n_features_in_ == 3


def test_transform_says_where_both_rules_hold(arrays: tuple[Floats, Floats]) -> None:
    X, Y = arrays
    miner = RedescriptionMiner().fit(X, Y)
    held = miner.transform(X, Y)
    assert held.shape == (200, len(miner.findings_))
    assert held.dtype == np.bool_
    for finding, column in zip(miner.findings_, held.T, strict=True):
        mined = finding.redescription.mined
        assert finding.assessment is not None
        assert column.sum() == mined.support + finding.assessment.hold_out.support
    np.testing.assert_array_equal(miner.transform(X[::-1], Y[::-1]), held[::-1])


def test_a_fitted_miner_can_be_pickled(arrays: tuple[Floats, Floats]) -> None:
    miner = RedescriptionMiner().fit(*arrays)
    again = pickle.loads(pickle.dumps(miner))  # noqa: S301 - our own bytes
    assert again.findings_ == miner.findings_
    np.testing.assert_array_equal(again.transform(*arrays), miner.transform(*arrays))


def test_fit_neither_changes_its_arrays_nor_remembers(
    arrays: tuple[Floats, Floats],
) -> None:
    copies = [array.copy() for array in arrays]
    miner = RedescriptionMiner().fit(*arrays)
    first = miner.findings_.rows()
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)
    assert miner.fit(*arrays).findings_.rows() == first


def test_without_findings_there_are_no_columns(arrays: tuple[Floats, Floats]) -> None:
    noise = np.random.default_rng(0).normal(size=(200, 1))
    miner = RedescriptionMiner(min_jaccard=1.0).fit(arrays[0], noise)
    assert miner.transform(arrays[0], noise).shape == (200, 0)


def test_parameters_are_stored_and_cloned() -> None:
    miner = RedescriptionMiner(min_jaccard=0.7, discretizer="kmeans")
    parameters = miner.get_params()
    assert parameters["min_jaccard"] == 0.7
    assert parameters.keys() == {
        *("alpha", "discretizer", "hold_out", "max_support", "min_jaccard"),
        *("min_support", "n_jobs", "random_state"),
    }
    assert clone(miner).get_params() == parameters
    assert miner.set_params(alpha=0.05).alpha == 0.05


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"min_jaccard": 2}, "'min_jaccard' parameter of Thresholds must be in the range"),
        ({"hold_out": 1.0}, "'hold_out' parameter of SplitParams"),
        ({"discretizer": "median"}, "There is no discretizer 'median'"),
        ({"min_support": 150}, "no support can be within"),
        ({"alpha": 0.0}, "'alpha' parameter of AssessParams"),
    ],
)
def test_parameters_are_checked_by_fit(
    arrays: tuple[Floats, Floats], parameters: dict[str, Any], message: str
) -> None:
    miner = RedescriptionMiner(**parameters)
    with pytest.raises(RedescribeError, match=message):
        miner.fit(*arrays)


@pytest.mark.parametrize("n_jobs", [None, 1, 2])
def test_threads_change_nothing(arrays: tuple[Floats, Floats], n_jobs: int | None) -> None:
    expected = RedescriptionMiner().fit(*arrays).findings_.rows()
    assert RedescriptionMiner(n_jobs=n_jobs).fit(*arrays).findings_.rows() == expected


def test_missing_values_are_unknown(arrays: tuple[Floats, Floats]) -> None:
    X, Y = arrays[0].copy(), arrays[1]
    X[:40, 0] = np.nan
    miner = RedescriptionMiner().fit(X, Y)
    held = miner.transform(X, Y)
    uses_it = [
        (query := finding.redescription.query("X")) is not None
        and query.attributes == ("x0",)
        for finding in miner.findings_
    ]
    assert any(uses_it)
    assert not held[:40, uses_it].any()


def test_data_frames_keep_their_names(arrays: tuple[Floats, Floats]) -> None:
    X = pd.DataFrame(arrays[0], columns=["age", "blood pressure", "n"])
    Y = pd.DataFrame(arrays[1], columns=["unit 0", "unit 1"])
    miner = RedescriptionMiner().fit(X, Y)
    assert miner.feature_names_in_.tolist() == list(X.columns)
    frame = miner.findings_.to_frame()
    assert frame["query_X"].str.contains('"blood pressure"').any()
    assert {name.partition(":")[2] for name in frame["target"]} <= {*X.columns, *Y.columns}
    held = miner.transform(X, Y)
    assert held.shape == (200, len(frame))
    with pytest.raises(ValueError, match="feature names"):
        miner.transform(X.rename(columns={"age": "years"}), Y)


def test_wrong_arrays_are_errors(arrays: tuple[Floats, Floats]) -> None:
    X, Y = arrays
    with pytest.raises(NotFittedError):
        RedescriptionMiner().transform(X, Y)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        RedescriptionMiner().fit(X, Y[:-1])
    with pytest.raises(ValueError, match="minimum of 2 is required"):
        RedescriptionMiner().fit(X[:1], Y[:1])
    with pytest.raises(ValueError, match="Expected 2D array"):
        RedescriptionMiner().fit(X, Y[:, 0])
    miner = RedescriptionMiner().fit(X, Y)
    with pytest.raises(ValueError, match="X has 2 features, but"):
        miner.transform(X[:, :2], Y)
    with pytest.raises(ParameterError, match="leaves one part"):
        RedescriptionMiner(hold_out=0.001).fit(X, Y)
