"""Coded queries say on codes what their text says on values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.search import examples

from redescribe._kernels.bitset import intersection_size, set_size, union_size
from redescribe.core.entities import EntityIndex
from redescribe.core.grammar import parse_query
from redescribe.core.support import pack
from redescribe.core.view import BOOLEAN_CATEGORIES, Attribute, AttributeKind, View
from redescribe.discretize.quantile import bin_view
from redescribe.search.coded import CodedQuery
from redescribe.search.language import QueryLanguage
from redescribe.search.params import SearchParams

if TYPE_CHECKING:
    from redescribe._typing import AnyArray

seeds = st.integers(0, 10_000)
sizes = st.sampled_from([20, 63, 64, 65, 130])
shares = st.sampled_from([0.0, 0.3])
max_bins = st.sampled_from([3, 255])


def random_query(seed: int, view: View, max_bins: int) -> CodedQuery | None:
    """Up to three terms, each with at most one literal per attribute."""
    rng = np.random.default_rng(seed)
    binned = bin_view(view, max_bins)
    terms, signs = [], []
    for _ in range(rng.integers(1, 4)):
        rows = []
        for attribute in rng.permutation(len(view.names))[: rng.integers(1, 4)].tolist():
            n = len(binned.bins[attribute])
            if binned.is_nominal[attribute]:
                code = int(rng.integers(n))
                rows.append([attribute, code, code, int(rng.integers(2))])
                continue
            first, last = np.sort(rng.integers(0, n, 2)).tolist()
            if (first, last) != (0, n - 1):
                rows.append([attribute, first, last, 1])
        if rows:
            terms.append([np.array(rows, np.int32)])
            signs.append(bool(rng.integers(2)))
    return CodedQuery.of(binned, terms, signs) if terms else None


@given(seed=seeds, n_entities=sizes, share=shares, max_bins=max_bins)
def test_the_query_on_values_has_the_same_support(
    seed: int, n_entities: int, share: float, max_bins: int
) -> None:
    view = examples.mixed(seed, n_entities, missing_share=share)
    coded = random_query(seed, view, max_bins)
    assume(coded is not None)
    assert coded is not None
    query = coded.query()
    support = coded.support()
    assert (query.on(view).satisfied == support.satisfied).all()
    if not (support.mask | support.unknown_mask).all():  # else no category is left to name
        assert len(query) == len(coded)
    signs = [term.negated for term in query.terms]
    assert signs == sorted(signs)


@given(seed=seeds, n_entities=sizes, share=shares, max_bins=max_bins)
def test_the_printed_query_has_the_same_support(
    seed: int, n_entities: int, share: float, max_bins: int
) -> None:
    view = examples.mixed(seed, n_entities, missing_share=share)
    coded = random_query(seed, view, max_bins)
    assume(coded is not None)
    assert coded is not None
    read = parse_query(str(coded.query()), view.name)
    assert read == coded.query()
    assert (read.on(view).satisfied == coded.satisfied()).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(seed=seeds)
def test_printed_bounds_separate_the_closest_values(dtype: type, seed: int) -> None:
    rng = np.random.default_rng(seed)
    start = rng.choice([0.0, 1.0, -3.7, 1e-30, 1e30, 123456.789])
    column: AnyArray = np.full((6, 1), start, dtype)
    for i in range(1, 6):
        column[i] = np.nextafter(column[i - 1], np.asarray(np.inf, dtype))
    view = View.of("x", column)
    binned = bin_view(view)
    for code in range(1, len(binned.bins[0])):
        literal = np.array([[0, code, len(binned.bins[0]) - 1, 1]], np.int32)
        coded = CodedQuery.of(binned, [[literal]], [False])
        read = parse_query(str(coded.query()), "x")
        assert (read.on(view).satisfied == coded.satisfied()).all()


@given(seed=seeds, n_entities=sizes, share=shares)
def test_simplified_queries_stay_within_the_gates(
    seed: int, n_entities: int, share: float
) -> None:
    view = examples.mixed(seed, n_entities, missing_share=share)
    coded = random_query(seed, view, 255)
    assume(coded is not None)
    assert coded is not None
    rng = np.random.default_rng(seed)
    other = coded.satisfied() & pack(rng.random(n_entities) < 0.8)
    support, union = (f(coded.satisfied(), other) for f in (intersection_size, union_size))
    assume(support)
    gates = np.array([support - 1, n_entities, support / union - 0.1])
    short = coded.simplified(
        np.stack([other, other]),
        literal_epsilon=0.005,
        gates=gates,
        needed=np.zeros(len(coded.literals), np.bool_),
    )
    assert len(short) <= len(coded)
    assert short.terms.tolist() == sorted(short.terms.tolist())
    assert set(short.terms.tolist()) == set(range(short.negated.size))
    if not share:
        words = short.satisfied()
        assert intersection_size(words, other) >= gates[0]
        assert intersection_size(words, other) / union_size(words, other) >= gates[2]
    assert (short.query().on(view).satisfied == short.satisfied()).all()


def test_joined_rules_of_one_attribute_become_one_interval() -> None:
    view = bin_view(View.of("x", np.arange(12.0).reshape(-1, 2)))
    low = np.array([[0, 0, 3, 1], [1, 2, 5, 1]], np.int32)
    high = np.array([[0, 1, 5, 1]], np.int32)
    joined = CodedQuery.of(view, [[low, high]], [False])
    assert joined.literals.tolist() == [[0, 1, 3, 1], [1, 2, 5, 1]]
    assert set_size(joined.satisfied()) == 2


def test_literals_on_one_nominal_attribute_count_once() -> None:
    view = examples.mixed(0, 40)
    rows = np.array([[3, 0, 0, 0], [3, 1, 1, 0]], np.int32)
    coded = CodedQuery.of(bin_view(view), [[rows]], [False])
    assert str(coded.query()) == 'k in {"grey", "red"}'
    assert len(coded) == len(coded.query()) == 1


def test_a_negated_one_sided_literal_is_written_without_not() -> None:
    view = bin_view(View.of("x", [[0.0], [1.0], [2.0], [np.nan]]))
    literal = np.array([[0, 0, 1, 1]], np.int32)
    coded = CodedQuery.of(view, [[literal]], [True])
    other = pack(np.array([False, False, True, False]))
    short = coded.simplified(
        np.stack([other, other]),
        literal_epsilon=0.0,
        gates=np.array([1, 4, 1.0]),
        needed=np.zeros(1, np.bool_),
    )
    assert str(short.query()) == "x0 > 1.5"


def flags(n_entities: int, *, missing_share: float = 0.0) -> View:
    """Two boolean attributes, a nominal one of three categories, and a number."""
    rng = np.random.default_rng(n_entities)
    values = rng.integers(0, 2, (4, n_entities)) + 0.0
    values[2:] = rng.integers(0, 3, (2, n_entities))
    values[rng.random(values.shape) < missing_share] = np.nan
    attributes = (
        *(Attribute(name, AttributeKind.BOOLEAN, BOOLEAN_CATEGORIES) for name in "ab"),
        Attribute("c", AttributeKind.NOMINAL, ("i", "j", "k")),
        Attribute("x"),
    )
    return View("flags", EntityIndex.numbered(n_entities), attributes, values)


@pytest.mark.parametrize(
    ("rows", "wanted", "as_or"),
    [
        ([[0, 0, 0, 1]], "a", ""),
        ([[0, 1, 1, 1]], 'a = "false"', ""),
        ([[0, 0, 0, 0]], 'a = "false"', ""),
        ([[2, 1, 1, 0]], 'c = "j"', ""),
        ([[2, 1, 1, 1]], 'NOT (c = "j")', ""),
        ([[3, 0, 0, 1]], "x > 0.5", ""),
        ([[3, 1, 1, 1]], "NOT (0.5 < x <= 1.5)", ""),
        ([[0, 0, 0, 1], [1, 0, 0, 1]], 'NOT (a = "false" AND b = "false")', "(a) OR (b)"),
        (
            [[0, 1, 1, 1], [3, 0, 1, 1]],
            "NOT (a AND x <= 1.5)",
            '(a = "false") OR (x > 1.5)',
        ),
        ([[0, 0, 0, 1], [2, 1, 1, 1]], 'NOT (a = "false" AND c = "j")', ""),
        ([[2, 0, 0, 0], [2, 1, 1, 0]], 'NOT (c = "k")', ""),
    ],
)
@pytest.mark.parametrize("share", [0.0, 0.3])
def test_negations_are_written_positively_where_this_is_short(
    rows: list[list[int]], wanted: str, as_or: str, share: float
) -> None:
    view = flags(130, missing_share=share)
    coded = CodedQuery.of(bin_view(view), [[np.array(rows, np.int32)]], [True])
    short = simplified(coded)
    assert str(short.query()) == wanted
    alternatives = short.as_alternatives()
    assert str(alternatives.query()) == (as_or or wanted)
    for written in (short, alternatives):
        assert len(written) == len(coded)
        assert (written.satisfied() == coded.satisfied()).all()
        assert written.support() == coded.support()
        assert (written.query().on(view).satisfied == coded.satisfied()).all()


@pytest.mark.parametrize("disjunction", [True, False])
def test_alternatives_are_written_where_the_language_allows_or(
    *, disjunction: bool
) -> None:
    view = flags(130)
    params = SearchParams(language=QueryLanguage(disjunction=disjunction))
    task = examples.task(examples.mixed(0, 130), view, params)
    literals = np.array([[0, 0, 0, 1], [1, 0, 0, 1]], np.int32)
    coded = CodedQuery.of(task.partner, [[literals]], [True])
    words = coded.satisfied()
    found = str(task.simplified(coded, np.stack([words, words])).query())
    assert found == ("(a) OR (b)" if disjunction else 'NOT (a = "false" AND b = "false")')


def simplified(coded: CodedQuery) -> CodedQuery:
    """The query with nothing given up."""
    words = coded.satisfied()
    return coded.simplified(
        np.stack([words, words]),
        literal_epsilon=0.0,
        gates=np.array([0, coded.view.n_entities, 1.0]),
        needed=np.ones(len(coded.literals), np.bool_),
    )


@pytest.mark.parametrize("missing_share", [0.0, 0.3])
@given(seed=st.integers(0, 10_000))
def test_alternatives_over_one_nominal_attribute_are_one_set(
    seed: int, missing_share: float
) -> None:
    rng = np.random.default_rng(seed)
    plain = examples.mixed(seed, 60, missing_share=missing_share)
    view = bin_view(plain)
    n_terms = int(rng.integers(1, 4))
    rows, terms = [], []
    for term in range(n_terms):
        for _ in range(int(rng.integers(1, 3))):
            code = int(rng.integers(4))
            rows.append([3, code, code, int(rng.integers(2))])
            terms.append(term)
    if rng.random() < 0.5:
        rows.append([0, 1, len(view.bins[0]) - 1, 1])
        terms.append(n_terms)
    negated = rng.random(terms[-1] + 1) < 0.4
    coded = CodedQuery(view, np.array(rows, np.int32), np.array(terms, np.int32), negated)
    if any(not _meant(rows, terms, term) for term in range(n_terms)):
        return  # a conjunction that no category satisfies is never built
    query = coded.query()
    assert query.on(plain).mask.tolist() == coded.support().mask.tolist()
    assert query.on(plain).unknown_mask.tolist() == coded.support().unknown_mask.tolist()
    whole = len(set().union(*(_of_term(rows, terms, negated, t) for t in range(n_terms))))
    if 0 < whole < 4:
        assert len(query) == len(coded)
        about = [t for t in query.terms if t.literals[0].attribute == "k"]
        assert len(about) == 1
        assert not about[0].negated or negated.any()


def _meant(rows: list[list[int]], terms: list[int], term: int) -> set[int]:
    """Categories that satisfy a conjunction over the nominal attribute."""
    found = set(range(4))
    for (_, code, _, inside), of_term in zip(rows, terms, strict=True):
        if of_term == term:
            found = found & {code} if inside else found - {code}
    return found


def _of_term(
    rows: list[list[int]], terms: list[int], negated: np.ndarray, term: int
) -> set[int]:
    meant = _meant(rows, terms, term)
    return set(range(4)) - meant if negated[term] else meant
