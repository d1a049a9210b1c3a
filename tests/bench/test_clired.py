"""What a peer's redescriptions count for; the peer itself is not needed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
from benchmarks.clired import as_xml, judged
from benchmarks.inputs import Case

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.view import View

if TYPE_CHECKING:
    from redescribe.core.query import Query


def case(attribute: str = "") -> Case:
    """Entities 0 to 99 as the values of `a`, in steps as those of `b`, and backwards."""
    values = np.arange(100.0)
    own = View.of("own", np.column_stack([values, values // 10]), names=["a", "b"])
    other = View.of("other", values[::-1, None], names=["c"])
    dataset = Dataset.of([own, other], SplitParams(hold_out=0.3))
    return Case(dataset, ("own",), attribute, "split 0: ")


def pair(own: str, other: str) -> tuple[Query, Query]:
    return parse_query(own, "own"), parse_query(other, "other")


def test_targets_alone_are_described_and_others_mentioned() -> None:
    pairs = [pair("a > 49.5", "c <= 49.5"), pair("a > 49.5 AND b > 2.5", "c <= 49.5")]
    described, mentioned = judged(case(), pairs)
    assert described.keys() == {"split 0: own:a"}
    assert mentioned == {"split 0: own:a", "split 0: own:b"}
    (found,) = described["split 0: own:a"]
    assert (found.mined, found.held_out, found.length) == (1.0, 1.0, 2)


def test_only_the_target_that_is_asked_for_counts() -> None:
    pairs = [pair("a > 49.5", "c <= 49.5"), pair("b > 4.5", "c <= 49.5")]
    described, mentioned = judged(case("b"), pairs)
    assert described.keys() == mentioned == {"split 0: own:b"}


def test_what_our_thresholds_do_not_admit_counts_for_nothing() -> None:
    rare, common, unlike = (
        ("a > 95.5", "c <= 3.5"),
        ("a > 4", "c <= 95"),
        ("a > 50", "c > 60"),
    )
    assert judged(case(), [pair(*rare), pair(*common), pair(*unlike)]) == ({}, frozenset())


def test_the_same_pair_counts_once() -> None:
    described, _ = judged(case(), [pair("a > 49.5", "c <= 49.5")] * 2)
    assert len(described["split 0: own:a"]) == 1


def test_preferences_are_read_back() -> None:
    root = ET.fromstring(as_xml({"out_base": "a<b", "min_itm_in": "10"}))  # noqa: S314
    items = {one.findtext("name"): one.findtext("value") for one in root}
    assert items == {"out_base": "a<b", "min_itm_in": "10"}
