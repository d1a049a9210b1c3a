"""What explains a learned dictionary, by hand."""

from __future__ import annotations

import pytest
from tests.report import examples, learned_examples

from redescribe.core.query import Interval
from redescribe.core.redescription import RedescriptionSet
from redescribe.core.view import View
from redescribe.errors import ParameterError, UnknownNameError
from redescribe.relations.dictionary import (
    Source,
    explained_dictionary,
    is_learned,
    learned_views,
)
from redescribe.significance.assess import assess


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


def test_columns_of_the_same_attribute_count_once_and_positions_not_at_all() -> None:
    data = learned_examples.dataset(aspects=True)
    place = Interval("flint@attributes:0|row", 0.2)
    scaled = Interval("flint@attributes:1|scaled", 0.7 / 3)
    pairs = (
        (examples.query("learned", place), Interval("width", 2.1), "measured"),
        (examples.query("learned", scaled), Interval("net@fc:7", 1.7), "net"),
    )
    found = tuple(
        examples.redescription(data, own, examples.query(view, other))
        for own, other, view in pairs
    )
    n_mined = data.split.mined.size
    assessed = assess(RedescriptionSet(found, (), data.names, n_mined, 1.0, 0.5), data)
    explained = explained_dictionary(assessed, data)
    names = [entry.attribute for entry in explained.entries]
    assert names == [f"flint@attributes:{j}" for j in range(4)]
    sources = [entry.source for entry in explained.entries]
    assert sources == [Source.NOTHING, Source.NEURONS, Source.NOTHING, Source.NOTHING]
    assert is_learned(data.view("learned"))
    only = data.view("learned")
    places = View("places", only.entities, only.attributes[4:6], only.values[4:6])
    assert not is_learned(places)


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
