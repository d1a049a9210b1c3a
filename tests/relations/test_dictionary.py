"""What explains a learned dictionary, by hand."""

from __future__ import annotations

import pytest
from tests.report import examples, learned_examples

from redescribe.errors import ParameterError, UnknownNameError
from redescribe.relations.dictionary import (
    Source,
    explained_dictionary,
    is_learned,
    learned_views,
)


def test_each_attribute_by_the_first_source_that_explains_it() -> None:
    data = learned_examples.dataset()
    found = explained_dictionary(learned_examples.assessed(data), data)
    assert [entry.source for entry in found.entries] == [
        *(Source.ATTRIBUTES, Source.NEURONS, Source.LABELS, Source.NOTHING)
    ]
    assert found.share_explained == 0.75
    assert (found.view, found.part) == ("learned", "hold-out")
    [first, *_] = found.rows()
    assert (first["explained_by"], first["best_attributes"]) == ("attributes", "R1")
    assert first["jaccard_attributes"] == pytest.approx(1.0)
    assert first["jaccard_labels"] is None


def test_a_rule_of_two_attributes_explains_neither() -> None:
    data = learned_examples.dataset()
    found = explained_dictionary(learned_examples.assessed(data), data)
    assert found.entries[3].best == {}


def test_views_may_be_called_labels_and_another_dictionary() -> None:
    data = learned_examples.dataset()
    assessed = learned_examples.assessed(data)
    found = explained_dictionary(assessed, data, "learned", labels=["measured"])
    assert found.entries[0].source is Source.LABELS
    assert found.entries[2].source is Source.ATTRIBUTES
    assert learned_views(data) == ("learned",)
    assert not is_learned(data.view("net"))
    from_net = explained_dictionary(assessed, data, "net")
    assert from_net.entries[0].source is Source.DICTIONARIES


def test_without_a_hold_out_mined_values_count() -> None:
    data = learned_examples.dataset(hold_out=0)
    found = explained_dictionary(learned_examples.assessed(data), data, min_jaccard=1.0)
    assert found.part == "mined"
    assert found.counts()[Source.NOTHING] == 1


def test_wrong_views_are_errors() -> None:
    data = learned_examples.dataset()
    assessed = learned_examples.assessed(data)
    with pytest.raises(UnknownNameError, match="learnd"):
        explained_dictionary(assessed, data, "learnd")
    with pytest.raises(ParameterError, match=r"range \[0, 1\]"):
        explained_dictionary(assessed, data, min_jaccard=2)
    other = examples.dataset()
    with pytest.raises(ParameterError, match="No view holds learned attributes"):
        explained_dictionary(examples.assessed(other), other)
