"""The body of a request -> a question about the run, within bounds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from redescribe.core.grammar import parse_query
from redescribe.core.missing import MissingPolicy
from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redescribe.core.query import Query
    from redescribe.serve.firing import Value

MOST_BYTES = 1 << 18
"""Bytes of a question at most."""
MOST_QUERIES = 16
LONGEST_QUERY = 10_000
"""Characters of one query at most."""


def read_recount(body: bytes) -> tuple[list[Query], MissingPolicy]:
    """Read a question for counts: queries as texts, and what missing values mean.

    Raises
    ------
    RedescribeError
        If it is no such question, or a text does not follow the grammar.

    Examples
    --------
    >>> body = b'{"queries": [{"view": "x", "text": "a > 1"}], "missing": "rejective"}'
    >>> queries, missing = read_recount(body)
    >>> str(queries[0]), queries[0].view, missing.value
    ('a > 1', 'x', 'rejective')
    """
    document = _document(body)
    queries, missing = document.get("queries"), document.get("missing")
    if not isinstance(queries, list) or not 0 < len(queries) <= MOST_QUERIES:
        em = f"'queries' must be a list of 1 to {MOST_QUERIES} queries."
        raise ParameterError(em)
    if not isinstance(missing, str) or missing not in list(MissingPolicy):
        em = (
            f"'missing' must be one of {', '.join(MissingPolicy)}. Got {missing!r} instead."
        )
        raise ParameterError(em)
    return [_query(query) for query in queries], MissingPolicy(missing)


def read_row(body: bytes) -> Mapping[str, Mapping[str, Value]]:
    """Read a question for what fires: values by view and attribute.

    Raises
    ------
    ParameterError
        If it is no such question.

    Examples
    --------
    >>> read_row(b'{"values": {"x": {"a": 1.5, "stage": "II"}}}')
    {'x': {'a': 1.5, 'stage': 'II'}}
    """
    values = _document(body).get("values")
    plain = isinstance(values, dict) and all(
        isinstance(row, dict)
        and all(isinstance(value, float | int | str | None) for value in row.values())
        for row in values.values()
    )
    if not plain:
        em = "'values' must give numbers or texts by view and attribute."
        raise ParameterError(em)
    return cast("Mapping[str, Mapping[str, Value]]", values)


def _query(record: object) -> Query:
    view = record.get("view") if isinstance(record, dict) else None
    text = record.get("text") if isinstance(record, dict) else None
    if not isinstance(view, str) or not isinstance(text, str):
        em = "A query must have a 'view' and a 'text'."
        raise ParameterError(em)
    if len(text) > LONGEST_QUERY:
        em = f"A query must have at most {LONGEST_QUERY:,} characters. Got {len(text):,}."
        raise ParameterError(em)
    return parse_query(text, view)


def _document(body: bytes) -> dict[str, object]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        em = "A question must be a JSON object."
        raise ParameterError(em)
    return document
