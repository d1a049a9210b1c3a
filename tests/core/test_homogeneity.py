"""Majority, purity and entropy of a set of entities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from redescribe.core.entities import EntityIndex
from redescribe.core.homogeneity import Homogeneity
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import UnknownNameError, ViewError

CATEGORIES = ("a", "b", "c")


@given(st.lists(st.integers(0, 50), min_size=1, max_size=9))
def test_entropy_agrees_with_scipy(counts: list[int]) -> None:
    names = tuple(map(str, range(len(counts))))
    found = Homogeneity.of(np.array(counts), names)
    assert found.counts == tuple(counts)
    if not sum(counts):
        assert (found.majority, found.purity, found.entropy) == (None, None, None)
        return
    assert found.entropy == pytest.approx(entropy(counts, base=2), abs=1e-12)
    assert found.purity == max(counts) / sum(counts)
    assert found.majority == names[counts.index(max(counts))]


def test_a_single_class_has_entropy_zero_and_no_sign() -> None:
    found = Homogeneity.of(np.array([0, 7, 0]), CATEGORIES)
    assert (found.majority, found.purity) == ("b", 1.0)
    assert str(found.entropy) == "0.0"


def view() -> View:
    codes = np.array([[0, 1, np.nan, 1, 2, 0.5 * 4]])
    attribute = Attribute("stage", AttributeKind.NOMINAL, CATEGORIES)
    return View("labels", EntityIndex.numbered(6), (attribute,), codes)


def test_members_without_a_class_are_not_counted() -> None:
    members = np.array([1, 1, 1, 1, 0, 0], bool)
    found = Homogeneity.among(view(), "stage", members)
    assert (found.counts, found.majority, found.purity) == ((1, 2, 0), "b", 2 / 3)
    nobody = Homogeneity.among(view(), "stage", np.array([0, 0, 1, 0, 0, 0], bool))
    assert nobody == Homogeneity((0, 0, 0), None, None, None)


def test_numbers_and_unknown_names_are_refused() -> None:
    everyone = np.ones(2, bool)
    with pytest.raises(ViewError, match="'x0' of view 'x' is numeric"):
        Homogeneity.among(View.of("x", [[1.0], [2.0]]), "x0", everyone)
    with pytest.raises(UnknownNameError, match="Did you mean 'stage'"):
        Homogeneity.among(view(), "stages", np.ones(6, bool))
