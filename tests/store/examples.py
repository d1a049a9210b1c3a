"""Small datasets, redescriptions and assessed sets to store."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st

from redescribe.core.assessed import AssessedSet, Assessment, Evidence, Finding
from redescribe.core.certificate import Certificate, LengthBound
from redescribe.core.dataset import Dataset
from redescribe.core.entities import EntityIndex, SplitParams
from redescribe.core.near_duplicate import NearDuplicate
from redescribe.core.query import Conjunction, Interval, Membership, Query
from redescribe.core.redescription import (
    Agreement,
    Kind,
    OneLiteralBaseline,
    Redescription,
    TargetReport,
    TargetState,
)
from redescribe.core.sample import SampleMethod, SampleRequest, TargetSample
from redescribe.core.support import Support
from redescribe.core.view import Attribute, AttributeKind, View

VIEWS = ("neurons", "labels & more", "third")


def dataset(n_entities: int = 65, *, hold_out: float = 0.3, groups: bool = True) -> Dataset:
    """Three views: float32 neurons, nominal and boolean codes, floats; with NaN."""
    generator = np.random.default_rng(n_entities)
    names = tuple(f"e{i // 3}" for i in range(n_entities)) if groups else ()
    entities = EntityIndex(tuple(f"é{i}" for i in range(n_entities)), names)
    neurons = generator.normal(size=(3, n_entities)).astype(np.float32)
    neurons[0, :2] = np.nan
    units = tuple(Attribute(f'"my layer":{unit}', neuron=True) for unit in range(3))
    codes = generator.integers(0, 2, size=(2, n_entities)).astype(np.float64)
    codes[1, -1] = np.nan
    kinds = (
        Attribute("stage", AttributeKind.NOMINAL, ("I", 'I"I', "")),
        Attribute("smoker", AttributeKind.BOOLEAN, ("false", "true")),
    )
    return Dataset.of(
        [
            View(VIEWS[0], entities, units, neurons),
            View(VIEWS[1], entities, kinds, codes),
            View(
                VIEWS[2],
                entities,
                (Attribute("x"),),
                generator.normal(size=(1, n_entities)),
            ),
        ],
        SplitParams(hold_out=hold_out, seed=3),
    )


logs = st.floats(-400, 0)
finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
attributes = st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6
).filter(lambda text: text.strip() == text)


def _interval(attribute: str, low: float, *, closed: bool) -> Interval:
    return Interval(attribute, low=low, low_closed=closed)


literals = st.one_of(
    st.builds(_interval, attributes, finite, closed=st.booleans()),
    st.builds(lambda a, high: Interval(a, high=high), attributes, finite),
    st.builds(
        lambda a, texts: Membership(a, tuple(texts)),
        attributes,
        st.lists(attributes, min_size=1, max_size=3),
    ),
)
conjunctions = st.builds(
    lambda members, negated: Conjunction(tuple(members), negated=negated),
    st.lists(literals, min_size=1, max_size=3),
    st.booleans(),
)


def queries_over(view: str) -> st.SearchStrategy[Query]:
    """Queries over a view."""
    terms = st.lists(conjunctions, min_size=1, max_size=2)
    return terms.map(lambda members: Query(view, tuple(members)))


def supports_of(n_entities: int) -> st.SearchStrategy[Support]:
    """Supports over so many entities."""
    masks = st.lists(st.booleans(), min_size=n_entities, max_size=n_entities)
    return st.builds(
        lambda a, b: Support.from_mask(np.array(a, bool), unknown=np.array(b, bool)),
        masks,
        masks,
    )


@st.composite
def redescriptions(draw: st.DrawFn, n_entities: int) -> Redescription:
    """Redescriptions of two or three queries."""
    n_queries = draw(st.integers(2, 3))
    return Redescription(
        VIEWS[0],
        draw(attributes),
        draw(attributes),
        draw(st.sampled_from(Kind)),
        tuple(draw(queries_over(view)) for view in VIEWS[:n_queries]),
        tuple(draw(supports_of(n_entities)) for _ in range(n_queries)),
        draw(finite),
        draw(logs),
    )


baselines = st.builds(
    OneLiteralBaseline,
    queries_over(VIEWS[0]),
    queries_over(VIEWS[2]),
    finite,
    finite,
    finite,
    st.integers(0, 10**6),
)
numbers_or_none = st.none() | finite
certificates = st.builds(
    Certificate,
    partner=st.just(VIEWS[1]),
    objective=st.sampled_from(["jaccard", "log-p"]),
    n_own=st.integers(0, 10**6),
    n_literals=st.integers(0, 10**6),
    all_cuts=st.booleans(),
    left=st.none() | queries_over(VIEWS[0]),
    right=st.none() | queries_over(VIEWS[1]),
    jaccard=numbers_or_none,
    support=st.none() | st.integers(0, 65),
    union=st.none() | st.integers(0, 65),
    by_length=st.lists(
        st.builds(LengthBound, st.integers(1, 9), numbers_or_none, numbers_or_none),
        min_size=1,
        max_size=3,
    ).map(tuple),
    n_nodes=st.integers(0, 10**12),
    pool=st.text("0123456789abcdef", min_size=64, max_size=64),
)
reports = st.builds(
    TargetReport,
    st.sampled_from(VIEWS),
    attributes,
    attributes,
    st.sampled_from(TargetState),
    st.sampled_from(["", "constant"]),
    st.integers(0, 9),
    st.none() | finite,
    st.none() | baselines,
    st.integers(0, 10**9),
    certificates=st.lists(certificates, max_size=2).map(tuple),
)


@st.composite
def parts(draw: st.DrawFn) -> list[tuple[TargetReport, tuple[Redescription, ...]]]:
    """Results of a chunk, also of targets that kept nothing."""
    n_entities = draw(st.sampled_from([1, 63, 64, 65]))
    kept = st.lists(redescriptions(n_entities), max_size=2).map(tuple)
    return draw(st.lists(st.tuples(reports, kept), max_size=3))


@st.composite
def assessed_sets(draw: st.DrawFn) -> AssessedSet:
    """Assessed sets with and without a hold-out, also empty ones."""
    n_hold_out = draw(st.sampled_from([0, 30]))
    agreements = supports_of(3).map(lambda support: Agreement.of((support, ~support)))
    bounds = st.none() | finite
    near = st.builds(
        NearDuplicate,
        st.text("0123456789abcdef", min_size=16, max_size=16),
        st.tuples(*map(queries_over, VIEWS[:2])),
        st.floats(0, 1),
        st.floats(0, 1),
    )
    tested = st.builds(
        Assessment, agreements, bounds, bounds, finite, logs, logs, st.booleans()
    )
    found = draw(st.lists(redescriptions(65), max_size=3))
    findings = tuple(
        Finding(
            f"R{i}",
            redescription,
            draw(tested) if n_hold_out else None,
            tuple(draw(st.lists(near, max_size=2))),
        )
        for i, redescription in enumerate(found, start=1)
    )
    evidence = Evidence(
        n_mined=65,
        n_hold_out=n_hold_out,
        family_size=len(findings),
        n_candidates=draw(st.integers(0, 10**12)),
        test="fixed_margin",
        correction="bh",
        alpha=0.01,
        min_jaccard=0.5,
        seed=7,
    )
    told = tuple(draw(st.lists(reports, max_size=3)))
    request = st.builds(SampleRequest, st.sampled_from(SampleMethod), st.integers(1, 99))
    numbers = st.integers(0, 10**6)
    sample = draw(st.none() | st.builds(TargetSample, request, numbers, numbers, numbers))
    return AssessedSet(findings, told, VIEWS, evidence, math.pi, sample)


def one_result(n_entities: int = 65) -> tuple[TargetReport, tuple[Redescription, ...]]:
    """A described target with one redescription."""
    mask = np.arange(n_entities) % 3 == 0
    redescription = Redescription(
        VIEWS[0],
        "fc:0",
        "fc:0",
        Kind.INDIVIDUAL,
        (
            Query(VIEWS[0], (Conjunction((Interval("fc:0", 0.1),)),)),
            Query(VIEWS[1], (Conjunction((Membership("smoker", ("true",)),)),)),
        ),
        (Support.from_mask(mask), Support.from_mask(~mask, unknown=mask)),
        0.25,
        -12.5,
    )
    report = TargetReport(
        VIEWS[0], "fc:0", "fc:0", TargetState.DESCRIBED, "", 2, 0.75, None, 41
    )
    return report, (redescription,)
