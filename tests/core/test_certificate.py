"""What a certificate says, and that its record says the same."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from redescribe.core.certificate import Certificate, LengthBound, proven
from redescribe.core.query import Conjunction, Interval, Membership, Query

LEFT = Query("net", (Conjunction((Interval("fc:0", 0.5),)),))
RIGHT = Query("x y", (Conjunction((Membership("k", ("a", "b")), Interval("w", 0.25))),))
OPTIMAL = Certificate(
    partner="x y",
    objective="jaccard",
    n_own=12,
    n_literals=340,
    all_cuts=True,
    left=LEFT,
    right=RIGHT,
    jaccard=0.9375,
    support=15,
    union=16,
    by_length=(LengthBound(1, 0.8, 0.8), LengthBound(2, 0.9375, 0.9375)),
    n_nodes=9_000,
    pool="0f" * 32,
)
GAP = replace(
    OPTIMAL, by_length=(LengthBound(1, 0.8, 0.8), LengthBound(2, 0.9123, 0.95001))
)
NOTHING = replace(
    OPTIMAL,
    left=None,
    right=None,
    jaccard=None,
    support=None,
    union=None,
    by_length=(LengthBound(1, None, None),),
)
NOT_YET = replace(NOTHING, by_length=(LengthBound(3, None, 0.9),))


def test_the_longest_length_counts() -> None:
    assert (OPTIMAL.best, OPTIMAL.bound, OPTIMAL.max_length) == (0.9375, 0.9375, 2)
    assert (GAP.best, GAP.bound) == (0.9123, 0.95001)
    completes = [found.complete for found in (OPTIMAL, GAP, NOTHING, NOT_YET)]
    assert completes == [True, False, True, False]


@pytest.mark.parametrize(
    ("certificate", "summary"),
    [
        (OPTIMAL, "0.94 optimal"),
        (GAP, "0.91 to 0.96"),
        (NOTHING, "none passes"),
        (NOT_YET, "none to 0.90"),
        (replace(OPTIMAL, by_length=(LengthBound(1, 0.9985, 0.9985),)), "0.99 optimal"),
        (
            replace(OPTIMAL, objective="log-p", by_length=(LengthBound(1, 31.5, 31.5),)),
            "31.50 optimal",
        ),
    ],
)
def test_a_bound_is_never_printed_smaller_than_it_is(
    certificate: Certificate, summary: str
) -> None:
    assert certificate.summary == summary


@pytest.mark.parametrize(
    ("certificate", "parts"),
    [
        (OPTIMAL, ("at most 2 of x y joined by AND, none", "larger J on", "found, 0.938.")),
        (GAP, ("has J above 0.951 on the mining part", "found has 0.912 before")),
        (NOTHING, ("at most 1 of x y", "none passes the thresholds.")),
        (NOT_YET, ("has J above 0.900 on", "none was found before --max-nodes")),
        (replace(OPTIMAL, all_cuts=False), ("AND (cuts at the ends of bins), none",)),
        (replace(GAP, objective="log-p"), ("has -log10 p mined above 0.951",)),
        (replace(OPTIMAL, objective="adjusted-jaccard"), ("a larger adjusted J on",)),
    ],
)
def test_the_sentence_says_what_is_proven(
    certificate: Certificate, parts: tuple[str, ...]
) -> None:
    assert certificate.sentence.startswith("Proven: of one cut or category of the target")
    assert all(part in certificate.sentence for part in parts)


def test_several_views_are_told_apart() -> None:
    assert proven([]) == ""
    assert proven([GAP]) == "0.91 to 0.96"
    other = replace(OPTIMAL, partner="z")
    assert proven([GAP, other]) == "x y: 0.91 to 0.96; z: 0.94 optimal"


@pytest.mark.parametrize("certificate", [OPTIMAL, GAP, NOTHING, NOT_YET])
def test_records_are_json_and_say_the_same(certificate: Certificate) -> None:
    record = json.loads(json.dumps(certificate.record()))
    assert Certificate.of_record(record) == certificate
    assert record["complete"] is certificate.complete
    assert (record["best"], record["bound"]) == (certificate.best, certificate.bound)
    assert record["max_length"] == certificate.max_length
    completes = [found["complete"] for found in record["by_length"]]
    assert completes == [found.complete for found in certificate.by_length]


def test_queries_are_texts_in_a_record() -> None:
    record = OPTIMAL.record()
    assert (record["left_view"], record["left"]) == ("net", "fc:0 > 0.5")
    assert record["right"] == 'k in {"a", "b"} AND w > 0.25'
